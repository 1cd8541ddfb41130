#!/usr/bin/python3
"""Prints one line for all the tests of a run, from the JUnit reports named (those that exist)."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case: ElementTree.Element) -> str:
    """What became of one test."""
    kinds = {child.tag for child in case}
    if kinds & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"


def main(reports: list[str]) -> int:
    """Counts, prints, and fails where a test failed or none was run."""
    cases = [outcome(case) for report in reports if Path(report).exists()
             for case in ElementTree.parse(report).iter("testcase")]
    failed, skipped = cases.count("failed"), cases.count("skipped")
    print(f"{cases.count('passed')} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
