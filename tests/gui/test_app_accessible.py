"""Everything that can have the keyboard has a name that a screen reader says, on every page and in every dialog."""

import re

import pytest

from latchkey_gui import steps
from latchkey_gui.app import ROW
from latchkey_gui.tree import application
from latchkey_testing.organization import GLOBAL_ADMIN, password_of

# What holds others, and has the keyboard for them.
HOLDERS = {"scroll pane", "scroll bar", "viewport", "tree table", "table", "list", "panel", "filler", "frame", "table cell"}
# GTK's own name of last resort. The eye in Adwaita's rows for passwords, and the button in GTK's drop-down lists, have no other.
CLASS_NAME = re.compile("(Gtk|Adw|Lk)[A-Z]")
OF_THE_TOOLKIT = ("GtkImage", "GtkToggleButton")


def has_name(node) -> bool:
    """Whether a screen reader has something to say."""
    if node.name in OF_THE_TOOLKIT:
        return True
    if node.role in ("list item", "table row") and (not node.name or CLASS_NAME.match(node.name)):
        return any(child.name and not CLASS_NAME.match(child.name) for child in node.walk())
    return node.name.strip() != "" and not CLASS_NAME.match(node.name)


def nameless(app) -> list[str]:
    """What can be focused and has no name."""
    return [repr(node) for window in app.windows for node in window.walk()
            if node.has("focusable") and node.role not in HOLDERS and not has_name(node)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_has_a_name(slapd, make_app, language):
    app = make_app(slapd, language)
    assert nameless(app) == []
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    steps.open_user(app, "kim")
    assert nameless(app) == []
    app.press(app.say("Reset password…"))
    app.find(app.say("Where the user can be reached"))
    assert nameless(app) == []
    app.press(app.say("Cancel"))
    app.wait(lambda: len(app.windows) == 1)
    for keys, shown in (("ctrl+n", "Add a user"), ("ctrl+shift+r", "List of users")):
        app.focus_window()
        app.keys(keys)
        app.find(app.say(shown))
        assert nameless(app) == []
        app.press(app.say("Cancel"))
        app.wait(lambda: len(app.windows) == 1)
    for page in ("Follow up", "Events", "My account", "Policies"):
        app.click(app.find(app.say(page), ROW))
        assert nameless(app) == []
    for policy in ("managed", "passwords"):
        app.press(app.say("Change the policy “{name}”…", name=policy))
        app.find(app.say("Change a policy"))
        assert nameless(app) == []
        app.press(app.say("Cancel"))
    app.wait(lambda: len(app.windows) == 1)
    app.press(app.say("Remove the policy “{name}”…", name="managed"))
    app.find(app.say("What will be so without it"))
    assert nameless(app) == []


def test_a_window_that_has_gone_is_asked_for(slapd, make_app):
    """As a screen reader does that has heard of it, and not yet of its end."""
    app = make_app(slapd)
    windows = application(app.process.pid).accessible
    for number in range(len(app.windows) + 2):
        windows.get_child_at_index(number)
    assert app.field("Password")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_shortcuts_are_shown(slapd, make_app, language):
    app = make_app(slapd, language)
    app.focus_window()
    app.keys("ctrl+question")
    app.find(app.say("Reset the password of the open user"))
    app.screenshot("shortcuts", narrow=False)
    app.focus_window()
    app.keys("Escape")
    app.wait(lambda: len(app.windows) == 1)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_labels_are_reached_by_their_keys(slapd, make_app, language):
    app = make_app(slapd, language)
    app.focus_window()
    for keys in ("gadmin", "alt+p", password_of(GLOBAL_ADMIN), "alt+u", "alt+s"):
        if keys.startswith("alt+"):
            app.keys(keys)
        else:
            app.write(keys)
    app.find("김정현", "label")
    steps.open_user(app, "kim")
    app.keys("alt+r")
    app.find(app.say("Where the user can be reached"))
    app.screenshot("keys")
    app.focus_window()
    app.keys("alt+h")
    app.wait(lambda: app.find(app.say("Hide the password from me"), "check box").has("checked"))
    app.keys("alt+c")
    app.wait(lambda: len(app.windows) == 1)
