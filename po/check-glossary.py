#!/usr/bin/python3
"""Checks a catalogue: that it is complete, has nothing that is said nowhere, keeps the glossary's words, and composes with any name put into it.

usage: check-glossary.py SOURCE-ROOT LANGUAGE"""

import gettext
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PLACEHOLDER = re.compile(r"\{\w+\}")
# Which form of the particle is right depends on the last letter of what stands before it, which is not known.
PARTICLE = re.compile(r"\{\w+\}[”’\"')]?(을|를|이|가|은|는|과|와|로|으로)(?![가-힣])")
ALLOWED = ("암호(비밀번호)", "비밀번호 찾기")
SOURCES = ("plugin/**/*.c", "data/**/*.py", "gui/**/*.c", "gui/**/*.ui")
MARKED = re.compile(r"\b_\(\"|\bN_\(|\bNC_\(|\bC_\(|translatable=")


def read_glossary(text: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """The terms in their order, and what is never said."""
    terms, never = [], []
    for line in (line.split("#")[0].strip() for line in text.splitlines()):
        if line.startswith("never "):
            never += [word.strip() for word in line.removeprefix("never ").split(",")]
        elif line:
            english, korean = line.split(" : ")
            terms.append((english.strip().lower(), [form.strip() for form in korean.split(" / ")]))
    return terms, never


def read_catalogue(path: Path) -> dict[str, str]:
    """Messages and translations, without contexts, what is fuzzy and what is empty."""
    compiled = subprocess.run(["msgfmt", "-c", "-o", "-", str(path)], check=True, capture_output=True).stdout
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    plain = {key: text for key, text in catalogue.items() if isinstance(key, str) and key}
    plural = {key[0]: text for key, text in catalogue.items() if isinstance(key, tuple)}
    return {key.split("\x04")[-1]: text for key, text in {**plain, **plural}.items()}


def read_sources(root: Path) -> set[str]:
    """All messages of the files that POTFILES lists."""
    extracted = subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
         "--keyword=g_dngettext:2,3", "--keyword=g_dgettext:2", "--keyword=ngettext:1,2", "--keyword=g_dpgettext2:2c,3",
         f"--directory={root}", f"--files-from={root}/po/POTFILES", "--output=-"],
        check=True, capture_output=True).stdout
    extracted = extracted.replace(b"nplurals=INTEGER; plural=EXPRESSION", b"nplurals=2; plural=n != 1")
    uniq = subprocess.run(["msgen", "--output-file=-", "-"], input=extracted, check=True, capture_output=True).stdout
    compiled = subprocess.run(["msgfmt", "-o", "-", "-"], input=uniq, check=True, capture_output=True).stdout
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    keys = (key[0] if isinstance(key, tuple) else key for key in catalogue)
    return {key.split("\x04")[-1] for key in keys if key}


def unlisted(root: Path) -> Iterator[str]:
    """Files with messages that POTFILES does not list."""
    listed = set((root / "po/POTFILES").read_text().split())
    for pattern in SOURCES:
        for file in sorted(root.glob(pattern)):
            name = str(file.relative_to(root))
            if name not in listed and MARKED.search(file.read_text(encoding="utf-8")):
                yield f"po/POTFILES does not list {name}"


def wrong_terms(message: str, translation: str, terms: list[tuple[str, list[str]]]) -> Iterator[str]:
    """The terms of MESSAGE for which TRANSLATION has another word. A key may be marked within a word."""
    rest = PLACEHOLDER.sub("\x00", message.lower()).replace("_", "")
    for english, forms in terms:
        if english.startswith("="):
            matches = rest == english.strip("=")
        else:
            rest, count = re.subn(r"\b" + re.escape(english), "\x00", rest)
            matches = count > 0
        if matches and not any(form in translation for form in forms):
            yield f"“{english.strip('=')}” is {' or '.join(forms)}"


def faults(message: str, translation: str, terms, never: list[str]) -> Iterator[str]:
    """What is wrong with one translation."""
    yield from wrong_terms(message, translation, terms)
    rest = translation
    for allowed in ALLOWED:
        rest = rest.replace(allowed, "")
    yield from (f"“{word}” is never said" for word in never if word in rest)
    if sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(translation)):
        yield "the placeholders differ"
    if found := PARTICLE.search(translation):
        yield f"“{found.group()}”: a particle right after a placeholder"


def main(root: Path, language: str) -> int:
    """Prints every fault; fails if there is one."""
    terms, never = read_glossary((root / "po/GLOSSARY").read_text(encoding="utf-8"))
    catalogue = read_catalogue(root / f"po/{language}.po")
    sources = read_sources(root)
    found = list(unlisted(root))
    found += [f"not translated: {message}" for message in sorted(sources - catalogue.keys())]
    found += [f"translated, but said nowhere: {message}" for message in sorted(catalogue.keys() - sources)]
    for message, translation in catalogue.items():
        found += [f"{fault}: {message!r} → {translation!r}" for fault in faults(message, translation, terms, never)]
    print("\n".join(found) if found else f"{len(catalogue)} messages are right")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
