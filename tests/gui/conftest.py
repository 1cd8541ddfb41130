"""Fixtures: a display for all tests of a process, and for each test a directory, a mailer and the app."""

import contextlib

import pytest

from latchkey_gui.display import Display
from latchkey_testing import organization
from latchkey_testing.mailer import Mailer
from latchkey_testing.settings import SUFFIX, Settings
from latchkey_testing.slapd import Slapd


@pytest.fixture(scope="session")
def display():
    """What the windows are shown on."""
    made = Display()
    yield made
    made.remove()


@pytest.fixture
def mailer(tmp_path):
    """A mailer that has keys and a maildir, and runs once a test starts it."""
    made = Mailer(tmp_path)
    yield made
    made.check()


@pytest.fixture
def make_slapd(mailer):
    """A function that starts a slapd with the organization of the tests and MORE entries, served by `mailer`."""
    with contextlib.ExitStack() as stack:

        def make(*more, entries=None, **settings) -> Slapd:
            held = organization.entries() if entries is None else entries
            slapd = Slapd([*held, *more], Settings(mailer_keys=(mailer.public_key,), **settings))
            stack.enter_context(slapd)
            mailer.attach(slapd)
            return slapd

        yield make


@pytest.fixture
def slapd(make_slapd):
    """An ordinary one."""
    return make_slapd()


@pytest.fixture
def make_app(request, display, tmp_path):
    """A function that starts the app with a profile for a slapd: make_app(slapd, language)."""
    from latchkey_gui.app import App  # needs the display

    made = []

    def make(slapd: Slapd, language: str = "en", **profile: str) -> App:
        app = App(display, tmp_path, request.node.name.replace("/", "-"), language)
        app.write_profile(**{"uris": slapd.uri, "base": SUFFIX, **profile})
        made.append(app)
        app.start()
        return app

    try:
        yield make
        for app in made:
            if app.process:
                app.stop()
    finally:
        for app in made:
            app.remove()
