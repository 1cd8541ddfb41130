"""Sealed messages made by hand, from plugin/protocol/envelope.h and independent of its C code."""

import base64
import ctypes
import hashlib

from . import wire
from .organization import MANAGED, person
from .settings import Entry
from .stored import message, moment

KINDS = ("recoveryCode", "temporaryPassword", "welcome", "passwordChanged")
FIELDS = ("to", "language", "name", "login", "secret", "organization", "portal", "time_zone", "actor")
DEFAULTS = {"to": "kim@example.net", "language": "ko", "name": "김정현", "login": "kim", "secret": "K7QF-2M9X-4TRB",
            "organization": "Example Organization"}
SEAL_OCTETS = 48  # what crypto_box_seal adds


def envelope(number: int, kind: str = "recoveryCode", expires: str = "", **texts: str | bytes) -> bytes:
    """The Envelope of the message whose id is NUMBER."""
    values = {**DEFAULTS, **texts}
    return wire.sequence(
        wire.element(wire.OCTETS, number.to_bytes(16, "big")),
        wire.integer(KINDS.index(kind), wire.ENUMERATED),
        wire.element(wire.OCTETS, expires),
        wire.element(wire.BOOLEAN, b"\xff"),
        *(wire.element(wire.OCTETS, values.get(field, "")) for field in FIELDS))


def seal(public_key: str, number: int, plain: bytes) -> bytes:
    """PLAIN as a value of latchkeySealed, for the message whose id is NUMBER."""
    key = base64.b64decode(public_key)
    sealed = ctypes.create_string_buffer(len(plain) + SEAL_OCTETS)
    sodium = ctypes.CDLL("libsodium.so.23")
    assert sodium.sodium_init() >= 0
    assert sodium.crypto_box_seal(sealed, plain, ctypes.c_ulonglong(len(plain)), key) == 0
    key_id = hashlib.blake2b(key, digest_size=32).digest()[:8]
    return b"\x01" + number.to_bytes(16, "big") + key_id + sealed.raw


def person_with(uid: str, state: str, sealed: bytes) -> Entry:
    """A person about whom one message waits."""
    return person(uid, MANAGED, uid, latchkeyMessage=state, latchkeySealed=[sealed], latchkeyDue=moment(-1))


def waiting(uid: str, public_key: str, number: int, **more: str | bytes) -> Entry:
    """A person about whom the message NUMBER waits, sealed to PUBLIC_KEY; MORE is for envelope()."""
    state = message(number, "queued", more.get("kind", "recoveryCode"), tries="0", due=moment(-1))
    return person_with(uid, state, seal(public_key, number, envelope(number, **more)))
