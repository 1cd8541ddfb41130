"""My account: whoever is signed in changes the password, adds a recovery address that a code proves and removes another but never the
last, sets up an authenticator app by the picture that the screen shows, makes recovery codes that are shown once, chooses the language
of their mails, and reports what was not them. Administrators are reminded until they have two ways back in."""

import base64
import re
import subprocess
from urllib.parse import parse_qs, urlparse

import pytest

from latchkey_gui import steps, words
from latchkey_gui.app import BUTTON, LABEL, ROW
from latchkey_testing import enrolment, mails, recovery, stored, wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, PASSWORD_ADMIN, password_of, sign_in
from latchkey_testing.waiting import wait_for

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
NEW = "blue-Ladder-38-moon"
WRONG_CODES = {
    "123456": "Six digits are what an authenticator app shows. They count as the second proof; here goes the code from the mail.",
    "K7QF-2M9X-4TR": "A code from a mail has 12 letters and digits, a printed one 24. This has {count}; compare it with the mail.",
    "0000-0000-0000": "The code was not accepted. Perhaps it is mistyped, too old, or already used.",
}
PRINTED = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}")


def open_account(app, user: str, dn: str, password: str = "") -> None:
    """Signs in, and comes to "My account" also from the pages of an administrator."""
    steps.sign_in(app, user, password or password_of(dn))
    app.find(app.say("My account"), "list item")
    if app.all(app.say("Active users"), "list item"):
        app.click(app.find(app.say("My account"), "list item"))
    app.find(app.say("What happened"))


def values(slapd, dn: str, attribute: str) -> list[str]:
    """What the entry of DN has."""
    return [value.decode() for value in slapd.entry(dn, attribute).get(attribute, [])]


def shown_by(picture) -> str:
    """What a reader of QR codes finds in a picture of the screen."""
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture], capture_output=True,
                          text=True, check=False)
    return done.stdout.strip()


@LANGUAGES
def test_a_changed_password_is_the_one_that_works(slapd, make_app, language):
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    app.press(app.say("Change password…"))
    app.find(app.say("At least {number} characters.", number="8") + ".*")
    for typed, repeated, words in ((NEW, NEW + "!", "The new passwords differ from each other."),
                                   (NEW, NEW, "Your old password is not this one.")):
        app.field(app.say("Old password")).type("not-this-one")
        app.field(app.say("New password")).type(typed)
        app.field(app.say("New password, once more")).type(repeated)
        app.press(app.say("Change password"))
        app.find(app.say(words))
    assert app.field(app.say("Old password")).text == "" and "not-this-one" not in app.tree()
    app.screenshot("wrong")
    app.field(app.say("Old password")).type(password_of(KIM))
    app.field(app.say("New password")).type("kim12345")
    app.find(app.say("Easy to guess"))
    app.field(app.say("New password")).type(NEW)
    app.field(app.say("New password, once more")).type(NEW)
    app.find(app.say("Very hard to guess"))
    app.screenshot("change")
    app.press(app.say("Change password"))
    app.wait_gone(app.say("Old password"))
    assert slapd.signs_in(KIM, NEW) and not slapd.signs_in(KIM, password_of(KIM))
    assert NEW not in app.tree()


