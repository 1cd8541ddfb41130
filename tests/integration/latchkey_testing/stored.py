"""Values as Latchkey stores them, made by hand: for directories that begin with messages and codes, or with damage."""

import calendar
import hashlib
import re
import struct
import time

from .entries import entry
from .settings import SUFFIX, Entry
from .slapd import Slapd

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


def _keyed(salt: bytes, *parts: bytes) -> str:
    return hashlib.blake2b(b"".join(parts), key=salt, digest_size=32).hexdigest()


def _counted(octets: bytes) -> bytes:
    return len(octets).to_bytes(8, "little") + octets


def right_code(number: int, symbols: str, uuid: str, address: str, *passwords: str, **more: str) -> str:
    """A value of latchkeyCode that the code SYMBOLS (twelve, without hyphens) matches while the user's stored PASSWORDS
    and ADDRESS stay as they are: plugin/protocol/code.h, written a second time."""
    salt = number.to_bytes(16, "big")
    by_length = sorted((each.encode() for each in passwords), key=lambda each: (len(each), each))
    return code(number, **{
        "salt": salt.hex(), "hash": _keyed(salt, symbols.encode(), uuid.encode()),
        "bind": _keyed(salt, _counted(address.lower().encode()), *map(_counted, by_length)), **more})


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


_MOMENT = re.compile(r"(?<=[ =])(\d{14})Z")
_OF_TIME = ("latchkeyCode", "latchkeyMessage", "latchkeyDue")
_PENDING = ("latchkeyPendingAddress", "latchkeyTotpPending")  # of users themselves


def _earlier(text: str, seconds: float) -> str:
    def shift(found: re.Match) -> str:
        when = calendar.timegm(time.strptime(found[1], "%Y%m%d%H%M%S"))
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(when - seconds))
    return _MOMENT.sub(shift, text)


def pass_time(slapd: Slapd, seconds: float) -> None:
    """Lets the recovery entries of SLAPD, and what users have yet to prove, be that much older; it is stopped and started for it."""
    slapd.stop()
    changes = []
    for record in slapd.slapcat().replace("\n ", "").split("\n\n"):
        lines = record.splitlines()
        names = _OF_TIME if record.startswith("dn: latchkeyRecoveryOf=") else [name for name in _PENDING if f"\n{name}: " in record]
        if not names:
            continue
        kept = {name: [line for line in lines if line.startswith(f"{name}: ")] for name in names}
        changes += [lines[0], "changetype: modify"]
        for name, values in kept.items():
            changes += [f"replace: {name}", *(_earlier(value, seconds) for value in values), "-"]
        changes.append("")
    slapd.offline("modify", "\n".join(changes) + "\n")
    slapd.start()


def ldif_add(dn: str, attribute: str, *values: str) -> str:
    """A change for slapmodify."""
    return "\n".join([f"dn: {dn}", "changetype: modify", f"add: {attribute}",
                      *(f"{attribute}: {value}" for value in values), "", ""])


def transactions(slapd) -> int:
    """How many writes the database has seen: the newer of LMDB's two meta pages."""
    head = (slapd.directory / "data/data.mdb").open("rb").read(2 * 4096)
    return max(struct.unpack_from("<Q", head, page + 144)[0] for page in (0, 4096))
