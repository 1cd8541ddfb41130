"""Values as Latchkey stores them, made by hand: for directories that begin with messages and codes, whole or damaged."""

import time

from .entries import entry
from .settings import SUFFIX, Entry

CONTAINER = f"cn=latchkey,{SUFFIX}"


def moment(seconds: float = 0) -> str:
    """The GeneralizedTime that many seconds from now."""
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))


def message(number: int, state: str = "sent", kind: str = "temporaryPassword", **more: str) -> str:
    """A value of latchkeyMessage whose id is NUMBER."""
    fields = {"id": f"{number:032x}", "kind": kind, "state": state, "tries": "1", "created": moment(), "due": moment(),
              "lang": "ko", "to": "kim@example.net", **more}
    return " ".join(["1", *(f"{key}={value}" for key, value in fields.items())])


def sealed(number: int) -> bytes:
    """A value of latchkeySealed for the message NUMBER that no key opens."""
    return b"\x01" + number.to_bytes(16, "big") + bytes(8) + b"sealed" * 20


def code(number: int, **more: str) -> str:
    """A value of latchkeyCode that no code matches."""
    fields = {"id": f"{number:032x}", "salt": "5a" * 16, "hash": "7b" * 32, "bind": "9c" * 32, "created": moment(),
              "expires": moment(900), "serial": "0", "generation": "0", **more}
    return " ".join(["1", *(f"{key}={value}" for key, value in fields.items())])


def container() -> Entry:
    """The entry above the recovery entries."""
    return entry(CONTAINER, {"objectClass": "latchkeyContainer", "cn": "latchkey"})


def recovery_dn(uuid: str) -> str:
    """The recovery entry of the user whose entryUUID is UUID."""
    return f"latchkeyRecoveryOf={uuid},{CONTAINER}"


def recovery(uuid: str, **more: str | list) -> Entry:
    """A recovery entry with one code and the mail that carried it; MORE replaces attributes."""
    return entry(recovery_dn(uuid), {
        "objectClass": "latchkeyRecovery", "latchkeyRecoveryOf": uuid, "latchkeyCode": code(0xC0DE),
        "latchkeyMessage": message(0xC0DE, kind="recoveryCode"), "latchkeySealed": [sealed(0xC0DE)],
        "latchkeyDue": moment(), **more})


def ldif_add(dn: str, attribute: str, *values: str) -> str:
    """A change for slapmodify."""
    return "\n".join([f"dn: {dn}", "changetype: modify", f"add: {attribute}",
                      *(f"{attribute}: {value}" for value in values), "", ""])
