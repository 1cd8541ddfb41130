"""Telling the story on a terminal, in Korean or in English."""

import gettext
import shutil
import sys
import textwrap
import unicodedata
from email.message import EmailMessage

from latchkey_testing import mails, places
from latchkey_testing.web import Page

_catalog = gettext.translation("latchkey", places.CATALOGS, fallback=True)
# The language for the programs that the demo runs; the catalogue was found by the reader's locale.
LANGUAGE = _catalog.info().get("language") or "en"
_ = _catalog.gettext


class StepFailed(Exception):
    """A step of the story did not give what it should."""


def _width(text: str) -> int:
    """The columns that TEXT takes; Hangul takes two a syllable."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(text: str, columns: int) -> list[str]:
    """TEXT in lines of COLUMNS, broken between words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if _width(longer) > columns and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Narrator:
    """Prints what happens; check() ends the story where it went wrong."""

    def __init__(self):
        self._columns = min(shutil.get_terminal_size((100, 24)).columns, 100)
        self._has_style = sys.stdout.isatty()

    def chapter(self, title: str) -> None:
        """Begins a new part of the story."""
        print("\n" + self._styled("1", f"── {title} " + "─" * max(0, self._columns - _width(title) - 4)) + "\n")

    def say(self, text: str, **values: object) -> None:
        """A paragraph, with VALUES in the place of their names."""
        print("\n".join(_wrapped(text.format(**values), self._columns)))

    def command(self, words: list[str], output: str) -> None:
        """A command as one would type it, and what it answered."""
        print(self._styled("36", "   $ " + " ".join(words)))
        if output.strip():
            print(textwrap.indent(output.rstrip(), "     "))

    def paste(self, text: str, *lines: str, **values: object) -> None:
        """Lines for the reader's own terminal, whole, so that they can be copied."""
        print()
        self.say(text, **values)
        print("\n".join(f"   {line}" for line in lines))

    def mail(self, mail: EmailMessage) -> None:
        """A mail as its reader sees it."""
        head = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject")]
        print(textwrap.indent("\n".join(["", *head, "", mails.text(mail).strip(), ""]), "   │ ", lambda line: True))

    def page(self, page: Page) -> None:
        """What a web page says, without its style."""
        text = [" ".join(line.split()) for line in page.lines]
        print(textwrap.indent("\n".join(["", *(line for line in text if line), ""]), "   ┃ ", lambda line: True))

    def check(self, is_right: bool, text: str, **values: object) -> None:
        """Says what is now true, with VALUES in the place of their names; StepFailed where it is not."""
        text = text.format(**values)
        if not is_right:
            raise StepFailed(text)
        print(self._styled("32", "   ✓ ") + ("\n     ".join(_wrapped(text, self._columns - 5))))

    def _styled(self, style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._has_style else text
