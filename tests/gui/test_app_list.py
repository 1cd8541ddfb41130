"""The list of users holds what is looked at, of however many there are: it is read as one scrolls, keeps place and selection when it is
read anew, and shows by itself what others change."""

import time

import ldap
import pytest

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, LABEL
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED, password_of
from latchkey_testing.slapd import Slapd
from latchkey_testing.waiting import wait_for

MANY = 2_300


def people(count: int) -> str:
    """So many more, as LDIF: they come behind those of the fixture."""
    return "".join(f"dn: uid=u{number:05},{MANAGED}\nobjectClass: inetOrgPerson\nuid: u{number:05}\ncn: User {number:05}\n"
                   f"sn: User\nmail: u{number:05}@example.org\n\n" for number in range(count))


@pytest.fixture
def many(start) -> Slapd:
    """A directory of some thousand people."""
    slapd = start(database={"olcSizeLimit": ["unlimited"]})
    slapd.stop()
    slapd.offline("add", people(MANY))
    slapd.start()
    return slapd


def signed_in(make_app, slapd, language="en", **settings):
    """The app with everybody shown."""
    app = make_app(slapd, language, settings=settings)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    app.focus_window()
    return app


def answers(slapd) -> int:
    """How many searches slapd has answered."""
    return slapd.log.read_text().count("SEARCH RESULT ")


def unread_pages(slapd) -> int:
    """How often slapd was asked for nothing but who is there, as it is for what lies far below."""
    return slapd.log.read_text().count(" attr=entryUUID\n")


def wait_until_nothing_is_read(slapd) -> None:
    """A second in which slapd answers no search."""
    def quiet() -> bool:
        before = answers(slapd)
        time.sleep(1)
        return answers(slapd) == before

    wait_for(quiet)


def go_to_the_end(app, slapd) -> None:
    """Presses the key again and again, until slapd was asked for the last page."""
    app.click(app.find("김정현", LABEL))
    wait_for(lambda: app.keys("ctrl+End", "ctrl+End", "ctrl+End", pause=50) or unread_pages(slapd))
    app.keys("ctrl+End", "ctrl+End", pause=300)


def test_all_are_scrolled_through_and_found_again(many, make_app):
    app = signed_in(make_app, many, "ko", look_seconds="uint32 0")
    app.find(app.say("The first {number} users, in no order. Scroll down for more."), LABEL)
    app.screenshot("top")
    go_to_the_end(app, many)
    app.find(f"u{MANY - 1:05}", LABEL)
    app.screenshot("bottom")
    app.keys("ctrl+Home")
    app.find("김정현", LABEL)
    searches = many.log.read_text().count("(entryUUID=")
    assert searches > 0
    app.screenshot("top-again")


def test_a_lost_connection_does_not_lose_the_place(many, make_app):
    app = signed_in(make_app, many, look_seconds="uint32 0")
    app.click(app.find("김정현", LABEL))
    app.keys("ctrl+End")
    wait_until_nothing_is_read(many)
    many.restart()
    go_to_the_end(app, many)
    app.find(f"u{MANY - 1:05}", LABEL)


def rename(slapd, dn: str, name: str) -> None:
    """What somebody else does."""
    slapd.root().modify_s(dn, [(ldap.MOD_REPLACE, "displayName", name.encode())])


def test_what_others_change_appears_by_itself(slapd, make_app):
    app = signed_in(make_app, slapd, look_seconds="uint32 1")
    app.click(app.find("김정현", LABEL))
    rename(slapd, LEE, "Dana Changed")
    app.find("Dana Changed", LABEL)
    slapd.root().delete_s(LEE)
    app.wait_gone("Dana Changed")
    slapd.root().add_s(LEE, [("objectClass", b"inetOrgPerson"), ("cn", b"Dana Anew"), ("sn", b"Anew"), ("uid", b"lee")])
    app.find("Dana Anew", LABEL)
    app.keys("Return")
    app.find("uid=kim,.*", LABEL)  # who was selected before still is


def test_a_list_that_could_not_be_read_comes_by_itself(slapd, make_app):
    app = signed_in(make_app, slapd, look_seconds="uint32 1")
    slapd.stop()
    app.field("Search for users").type("song")
    app.find("Try again")
    app.screenshot("without-slapd")
    slapd.start()
    app.find("song@example.org", LABEL)


