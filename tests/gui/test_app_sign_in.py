"""Signing in: the right password leads to the users, a wrong one is said so and does not stay in its field, one that has to be
changed is changed first, and who has no role sees their own account alone."""

import pytest

from latchkey_gui import steps
from latchkey_gui.app import ROW
from latchkey_testing import wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, PASSWORD_ADMIN, password_of, sign_in

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])


@LANGUAGES
def test_the_right_password_leads_to_the_users(slapd, make_app, language):
    app = make_app(slapd, language)
    app.screenshot("sign-in")
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현")
    app.find(app.say("Active users"), ROW)
    app.find(app.say("My account"), ROW)
    app.screenshot("users")


@LANGUAGES
def test_a_wrong_password_is_said_so_and_forgotten(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", "not-this-one")
    app.find(app.say("The directory did not let you sign in: the name or the password is wrong, or the account is locked."))
    app.screenshot("wrong")
    assert app.field(app.say("Password")).text == ""
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현")


def test_a_user_that_does_not_exist_gets_the_same_words(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "nobody", "whatever")
    app.find(app.say("The directory did not let you sign in: the name or the password is wrong, or the account is locked."))


@LANGUAGES
def test_a_password_that_must_be_changed_is_changed_first(slapd, make_app, language):
    temporary, _answer = wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), PASSWORD_ADMIN, control=wire.notify())
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", temporary)
    app.find(app.say("Choose a new password"))
    app.screenshot("must-change")
    app.field(app.say("Old password")).type(temporary)
    app.field(app.say("New password")).type("blue-Ladder-38-moon")
    app.field(app.say("New password, once more")).type("blue-Ladder-38-moon")
    app.press(app.say("Change password"))
    app.find("김정현")
    app.screenshot("changed")
    assert slapd.signs_in(PASSWORD_ADMIN, "blue-Ladder-38-moon")


@LANGUAGES
def test_who_has_no_role_sees_their_own_account_alone(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "kim", password_of(KIM))
    app.find(app.say("Change password…"))
    app.find(app.say("My account"), ROW)
    for page in ("Active users", "Follow up", "Policies", "Events"):
        assert not app.all(app.say(page), ROW)
    assert not app.all(app.say("Reset password…"))
    app.screenshot("own-account")


def test_a_plain_connection_gets_no_password(make_slapd, make_app):
    slapd = make_slapd(port=True)
    app = make_app(slapd, uris=slapd.tcp_uri)
    before = slapd.log.read_text()
    steps.sign_in(app, "lee", password_of(LEE))
    app.find("A password is only sent over a protected connection.*")
    app.screenshot("unprotected")
    assert "BIND" not in slapd.log.read_text()[len(before):]


def test_a_file_signs_in_without_a_question(slapd, make_app):
    file = slapd.secret_file(password_of(PASSWORD_ADMIN))
    app = make_app(slapd, words=("--password-file", file), user=PASSWORD_ADMIN)
    app.find("김정현")
