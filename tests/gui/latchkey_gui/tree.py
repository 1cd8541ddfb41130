"""The accessibility tree of the app: finding what a screen reader finds, and doing what it does."""

import re
import time
from collections.abc import Iterator

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from latchkey_testing import watching  # noqa: E402
from latchkey_testing.waiting import wait_for  # noqa: E402

# Milliseconds for an answer, and for one of an app that has just started. By itself a call fails after 800, as if there were nothing.
Atspi.set_timeout(watching.patience(5_000), watching.patience(60_000))
PATIENCE = 120  # seconds, where nothing looks on
# A list shows some rows and knows of a million.
_MOST_CHILDREN = 250


class Node:
    """One object of the tree. It may be gone by the time it is asked: then it has no name, no state and no children."""

    def __init__(self, accessible):
        self.accessible = accessible

    def _ask(self, what, nothing):
        try:
            return what(self.accessible)
        except GLib.Error:
            return nothing

    @property
    def name(self) -> str:
        """The accessible name."""
        return self._ask(lambda it: it.get_name() or "", "")

    @property
    def role(self) -> str:
        """The role in words: "push button", "label"."""
        return self._ask(lambda it: it.get_role_name() or "", "")

    def has(self, state: str) -> bool:
        """Whether it is in a state: "sensitive", "focused", "checked", "focusable", "showing"."""
        states = self._ask(lambda it: it.get_state_set(), None)
        return states is not None and states.contains(getattr(Atspi.StateType, state.upper()))

    @property
    def children(self) -> list["Node"]:
        """Those that it has now."""
        count = min(self._ask(lambda it: it.get_child_count(), 0), _MOST_CHILDREN)
        found = [self._ask(lambda it, i=i: it.get_child_at_index(i), None) for i in range(count)]
        return [Node(child) for child in found if child is not None]

    def walk(self) -> Iterator["Node"]:
        """This and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def text(self) -> str:
        """The contents of a field or a label."""
        def read(accessible):
            return Atspi.Text.get_text(accessible, 0, Atspi.Text.get_character_count(accessible))
        return self._ask(read, "")

    def type(self, content: str) -> None:
        """Replaces the contents of a field."""
        field = next(node for node in self.walk() if "EditableText" in node._ask(lambda it: it.get_interfaces(), []))
        assert Atspi.EditableText.set_text_contents(field.accessible, content)

    def press(self) -> None:
        """What a click or the space bar would do."""
        assert Atspi.Action.get_n_actions(self.accessible) > 0, f"nothing can be done with {self}"
        Atspi.Action.do_action(self.accessible, 0)
        time.sleep(0.4)  # GTK shows a button pressed for a quarter of a second before it does what it is for

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Where it is in its window: x, y, width, height."""
        rectangle = Atspi.Component.get_extents(self.accessible, Atspi.CoordType.WINDOW)
        return rectangle.x, rectangle.y, rectangle.width, rectangle.height

    def __repr__(self) -> str:
        return f"<{self.role} {self.name!r}>"


def application(pid: int) -> Node | None:
    """The app with this process id, once it is there."""
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        try:
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == pid:
                return Node(child)
        except GLib.Error:
            continue
    return None


def matches(node: Node, pattern: str, role: str) -> bool:
    """Whether NODE has ROLE ("" for any) and a name that PATTERN fits from its beginning to its end."""
    return (not role or node.role == role) and re.fullmatch(pattern, node.name, re.DOTALL) is not None


def dump(node: Node, depth: int = 0) -> str:
    """The tree below NODE, for reading."""
    line = "  " * depth + f"{node.role}: {node.name[:80]!r}" + (" *" if node.has("focused") else "") + "\n"
    return line + "".join(dump(child, depth + 1) for child in node.children)


__all__ = ["Node", "PATIENCE", "application", "dump", "matches", "wait_for"]
