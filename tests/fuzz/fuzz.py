#!/usr/bin/python3
"""Runs one fuzz target, first over what is known and then for LATCHKEY_FUZZ_SECONDS over what it makes of that.

Known are the corpus in the source tree, what earlier runs in this build directory have reached (corpus/), and what they
have found (findings/), so that a finding fails every run until it is mended."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
SECONDS_FOR_ONE_INPUT = 10
MEGABYTES = 2048


def main(target: Path) -> int:
    """Prints where the findings are, and returns 1 if there are any."""
    name, build = target.name.removeprefix("fuzz-"), target.parents[2]
    reached, findings = build / "corpus" / name, build / "findings" / name
    for directory in (reached, findings):
        directory.mkdir(parents=True, exist_ok=True)
    command = [str(target), f"-max_total_time={os.environ.get('LATCHKEY_FUZZ_SECONDS', '3')}",
               f"-timeout={SECONDS_FOR_ONE_INPUT}", f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={findings}/",
               "-print_final_stats=1", str(reached), str(SOURCE / "corpus" / name), str(findings)]
    status = subprocess.run(command, check=False).returncode
    if status:
        print(f"{name}: the inputs that end it are in {findings}\n"
              f"Run one again with: {target} {findings}/INPUT", file=sys.stderr)
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
