"""Ending the app ends it: with a dialog open, and while the directory is being asked. It asks first where resets are under way, and
where something is kept for somebody."""

import pytest

from latchkey_gui import steps
from latchkey_testing import watching
from latchkey_testing.organization import PASSWORD_ADMIN, password_of
from latchkey_testing.waiting import wait_for


def has_ended(app) -> None:
    """By itself, and in order."""
    wait_for(lambda: app.process.poll() is not None)
    said = app.log.read_text()
    assert app.process.returncode == 0 and "WARNING" not in said and "CRITICAL" not in said, said
    app.process = None


def test_with_a_dialog_open(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.find("Where the user can be reached")
    app.stop()


def test_a_dialog_hears_the_keys_of_the_app(slapd, make_app):
    app = make_app(slapd)
    for keys, there in (("ctrl+w", "Reset password…"), ("ctrl+l", "Sign in to a directory"), ("ctrl+q", "")):
        if not app.all("Reset password…"):
            steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
            steps.open_user(app, "kim")
        app.press("Reset password…")
        app.find("Where the user can be reached")
        app.focus_window()
        app.keys(keys)
        if there:
            app.wait(lambda: len(app.windows) == 1)
            app.find(there)
    has_ended(app)


def test_while_the_directory_does_not_answer(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    with slapd.halted():
        app.field("Search for users").type("kim")
        app.find("Refresh", "push button")
        app.stop()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_resets_under_way_are_not_left_by_mistake(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    app.focus_window()
    app.keys("ctrl+shift+r")
    app.find(app.say("List of users")).type("kim\nlee")
    app.press(app.say("Next"))
    app.find(app.say("Can be reset: {number}.", number="2"))
    app.press(app.say("Next"))
    with slapd.halted():
        app.press(app.say("Reset {number} user", number="2").replace("user", "users"))
        app.find(app.say("Pause"), "push button")
        app.close_main_window()
        app.find(app.say("Passwords are being reset: those whose turn has not come will not be, and nobody will see here what came "
                         "of the others."))
        app.screenshot("asks", narrow=False)
        app.close_main_window()  # it is asked once, however often one wants to
        app.press(f"({app.say('Cancel')} ?)+")
        app.wait(lambda: len(app.windows) == 2)
    app.find(app.say("Were reset: {number}.", number="2"))
    app.close_main_window()  # what came of it stands there to be read
    has_ended(app)


def test_what_is_kept_is_lost_by_whoever_says_so(slapd, make_app):
    app = make_app(slapd, settings={"lock_seconds": f"uint32 {watching.patience(45)}"})
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.touch()
    steps.open_user(app, "kim")
    app.touch()
    app.press("Reset password…")
    app.press("Reset")
    app.find("What you have begun goes on, and is kept.*")
    app.focus_window()
    app.keys("ctrl+w")
    app.press("(Close and lose it ?)+")
    has_ended(app)
