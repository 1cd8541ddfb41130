"""The page of policies, and its dialog."""

import re

from latchkey_testing.organization import GLOBAL_ADMIN, password_of

from . import steps
from .app import ROW, App
from .tree import Node


def open_policies(app: App, user: str = GLOBAL_ADMIN, password: str = "") -> None:
    """Signs in, with the first password where none is given, and goes to the page."""
    steps.sign_in(app, user, password or password_of(user))
    app.click(app.find(app.say("Policies"), ROW))


def field(app: App, title: str) -> Node:
    """A field of the dialog, which may be a text of several lines."""
    def seen():
        found = [node for node in app.windows[-1].walk()
                 if node.role in ("text", "entry") and re.fullmatch(app.say(title), node.name)]
        return found[-1] if found else None
    seen.__qualname__ = f"field {title!r}"
    return app.wait(seen)


def save(app: App) -> None:
    """Looks at what will change, and saves it."""
    app.press(app.say("Next"))
    app.find(app.say("What will change"))
    app.press(app.say("Save"))
    app.wait(lambda: len(app.windows) == 1)
