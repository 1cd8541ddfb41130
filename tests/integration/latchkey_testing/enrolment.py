"""Enrolling methods of recovery and proving them, written from plugin/protocol/wire-enrol.h, totp.h and printed-code.h and
independent of their C code."""

import base64
import hashlib
import hmac
import os
import time
from dataclasses import dataclass

import ldap

from . import mails, wire
from .mailer import Mailer
from .password_writes import result_of
from .slapd import Slapd

ADDRESS_ADD = f"{wire.BASE}.3.8"
ADDRESS_PROVE = f"{wire.BASE}.3.9"
TOTP_ENROL = f"{wire.BASE}.3.10"
RECOVERY_CODES_NEW = f"{wire.BASE}.3.11"
REPORT_MISUSE = f"{wire.BASE}.3.12"

PERIOD = 30

Connection = ldap.ldapobject.LDAPObject
Proof = tuple[int, str]  # method and what was typed


def value_of(secret: bytes, moment: float | None = None, steps: int = 0) -> str:
    """What an app shows at MOMENT (now), STEPS later or earlier: RFC 6238."""
    counter = int(time.time() if moment is None else moment) // PERIOD + steps
    digest = hmac.new(secret, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def wrong_value(secret: bytes) -> str:
    """Six digits that are the value of no step near."""
    near = {value_of(secret, steps=steps) for steps in range(-3, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in near)


def wait_for_fresh_step() -> None:
    """Waits where a step is about to end: what is computed now stays the value of now."""
    left = PERIOD - time.time() % PERIOD
    if left < 12:
        time.sleep(left + 0.1)


def address_add(connection: Connection, address: str, locale: str | None = None) -> None:
    """AddressAdd."""
    value = wire.element(0x80, address) + (wire.element(0x81, locale) if locale else b"")
    assert wire.exop(connection, ADDRESS_ADD, wire.sequence(value)) is None


def address_prove(connection: Connection, code: str) -> None:
    """AddressProve."""
    assert wire.exop(connection, ADDRESS_PROVE, wire.sequence(wire.element(0x80, code))) is None


def enrol_address(slapd: Slapd, mailer: Mailer, connection: Connection, address: str) -> None:
    """Names ADDRESS and proves it with the code that is mailed there."""
    address_add(connection, address)
    mailer.once()
    address_prove(connection, mails.code_in(mails.to(mailer.mails(), address)[-1]))


@dataclass
class Enrolment:
    """What TotpEnrol answers to begin."""

    secret: bytes
    issuer: str
    account: str
    digits: int
    period: int

    @property
    def text(self) -> str:
        """The secret as a person types it."""
        return base64.b32encode(self.secret).decode()


def totp_begin(connection: Connection) -> Enrolment:
    """TotpEnrol, the first step."""
    (_tag, items), = wire.elements(wire.exop(connection, TOTP_ENROL, wire.sequence()))
    secret, issuer, account, digits, period = (content for _tag, content in wire.elements(items))
    return Enrolment(secret, issuer.decode(), account.decode(), digits[0], period[0])


def totp_finish(connection: Connection, value: str) -> None:
    """TotpEnrol, the second step."""
    assert wire.exop(connection, TOTP_ENROL, wire.sequence(wire.element(0x80, value))) is None


def enrol_totp(connection: Connection) -> bytes:
    """Both steps; the value of the step before is used up, so that now's is not."""
    wait_for_fresh_step()
    secret = totp_begin(connection).secret
    totp_finish(connection, value_of(secret, steps=-1))
    return secret


def new_codes(connection: Connection) -> list[str]:
    """RecoveryCodesNew: the codes as they are to be printed."""
    (_tag, items), = wire.elements(wire.exop(connection, RECOVERY_CODES_NEW))
    return [content.decode() for _tag, content in wire.elements(items)]


def report_misuse(connection: Connection) -> None:
    """ReportMisuse."""
    assert wire.exop(connection, REPORT_MISUSE) is None


def completion(user: str, *proofs: Proof, new: str | None = None) -> bytes:
    """A RecoveryCompleteValue with PROOFS of any methods."""
    listed = b"".join(wire.sequence(wire.integer(method, wire.ENUMERATED), wire.element(wire.OCTETS, proof))
                      for method, proof in proofs)
    new_password = wire.element(0x82, new) if new else b""
    return wire.sequence(wire.element(0x80, user), wire.element(0xA1, listed), new_password)


def complete(slapd: Slapd, user: str, *proofs: Proof, new: str | None = None) -> tuple[int, str]:
    """Tries to complete a recovery as nobody; the result code and text."""
    connection = slapd.connect()
    try:
        return result_of(wire.exop, connection, wire.RECOVERY_COMPLETE, completion(user, *proofs, new=new))
    finally:
        connection.unbind_s()


def method_state(connection: Connection, dn: str) -> set[str]:
    """What CONNECTION sees of the methods that DN has enrolled."""
    entry = connection.search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", ["latchkeyMethodState"])[0][1]
    return {value.decode() for value in entry.get("latchkeyMethodState", [])}


def stored_codes(uuid: str, *codes: str, salt: bytes = b"salt of ten here") -> str:
    """A value of latchkeyPrintedCodes in which the first are CODES of the user whose entryUUID is UUID."""
    hashes = [hashlib.blake2b(code.replace("-", "").encode() + uuid.encode(), digest_size=32, key=salt).hexdigest()
              for code in codes]
    others = [os.urandom(32).hex() for _ in range(10 - len(codes))]
    return f"1 salt={salt.hex()} hashes={''.join(hashes + others)} created=20261122000000Z"


def stored_use(code: int, salt: bytes = b"salt of ten here") -> str:
    """A value of latchkeyPrintedUsed."""
    return f"1 salt={salt.hex()} code={code} server=0"
