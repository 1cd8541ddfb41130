"""Ending the app ends it: with a dialog open, and while the directory is being asked."""

import signal

from latchkey_gui import steps
from latchkey_testing.organization import PASSWORD_ADMIN, password_of


def test_with_a_dialog_open(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.find("Where the user can be reached")
    app.stop()


def test_while_the_directory_does_not_answer(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    slapd.process.send_signal(signal.SIGSTOP)
    try:
        app.field("Search for users").type("kim")
        app.find("Refresh", "push button")
        app.stop()
    finally:
        slapd.process.send_signal(signal.SIGCONT)
