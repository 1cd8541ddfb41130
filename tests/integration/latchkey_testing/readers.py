"""A directory in which there is something to read about some of its people, and who may read what of it."""

from collections.abc import Iterator

import ldap

from . import organization, stored
from .entries import MAILER_PASSWORD, entry, hashed
from .organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, NIGHT_ADMIN, PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN,
                           SELF_ADMIN, STRANGER, password_of)
from .settings import MAILER_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX, Entry
from .slapd import Slapd
from .wire import BASE

READER = f"cn=replica,ou=services,{SUFFIX}"
ANYBODY = ""
STATE = ("latchkeyMessage", "latchkeyDue", "latchkeyEvent", "latchkeyBlocked", "latchkeyAddressSince",
         "latchkeyTemporaryUntil", "latchkeyFailedMessage", "latchkeyExpiryNoted", "latchkeyEventDay")
UUID = {KIM: "0b5ff9a0-0000-4000-8000-000000000001", GLOBAL_ADMIN: "0b5ff9a0-0000-4000-8000-000000000002",
        HAN: "0b5ff9a0-0000-4000-8000-000000000003", STRANGER: "0b5ff9a0-0000-4000-8000-000000000004"}
OIDS = {"latchkeyMessage": f"{BASE}.1.60", "latchkeySealed": f"{BASE}.1.61", "latchkeyDue": f"{BASE}.1.62",
        "latchkeySerial": f"{BASE}.1.63", "latchkeyCode": f"{BASE}.1.64", "latchkeyEvent": f"{BASE}.1.65",
        "latchkeyBlocked": f"{BASE}.1.66", "latchkeyTemporaryUntil": f"{BASE}.1.68",
        "latchkeyFailedMessage": f"{BASE}.1.69", "latchkeyPendingAddress": f"{BASE}.1.70", "latchkeyTotp": f"{BASE}.1.71",
        "latchkeyTotpPending": f"{BASE}.1.72", "latchkeyPrintedCodes": f"{BASE}.1.75",
        "latchkeyPrintedUsed": f"{BASE}.1.76", "latchkeyEventDay": f"{BASE}.1.77", "latchkeyAddressSince": f"{BASE}.1.80",
        "latchkeyExpiryNoted": f"{BASE}.1.81"}
# What is not stored, but made up for the one who asks.
COMPUTED = ("latchkeyResetVerdict", "latchkeyMethodState", "latchkeyRole")
VALUES = {"latchkeyMessage": stored.message(1).encode(), "latchkeySealed": stored.sealed(1),
          "latchkeyDue": b"20300101000000Z", "latchkeySerial": b"7", "latchkeyCode": stored.code(2).encode(),
          "latchkeyEvent": b"1 time=20261121050200Z what=refused rule=reset-outranked actor=cn=somebody",
          "latchkeyBlocked": b"20261121050200Z", "latchkeyTemporaryUntil": b"20261121050200Z",
          "latchkeyFailedMessage": b"0" * 31 + b"1", "latchkeyPendingAddress": b"1 pending", "latchkeyTotp": b"1 secret",
          "latchkeyTotpPending": b"1 pending secret", "latchkeyPrintedCodes": b"1 printed",
          "latchkeyPrintedUsed": b"1 used", "latchkeyAddressSince": b"1 since=20261121050200Z to=kim@example.com",
          "latchkeyExpiryNoted": b"20261205050200Z 14", "latchkeyEventDay": b"20261121"}

ACCESS = {
    "everybody writes": ("to * by * write",),
    "everybody reads": ("to * by * read",),
    "a sane one": ("to attrs=userPassword by self write by anonymous auth", "to * by self write by users read"),
    "everybody manages": ("to * by * manage",),
}
ADMINS = {PASSWORD_ADMIN, NIGHT_ADMIN, GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, SELF_ADMIN, ROOT_DN, AUDITOR}
# Who may read the state of whom, besides the mailer and the reader.
MAY_READ = {
    KIM: {KIM} | ADMINS,
    HAN: {HAN} | ADMINS,
    GLOBAL_ADMIN: ADMINS - {PASSWORD_ADMIN, NIGHT_ADMIN},  # outranked
    STRANGER: {STRANGER, ROOT_DN},  # under no policy there are no roles
}
WHO = [ANYBODY, KIM, LEE, HAN, PASSWORD_ADMIN, NIGHT_ADMIN, GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, SELF_ADMIN, AUDITOR,
       STRANGER, MAILER_DN, READER, ROOT_DN]


def may_read(who: str, target: str, attribute: str) -> bool:
    """What is promised."""
    if who == READER:
        return True
    return attribute in STATE and (who == MAILER_DN or who in MAY_READ[target])


def entries(recovery_of: tuple[str, ...] = tuple(UUID)) -> Iterator[Entry]:
    """The organization, with something to read about some of its people."""
    state = {name: [value] for name, value in VALUES.items()}
    for dn, attributes in organization.entries():
        yield dn, {**attributes, "entryUUID": [UUID[dn]], **state} if dn in UUID else attributes
    yield entry(READER, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": "replica",
                         "userPassword": hashed(password_of(READER))})
    yield stored.container()
    for dn in recovery_of:
        yield stored.recovery(UUID[dn])


def bound(slapd: Slapd, who: str) -> ldap.ldapobject.LDAPObject:
    """A connection as WHO."""
    return slapd.connect(who, secret_of(who)) if who else slapd.connect()


def secret_of(who: str) -> str:
    """The password of WHO."""
    return {ROOT_DN: ROOT_PASSWORD, MAILER_DN: MAILER_PASSWORD}.get(who) or password_of(who)


def start(make_slapd, access: str, **more) -> Slapd:
    """A slapd with all that, under the ACLs of that name, and with the overlays that look at entries on their own."""
    return make_slapd(**{
        "entries": entries(), "access": ACCESS[access], "latchkey": {"olcLatchkeyReader": [READER]},
        "modules": ("sssvlv", "syncprov", "deref"),
        "overlays": (("sssvlv", {"objectClass": ["olcSssVlvConfig"]}),
                     ("syncprov", {"objectClass": ["olcSyncProvConfig"]}), ("deref", {})), **more})