@LANGUAGES
def test_an_address_is_proven_by_a_code_and_the_last_one_stays(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    remove = app.find(app.say("Remove {address}", address="kim@example.net"), "push button")
    assert not remove.has("sensitive")
    app.press(app.say("Add an address…"))
    app.field(app.say("Mail address")).type("kim@example.net")
    app.press(app.say("Send a code"))
    app.find(app.say("This address counts already."))
    app.field(app.say("Mail address")).type("second@example.net")
    app.press(app.say("Send a code"))
    app.find(app.say("A code is on its way to {address}.", address="second@example.net"))
    mail = mailer.wait_for_mail("second@example.net")
    for typed, words in WRONG_CODES.items():
        app.field(app.say("Code")).type(typed)
        app.press(app.say("Confirm"))
        said = app.find(app.say(words))
        app.wait(lambda said=said: app.in_sight(said))
    app.screenshot("wrong-code")
    assert app.in_sight(app.find(app.say("Another address"), BUTTON))
    app.field(app.say("Code")).type("k7qf2m")
    app.find("K7QF-2M", "label")
    app.field(app.say("Code")).type("ㅏ7ㅂㄹ2ㅡ9ㅌ4ㅅㄱㅠ")
    app.find(app.say("The code was typed with the Korean input method on. It was understood as {code}.", code="K7QF-2M9X-4TRB"))
    app.screenshot("typed-as-hangul")
    app.field(app.say("Code")).type("")
    assert not app.all("K7QF.*", "label") and not app.find(app.say("Confirm"), BUTTON).has("sensitive")
    app.field(app.say("Code")).type(mails.text(mail))
    app.press(app.say("Confirm"))
    app.find("second@example.net")
    app.screenshot("two-addresses")
    app.press(app.say("Remove {address}", address="kim@example.net"))
    app.press(f"({app.say('Remove')} ?)+")
    app.wait_gone(app.say("Remove {address}", address="kim@example.net"))
    assert not app.find(app.say("Remove {address}", address="second@example.net"), "push button").has("sensitive")
    assert values(slapd, KIM, "latchkeyRecoveryAddress") == ["second@example.net"]


@LANGUAGES
def test_after_a_code_for_an_address_that_has_lapsed_another_comes(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    app.press(app.say("Add an address…"))
    app.field(app.say("Mail address")).type(" second@example.net ")
    app.press(app.say("Send a code"))
    app.find(app.say("A code is on its way to {address}.", address="second@example.net"))
    lapsed = mails.code_in(mailer.wait_for_mail("second@example.net"))
    stored.pass_time(slapd, 86400)
    app.field(app.say("Code")).type(lapsed)
    app.press(app.say("Confirm"))
    app.find(app.say("The code was not accepted. Perhaps it is mistyped, too old, or already used."))
    app.screenshot("lapsed")
    app.press(app.say("Ask for another code"))
    app.field(app.say("Code")).type(recovery.full_width(mails.code_in(mailer.wait_for_mail("second@example.net", 1))))
    app.press(app.say("Confirm"))
    app.find(app.say("Remove {address}", address="second@example.net"))
    assert set(values(slapd, KIM, "latchkeyRecoveryAddress")) == {"kim@example.net", "second@example.net"}


@LANGUAGES
def test_the_picture_on_the_screen_sets_up_an_app(every_method, make_app, language):
    slapd = every_method()
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    app.press(app.say("Set up…"))
    app.find(app.say("Scan this picture with the app on your telephone."))
    picture = app.screenshot("picture")
    uri = urlparse(shown_by(picture))
    assert uri.scheme == "otpauth" and uri.netloc == "totp"
    text = parse_qs(uri.query)["secret"][0]
    app.find(" ".join(text[i:i + 4] for i in range(0, len(text), 4)), LABEL)
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    app.field(app.say("What the app shows now")).type(enrolment.wrong_value(secret))
    app.press(app.say("Confirm"))
    app.find(app.say("This is not what the app shows for the new secret, or the secret was made too long ago. Begin again."))
    app.field(app.say("What the app shows now")).type("K7QF-2M9X-4TRB")
    app.press(app.say("Confirm"))
    app.find(app.say("An authenticator app shows six digits. Type those that it shows now."))
    enrolment.wait_for_fresh_step()
    value = recovery.full_width(enrolment.value_of(secret))
    app.field(app.say("What the app shows now")).type(f" {value[:3]} {value[3:]} ")
    app.press(app.say("Confirm"))
    app.find(app.say("Set up another…"))
    assert enrolment.method_state(sign_in(slapd, KIM), KIM) == {"totp"}
    assert text[:4] not in app.tree()
    app.screenshot("enrolled")


SCREENS = {"dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, "large": {"GDK_SCALE": "2"}}


@pytest.mark.parametrize("kind", SCREENS)
def test_the_picture_is_read_off_any_screen(every_method, make_app, kind):
    slapd = every_method()
    app = make_app(slapd)
    app.stop()
    app.start(**SCREENS[kind])
    open_account(app, "kim", KIM)
    app.press("Set up…")
    app.find("Scan this picture with the app on your telephone.")
    text = parse_qs(urlparse(shown_by(app.screenshot(kind, narrow=False))).query)["secret"][0]
    app.find(" ".join(text[i:i + 4] for i in range(0, len(text), 4)), LABEL)


@LANGUAGES
def test_a_secret_that_does_not_come_is_asked_for_again(every_method, make_app, language):
    slapd = every_method()
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    slapd.stop()
    app.press(app.say("Set up…"))
    app.find(app.say("Try again"), BUTTON)
    app.screenshot("gone")
    slapd.start()
    app.press(app.say("Try again"))
    app.find(app.say("Scan this picture with the app on your telephone."))
    app.screenshot("there")


@LANGUAGES
def test_recovery_codes_are_shown_once_and_end_the_reminder(every_method, make_app, language):
    slapd = every_method()
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현")
    app.find(app.say("Set up a second way back in"))
    app.screenshot("reminded")
    app.click(app.find(app.say("My account"), ROW))
    app.find(app.say("Administrators should have two: besides mail, an authenticator app or recovery codes."))
    app.screenshot("reminder")
    app.press(app.say("Make recovery codes…"))
    app.press(app.say("Make recovery codes"))
    app.wait(lambda: len(app.all(PRINTED.pattern, LABEL)) == 10)
    app.screenshot("codes")
    assert app.in_sight(app.find(app.say("Copy"), BUTTON))
    codes = [node.name for node in app.all(PRINTED.pattern, LABEL)]
    app.press(app.say("Copy"))
    app.find(app.say("Copied"), BUTTON)
    assert app.pasted().split() == codes
    app.press(app.say("Print…"))
    written = steps.print_to_file(app)
    assert all(code in written for code in codes) and "".join(words.say(language, "Recovery codes").split()) in written
    app.keys("Escape")
    app.wait_gone(PRINTED.pattern)
    app.find(app.say("Recovery codes left: {number}", number="10"))
    app.wait_gone(app.say("Set up a second way back in"))
    app.find(app.say("New recovery codes were made."))
    app.screenshot("enrolled")
    shown = app.tree()
    assert not any(code in shown for code in codes)
    code, _text = enrolment.complete(slapd, "gadmin", (wire.PRINTED, codes[0]))
    assert code == 49  # administrators need two proofs once they have two methods
    assert enrolment.method_state(sign_in(slapd, GLOBAL_ADMIN), GLOBAL_ADMIN) == {"recoveryCode 10"}


@LANGUAGES
def test_codes_that_were_used_are_counted_and_new_ones_replace_them(every_method, make_app, language):
    slapd = every_method()
    old = enrolment.new_codes(sign_in(slapd, KIM))
    assert enrolment.complete(slapd, "kim", (wire.PRINTED, old[0]))[0] == 0
    app = make_app(slapd, language)
    open_account(app, "kim", KIM)
    app.find(app.say("Recovery codes left: {number}", number="9"))
    assert not app.all(app.say("Set up a second way back in"))
    app.press(app.say("Make recovery codes…"))
    app.find(app.say("Codes that you printed before do not work any more."))
    app.screenshot("replace")
    app.press(app.say("Make recovery codes"))
    app.wait(lambda: len(app.all(PRINTED.pattern, LABEL)) == 10)
    app.keys("Escape")
    app.find(app.say("Recovery codes left: {number}", number="10"))
    assert enrolment.complete(slapd, "kim", (wire.PRINTED, old[1]))[0] == 49


def test_mails_come_in_the_language_that_was_chosen(slapd, mailer, make_app):
    mailer.start()
    app = make_app(slapd)
    open_account(app, "lee", LEE)
    steps.choose(app, "Language of mails to you", "한국어")
    app.wait(lambda: values(slapd, LEE, "preferredLanguage") == ["ko-KR"])
    app.screenshot("language")


def test_a_language_that_may_not_be_chosen_is_said_so_and_stays(make_slapd, make_app):
    slapd = make_slapd(access=("to attrs=userPassword by anonymous auth by self write", "to * by * read"))
    app = make_app(slapd)
    open_account(app, "lee", LEE)
    steps.choose(app, "Language of mails to you", "한국어")
    app.find("This directory does not let you change this yourself. Ask your administrator.")
    app.screenshot("not-allowed")
    assert values(slapd, LEE, "preferredLanguage") == ["en"]


@LANGUAGES
def test_what_was_not_me_is_reported_and_leads_to_a_new_password(slapd, mailer, make_app, language):
    mailer.start()
    wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), PASSWORD_ADMIN, NEW, control=wire.notify(must_change=False))
    app = make_app(slapd, language)
    open_account(app, "padmin", PASSWORD_ADMIN, NEW)
    app.find(app.say("An administrator reset your password."))
    app.screenshot("event")
    app.press(app.say("This wasn’t me…"))
    app.find(app.say("Was this not you?"))
    app.screenshot("ask", narrow=False)  # such a dialog is as wide as its window lets it be
    app.press(f"({app.say('Report and change password')} ?)+")
    app.find(app.say("Old password"))
    app.keys("Escape")
    app.find(app.say("You reported that something was not you."))
    assert any("what=misuse" in event for event in values(slapd, PASSWORD_ADMIN, "latchkeyEvent"))
    wait_for(lambda: any("(padmin) has reported" in mails.text(mail) for mail in mails.to(mailer.notices(), "sadmin@example.net")))
