"""Several users are reset at once: a list of them is looked through first, with who cannot be reset and why; each has a result of their
own; and whatever becomes of slapd meanwhile, nobody is reset twice, and the list says exactly who was."""

import csv
import re

import pytest

from latchkey_gui import steps
from latchkey_testing import mails, organization, places, trail, watching, wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED, PASSWORD_ADMIN, password_of, person, sign_in
from latchkey_testing.waiting import wait_for

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
SENTENCE = "This user recovers by themself only: nobody else can reset the password, global administrators included."
NOBODY = "Nobody whom you may see has this user name, mail address or employee number."
PASSWORD = r"[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}"
MANY = 400  # take long enough for something to be done meanwhile


def crowd(count: int) -> list[str]:
    """The user names of so many more people."""
    return [f"user{number:03}" for number in range(count)]


def dn_of(name: str) -> str:
    return f"uid={name},{MANAGED}"


def people(names: list[str]) -> list:
    return [person(name, MANAGED, f"사용자 {name}", sn="사용자", employeeNumber=f"2011{name[4:]}") for name in names]


def give(app, *names: str) -> None:
    """Opens the dialog for a list, and gives it NAMES."""
    app.field(app.say("Search for users")).type("kim")  # few rows behind the dialog: each costs time to walk through
    app.wait(lambda: len(app.all(r"[a-z0-9]+@example\.org", "label")) == 1)
    app.focus_window()
    app.keys("ctrl+shift+r")
    app.field(app.say("List of users")).type("\n".join(names))
    app.press(app.say("Next"))


def resets_of(app, count: int) -> str:
    """What the button says that begins so many resets."""
    return app.say("Reset {number} users" if app.language == "en" else "Reset {number} user", number=str(count))


def begin(app, count: int) -> None:
    """Goes on from the list of who can be reset, of whom there are COUNT, to the resets."""
    app.find(app.say("Can be reset: {number}.", number=str(count)) + ".*")
    app.press(app.say("Next"))
    app.press(resets_of(app, count))


def resets(slapd, dn: str) -> int:
    """How often DN was reset."""
    return len(trail.events(slapd, dn, what="reset"))


def saved(app, *presses: str) -> dict[str, dict[str, str]]:
    """What came of it by the name that was given, as the file has it that the app saves."""
    app.press(app.say("Save the results…"))
    for label in presses:
        app.press(f"({app.say(label)} ?)+")
    app.wait(lambda: len(app.windows) == 3)
    app.focus_window()
    app.keys("Return")
    path = app.saved("resets.csv" if app.language == "en" else "다시 설정 결과.csv")
    assert path.stat().st_mode & 0o77 == 0
    octets = path.read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf")
    path.unlink()
    rows = list(csv.reader(octets.decode("utf-8-sig").splitlines()))
    return {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}


@LANGUAGES
def test_two_hundred_with_three_refusals(start, make_app, language):
    names = crowd(200)
    slapd = start(*people(names))
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    # Some by what else they are known by, and one of them twice.
    given = [*names[:3], "2011003", "user004@example.org", dn_of("user005"), *names[6:], "user000@example.org", "song", "gadmin", "nobody"]
    give(app, *given)
    app.find(app.say("Can be reset: {number}.", number="200") + " " + app.say("Cannot be reset: {number}.", number="4"))
    app.find(app.say(SENTENCE), "label")
    app.screenshot("preview")
    app.press(app.say("Next"))
    app.find(app.say("Each user gets a temporary password at the address on record, and nobody else sees it."))
    app.screenshot("how")
    app.press(resets_of(app, 200))
    app.find(app.say("Pause"), "push button")
    app.screenshot("running")
    app.find(app.say("Were reset: {number}.", number="200") + ".*")
    app.screenshot("done")
    assert not app.all(app.say("Show passwords"))
    results = saved(app)
    column, said = app.say_plain("Was reset"), app.say_plain("Result")
    for name in given:
        assert results[name][column] == app.say_plain("no" if name in given[200:] else "yes")
    assert results["song"][said] == app.say_plain(SENTENCE)
    assert results["nobody"][said] == app.say_plain(NOBODY)
    assert all(resets(slapd, dn_of(name)) == 1 for name in names)
    assert resets(slapd, f"uid=song,{organization.SELF}") == resets(slapd, GLOBAL_ADMIN) == 0


def test_killing_slapd_resets_nobody_twice(start, make_app):
    names = crowd(MANY)
    slapd = start(*people(names))
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    give(app, *names)
    begin(app, MANY)
    wait_for(lambda: resets(slapd, dn_of("user009")))
    slapd.kill()
    app.find(app.say("{error} It is tried again by itself."))
    app.screenshot("offline")
    slapd.start()
    app.find(app.say("Save the results…"))
    app.screenshot("done")
    results = saved(app)
    column = app.say_plain("Was reset")
    missed = [name for name in names if results[name][column] != app.say_plain("yes")]
    assert len(missed) <= 1
    assert {name: resets(slapd, dn_of(name)) for name in names} == {name: int(name not in missed) for name in names}
    queued = [len([value for value in slapd.entry(dn_of(name))["latchkeyMessage"]
                   if wire.message_fields(value)["kind"] == "temporaryPassword"]) for name in names if name not in missed]
    assert set(queued) == {1}


