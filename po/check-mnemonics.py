#!/usr/bin/python3
"""Checks that no two labels that can be seen together in a window share the key that Alt is pressed with, and that a translation
keeps the key of the message: "_Cancel" is "취소(_C)".

usage: check-mnemonics.py SOURCE-ROOT LANGUAGE"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

KEY = re.compile(r"_(\w)")
ENTRY = re.compile(r'^msgid "([^"]*_[^"]*)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "([^"]*)"', re.M)
# One of their children can be seen at a time.
STACKS = ("GtkStack", "AdwViewStack", "AdwLeaflet")

Label = tuple[str, dict[int, int]]  # and which child of which stack it is in


def key_of(label: str) -> str:
    """The letter, as a keyboard has it."""
    return KEY.search(label)[1].upper()


def labels_of(element, templates: dict, within: dict[int, int]) -> Iterator[Label]:
    """The labels with a key below ELEMENT, in the templates of the children too."""
    properties = {each.get("name"): each.text or "" for each in element.findall("property")}
    if properties.get("use-underline") == "True":
        label = properties.get("label") or properties.get("title") or ""
        if KEY.search(label):
            yield label, within
    template = templates.get(element.get("class")) if element.tag == "object" else None
    for index, child in enumerate([*element, *(template if template is not None else [])]):
        inside = {**within, id(element): index} if element.get("class") in STACKS else within
        yield from labels_of(child, templates, inside)


def are_seen_together(one: dict[int, int], other: dict[int, int]) -> bool:
    """Whether no stack shows one of them instead of the other."""
    return all(one[stack] == other[stack] for stack in one.keys() & other.keys())


def collisions(root: Path) -> Iterator[str]:
    """Labels of one window with the same key."""
    files = {path: ElementTree.parse(path).getroot() for path in sorted((root / "gui").glob("*.ui"))}
    templates = {each.get("class"): each for tree in files.values() for each in tree.iter("template")}
    for path, tree in files.items():
        for (label, where), (other, elsewhere) in combinations(labels_of(tree, templates, {}), 2):
            if label != other and key_of(label) == key_of(other) and are_seen_together(where, elsewhere):
                yield f"{path.name}: “{label}” and “{other}” have the same key"


def labels_in_code(root: Path) -> set[str]:
    """Those of gui that are set later."""
    return {label for path in (root / "gui").glob("*.c") for label in re.findall(r'N?_\("([^"]*_\w[^"]*)"\)', path.read_text())}


def lost_keys(root: Path, catalogue: Path) -> Iterator[str]:
    """Translations without the key of the message, or with another one."""
    files = (ElementTree.parse(path).getroot() for path in (root / "gui").glob("*.ui"))
    labels = labels_in_code(root) | {label for tree in files for label, _where in labels_of(tree, {}, {})}
    text = subprocess.run(["msgcat", "--no-wrap", str(catalogue)], check=True, capture_output=True, text=True).stdout
    for message, translation in ENTRY.findall(text):
        if message in labels and f"(_{key_of(message)})" not in translation:
            yield f"{catalogue.name}: “{message}” is “{translation}”, without (_{key_of(message)})"


def main(root: str, language: str) -> int:
    """The exit code."""
    faults = [*collisions(Path(root)), *lost_keys(Path(root), Path(root) / f"po/{language}.po")]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
