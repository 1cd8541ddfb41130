"""The words of the app in each language, as its catalogue has them: tests name what they press in English."""

import gettext
import re

from latchkey_testing import places

_CATALOGUES = {"ko": gettext.translation("latchkey", places.CATALOGS, languages=["ko"])}


def say(language: str, message: str, **values: str) -> str:
    """MESSAGE in LANGUAGE, with {placeholders} filled. Fails where it is not translated."""
    text = message
    if language != "en":
        # ngettext() finds what has a plural, by its singular; Korean says both alike.
        text = _CATALOGUES[language].ngettext(message, message, 2)
        text = _CATALOGUES[language].gettext(message) if text == message else text
        assert text != message, f"{message!r} is not translated"
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def pattern(language: str, message: str, **values: str) -> str:
    """A pattern for it, in which what is not given stands for anything."""
    text = say(language, message, **values)
    return "".join(".*" if re.fullmatch(r"\{\w+\}", part) else re.escape(part) for part in re.split(r"(\{\w+\})", text))
