"""On a window as narrow as a telephone the sidebar and the pages take turns: from one page back to the sidebar, and to the next, by the
pointer and by the keyboard. Nothing that is chosen there makes it wider, nor do letters twice as large; what went wrong is in sight."""

import pytest

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, LABEL, ROW
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, password_of

# Each page, and what is there once it is.
PAGES = {"Follow up": "Nothing to follow up", "Policies": "Whom it governs", "Events": "No events found", "My account": "What happened"}

DIALOGS = {"ctrl+n": "Add a user", "ctrl+shift+r": "List of users", "alt+b": "Reason", "alt+r": "Where the user can be reached"}


@pytest.fixture
def huge(display, monkeypatch):
    """Letters twice as large."""
    monkeypatch.setenv("LATCHKEY_LOOK", "huge")
    yield
    display.set_dots_in_an_inch(96)


def come_to(app, title: str) -> None:
    """From a page back to the sidebar, and down to another by the keyboard alone."""
    app.keys("alt+Left")
    app.wait(app.focused)
    for _ in range(8):
        if app.focused().name == title:
            break
        app.keys("Down" if app.focused().role == ROW else "Tab")
    app.keys("Return")


@pytest.mark.parametrize("language,by", [("en", "keyboard"), ("ko", "pointer")], ids=["keyboard", "pointer"])
def test_from_page_to_page(slapd, make_app, language, by):
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    app.resize(360, 640)
    app.focus_window()
    for page, there in PAGES.items():
        if by == "keyboard":
            come_to(app, page)
        else:
            app.click(app.find(app.say("Back"), BUTTON))
            app.screenshot("sidebar")
            app.click(app.find(app.say(page), ROW))
        app.find(app.say(there), LABEL)
        app.screenshot("page")


def test_the_longest_choice_leaves_it_narrow(slapd, make_app):
    app = make_app(slapd, "ko")
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    app.resize(360, 640)
    app.click(app.find(app.say("Which users are shown"), "combo box"))
    app.keys("End", "Return")
    app.find(app.say("No users found"), LABEL)
    app.wait_gone("김정현", LABEL)
    app.screenshot("chosen")


def test_what_went_wrong_is_in_sight(slapd, make_app, huge):
    app = make_app(slapd, "ko")
    app.resize(360, 640)
    steps.sign_in(app, "gadmin", "wrong")
    said = app.find(app.say("The directory did not let you sign in: the name or the password is wrong, or the account is locked."))
    app.screenshot("wrong")
    app.wait(lambda: app.in_sight(said))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_with_letters_twice_as_large(slapd, make_app, huge, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    app.resize(360, 640)
    app.assert_narrow("users")
    steps.open_user(app, "kim")
    for keys, there in DIALOGS.items():
        app.focus_window()
        app.keys(keys)
        app.find(app.say(there))
        app.resize(360, 640)
        app.screenshot("dialog")
        app.assert_narrow(there)
        if keys != "alt+r":
            app.focus_window()
            app.keys("Escape")
            app.wait(lambda: len(app.windows) == 1)
    app.press(app.say("Reset"))
    app.press(app.say("Read aloud"))
    aloud = app.find(app.say("The password, letter by letter"))
    app.wait(lambda: aloud.box[2] > 0)
    app.screenshot("aloud")
    x, _y, width, _height = aloud.box
    assert 0 <= x and x + width <= 360


def is_within(node) -> bool:
    """Whether NODE is between the sides of the window, and has a place."""
    x, _y, width, _height = node.box
    return x >= 0 and 0 < width and x + width <= 360


def is_below(node, other) -> bool:
    """Whether NODE begins where OTHER ends, or further down."""
    return node.box[1] >= other.box[1] + other.box[3] > 0


@pytest.mark.parametrize("keys,title", [("ctrl+n", "Add a user"), ("ctrl+shift+r", "Reset several users")], ids=["add", "several"])
def test_the_title_of_a_dialog_is_below_large_buttons(slapd, make_app, huge, keys, title):
    app = make_app(slapd)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("김정현", LABEL)
    app.focus_window()
    app.keys(keys)
    said = app.find(title, LABEL)
    cancel = app.find("Cancel", BUTTON)
    app.resize(360, 640)
    app.wait(lambda: is_below(said, cancel) and is_within(said))
    app.screenshot("title")


def test_recovering_with_letters_twice_as_large(slapd, make_app, huge):
    app = make_app(slapd, "ko")
    app.press(app.say("Can’t access your account?"))
    app.field(app.say("User name or mail address")).type("kim")
    app.press(app.say("I have a code already"))
    app.find(app.say("Enter your code"), LABEL)
    app.resize(360, 640)
    app.wait(lambda: 0 < app.windows[-1].box[2] <= 360)
    app.screenshot("code")


def test_ways_back_in_with_letters_twice_as_large(every_method, make_app, huge):
    app = make_app(every_method())
    steps.sign_in(app, "kim", password_of(KIM))
    button, title = app.find("Make recovery codes…", BUTTON), app.find("Authenticator app", LABEL)
    app.resize(360, 640)
    app.wait(lambda: is_below(app.find("Set up…", BUTTON), title))
    app.screenshot("account")
    button.press()
    app.press("Make recovery codes")
    code = app.find(r"([0-9A-Z]{4}-){3}\n([0-9A-Z]{4}-?){3}", LABEL)
    app.resize(360, 640)
    app.wait(lambda: is_within(code) and is_within(app.find("Copy", BUTTON)))
    app.screenshot("codes")


def test_changing_the_password_with_letters_twice_as_large(slapd, make_app, huge):
    app = make_app(slapd, "ko")
    steps.sign_in(app, "kim", password_of(KIM))
    app.press(app.say("Change password…"))
    app.find(app.say("Choose a new password"), LABEL)
    app.resize(360, 640)
    app.screenshot("change")
    app.wait(lambda: app.windows[-1].box[3] <= 640)
    app.focus_window()
    app.keys("Escape")
    app.wait(lambda: len(app.windows) == 1)
