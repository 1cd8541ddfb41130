"""What was done, by whom and to whom, in the whole directory: the newest first, narrowed by time, kind and person, saved as a table;
no entry is read for it but those with events of the time asked for, and nobody sees what is not for them."""

import csv
import re
import time

import pytest
from ldap import MOD_REPLACE

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, LABEL, ROW
from latchkey_testing import wire
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED_POLICY, PASSWORD_ADMIN, SONG, entries,
                                           password_of, sign_in)
from latchkey_testing.password_writes import result_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
DAY = 86400


def stored(days: float, what: str, **more: str) -> str:
    """An event of so many days ago, as an entry keeps it."""
    when = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() - days * DAY))
    return " ".join([f"1 time={when} what={what}", *(f"{key}={value}" for key, value in more.items())])


def day(days: float) -> str:
    """The day so many days ago, as it is indexed."""
    return time.strftime("%Y%m%d", time.gmtime(time.time() - days * DAY))


@pytest.fixture
def happened(start):
    """Events of today: a block and a refusal, in the managed subtree, and a change of its policy. Han has some of ten days ago and one of
    twenty, Song one of forty. It is a function that starts a slapd: happened(**database)."""
    def make(**database):
        slapd = start(entries=held, database=database)
        wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_BLOCK, wire.account(KIM, "laptop stolen", "7"))
        assert result_of(sign_in(slapd, LEE).passwd_s, HAN, None, "Chosen-by-somebody-9")[0] != 0
        slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyOrganization", [b"Other"])])
        return slapd

    held = entries()
    dict(held)[HAN].update(latchkeyEventDay=[day(10)], latchkeyEvent=[
        stored(10, "block", actor=GLOBAL_ADMIN, reason="=1%2B1", ticket="4711"), stored(20, "recovery", client="IP=192.0.2.7")])
    dict(held)[SONG].update(latchkeyEventDay=[day(40)], latchkeyEvent=[stored(40, "unlock", actor=GLOBAL_ADMIN)])
    return make


@pytest.fixture
def slapd(happened):
    """One without limits."""
    return happened()


def open_events(app, user: str) -> None:
    """Signs in and goes to the page."""
    steps.sign_in(app, user, password_of(PASSWORD_ADMIN if user == "padmin" else GLOBAL_ADMIN))
    app.click(app.find(app.say("Events"), ROW))
    app.find(app.say("Search for events"))


def press(app, name: str) -> None:
    """Presses this page's button of the name: pages looked at before have some too."""
    app.find(name, BUTTON)
    app.all(name, BUTTON)[-1].press()


def titles(app) -> list[str]:
    """Those that are shown, from above."""
    names = [node.name for node in app.all(".+: .+", LABEL)]
    kinds = [app.say_plain(what) for what in ("sign-in blocked", "an attempt was refused", "the policy was changed", "unlocked",
                                               "recovery with a new password")]
    return [name for name in names if any(name.endswith(f": {kind}") for kind in kinds)]


@LANGUAGES
def test_newest_first_and_narrowed(slapd, make_app, language):
    app = make_app(slapd, language)
    open_events(app, "gadmin")
    blocked, refused, policy = (app.say_plain(what) for what in (
        "sign-in blocked", "an attempt was refused", "the policy was changed"))
    app.wait(lambda: set(titles(app)) == {f"김정현: {blocked}", f"한소희: {refused}", f"managed: {policy}"})
    assert app.find(f".*{app.say('Reason: {text}', text='laptop stolen')}.*", LABEL).name.count(PASSWORD_ADMIN) == 1
    app.screenshot("a-week")
    steps.choose(app, app.say("Of what time events are shown"), app.say("The last 90 days"))
    app.wait(lambda: len(titles(app)) == 6)
    unlocked, recovered = app.say_plain("unlocked"), app.say_plain("recovery with a new password")
    assert titles(app)[3:] == [f"한소희: {blocked}", f"한소희: {recovered}", f"Jo Song: {unlocked}"]
    app.screenshot("all")
    steps.choose(app, app.say("Which events are shown"), app.say("sign-in blocked"))
    app.wait(lambda: titles(app) == [f"김정현: {blocked}", f"한소희: {blocked}"])
    app.field(app.say("Search for events")).type("rlawjd")
    app.wait(lambda: titles(app) == [f"김정현: {blocked}"])
    app.field(app.say("Search for events")).type("GADMIN")
    app.wait(lambda: titles(app) == [f"한소희: {blocked}"])
    app.field(app.say("Search for events")).type("nobody")
    app.find(app.say("No events found"))
    app.screenshot("none")


def test_only_what_one_may_see(slapd, make_app):
    app = make_app(slapd)
    open_events(app, "padmin")
    app.wait(lambda: titles(app) == ["한소희: an attempt was refused", "김정현: sign-in blocked"])


def test_saved_as_a_table(slapd, make_app):
    app = make_app(slapd)
    open_events(app, "gadmin")
    steps.choose(app, "Of what time events are shown", "The last 30 days")
    app.wait(lambda: len(titles(app)) == 5)
    press(app, "Save what is shown as a table")
    app.wait(lambda: len(app.windows) == 2)
    app.screenshot("save", narrow=False)
    app.focus_window()
    app.keys("Return")
    octets = app.saved("events.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(octets.decode("utf-8-sig").splitlines()))
    assert [row["User name"] for row in rows][3:] == ["han", "han"] and len(rows) == 5
    assert rows[3].items() >= {"Event": "sign-in blocked", "By": GLOBAL_ADMIN, "Reason": "'=1+1", "Ticket": "4711",
                               "DN": HAN}.items()
    assert rows[4]["From"] == "IP=192.0.2.7" and rows[4]["By"] == ""
    assert [row["Time"][:10] for row in rows[3:]] == [time.strftime("%Y-%m-%d", time.localtime(time.time() - days * DAY))
                                                      for days in (10, 20)]


def test_only_entries_with_events_are_read(slapd, make_app):
    """By the index of their day, in pages."""
    app = make_app(slapd)
    before = len(slapd.log.read_text())
    open_events(app, "gadmin")
    app.wait(lambda: len(titles(app)) == 3)
    log = slapd.log.read_text()[before:]
    assert "not indexed" not in log
    searches = [number for number in re.findall(r'(conn=\d+ op=\d+) SRCH .*filter="\(latchkeyEventDay=\d{8}\)"', log)]
    assert 7 <= len(searches) <= 9
    read = sum(int(count) for search in searches for count in re.findall(rf"{search} SEARCH RESULT .*nentries=(\d+)", log))
    assert read == 3  # Kim, Han and the policy, out of all


def test_it_cannot_be_read_and_then_it_can(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("My account", ROW)
    slapd.stop()
    app.click(app.find("Events", ROW))
    app.find("The events cannot be shown")
    app.screenshot("no-directory")
    slapd.start()
    press(app, "Try again")
    app.wait(lambda: len(titles(app)) == 3)


def test_a_limit_of_the_directory_is_told(happened, make_app):
    """And the entries before it are shown."""
    app = make_app(happened(olcLimits=["* size.prtotal=1"]))
    open_events(app, "gadmin")
    app.find("Events: 1. There are more, which are not read: choose a shorter time.", LABEL)
    assert len(titles(app)) == 1
