"""What is handed to a user besides a mail: a letter on paper whose text can be read by a program too, and the password read aloud, each
letter with its name. Nothing of it is in the accessibility tree before it is wanted, or afterwards."""

import subprocess

import pytest

from latchkey_gui import steps
from latchkey_testing import watching
from latchkey_testing.organization import KIM, PASSWORD_ADMIN, password_of
from latchkey_testing.waiting import wait_for

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
# GTK's own words.
TO_FILE, PRINT = {"en": "Print to File", "ko": "파일로 인쇄"}, {"en": "Print", "ko": r"인쇄(\(\w\))?"}
PASSWORD = r"[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}"


def reset(app) -> str:
    """Resets the password of Kim, and says what it is now."""
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    steps.open_user(app, "kim")
    app.press(app.say("Reset password…"))
    app.press(app.say("Reset"))
    return app.find(PASSWORD, "label").name


def spoken(app, password: str) -> list[str]:
    """What each of its letters is called."""
    def name(letter: str) -> str:
        if letter == "-":
            return app.say_plain("hyphen -")
        kind = "digit {letter}" if letter.isdigit() else "capital {letter}" if letter.isupper() else "small {letter}"
        return app.say_plain(kind, letter=letter)
    return [name(letter) for letter in password]


@LANGUAGES
def test_the_letter_holds_the_password(slapd, make_app, language):
    app = make_app(slapd, language)
    password = reset(app)
    app.press(app.say("Print a letter…"))
    app.click(app.find(TO_FILE[language], "label"))
    app.press(PRINT[language])
    path = wait_for(lambda: next(app.directory.glob("*.pdf"), None))
    wait_for(lambda: b"%%EOF" in path.read_bytes()[-16:])
    app.screenshot("printed")
    subprocess.run(["pdftoppm", "-r", "60", "-png", path, app.directory / "page"], check=True)
    picture = app.screenshot("letter")
    (app.directory / "page-1.png").rename(picture)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    # Hangul is broken between any two syllables.
    written = "".join(text.split())
    explanation = ("With this password you can sign in. Nobody needs to know it but you: tell it to nobody, and destroy this letter "
                   "once you have chosen a password of your own.")
    for said in ("김정현", password, app.say_plain("Your temporary password for signing in"), app.say_plain(explanation),
                 " · ".join(spoken(app, password))):
        assert "".join(said.split()) in written


def test_the_dialog_for_printing_goes_with_its_window(slapd, make_app):
    app = make_app(slapd, settings={"lock_seconds": f"uint32 {watching.patience(45)}"})
    reset(app)
    app.press("Print a letter…")
    app.find("Print to File", "label")
    app.find("You were signed out, because nobody was here.")
    app.wait(lambda: len(app.windows) == 1)


@LANGUAGES
def test_each_letter_has_a_name(slapd, make_app, language):
    app = make_app(slapd, language)
    password = reset(app)
    names = spoken(app, password)
    assert names[0] not in app.tree()
    app.press(app.say("Read aloud"))
    app.find(app.say("The password, letter by letter"))
    app.screenshot("aloud")
    said = [node.name for node in app.find(app.say("The password, letter by letter")).walk() if node.role == "label" and node.name]
    assert said == names
    app.press(app.say("Read aloud"))
    app.wait_gone(app.say("The password, letter by letter") + ".+")
    assert slapd.signs_in(KIM, password)