@pytest.mark.parametrize("point,shown,after", [
    ("before-backend", "No answer came, and the account does not show that it was done", 0),
    ("after-commit", "Was reset, as the account shows; the answer with the password was lost", 1)])
def test_what_has_no_answer_is_looked_for_in_the_account(start, make_app, point, shown, after):
    slapd = start(overlay=places.KILLABLE_OVERLAY)
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, None, control=wire.notify())  # not to be taken for the one below
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    give(app, "kim", "lee")
    app.find("Can be reset: 2.")
    slapd.restart(LATCHKEY_KILL_AT=f"reset:{point}")
    app.press("Next")
    app.press("Reset 2 users")
    slapd.wait_until_killed()
    app.screenshot("not-certain")
    slapd.start()
    app.find(shown)
    app.find("Save the results…")
    app.screenshot("checked")
    assert (resets(slapd, KIM), resets(slapd, LEE)) == (1 + after, 1)
    if after:
        assert not app.all("Retry the failed")
        return
    app.press("Retry the failed")
    app.find(r"Were reset: 2\.")
    assert (resets(slapd, KIM), resets(slapd, LEE)) == (2, 1)


def test_paused_cancelled_and_shown_to_the_administrator(start, mailer, make_app):
    names = crowd(MANY)
    slapd = start(*people(names))
    mailer.start()
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    give(app, *names)
    app.find(f"Can be reset: {MANY}.")
    app.press("Next")
    app.press("Hide the passwords from me", "check box")
    app.press(f"Reset {MANY} users")
    wait_for(lambda: resets(slapd, dn_of(names[0])))
    with slapd.halted():
        app.press("Pause")
    app.find("Continue", "push button")
    app.screenshot("paused")
    with slapd.halted():
        app.press("Continue")
        app.press("Cancel the rest")
    app.find("Save the results…")
    app.find(".*Not begun: .*")
    assert not app.all(PASSWORD)
    app.press("Show passwords")
    password = app.find(PASSWORD, "label").name
    app.screenshot("passwords")
    assert slapd.signs_in(dn_of("user000"), password)
    with_passwords = saved(app, "With passwords")
    without = saved(app, "Without passwords")
    assert with_passwords["user000"]["Password"] == password and "Password" not in without["user000"]
    assert password not in str(without)
    for name in names:
        reset = with_passwords[name]["Was reset"] == "yes"
        assert reset == (resets(slapd, dn_of(name)) == 1)
        assert bool(re.fullmatch(PASSWORD, with_passwords[name]["Password"])) == reset
    assert mails.temporary_password_in(mailer.wait_for_mail("user000@example.net")) == password


@LANGUAGES
def test_a_reason_that_a_policy_wants(start, make_app, language):
    slapd = start(entries=organization.entries(latchkeyReasonRequired="TRUE"))
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    give(app, "kim", "lee")
    app.find(app.say("Can be reset: {number}.", number="2"))
    app.press(app.say("Next"))
    app.find(app.say("Give a reason; the policy wants one for each reset."))
    button = app.find(resets_of(app, 2), "push button")
    assert not button.has("sensitive")
    app.field(app.say("Reason")).type("all of them left it on a train")
    app.screenshot("reason")
    app.press(resets_of(app, 2))
    app.find(app.say("Were reset: {number}.", number="2"))
    assert [trail.events(slapd, dn, what="reset")[0]["reason"] for dn in (KIM, LEE)] == ["all of them left it on a train"] * 2


@LANGUAGES
def test_it_goes_on_while_the_app_is_locked(start, make_app, language):
    names = crowd(60)
    slapd = start(*people(names))
    app = make_app(slapd, language, settings={"lock_seconds": f"uint32 {watching.patience(40)}"})
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    give(app, *names)
    app.find(app.say("Can be reset: {number}.", number="60"))
    app.touch()
    app.press(app.say("Next"))
    with slapd.halted():
        app.press(resets_of(app, 60))
        app.find(app.say("What you have begun goes on, and is kept. Sign in as the same user to see what came of it."))
    app.screenshot("locked")
    assert len(app.windows) == 1 and "user000" not in app.tree()
    wait_for(lambda: resets(slapd, dn_of(names[-1])))
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find(app.say("Were reset: {number}.", number="60"))
    app.find(app.say("Save the results…"))
    app.screenshot("back")
    assert {resets(slapd, dn_of(name)) for name in names} == {1}


def test_those_who_are_selected(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.click(app.find("김정현", "label"))
    app.focus_window()
    app.keys(*["shift+Down"] * 7)
    app.press("Reset the 8 selected…")
    app.find("Can be reset: 5. Cannot be reset: 3.")
    app.find("Only a global administrator may reset the password of a global administrator.")
    app.find(SENTENCE)
    app.screenshot("selected", narrow=False)
