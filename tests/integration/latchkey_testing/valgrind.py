"""Running a program under valgrind, and what of its findings is ours."""

import os
import re
from pathlib import Path

from .ours import is_ours

SUPPRESSIONS = Path(__file__).with_name("valgrind.supp")
# valgrind writes "==PID== text" and a bare "==PID==" between findings.
_PREFIX = re.compile(r"^==\d+== ?", re.MULTILINE)
SLOWER = 20


def wanted() -> bool:
    """Whether this run of the tests asks for valgrind."""
    return os.environ.get("LATCHKEY_VALGRIND", "") not in ("", "0")


def prefix(directory: Path, name: str) -> list[str]:
    """The words to put before a command; each process reports into a file of its own in DIRECTORY."""
    return [
        "valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect", "--num-callers=30",
        "--keep-debuginfo=yes", "--fair-sched=yes", "--track-fds=no", f"--suppressions={SUPPRESSIONS}",
        f"--log-file={directory}/valgrind-{name}.%p",
    ]


def findings(directory: Path) -> list[str]:
    """The errors and leaks reported in DIRECTORY that have a frame of Latchkey's in them."""
    found = []
    for report in sorted(directory.glob("valgrind-*")):
        text = _PREFIX.sub("", report.read_text(errors="replace"))
        found += [f"{report.name}:\n{block}" for block in text.split("\n\n") if is_ours(block)]
    return found
