"""What people do again and again."""

from .app import LABEL, App


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
