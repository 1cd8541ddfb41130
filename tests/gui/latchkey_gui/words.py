"""The words of the app in each language, as its catalogue has them: tests name what they press in English."""

import gettext
import re

from latchkey_testing import places

_CATALOGUES = {"ko": gettext.translation("latchkey", places.CATALOGS, languages=["ko"])}
# A label may be marked with a key, "_Cancel" as "취소(_C)": what a message without is where only that is there.
_KEY = r"\(_?[A-Z]\)"
_WITH_KEYS = {language: {(key if isinstance(key, str) else key[0]).replace("_", ""): re.sub(_KEY, "", text)
                         for key, text in catalogue._catalog.items() if re.search(_KEY, text)}
              for language, catalogue in _CATALOGUES.items()}


def say(language: str, message: str, **values: str) -> str:
    """MESSAGE in LANGUAGE, with {placeholders} filled. Fails where it is not translated."""
    text = message
    if language != "en":
        # ngettext() finds what has a plural, by its singular; Korean says both alike.
        text = _CATALOGUES[language].ngettext(message, message, 2)
        text = _CATALOGUES[language].gettext(message) if text == message else text
        text = _WITH_KEYS[language].get(message, text) if text == message else text
        assert text != message, f"{message!r} is not translated"
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def pattern(language: str, message: str, **values: str) -> str:
    """A pattern for it, in which what is not given stands for anything."""
    text = say(language, message, **values)
    words = "".join(".*" if re.fullmatch(r"\{\w+\}", part) else re.escape(part) for part in re.split(r"(\{\w+\})", text))
    return words if language == "en" else re.sub("(…?)$", lambda end: f"({_KEY})?{end[1]}", words, count=1)