def test_a_long_list_shows_what_is_deleted_and_changed(many, make_app):
    app = signed_in(make_app, many, look_seconds="uint32 0")
    rename(many, KIM, "김바뀜")
    many.root().delete_s(LEE)
    app.click(app.find("김정현", LABEL))
    go_to_the_end(app, many)
    app.keys("ctrl+Home", "F5")
    app.find("김바뀜", LABEL)
    app.find("Deleted", LABEL)
    app.screenshot("deleted")


def test_an_end_that_the_directory_makes_is_said(start, make_app):
    slapd = start(database={"olcLimits": ['{0}* size.prtotal=8 size.soft=8']})
    app = make_app(slapd)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find(app.say("The first {number} users. The directory shows you no more: search for those you need.", number="8"), LABEL)
    app.screenshot("limited")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_columns_are_chosen_and_remembered(slapd, make_app, language):
    app = signed_in(make_app, slapd, language, hidden_columns="['mail', 'department']")
    app.find(app.say("Job title"))
    assert not app.all(app.say("Department"))
    app.find(app.say("Columns"), BUTTON)
    app.all(app.say("Columns"), BUTTON)[-1].press()  # a menu button holds the button
    app.find(app.say("Department"), "menu item")
    app.screenshot("chooser")
    app.press(app.say("Job title"), "menu item")
    app.keys("Escape")
    settings = app.directory / "config/glib-2.0/settings/keyfile"
    wait_for(lambda: "hidden-columns=['mail', 'department', 'title']" in settings.read_text())
    app.screenshot("columns")


def choose_order(app, item: str) -> None:
    """Chooses ITEM among the orders in the menu of the columns."""
    app.all(app.say("Columns"), BUTTON)[-1].press()  # a menu button holds the button
    app.press(app.say("Sort by"), "menu item")
    app.find(app.say(item), "menu item")
    app.screenshot("orders")
    app.press(app.say(item), "menu item")
    app.keys("Escape", "Escape")


def is_above(app, upper: str, lower: str) -> bool:
    """Whether the row of UPPER stands over that of LOWER."""
    return app.find(upper, LABEL).box[1] < app.find(lower, LABEL).box[1]


def sorted_by(app, column: str, descending: bool = False) -> str:
    """What the line under the list says then."""
    said = "{number} users, sorted by: {column}, descending" if descending else "{number} users, sorted by: {column}"
    said = said if app.language == "en" else said.replace("users", "user")  # the catalogue has it by its singular
    return app.say(said, column=app.say_plain(column))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_few_are_sorted_by_a_column(slapd, make_app, language):
    app = signed_in(make_app, slapd, language, look_seconds="uint32 0")
    choose_order(app, "Name")
    app.find(sorted_by(app, "Name"), LABEL)
    before = is_above(app, "Dana Lee", "김정현")
    app.screenshot("ascending")
    choose_order(app, "Descending order")
    app.find(sorted_by(app, "Name", descending=True), LABEL)
    assert is_above(app, "Dana Lee", "김정현") != before
    app.click(app.find(app.say("Mail"), LABEL))
    app.find(sorted_by(app, "Mail"), LABEL)
    assert is_above(app, "kim@example.org", "lee@example.org")
    app.screenshot("by-mail")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_too_many_are_not_said_to_be_sorted(many, make_app, language):
    app = signed_in(make_app, many, language, look_seconds="uint32 0")
    app.click(app.find(app.say("Mail"), LABEL))
    app.find(app.say("The first {number} users, in no order: so many are not sorted. Search for those you need."), LABEL)
    app.screenshot("too-many")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_may_do_something_for_others_is_shown(slapd, make_app, language):
    app = signed_in(make_app, slapd, language, look_seconds="uint32 0", hidden_columns="['department', 'mail']")
    app.find(app.say("Password administrator"), LABEL)
    app.click(app.find(app.say("Role"), LABEL))
    app.find(sorted_by(app, "Role"), LABEL)
    first = app.find(app.say("Global administrator"), LABEL)
    assert first.box[1] < app.find(app.say("Password administrator"), LABEL).box[1]
    app.screenshot("roles")
