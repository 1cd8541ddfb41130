"""Fixtures: a throw-away slapd for each test, and what its log said where the test fails."""

import base64
import contextlib
import os

import pytest

from latchkey_testing import organization, watching
from latchkey_testing.entries import without_latchkey, without_ppolicy
from latchkey_testing.mailed import Mailed
from latchkey_testing.mailer import Mailer
from latchkey_testing.settings import Settings
from latchkey_testing.slapd import Slapd
from latchkey_testing.web import IDENTITY, Web

# What looks on executes more than slapd does.
collect_ignore = ["test_almost_free.py"] if watching.wanted() else []

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
            if not wanted.ppolicy:
                entries = without_ppolicy(entries)
            slapd = Slapd(entries, wanted)
            slapds.append(slapd)
            return stack.enter_context(slapd)

        yield make


@pytest.fixture
def mailer(tmp_path):
    """A mailer for `slapd`. It has keys and a maildir, and does nothing until once() or start()."""
    made = Mailer(tmp_path)
    yield made
    made.check()


@pytest.fixture
def slapd(request, make_slapd):
    """A slapd with the organization of the tests, ppolicy and Latchkey; it knows the test's mailer, if it has one."""
    if "mailer" not in request.fixturenames:
        return make_slapd()
    mailer = request.getfixturevalue("mailer")
    slapd = make_slapd(mailer_keys=(mailer.public_key,))
    mailer.attach(slapd)
    return slapd


@pytest.fixture
def start(make_slapd, mailer):
    """A function that starts a slapd whose messages the test's mailer opens: start(*more, **settings) holds the
    organization and MORE entries, and start(entries=[...], **settings) what it is given."""

    def started(*more, entries=None, **settings) -> Slapd:
        held = organization.entries() if entries is None else entries
        slapd = make_slapd([*held, *more], mailer_keys=(mailer.public_key,), **settings)
        mailer.attach(slapd)
        return slapd

    return started


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A slapd and a mailer with a maildir, in one hand."""
    made = Mailed(make_slapd, tmp_path)
    yield made
    made.mailer.check()


@pytest.fixture
def serve(tmp_path):
    """A function that starts the web pages for a slapd: serve(slapd, group={...})."""
    served = []

    def started(slapd, **groups) -> Web:
        served.append(Web(slapd, tmp_path, **groups).start())
        return served[-1]

    yield started
    for each in served:
        if each.process:
            each.stop()


@pytest.fixture
def web(start, serve):
    """Web pages for a slapd that knows them as a front end; the test's mailer opens its messages."""
    return serve(start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]}))


@pytest.fixture
def key_file(tmp_path):
    """A key under which secrets of authenticator apps are stored."""
    path = tmp_path / "key"
    path.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
    path.chmod(0o600)
    return path


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Shows the end of each slapd's log with the failure of its test."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for slapd in item.stash.get(_RUNNING, []):
            report.sections.append((f"log of {slapd.directory}", slapd.log_tail()))
