"""Who cannot sign in gets back in from the sign-in page: with a code that came by mail, either keeping the password or with a new one,
and is signed in again with one click. Whoever is named sees the same pages, what goes wrong is said in words that help and loses
nothing, and a kiosk shows this and nothing else."""

import difflib
import re

import pytest

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, LABEL, ROW
from latchkey_testing import enrolment, mails, recovery, stored, watching
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, SELF_ADMIN, entries, lock_out, password_of, sign_in

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
NEW = "blue-Ladder-38-moon"
WRONG = ("This was not accepted. Perhaps the code is mistyped, too old, used already, or for another user, or a second proof is "
         "needed. Compare it with the newest mail, or ask for another code.")


def ask(app, user: str) -> None:
    """From the sign-in page to the page for the code."""
    app.press(app.say("Can’t access your account?"))
    app.field(app.say("User name or mail address")).type(user)
    app.press(app.say("Send a code"))
    app.find(app.say("Enter your code"))


def enter(app, code: str) -> None:
    """From the page for the code to the choice."""
    app.field(app.say("Code")).type(code)
    app.press(app.say("Continue"))
    app.find(app.say("How would you like to go on?"))


def keep(app, code: str) -> None:
    """From the page for the code to what becomes of a recovery that keeps the password."""
    enter(app, code)
    app.press(app.say("I know my password, let me in again"))


def set_password(app, password: str) -> None:
    """From the choice to what becomes of a new password."""
    app.press(app.say("Create a new password"))
    app.field(app.say("New password")).type(password)
    app.field(app.say("New password, once more")).type(password)
    app.press(app.say("Set the new password"))


def without_seconds(app, tree: str) -> str:
    """TREE without how long one has to wait, which counts from when one asked, and without what comes and goes with it."""
    wait = re.compile(app.say("If no mail comes, you can ask again in {number} seconds."))
    return "".join(line for line in tree.splitlines(True) if not wait.search(line)).replace(" *\n", "\n")


@LANGUAGES
def test_a_locked_user_keeps_the_password(slapd, mailer, make_app, language):
    mailer.start()
    lock_out(slapd, KIM)
    app = make_app(slapd, language)
    steps.sign_in(app, "kim", password_of(KIM))
    app.find(app.say("The directory did not let you sign in: the name or the password is wrong, or the account is locked."))
    app.press(app.say("Can’t access your account?"))
    assert app.field(app.say("User name or mail address")).text == "kim"
    app.screenshot("who")
    app.press(app.say("Send a code"))
    app.find(app.say("If the account “{user}” exists and has a recovery address, a mail with a code is on its way. It takes a "
                     "minute or two.", user="kim"))
    app.screenshot("sent")
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    app.field(app.say("Code")).type(code.lower().replace("-", " "))
    app.find(code, LABEL)
    app.screenshot("code")
    app.press(app.say("Continue"))
    app.find(app.say("How would you like to go on?"))
    app.screenshot("choice")
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say("You can sign in again with the password you have."))
    app.screenshot("done")
    app.press(app.say("Sign in"))
    assert app.field(app.say("User name, mail address or DN")).text == "kim"
    app.field(app.say("Password")).type(password_of(KIM))
    app.press(app.say("Sign in"))
    app.find(app.say("My account"), ROW)


