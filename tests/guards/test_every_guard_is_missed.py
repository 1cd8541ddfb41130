"""No guard is there for nothing: without it the module is built, and then the test fails that tries to get past it.

A guard is a condition of plugin/overlay in LK_GUARD (guard.h). That the same tests pass with the whole module is shown
wherever they are run."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from latchkey_testing import places
from table import MISSED_BY
from without_guard import build, commands, guards

_INTEGRATION = places.ROOT / "tests/integration"


@pytest.fixture(scope="session")
def known() -> list[list[str]]:
    """How the build makes the module."""
    return commands()


def test_the_table_names_every_guard_and_no_other():
    assert sorted(MISSED_BY) == sorted(guards())


def run(test: str, module: Path, report: Path) -> subprocess.CompletedProcess:
    """Runs TEST, with MODULE for the whole one, in a pytest of its own that knows nothing of this one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", _INTEGRATION / "pytest.ini", "-n", "0", "-x", "-p", "no:cacheprovider",
         f"--junit-xml={report}", f"{_INTEGRATION}/{test}"],
        env={**environment, "LATCHKEY_OVERLAY": str(module), "LATCHKEY_BUILD": str(places.BUILD), "LATCHKEY_PATIENCE": "30"},
        text=True, capture_output=True, check=False)


@pytest.mark.parametrize("guard", sorted(MISSED_BY))
def test_it_is_missed(guard, known, tmp_path):
    module = build(guard, guards()[guard], known, tmp_path)
    report = tmp_path / "report.xml"
    done = run(MISSED_BY[guard], module, report)
    # A slapd that does not start would be an error, and a misspelt name another status.
    assert done.returncode == 1, f"{MISSED_BY[guard]} does not miss {guard}:\n{done.stdout}{done.stderr}"
    assert list(ElementTree.parse(report).iter("failure")), f"no failure, but an error:\n{done.stdout}"
