"""A front end that speaks for its clients, and so a way for tests to come from any address."""

from . import organization, raw, recovery, wire
from .entries import entry, hashed
from .raw import Answer, Raw
from .settings import SUFFIX, Entry
from .slapd import Slapd

PORTAL = f"cn=portal,ou=services,{SUFFIX}"
PASSWORD = "portal-password"


def entries(**managed: str) -> list[Entry]:
    """The organization and the front end's identity; MANAGED is for organization.entries()."""
    return [*organization.entries(**managed), entry(PORTAL, {"objectClass": ["applicationProcess", "simpleSecurityObject"],
                                                    "cn": "portal", "userPassword": hashed(PASSWORD)})]


def configured(**latchkey: str) -> dict[str, list[str]]:
    """Attributes of the overlay's configuration, LATCHKEY and the front end's identity."""
    return {"olcLatchkeyPortalDN": [PORTAL], **{name: [value] for name, value in latchkey.items()}}


def speaking_for(address: str | bytes, **more: str | bytes) -> bytes:
    """The Session Tracking control."""
    return raw.control(wire.SESSION_CONTROL, wire.session(address, **more), critical=False)


def connect(slapd: Slapd) -> Raw:
    """A connection of the front end's."""
    return Raw(slapd).signed_in(PORTAL, PASSWORD)


def request(name: str) -> bytes:
    """A RecoveryRequest."""
    return raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request(name, "ko"))


def complete(name: str, code: str = recovery.WRONG_CODE, new: str | None = "Never-Set-4711") -> bytes:
    """A RecoveryComplete."""
    return raw.extended(wire.RECOVERY_COMPLETE, wire.recovery_complete(name, code, new=new))


def old_form(name: str, code: str = recovery.WRONG_CODE, new: str = "Never-Set-4711") -> bytes:
    """A Password Modify with a code for the old password."""
    return raw.password_modify(name, code, new)


def ask_from(slapd: Slapd, address: str | bytes, *operations: bytes) -> list[Answer]:
    """The answers to OPERATIONS of the client at ADDRESS."""
    with connect(slapd) as front_end:
        return [front_end.ask(operation, speaking_for(address)) for operation in operations]
