#!/usr/bin/python3
"""Measures what Latchkey promises of its cost and its haste, and of what a stranger with a clock can learn."""

import argparse
import shutil
import sys
import tempfile

from latchkey_bench import app, directory, mailer, timing, web
from latchkey_bench.figures import Figures

BENCHMARKS = ("directory", "timing", "mailer", "web", "app")
# Of a person with full state, in three directories and as LDIF.
BYTES_A_PERSON = 32 << 10


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="directory|timing|mailer|web|app", help="which; without one, all")
    parser.add_argument("--quick", action="store_true", help="fewer people, shorter: about two minutes each")
    parser.add_argument("--entries", type=int, metavar="N", help="people in the directory (10000; with --quick 2000; app: 1000000; 10000)")
    parser.add_argument("--messages", type=int, metavar="N", help="mails sent in a round (10000; with --quick 3000)")
    parser.add_argument("--backlog", type=int, metavar="N", help="mails that wait at once (100000; with --quick 5000)")
    wanted = parser.parse_args()
    if unknown := set(wanted.benchmarks) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: {', '.join(BENCHMARKS)}")
    wanted.benchmarks = wanted.benchmarks or BENCHMARKS
    wanted.app_entries = wanted.entries or (10_000 if wanted.quick else 1_000_000)
    wanted.entries = wanted.entries or (2_000 if wanted.quick else 10_000)
    if wanted.entries < 1_000:
        parser.error("--entries: at least 1000")
    if min(number for number in (wanted.messages, wanted.backlog, 100) if number is not None) < 100:
        parser.error("--messages, --backlog: at least 100")
    if (needed := wanted.entries * BYTES_A_PERSON) > shutil.disk_usage(tempfile.gettempdir()).free:
        parser.error(f"--entries: {needed >> 30} GiB would be needed in {tempfile.gettempdir()}; set TMPDIR")
    return wanted


def main() -> int:
    """Prints the figures, and returns 1 where one is short."""
    wanted = arguments()
    figures = Figures()
    if "directory" in wanted.benchmarks:
        directory.Directory(figures, directory.QUICK if wanted.quick else directory.FULL, wanted.entries).run()
    if "timing" in wanted.benchmarks:
        timing.run(figures, 500 if wanted.quick else 10_000)
    if "mailer" in wanted.benchmarks:
        mailer.run(figures, mailer.effort(wanted.quick, wanted.messages, wanted.backlog))
    if "web" in wanted.benchmarks:
        web.run(figures, web.QUICK if wanted.quick else web.FULL)
    if "app" in wanted.benchmarks:
        app.run(figures, app.QUICK if wanted.quick else app.FULL, wanted.app_entries)
    return 1 if figures.short else 0


if __name__ == "__main__":
    sys.exit(main())
