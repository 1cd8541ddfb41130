"""Looking for a secret in what is left behind: files, logs, command lines.

What is looked for is the secret as it is shown, in lower case, and without its hyphens and spaces, each of them

- as UTF-8, UTF-16 of both byte orders, and with a space between any two characters;
- in base64 (and its variant for URLs) at each of the three places at which it may begin within a longer text, of UTF-8
  and UTF-16, also where lines were folded as LDIF and mail fold them;
- in hexadecimal, lower and upper case, bare and with ":" or "\\x" between octets;
- percent-encoded and quoted-printable, all octets or only those that need it;
- backwards.

What is not looked for: parts of a secret, and anything compressed or encrypted."""

import base64
import errno
import os
import re
import urllib.parse
from pathlib import Path

_FOLDS = re.compile(rb"\r?\n[ \t]?|=\r?\n")


def spellings(secret: str) -> set[str]:
    """The ways in which people and programs write SECRET."""
    bare = re.sub(r"[- ]", "", secret)
    return {form for shown in (secret, bare) for form in (shown, shown.lower(), shown.upper())}


def _base64(octets: bytes) -> set[bytes]:
    """What is certain to appear where OCTETS are inside something longer that is in base64."""
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + octets).rstrip(b"=")
        # The first and the last character may hold bits of the neighbours.
        first = -(-before * 8 // 6)
        last = (before + len(octets)) * 8 // 6
        piece = text[first:last]
        found |= {piece, piece.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def _hexadecimal(octets: bytes) -> set[bytes]:
    forms = {octets.hex(), octets.hex(":"), octets.hex(" "), "".join(f"\\x{octet:02x}" for octet in octets)}
    return {form.encode() for each in forms for form in (each, each.upper(), each.upper().replace("\\X", "\\x"))}


def _escaped(spelling: str) -> set[bytes]:
    octets = spelling.encode()
    forms = {"".join(f"{mark}{octet:02{case}}" for octet in octets) for mark in "%=\\" for case in "xX"}
    forms |= {urllib.parse.quote(spelling, safe=""), urllib.parse.quote_plus(spelling)}
    return {form.encode() for form in forms}


def encodings(secret: str) -> set[bytes]:
    """Everything that is looked for."""
    found = set()
    for spelling in spellings(secret):
        wide = [spelling.encode(encoding) for encoding in ("utf-16-le", "utf-16-be")]
        found |= {spelling.encode(), spelling[::-1].encode(), " ".join(spelling).encode(), *wide}
        for octets in (spelling.encode(), *wide):
            found |= _base64(octets) | _hexadecimal(octets)
        found |= _escaped(spelling)
    return found


def unfolded(haystack: bytes) -> bytes:
    """HAYSTACK, and once more with its folded lines joined."""
    joined = _FOLDS.sub(b"", haystack)
    return haystack if joined == haystack else haystack + b"\n\n" + joined


def traces(secret: str, haystack: bytes) -> set[bytes]:
    """The encodings of SECRET that occur in HAYSTACK."""
    both = unfolded(haystack)
    return {needle for needle in encodings(secret) if needle in both}


def found_in(secrets: list[str], places: dict[str, bytes]) -> list[tuple[str, str, bytes]]:
    """Each place that holds one of SECRETS, the secret, and how it is written there."""
    needles = {secret: encodings(secret) for secret in secrets}
    searched = {name: unfolded(content) for name, content in places.items()}
    return [(name, secret, needle) for name, content in searched.items() for secret in needles
            for needle in needles[secret] if needle in content]


def contents(path: Path) -> bytes:
    """What PATH holds, without the holes that slapadd leaves in a database of a fixed size."""
    parts, end = [], 0
    with path.open("rb", buffering=0) as file:
        while True:
            try:
                start = os.lseek(file.fileno(), end, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:  # only a hole is left
                    return b"\0".join(parts)
                raise
            end = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            file.seek(start)
            parts.append(file.read(end - start))


def files_below(directory: Path) -> dict[str, bytes]:
    """What all files below DIRECTORY hold."""
    return {str(path.relative_to(directory)): contents(path) for path in sorted(directory.rglob("*"))
            if path.is_file() and not path.is_symlink()}
