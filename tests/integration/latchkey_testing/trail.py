"""Latchkey's lines in slapd's log, by the grammar of slapo-latchkey(5), and the events on entries."""

import re
from urllib.parse import unquote

from .slapd import Slapd

_OURS = re.compile(r"(?:[0-9a-f]{8}\.[0-9a-f]{8} 0x[0-9a-f]+ )?conn=-?\d+ op=\d+ latchkey event=(?P<rest>.*)")
_FIELD = re.compile(r' (?P<key>[A-Za-z]+)=(?:"(?P<quoted>(?:[^"\\\x00-\x1f\x7f]|\\[0-9A-F]{2})*)"|(?P<word>[!#-\[\]-~]+))')
_NAME = re.compile(r"[!#-\[\]-~]+")


def parse(line: str) -> dict[str, str] | None:
    """The fields of LINE, "event" among them; None where it is none of Latchkey's. Fails where it breaks the grammar."""
    ours = _OURS.fullmatch(line)
    if not ours:
        return None
    rest = ours["rest"]
    name = _NAME.match(rest)
    assert name, line
    fields, at = {"event": name[0]}, name.end()
    while at < len(rest):
        field = _FIELD.match(rest, at)
        assert field and field["key"] not in fields, line
        quoted = field["quoted"]
        fields[field["key"]] = field["word"] if quoted is None else _decode(quoted)
        at = field.end()
    assert list(fields)[:2] == ["event", "verdict"], line
    return fields


def _decode(quoted: str) -> str:
    octets = re.sub(rb"\\([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), quoted.encode())
    return octets.decode(errors="replace")


def lines(slapd: Slapd, **wanted: str) -> list[dict[str, str]]:
    """What Latchkey has logged so far, with all the fields WANTED."""
    parsed = [parse(line) for line in slapd.log.read_text().split("\n")]
    return [line for line in parsed if line and wanted.items() <= line.items()]


def events(slapd: Slapd, dn: str, **wanted: str) -> list[dict[str, str]]:
    """The events on the entry DN with all the fields WANTED, oldest first."""
    found = []
    for value in slapd.entry(dn).get("latchkeyEvent", []):
        version, *words = value.decode().split(" ")
        assert version == "1"
        found.append({key: unquote(text) for key, text in (word.split("=", 1) for word in words)})
    return sorted((event for event in found if wanted.items() <= event.items()), key=lambda event: event["time"])