@LANGUAGES
def test_a_new_password_signs_in_with_one_click(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    ask(app, "kim")
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    enter(app, f"\u201c{code}\u201d".replace("-", " – "))
    set_password(app, "short")
    app.find(app.say("The new password is too short or too simple for the password policy. Nothing was changed."))
    app.screenshot("too-short")
    app.field(app.say("New password")).type(NEW)
    app.field(app.say("New password, once more")).type(NEW + "!")
    app.press(app.say("Set the new password"))
    app.find(app.say("The new passwords differ from each other."))
    app.field(app.say("New password, once more")).type(NEW)
    app.press(app.say("Set the new password"))
    app.find(app.say("Your password was changed. You can sign in with the new one."))
    assert slapd.signs_in(KIM, NEW) and not slapd.signs_in(KIM, password_of(KIM))
    app.press(app.say("Sign in"))
    app.find(app.say("The account was recovered with a code, and a new password was chosen."))
    app.screenshot("signed-in")


@LANGUAGES
def test_an_expired_password_cannot_be_kept_and_the_code_stays_good(start, mailer, make_app, language):
    held = entries()
    for dn, attributes in held:
        if "pwdPolicy" in attributes["objectClass"]:
            attributes["pwdMaxAge"] = ["86400"]
        if dn == KIM:
            attributes["pwdChangedTime"] = ["20260101000000Z"]
    slapd = start(entries=held)
    mailer.start()
    app = make_app(slapd, language)
    ask(app, "kim")
    enter(app, mails.code_in(mailer.wait_for_mail("kim@example.net")))
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say("Your password has expired and cannot be kept. Create a new one with the same code."))
    app.screenshot("expired")
    set_password(app, NEW)
    app.find(app.say("Your password was changed. You can sign in with the new one."))
    assert slapd.signs_in(KIM, NEW)


@LANGUAGES
def test_where_two_methods_are_required_the_app_is_the_second(every_method, mailer, make_app, language):
    slapd = every_method(required=2)
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    lock_out(slapd, KIM)
    mailer.start()
    app = make_app(slapd, language)
    ask(app, "kim")
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    enter(app, code)
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say(WRONG))
    app.click(app.find(app.say("My organization asks for a second proof"), ROW))
    app.field(app.say("Authenticator app or printed code")).type(code)
    app.press(app.say("Continue"))
    app.find(app.say("Both are of one kind. The second proof is another one than the first."))
    app.screenshot("two")
    enrolment.wait_for_fresh_step()
    app.field(app.say("Authenticator app or printed code")).type(enrolment.value_of(secret))
    app.press(app.say("Continue"))
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say("You can sign in again with the password you have."))
    assert slapd.signs_in(KIM, password_of(KIM))


