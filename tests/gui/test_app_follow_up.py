"""Following up: a mail that could not be sent is counted in the sidebar and shown with its reason; it is sent again, or elsewhere,
without another reset; blocking and unlocking take one button and a reason."""

import pytest

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, ROW
from latchkey_testing import mails, wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, PASSWORD_ADMIN, entries, password_of, sign_in
from latchkey_testing.scripted_smtp import ScriptedServer
from latchkey_testing.trail import events
from latchkey_testing.waiting import wait_for

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
REFUSAL = "550 5.1.1 no such mailbox"


@pytest.fixture
def failed(start, mailer):
    """A slapd in which a mail to Kim has failed, and the temporary password in it; the mailer works again."""
    slapd = start(entries=entries(latchkeyTell="nothing"))
    temporary, _answer = wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), KIM, control=wire.notify())
    with ScriptedServer("rcpt", f"{REFUSAL}\r\n".encode()).running() as server:
        mailer.attach(slapd, maildir={}, smtp={"url": server.url, "starttls": "no"})
        mailer.once(check=False)
    assert b"state=failed" in slapd.entry(KIM)["latchkeyMessage"][0]
    mailer.attach(slapd)
    mailer.start()
    return slapd, temporary


def follow_up(app):
    """Goes to the page as the sidebar has it."""
    app.click(app.find(app.say("Follow up"), ROW))


@LANGUAGES
def test_a_mail_that_failed_is_sent_again(failed, mailer, make_app, language):
    slapd, temporary = failed
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("1", "label")  # in the sidebar
    follow_up(app)
    app.find(f".*{app.say('The mail could not be delivered')}.*{REFUSAL}.*", "label")
    app.screenshot("failed")
    app.press(app.say("Resend"))
    assert mails.temporary_password_in(mailer.wait_for_mail("kim@example.net")) == temporary
    app.find(f"{app.say('Sent, and the password not changed yet')}.*", "label")
    app.screenshot("sent")
    assert slapd.signs_in(KIM, temporary)


@LANGUAGES
def test_it_is_sent_elsewhere(failed, mailer, make_app, language):
    slapd, temporary = failed
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    follow_up(app)
    app.find(f".*{REFUSAL}.*", "label")
    app.click(app.find(app.say("More for {name}", name="김정현"), BUTTON))
    app.find(app.say("Send elsewhere…"), "menu item").press()
    app.field(app.say("Other address")).type("kim@elsewhere.example")
    app.field(app.say("Other address, once more")).type("kim@elsewhere.example")
    app.screenshot("elsewhere")
    app.press(app.say("Send"))
    assert mails.temporary_password_in(mailer.wait_for_mail("kim@elsewhere.example")) == temporary


def test_nothing_to_follow_up(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    follow_up(app)
    app.find("Nothing to follow up")
    app.screenshot("nothing")


@LANGUAGES
def test_blocked_and_unlocked_with_a_reason(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press(app.say("Block sign-in…"))
    app.field(app.say("Reason")).type("laptop stolen")
    app.screenshot("block")
    app.press(app.say("Block sign-in"))
    wait_for(lambda: not slapd.signs_in(KIM, password_of(KIM)))
    app.find(app.say("An administrator has blocked this account. It has to be unlocked first."))
    app.screenshot("blocked")
    assert events(slapd, KIM, what="block")[0]["reason"] == "laptop stolen"
    app.press(app.say("Unlock…"))
    app.press(app.say("Unlock"))
    wait_for(lambda: slapd.signs_in(KIM, password_of(KIM)))
    app.wait_gone(app.say("An administrator has blocked this account. It has to be unlocked first."))
