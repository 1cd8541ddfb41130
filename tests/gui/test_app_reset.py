"""Resetting a password, from the list to the mail: what is typed finds the user, one key opens, one begins the reset, one confirms
it. The result shows the password once and the state of the mail as it changes; a rule that forbids it is told before one tries."""

import pytest

from latchkey_gui import steps
from latchkey_testing import mails, organization, trail
from latchkey_testing.organization import GLOBAL_ADMIN, HAN, KIM, PASSWORD_ADMIN, password_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])


@LANGUAGES
def test_by_keyboard_alone_with_a_generated_password(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    app.focus_window()
    app.write("kim")
    app.wait(lambda: not app.all("Dana Lee"))
    app.keys("Return")
    reset = app.find(app.say("Reset password…"), "push button")
    app.wait(lambda: reset.has("focused"))
    app.find(app.say("“{name}”: administrators may reset the password.", name="managed") + ".*")
    app.screenshot("details")
    app.keys("Return")
    app.find(app.say("Where the user can be reached"))
    app.screenshot("form")
    app.keys("Return")
    app.find(app.say("The password of {name} was reset.", name="김정현"))
    app.find(app.say("sent (a mail server has taken it)") + ".*", "label")
    app.screenshot("result")
    temporary = mails.temporary_password_in(mailer.wait_for_mail("kim@example.net"))
    assert app.all(temporary, "label")
    assert slapd.signs_in(KIM, temporary) and not slapd.signs_in(KIM, password_of(KIM))
    app.keys("Escape")
    app.wait_gone(temporary)
    assert temporary not in app.tree()


@LANGUAGES
def test_a_typed_password_to_another_address(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    steps.open_user(app, "kim")
    app.press(app.say("Reset password…"))
    app.click(app.find(app.say("Type it myself"), "check box"))
    app.field(app.say("New password")).type("kim12345")
    app.find(app.say("Easy to guess"))
    app.field(app.say("New password")).type("Green7-Kettle-walks")
    app.find(app.say("Very hard to guess"))
    app.find(app.say("At least {number} characters.", number="8") + ".*")
    steps.choose(app, app.say("Mail to"), app.say("Another address"))
    app.field(app.say("Other address")).type("kim@elsewhere.example")
    app.find(app.say("Type the other address once more, the same in both fields."))
    app.field(app.say("Other address, once more")).type("kim@elsewhere.example")
    app.find(app.say("The temporary password goes to the other address. The user’s own addresses are told of it."))
    app.screenshot("typed")
    app.press(app.say("Reset"))
    app.find(app.say("The password of {name} was reset.", name="김정현"))
    app.screenshot("result")
    assert "Green7-Kettle-walks" in mails.text(mailer.wait_for_mail("kim@elsewhere.example"))
    assert "Green7" not in app.tree()


def test_what_was_typed_goes_when_one_is_generated_after_all(slapd, make_app):
    app = make_app(slapd, "ko")
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    steps.open_user(app, "kim")
    app.press(app.say("Reset password…"))
    app.click(app.find(app.say("Type it myself"), "check box"))
    app.field(app.say("New password")).type("Green7-Kettle-walks")
    app.click(app.find(app.say("Generate a password"), "check box"))
    app.find(app.say("Hide the password from me"), "check box")
    app.press(app.say("Reset"))
    app.find(app.say("The password of {name} was reset.", name="김정현"))
    assert not slapd.signs_in(KIM, "Green7-Kettle-walks")


def test_a_concealed_password_reaches_the_user_alone(slapd, mailer, make_app):
    mailer.start()
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.press("Hide the password from me", "check box")
    app.press("Reset")
    app.find("The password of 김정현 was reset.")
    temporary = mails.temporary_password_in(mailer.wait_for_mail("kim@example.net"))
    app.find(app.say("sent (a mail server has taken it)") + ".*", "label")
    app.screenshot("concealed")
    assert temporary not in app.tree()


@LANGUAGES
@pytest.mark.parametrize("who,user,why", [
    ("gadmin", HAN, "This user recovers by themself only: nobody else can reset the password, global administrators included."),
    ("padmin", GLOBAL_ADMIN, "Only a global administrator may reset the password of a global administrator."),
], ids=["self-service", "outranked"])
def test_why_not_is_said_before_one_tries(slapd, make_app, language, who, user, why):
    app = make_app(slapd, language)
    steps.sign_in(app, who, password_of(f"uid={who},"))
    steps.open_user(app, user.split(",")[0].removeprefix("uid="))
    app.find(app.say(why))
    assert not app.find(app.say("Reset password…"), "push button").has("sensitive")
    app.screenshot("refused")


def test_a_password_that_the_policy_refuses(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.click(app.find("Type it myself", "check box"))
    app.field("New password").type("short")
    app.press("Reset")
    app.find("The new password is too short or too simple for the password policy. Nothing was changed.")
    app.screenshot("too-short")
    assert app.field("New password").text == ""
    assert slapd.signs_in(KIM, password_of(KIM))


@LANGUAGES
def test_a_reason_that_the_policy_wants_is_asked_for(start, make_app, language):
    slapd = start(entries=organization.entries(latchkeyReasonRequired="TRUE"))
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press(app.say("Reset password…"))
    app.find(app.say("Give a reason; the policy wants one for each reset."))
    assert not app.find(app.say("Reset"), "push button").has("sensitive")
    app.screenshot("no-reason")
    app.field(app.say("Reason")).type("forgot it on holiday")
    app.press(app.say("Reset"))
    app.find(app.say("The password of {name} was reset.", name="김정현"))
    assert trail.events(slapd, KIM, what="reset")[-1]["reason"] == "forgot it on holiday"
    app.focus_window()
    app.keys("Escape")
    app.wait(lambda: len(app.windows) == 1)
    app.press(app.say("Reset password…"))
    steps.choose(app, app.say("Mail to"), app.say("No mail"))
    assert not app.find(app.say("Reset"), "push button").has("sensitive")
    app.field(app.say("Reason")).type("stands at the desk")
    app.find(app.say("No mail is sent. The password is shown here alone, so that you can tell the user."))
    app.screenshot("no-mail")
    app.press(app.say("Reset"))
    app.find(app.say("The password of {name} was reset.", name="김정현"))
    assert sorted(each["reason"] for each in trail.events(slapd, KIM, what="reset")) == ["forgot it on holiday", "stands at the desk"]