@LANGUAGES
def test_where_administrators_may_not_the_user_can(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    steps.open_user(app, "sadmin")
    app.find(app.say("This user recovers by themself only: nobody else can reset the password, global administrators included."))
    assert not app.find(app.say("Reset password…"), BUTTON).has("sensitive")
    app.focus_window()
    app.keys("ctrl+l")
    ask(app, "sadmin")
    enter(app, mails.code_in(mailer.wait_for_mail("sadmin@example.net")))
    set_password(app, NEW)
    app.find(app.say("Your password was changed. You can sign in with the new one."))
    assert slapd.signs_in(SELF_ADMIN, NEW)


@LANGUAGES
def test_who_does_not_exist_sees_the_same_pages(slapd, mailer, make_app, language):
    mailer.start()
    seen = {}
    app = make_app(slapd, language)
    # The first round leaves what the second finds: two later ones are compared, of names as long, since the tree cuts lines.
    for user in ("begin", "nono", "song"):
        ask(app, user)
        trees = [app.tree().replace(user, "USER")]
        enter(app, "K7QF-2M9X-4TRB")
        trees.append(app.tree().replace(user, "USER"))
        set_password(app, NEW)
        app.find(app.say(WRONG))
        trees.append(app.tree().replace(user, "USER"))
        app.press(app.say("Cancel"))
        app.wait_gone(app.say("Enter your code"))
        seen[user] = [without_seconds(app, tree) for tree in trees]
    for known, unknown in zip(seen["song"], seen["nono"], strict=True):
        assert known == unknown, "".join(difflib.unified_diff(known.splitlines(True), unknown.splitlines(True)))
    app.screenshot("left")


@pytest.mark.parametrize("typed,words", [
    ("123456", "Six digits are what an authenticator app shows. They count as the second proof; here goes the code from the mail."),
    ("K7QF-2M9X-4TR", "A code from a mail has 12 letters and digits, a printed one 24. This has {count}; compare it with the mail."),
    ("K7QF-2M9X-4TRB and C7QF-2M9X-4TRB", "There are several codes in what you pasted. Enter one of them alone, the one from the "
                                          "newest mail."),
    ("aB3d-Ef5g-h1Jk-Mn7p", "This is a temporary password, and no code. Sign in with it; you are asked for a new password then."),
], ids=["digits", "short", "several", "temporary"])
def test_what_is_no_code_is_said_in_words_that_help(slapd, make_app, typed, words):
    app = make_app(slapd, "ko")
    app.press(app.say("Can’t access your account?"))
    app.field(app.say("User name or mail address")).type("kim")
    app.press(app.say("I have a code already"))
    app.field(app.say("Code")).type(typed)
    app.press(app.say("Continue"))
    app.find(app.say(words))
    app.screenshot("helped")


@LANGUAGES
def test_a_code_is_found_in_what_was_pasted_and_works_once_for_its_user(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    ask(app, "kim")
    recovery.ask(slapd, "lee")
    mail, others = mailer.wait_for_mail("kim@example.net"), mails.code_in(mailer.wait_for_mail("lee@example.net"))
    code = mails.code_in(mail)
    keep(app, others)
    app.find(app.say(WRONG))
    app.screenshot("of-another")
    app.field(app.say("Code")).type(mails.text(mail))
    app.find(code, LABEL)
    app.screenshot("whole-mail")
    app.field(app.say("Code")).type(f"  {code[:2]} {code[2:9]}\u3000- {code[9:]} ")
    app.find(code, LABEL)
    keep(app, recovery.full_width(code.lower()))
    app.find(app.say("You can sign in again with the password you have."))
    app.press(app.say("Sign in"))
    app.press(app.say("Can’t access your account?"))
    app.press(app.say("I have a code already"))
    keep(app, code)
    app.find(app.say(WRONG))
    app.screenshot("used")


@LANGUAGES
def test_after_a_code_that_has_lapsed_another_comes(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language, settings={"ask_again_seconds": "uint32 2"})
    ask(app, "kim")
    first = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    stored.pass_time(slapd, 86400)
    keep(app, first)
    app.find(app.say(WRONG))
    app.screenshot("lapsed")
    app.press(app.say("Ask for another code"))
    second = mails.code_in(mailer.wait_for_mail("kim@example.net", 1))
    assert app.field(app.say("Code")).text == first
    keep(app, second)
    app.find(app.say("You can sign in again with the password you have."))


@LANGUAGES
def test_a_directory_that_goes_away_in_between_loses_nothing(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language)
    ask(app, "kim")
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    mailer.stop()
    enter(app, code)
    slapd.stop()
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say("The directory cannot be reached."))
    app.screenshot("gone")
    slapd.start()
    app.press(app.say("I know my password, let me in again"))
    app.find(app.say("You can sign in again with the password you have."))


@LANGUAGES
def test_a_kiosk_shows_this_and_nothing_else(slapd, mailer, make_app, language):
    mailer.start()
    app = make_app(slapd, language, words=("--recover",))
    app.find(app.say("Can’t access your account?"))
    assert not app.all(app.say("Cancel"), BUTTON)
    app.focus_window()
    app.keys("ctrl+q", "ctrl+w", "ctrl+l", "Escape", "F10", "ctrl+question", "ctrl+F1")
    app.field(app.say("User name or mail address")).type("kim")
    app.press(app.say("Send a code"))
    app.screenshot("kiosk")
    assert len(app.windows) == 1
    enter(app, mails.code_in(mailer.wait_for_mail("kim@example.net")))
    set_password(app, NEW)
    app.find(app.say("Your password was changed. You can sign in with the new one."))
    assert not app.all(app.say("Sign in"), BUTTON)
    app.screenshot("done")
    app.press(app.say("Finish"))
    app.wait(lambda: app.field(app.say("User name or mail address")).text == "")
    assert NEW not in app.tree() and slapd.signs_in(KIM, NEW)


def test_a_kiosk_forgets(slapd, mailer, make_app):
    mailer.start()
    app = make_app(slapd, "ko", words=("--recover",), settings={"kiosk_seconds": f"uint32 {watching.patience(45)}"})
    app.field(app.say("User name or mail address")).type("kim")
    app.press(app.say("Send a code"))
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    app.field(app.say("Code")).type(code)
    app.wait(lambda: app.field(app.say("User name or mail address")).text == "")
    assert app.field(app.say("Code")).text == "" and code not in app.tree()
    app.screenshot("forgotten")
    assert slapd.signs_in(KIM, password_of(KIM))
