"""What a mailer asks of the directory, bound as the mailer; and what stands on the entries of what it serves."""

from . import wire
from .entries import MAILER_PASSWORD
from .settings import MAILER_DN
from .slapd import Slapd


def take(slapd: Slapd, lease: int = 60, most: int = 100) -> list[tuple[str, str, bytes]]:
    """What the mailer is given: the holder, the message and the sealed text of each."""
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    return wire.taken(wire.exop(mailer, wire.NOTIFICATION_TAKE, wire.take(most, lease)))


def settle(slapd: Slapd, *items: bytes) -> list[int]:
    """What became of each item."""
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    return wire.settled(wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle(items)))


def messages(slapd: Slapd, dn: str) -> list[dict[str, str]]:
    """All messages that stand on the entry DN."""
    return [wire.message_fields(value) for value in slapd.entry(dn, "latchkeyMessage").get("latchkeyMessage", [])]


def codes(slapd: Slapd) -> list[dict[str, str]]:
    """The fields of all codes that are stored."""
    lines = slapd.slapcat().replace("\n ", "").splitlines()
    return [wire.message_fields(line.split(": ", 1)[1]) for line in lines if line.startswith("latchkeyCode: ")]
