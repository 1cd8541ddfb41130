"""Changing the overlay's configuration while slapd runs, and what slapd and the people feel of it."""

import ldap

from . import recovery
from .entries import entry
from .organization import KIM, PASSWORD_ADMIN, password_of
from .settings import CONFIG_DN, MAILER_DN, POLICIES_DN, random_key
from .slapd import Slapd

DATABASE = f"olcDatabase={{1}}mdb,{CONFIG_DN}"
OVERLAY = f"olcOverlay={{1}}latchkey,{DATABASE}"


def configure(slapd: Slapd, attribute: str, *values: str) -> str:
    """Replaces ATTRIBUTE of the overlay; returns why that was refused, "" where it was not."""
    try:
        slapd.config().modify_s(OVERLAY, [(ldap.MOD_REPLACE, attribute, [value.encode() for value in values])])
    except ldap.LDAPError as error:
        assert isinstance(error, (ldap.OTHER, ldap.INVALID_SYNTAX, ldap.CONSTRAINT_VIOLATION)), error
        return error.args[0].get("info", "")
    return ""


def warnings(slapd: Slapd) -> list[str]:
    """What Latchkey has warned of in slapd's log."""
    return [line.split("latchkey: ", 1)[1] for line in slapd.log.read_text().splitlines() if " latchkey: " in line]


def overlay_entry(parent: str, **more: str) -> tuple[str, list]:
    """What adds the overlay below PARENT."""
    values = {"objectClass": ["olcOverlayConfig", "olcLatchkeyConfig"], "olcOverlay": "latchkey",
              "olcLatchkeyPolicyBase": POLICIES_DN, "olcLatchkeyMailerKey": random_key(),
              "olcLatchkeyMailer": MAILER_DN, **more}
    dn, attributes = entry(f"olcOverlay=latchkey,{parent}", values)
    return dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()]


def resets(slapd: Slapd, who: str = PASSWORD_ADMIN, user: str = KIM) -> bool:
    """Whether WHO may reset the password of USER."""
    try:
        slapd.connect(who, password_of(who)).passwd_s(user, None, f"Typed-{random_key()}")
    except (ldap.UNWILLING_TO_PERFORM, ldap.INSUFFICIENT_ACCESS, ldap.BUSY):
        return False
    return True


def recovers(slapd: Slapd) -> bool:
    """Whether Kim is sent a code."""
    recovery.ask_and_wait(slapd, "kim")
    return "latchkeyCode" in slapd.slapcat()


def make_room(slapd: Slapd, octets: int) -> None:
    """Lets the database grow by that much, and no further."""
    most = (slapd.directory / "data/data.mdb").stat().st_blocks * 512 + octets
    slapd.config().modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDbMaxSize", [str(most).encode()])])
