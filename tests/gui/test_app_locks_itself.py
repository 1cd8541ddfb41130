"""Nobody finds an app that was left alone: it signs out after idling, a dialog with a password included; a copied password leaves
the clipboard; what was typed into a password field does not stay in it."""

import subprocess

import pytest

from latchkey_gui import steps
from latchkey_testing.organization import PASSWORD_ADMIN, password_of
from latchkey_testing.waiting import wait_for


def clipboard(app) -> str:
    """What another program would paste."""
    paste = subprocess.run(["xclip", "-selection", "clipboard", "-o"], env=app.display.environment, capture_output=True,
                           text=True, timeout=10, check=False)
    return paste.stdout


@pytest.fixture
def with_settings(make_app):
    """A function that starts the app with SETTINGS."""
    return lambda slapd, **settings: make_app(slapd, settings=settings)


def test_it_signs_out_after_idling(slapd, with_settings):
    app = with_settings(slapd, lock_seconds="uint32 15")
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    reset = app.find("Reset password…", "push button")
    app.wait(lambda: reset.has("focused"))
    app.keys("Return")
    app.find("Where the user can be reached")
    app.focus_window()
    app.keys("Return")  # a touch, which also postpones it
    shown = app.find("[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}", "label").name
    app.find("You were signed out, because nobody was here.", timeout=30)
    assert shown not in app.tree() and "김정현" not in app.tree()
    app.screenshot("signed-out")


def test_a_copied_password_leaves_the_clipboard(slapd, with_settings):
    app = with_settings(slapd, clipboard_seconds="uint32 5")
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.press("Reset")
    shown = app.find("[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}", "label").name
    app.press("Copy")
    wait_for(lambda: clipboard(app) == shown)
    wait_for(lambda: clipboard(app) == "", timeout=15)
