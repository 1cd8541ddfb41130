"""A password that is to be remembered is kept in the desktop's keyring, offered at the next start, replaced by the one that it was
changed to, and forgotten when it turns out to be wrong; without a keyring the app goes on."""

import subprocess

import pytest

from latchkey_gui import steps
from latchkey_gui.app import ROW
from latchkey_testing import mails
from latchkey_testing.organization import PASSWORD_ADMIN, password_of, sign_in
from latchkey_testing.waiting import wait_for

NEW = "blue-Ladder-38-moon"


@pytest.fixture
def keyring(display):
    """A function that says what is kept for the user of the test."""
    daemon = subprocess.Popen(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"], text=True,
                              env=display.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    daemon.stdin.write("keyring-password")
    daemon.stdin.close()

    def kept() -> str:
        done = subprocess.run(["secret-tool", "lookup", "profile", "test"], env=display.environment,
                              capture_output=True, text=True, check=False)
        return done.stdout

    wait_for(lambda: not subprocess.run(["secret-tool", "store", "--label=probe", "probe", "x"], input="x", text=True,
                                        env=display.environment, capture_output=True, check=False).returncode)
    yield kept
    daemon.terminate()
    daemon.wait()


def remember(app, password):
    app.press("Remember password", "check box")
    steps.sign_in(app, "padmin", password)
    app.find("김정현")


def test_it_is_kept_and_offered_again(slapd, make_app, keyring):
    app = make_app(slapd)
    remember(app, password_of(PASSWORD_ADMIN))
    wait_for(lambda: keyring() == password_of(PASSWORD_ADMIN))
    app.stop()
    app.start()
    app.press("Sign in")
    app.find("김정현")
    assert password_of(PASSWORD_ADMIN) not in (app.directory / "config/latchkey/profiles.ini").read_text()


def test_it_is_forgotten_when_it_is_wrong(slapd, make_app, keyring):
    app = make_app(slapd)
    remember(app, password_of(PASSWORD_ADMIN))
    wait_for(lambda: keyring() == password_of(PASSWORD_ADMIN))
    app.stop()
    sign_in(slapd, PASSWORD_ADMIN).passwd_s(PASSWORD_ADMIN, None, "another-One-77")
    app.start()
    app.press("Sign in")
    app.find("The directory did not let you sign in: the name or the password is wrong, or the account is locked.")
    wait_for(lambda: keyring() == "")
    assert app.field("Password").text == ""


def test_the_one_that_it_was_changed_to_takes_its_place(slapd, make_app, keyring):
    app = make_app(slapd)
    remember(app, password_of(PASSWORD_ADMIN))
    wait_for(lambda: keyring() == password_of(PASSWORD_ADMIN))
    app.click(app.find("My account", ROW))
    app.press("Change password…")
    app.field("Old password").type(password_of(PASSWORD_ADMIN))
    app.field("New password").type(NEW)
    app.field("New password, once more").type(NEW)
    app.press("Change password")
    wait_for(lambda: keyring() == NEW)
    assert NEW not in app.tree()


def test_so_does_the_one_that_a_recovery_sets(slapd, mailer, make_app, keyring):
    mailer.start()
    app = make_app(slapd)
    remember(app, password_of(PASSWORD_ADMIN))
    wait_for(lambda: keyring() == password_of(PASSWORD_ADMIN))
    app.stop()
    app.start()
    app.press(app.say("Can’t access your account?"))
    app.field("User name or mail address").type("padmin@example.org")
    app.press("Send a code")
    app.field("Code").type(mails.code_in(mailer.wait_for_mail("padmin@example.net")))
    app.press("Continue")
    app.press("Create a new password")
    app.field("New password").type(NEW)
    app.field("New password, once more").type(NEW)
    app.press("Set the new password")
    app.find("Your password was changed. You can sign in with the new one.")
    wait_for(lambda: keyring() == "")
    app.press("Sign in")
    app.find("김정현")
    wait_for(lambda: keyring() == NEW)


def test_without_a_keyring_it_goes_on(slapd, make_app):
    remember(make_app(slapd), password_of(PASSWORD_ADMIN))
