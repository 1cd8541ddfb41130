"""Nobody finds an app that was left alone: it signs out after idling. A password that is shown once is
kept for whoever comes back. A copied password leaves the clipboard; what was typed into a password field does not stay in it."""

import pytest

from latchkey_gui import steps
from latchkey_testing import watching
from latchkey_testing.organization import GLOBAL_ADMIN, PASSWORD_ADMIN, password_of
from latchkey_testing.waiting import wait_for


@pytest.fixture
def with_seconds(make_app):
    """A function that starts the app with settings in seconds, or in what they become where it runs slower."""
    return lambda slapd, **seconds: make_app(slapd, settings={name: f"uint32 {watching.patience(value)}" for name, value in seconds.items()})


PASSWORD = "[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}"
SIGNED_OUT = "You were signed out, because nobody was here."
KEPT = "What you have begun goes on, and is kept. Sign in as the same user to see what came of it."


def test_it_signs_out_after_idling(slapd, with_seconds):
    app = with_seconds(slapd, lock_seconds=45)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.touch()
    steps.open_user(app, "kim")
    reset = app.find("Reset password…", "push button")
    app.wait(lambda: reset.has("focused"))
    app.keys("Return")
    app.find("Where the user can be reached")
    app.find(SIGNED_OUT)
    assert "김정현" not in app.tree() and len(app.windows) == 1
    app.screenshot("signed-out")


def test_a_password_is_kept_for_whoever_reset_it(slapd, with_seconds):
    app = with_seconds(slapd, lock_seconds=45)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.touch()
    steps.open_user(app, "kim")
    app.touch()
    app.press("Reset password…")
    app.press("Reset")
    shown = app.find(PASSWORD, "label").name
    app.find(KEPT)
    app.screenshot("locked")
    assert shown not in app.tree() and "김정현" not in app.tree() and len(app.windows) == 1
    app.focus_window()
    app.keys("ctrl+q")
    app.find("Something is kept here for whoever locked the window.\nA password or recovery codes .*", "label")
    app.screenshot("closing", narrow=False)
    assert shown not in app.tree()
    app.press("(Cancel ?)+")
    app.wait(lambda: len(app.windows) == 1)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", "label")
    assert shown not in app.tree() and len(app.windows) == 1
    app.find(SIGNED_OUT)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find(shown, "label")
    app.screenshot("back")


def test_a_copied_password_leaves_the_clipboard(slapd, with_seconds):
    app = with_seconds(slapd, clipboard_seconds=5)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.press("Reset")
    shown = app.find(PASSWORD, "label").name
    app.press("Copy")
    wait_for(lambda: app.pasted() == shown)
    wait_for(lambda: app.pasted() == "")
