"""Searching finds a user by what people know of them, in whatever way they type it, and shows nobody else; what is shown is saved as
a table that a spreadsheet opens without running anything."""

import csv

import pytest

from latchkey_gui import steps
from latchkey_gui.app import LABEL
from latchkey_testing.organization import GLOBAL_ADMIN, MANAGED, password_of, person

FORMULA = person("evil", MANAGED, "=HYPERLINK(0)", sn="evil", departmentNumber='say "hi"', employeeNumber="20110042")
CONTROL = person("control", MANAGED, "\u202egnp.exe", sn="control")
LONG = person("long", MANAGED, "가" * 3000, sn="long")


@pytest.fixture
def app(start, make_app):
    """Signed in, with everybody shown."""
    app = make_app(start(FORMULA, CONTROL, LONG))
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현")
    return app


@pytest.mark.parametrize("typed,login", [
    ("정현", "kim"), ("김저", "kim"), ("rlawjdgus", "kim"), ("ㅏㅑㅡ", "kim"), ("kim@exa", "kim"), ("Dana Lee", "lee"), ("lee dana", "lee"), ("20110042", "evil"),
    ("(objectClass=*)", None), ("*", None), ("\\2a", None)])
def test_it_finds(app, typed, login):
    app.field("Search for users").type(typed)
    if login is None:
        app.find("No users found")
    else:
        app.wait(lambda: [node.name for node in app.all(r"[a-z0-9]+@example\.org", "label")] == [f"{login}@example.org"])
    app.screenshot("found")


def test_what_is_still_being_composed_is_searched_for(app):
    app.click(app.field("Search for users"))
    app.focus_window()
    app.keys("ctrl+shift+u", "a", "d", pause=200)  # GTK's own input method: a character by its number, not finished yet
    app.find("No users found")
    app.screenshot("composing")
    app.keys("Escape", "Escape", pause=200)
    app.find("김정현")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_says_that_initial_consonants_find_nobody(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.field(app.say("Search for users")).type("ㄱㅈㅎ")
    app.find(app.say("Names are not found by their initial consonants. Type the whole syllables."))
    app.screenshot("initials")


def test_names_that_are_none_do_no_harm(app):
    app.find("�gnp.exe")
    app.find("가{200,}…")
    app.screenshot("names")


def test_what_is_shown_is_saved_as_a_table(app):
    app.press("Save what is shown as a table")
    app.wait(lambda: len(app.windows) == 2)
    app.screenshot("save", narrow=False)
    app.focus_window()
    app.keys("Return")
    octets = app.saved("users.csv").read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(octets.decode("utf-8-sig").splitlines()))
    evil = next(row for row in rows if row["User name"] == "evil")
    assert evil["Name"] == "'=HYPERLINK(0)" and evil["Department"] == 'say "hi"'
    assert any(row["Name"] == "김정현" for row in rows)
    roles = {row["User name"]: row["Role"] for row in rows}
    assert roles["gadmin"] == "Global administrator" and roles["padmin"] == "Password administrator" and roles["kim"] == ""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_part_of_the_directory_is_searched(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    steps.choose(app, app.say("Where users are looked for"), "self")
    app.find("Jo Song", LABEL)
    app.wait_gone("김정현", LABEL)
    app.screenshot("below-self")
