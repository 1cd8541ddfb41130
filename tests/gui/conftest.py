"""Fixtures: a display for all tests of a process, and the app for each; the directory and the mailer are those of
tests/integration."""

import importlib.util

import pytest

from latchkey_gui.display import Display
from latchkey_testing import organization, places
from latchkey_testing.settings import SUFFIX
from latchkey_testing.slapd import Slapd

_spec = importlib.util.spec_from_file_location("integration_fixtures", places.ROOT / "tests/integration/conftest.py")
_shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_shared)
make_slapd, mailer, slapd, start = _shared.make_slapd, _shared.mailer, _shared.slapd, _shared.start
key_file = _shared.key_file


@pytest.fixture(scope="session")
def display():
    """What the windows are shown on."""
    made = Display()
    yield made
    made.remove()


@pytest.fixture
def every_method(start, key_file):
    """A function that starts a slapd where every method proves who one is: every_method(required=2)."""
    def make(required: int = 1) -> Slapd:
        held = organization.entries()
        for dn, attributes in held:
            if dn in (organization.SELF_POLICY, organization.MANAGED_POLICY):
                attributes.update(latchkeyMethod=["mail", "totp", "recoveryCode"], latchkeyMethodsRequired=[str(required)])
        return start(entries=held, latchkey={"olcLatchkeyKeyFile": [str(key_file)]})

    return make


@pytest.fixture
def make_app(request, display, tmp_path):
    """A function that starts the app with a profile for a slapd: make_app(slapd, language)."""
    from latchkey_gui.app import App  # needs the display

    made = []

    def make(slapd: Slapd, language: str = "en", settings: dict[str, str] | None = None, words: tuple[str, ...] = (),
             environment: dict[str, str] | None = None, **profile: str) -> App:
        app = App(display, tmp_path, request.node.name.replace("/", "-"), language)
        app.write_profile(**{"uris": slapd.uri, "base": SUFFIX, **profile})
        made.append(app)
        if settings:
            app.write_settings(settings)
        app.start(*words, **environment or {})
        return app

    try:
        yield make
        for app in made:
            if app.process:
                app.stop()
    finally:
        for app in made:
            app.remove()
