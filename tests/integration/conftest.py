"""Fixtures: a throw-away slapd for each test, and what its log said where the test fails."""

import contextlib

import pytest

from latchkey_testing import organization, places
from latchkey_testing.entries import without_latchkey
from latchkey_testing.settings import Settings
from latchkey_testing.slapd import Slapd

_RUNNING = pytest.StashKey[list]()


@pytest.fixture
def make_slapd(request):
    """A function that starts a slapd: make_slapd(**settings) holds the organization of the tests, and
    make_slapd(entries=[...], **settings) what it is given. Each is stopped at the end, and must have been alive."""
    slapds = request.node.stash.setdefault(_RUNNING, [])
    with contextlib.ExitStack() as stack:

        def make(entries=None, **settings) -> Slapd:
            wanted = Settings(**settings)
            if entries is None:
                entries = organization.entries()
            if not wanted.overlay:
                entries = without_latchkey(entries)
            slapd = Slapd(entries, wanted)
            slapds.append(slapd)
            return stack.enter_context(slapd)

        yield make


@pytest.fixture
def slapd(make_slapd):
    """A slapd with the organization of the tests, ppolicy and Latchkey."""
    if not places.OVERLAY.exists():
        pytest.skip("the overlay is not built")
    return make_slapd()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Shows the end of each slapd's log with the failure of its test."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for slapd in item.stash.get(_RUNNING, []):
            report.sections.append((f"log of {slapd.directory}", slapd.log_tail()))
