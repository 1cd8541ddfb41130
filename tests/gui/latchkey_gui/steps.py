"""What people do again and again."""

import subprocess

from latchkey_testing.waiting import wait_for

from .app import LABEL, App

# GTK's own words.
_TO_FILE, _PRINT = {"en": "Print to File", "ko": "파일로 인쇄"}, {"en": "Print", "ko": r"인쇄(\(\w\))?"}


def sign_in(app: App, user: str, password: str) -> None:
    """Fills in the first page and presses its button."""
    app.field(app.say("User name, mail address or DN")).type(user)
    app.field(app.say("Password")).type(password)
    app.press(app.say("Sign in"))


def open_user(app: App, login: str) -> None:
    """Searches for the user of this login name, and opens the details."""
    app.field(app.say("Search for users")).type(login)
    app.wait(lambda: all(login in node.name for node in app.all(r"[a-z0-9]+@example\.org", LABEL)))
    app.focus_window()
    app.keys("Return")
    app.find(f"uid={login},.*", LABEL)


def choose(app: App, row: str, choice: str) -> None:
    """Chooses CHOICE in the row with a list that drops down."""
    app.click(app.find(row, "combo box"))
    app.click(app.find(choice, LABEL))


def print_to_file(app: App) -> str:
    """In the dialog for printing: what is on the paper then, without spaces, since Hangul is broken between any two syllables."""
    app.click(app.find(_TO_FILE[app.language], LABEL))
    app.press(_PRINT[app.language])
    path = wait_for(lambda: next(app.directory.glob("*.pdf"), None))
    wait_for(lambda: b"%%EOF" in path.read_bytes()[-16:])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    return "".join(text.split())
