"""A user is added with a welcome by mail, which alone holds what they sign in with; a name that somebody answers to already is not given
twice; what the directory does not allow is said in words."""

import pytest

from latchkey_gui import steps
from latchkey_testing import mails, organization, trail
from latchkey_testing.organization import AUDITOR, MANAGED, PASSWORD_ADMIN, SELF, SELF_ADMIN, password_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
NO_ADDRESS = "Give a recovery address at which the user can be reached. A mailbox that the password itself opens does not count."
NEW = f"uid=newcomer,{MANAGED}"


def fill(app, near: str = "kim", **more: str) -> None:
    """Opens the dialog by its keys where NEAR is shown, and says who comes."""
    app.field(app.say("Search for users")).type(near)
    app.wait(lambda: len(app.all(r"[a-z0-9]+@example\.org", "label")) == 1)
    app.focus_window()
    app.keys("ctrl+n")
    values = {"Display name": "박새롬", "Family name": "박", "User name": "newcomer", "Recovery address": "newcomer@example.net"} | more
    for title, value in values.items():
        app.field(app.say(title)).type(value)


@LANGUAGES
def test_a_newcomer_is_welcomed(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    fill(app, **{"Department": "총무부", "Employee number": "20260042"})
    app.find(app.say("“{name}”: administrators may reset the password.", name="managed") + ".*")
    app.screenshot("form")
    app.press(app.say("Add"))
    app.find(app.say("The account of {name} was added.", name="박새롬"))
    app.find(app.say("sent (a mail server has taken it)") + ".*", "label")
    app.screenshot("added")
    temporary = mails.temporary_password_in(mailer.wait_for_mail("newcomer@example.net"))
    assert slapd.signs_in(NEW, temporary)
    assert temporary not in app.tree()
    entry = slapd.entry(NEW, "displayName", "sn", "departmentNumber", "employeeNumber", "mail")
    assert {name: values[0].decode() for name, values in entry.items()} == {
        "displayName": "박새롬", "sn": "박", "departmentNumber": "총무부", "employeeNumber": "20260042"}
    assert trail.events(slapd, NEW, what="welcome")


def test_where_users_recover_by_themselves_a_code_is_mailed(slapd, mailer, make_app):
    mailer.start()
    app = make_app(slapd)
    steps.sign_in(app, "sadmin", password_of(SELF_ADMIN))
    fill(app, near="song")
    app.find("“self”: users recover by themselves only.*")
    app.press("Add")
    app.find("A code is mailed, with which the user chooses a password until .*")
    app.screenshot("code")
    assert mails.code_in(mailer.wait_for_mail("newcomer@example.net"))
    assert "userPassword" not in slapd.entry(f"uid=newcomer,{SELF}")


@pytest.mark.parametrize("language,more,why", [
    ("en", {"User name": "song"}, "Somebody answers to this user name, mail address or employee number already: {name}"),
    ("ko", {"Mailbox here (may be empty)": "song@example.org"},
     "Somebody answers to this user name, mail address or employee number already: {name}"),
    ("en", {"Recovery address": ""}, NO_ADDRESS),
    ("ko", {"Recovery address": "newcomer@example.org"}, NO_ADDRESS),
], ids=["a name that is taken", "a mailbox that is taken", "no address", "an address inside"])
def test_why_not_is_said_in_words(slapd, make_app, language, more, why):
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    fill(app, **more)
    app.press(app.say("Add"))
    app.find(app.say(why))
    app.screenshot("refused")
    assert "newcomer" not in slapd.slapcat()
    assert app.field(app.say("Display name")).text == "박새롬"


def test_who_may_not_add_is_told_so(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "auditor", password_of(AUDITOR))
    fill(app)
    app.press("Add")
    app.find("You may not add users there.")
    app.screenshot("refused")


def test_the_reason_that_a_policy_wants_is_kept(start, mailer, make_app):
    slapd = start(entries=organization.entries(latchkeyReasonRequired="TRUE"))
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    fill(app)
    app.find("“managed”: .*It wants a reason for each reset.*")
    assert not app.find("Add", "push button").has("sensitive")
    app.field("Reason").type("begins on Monday")
    app.press("Add")
    app.find("The account of 박새롬 was added.")
    assert trail.events(slapd, NEW, what="welcome")[0]["reason"] == "begins on Monday"
