"""Running programs of a build with sanitizers (meson's b_sanitize), and what of their findings is ours."""

import functools
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

from . import places
from .ours import is_ours

_OPTIONS = places.BUILD / "meson-info" / "intro-buildoptions.json"


def _of_the_build() -> frozenset[str]:
    if not _OPTIONS.exists():
        return frozenset()
    value = next(each["value"] for each in json.loads(_OPTIONS.read_text()) if each["name"] == "b_sanitize")
    return frozenset(value.split(",")) - {"none"}


def _beside(name: str) -> Path:
    return Path(__file__).with_name(name)


NAMES = _of_the_build()
SLOWER = 4 if NAMES else 1
# Whether leaks may go unnoticed, since the frames behind each allocation are not looked for; errors are found all the same.
FAST = os.environ.get("LATCHKEY_UNWIND", "") == "fast"
# How a program ends that crashes: AddressSanitizer tells of it, and ends it itself.
CRASHED = -signal.SIGABRT if "address" in NAMES else -signal.SIGSEGV

# The first error of memory, or undefined behaviour, ends the program; races and leaks are written down, and it goes on. With
# exit codes that say nothing of them, ThreadSanitizer must leave a crash to be one.
# That a module is there twice is for slapd to notice, where a test tries it.
_SETTINGS = {
    "ASAN_OPTIONS": "abort_on_error=1:detect_stack_use_after_return=1:strict_string_checks=1:detect_odr_violation=0",
    "LSAN_OPTIONS": f"exitcode=0:print_suppressions=0:suppressions={_beside('lsan.supp')}",
    "TSAN_OPTIONS": "exitcode=0:handle_segv=0:handle_sigbus=0:handle_abort=0:second_deadlock_stack=1:history_size=4:"
                    f"suppressions={_beside('tsan.supp')}",
}


def prefix(directory: Path, name: str) -> list[str]:
    """The words to put before a command; each process reports into a file of its own in DIRECTORY."""
    if not NAMES:
        return []
    # Of a leak in slapd or the app all frames are wanted: libraries are not compiled so that they could be found the fast way, and
    # without ours behind them a leak would not be ours. That is nine tenths of what the app does then. The mailer's TLS would be too
    # slow for the time limits of the tests.
    more = ":fast_unwind_on_malloc=0" if name in ("slapd", "app") and not FAST else ""
    settings = [f"{variable}={value}:log_path={directory}/sanitizer-{name}{more if variable == 'ASAN_OPTIONS' else ''}"
                for variable, value in _SETTINGS.items()]
    # GLib's own allocator hands memory from thread to thread in ways that are not seen.
    return ["env", f"LD_PRELOAD={_runtime()}", "G_SLICE=always-malloc", *settings]


def tool_prefix(directory: Path) -> list[str]:
    """The words without which a tool of slapd's cannot load the module. What is not ours does not end one: slapadd with -w
    closes a cursor again that LMDB has freed with its transaction (mdb_tool_entry_modify(), mdb_tool_entry_close()), with any
    module or none."""
    if not NAMES:
        return []
    return ["env", f"LD_PRELOAD={_runtime()}",
            f"ASAN_OPTIONS=detect_leaks=0:halt_on_error=0:log_path={directory}/sanitizer-tool"]


@functools.cache
def _runtime() -> str:
    """What has to be there before slapd, which is Debian's: with the module it would come too late."""
    libraries = places.run("ldd", str(places.OVERLAY)).stdout
    runtime = re.search(r"=> (/\S*/lib[at]san\.so\S*)", libraries)[1]
    return f"{runtime}:{places.BUILD}/tests/sanitizers/libstart-runtime.so"


def findings(directory: Path) -> list[str]:
    """The reports in DIRECTORY that have a frame of Latchkey's in them."""
    return [f"{file.name}:\n{report}" for file in sorted(directory.glob("sanitizer-*"))
            for report in _reports(file.read_text(errors="replace")) if is_ours(_without_main(report)) and not _is_forgotten(report)]


def _without_main(report: str) -> str:
    """A leak's REPORT without the frame that all of what GTK does in the app has below it: by itself that makes nothing ours. (GTK keeps
    what it knows of a chooser for files, for one.)"""
    return re.sub(r"\n    #\d+ \S+ in (main \S+/gui/main\.c:\d+|_start \S+)", "", report) if "leak of" in report else report


def _is_forgotten(report: str) -> bool:
    """Whether it is of an attribute of an entry that was added in a transaction. slapd forgets those entries; what an entry is made
    of comes from pools and never leaks, so that only the attribute's values seem to."""
    return "leak of" in report and " in txn_end_extop " in report and re.search(r" in attr_(merge|valadd|normalize)", report)


def _reports(text: str) -> Iterator[str]:
    """Each report of a file: races stand between rules, leaks between empty lines."""
    for report in text.split("==================\n"):
        yield from report.split("\n\n") if "LeakSanitizer" in report else [report]
