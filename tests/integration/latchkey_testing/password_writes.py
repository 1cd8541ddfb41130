"""The ways in which a client can write a password, as tables, and what came of one."""

from collections.abc import Callable
from dataclasses import dataclass

import ldap
from ldap.controls import RequestControl
from ldap.controls.libldap import AssertionControl
from ldap.controls.readentry import PostReadControl, PreReadControl
from ldap.controls.simple import ManageDSAITControl

from .entries import hashed
from .slapd import Slapd

Connection = ldap.ldapobject.LDAPObject
Write = Callable[[Connection, str, str], object]

RELAX = RequestControl("1.3.6.1.4.1.4203.666.5.12", True)

# What a Modify of `userPassword` can look like; NEW is the password.
_CHANGES: dict[str, Callable[[bytes], list]] = {
    "replace": lambda new: [(ldap.MOD_REPLACE, "userPassword", [new])],
    "add": lambda new: [(ldap.MOD_ADD, "userPassword", [new])],
    "delete": lambda new: [(ldap.MOD_DELETE, "userPassword", None)],
    "replace by nothing": lambda new: [(ldap.MOD_REPLACE, "userPassword", None)],
    "delete, then add": lambda new: [(ldap.MOD_DELETE, "userPassword", None), (ldap.MOD_ADD, "userPassword", [new])],
    "after something harmless": lambda new: [(ldap.MOD_REPLACE, "description", [b"x"]),
                                             (ldap.MOD_REPLACE, "userPassword", [new])],
    "a hash": lambda new: [(ldap.MOD_REPLACE, "userPassword", [hashed(new.decode()).encode()])],
    "other spelling": lambda new: [(ldap.MOD_REPLACE, "USERpassword", [new])],
    "object identifier": lambda new: [(ldap.MOD_REPLACE, "2.5.4.35", [new])],
    "with an option": lambda new: [(ldap.MOD_REPLACE, "userPassword;lang-ko", [new])],
    "identifier and option": lambda new: [(ldap.MOD_ADD, "2.5.4.35;lang-ko", [new])],
    "increment": lambda new: [(ldap.MOD_INCREMENT, "userPassword", [b"1"])],
}


def modify(changes: Callable[[bytes], list], *controls: RequestControl) -> Write:
    """A write by Modify."""
    def write(connection: Connection, dn: str, new: str) -> None:
        connection.modify_ext_s(dn, changes(new.encode()), serverctrls=list(controls))
    return write


def _typed(connection: Connection, dn: str, new: str) -> None:
    connection.passwd_s(dn, None, new)


def _generated(connection: Connection, dn: str, _new: str) -> None:
    connection.passwd_s(dn, None, None)


PASSWORD_MODIFY: dict[str, Write] = {"Password Modify, typed": _typed, "Password Modify, generated": _generated}

MODIFY: dict[str, Write] = {
    **{f"Modify, {name}": modify(changes) for name, changes in _CHANGES.items()},
    **{f"Modify with {name}": modify(_CHANGES["replace"], control) for name, control in {
        "relax": RELAX,
        "permissive": RequestControl("1.2.840.113556.1.4.1413", True),
        "no-op": RequestControl("1.3.6.1.4.1.4203.666.5.2", True),
        "manageDsaIT": ManageDSAITControl(criticality=True),
        "pre-read": PreReadControl(True, ["userPassword"]),
        "post-read": PostReadControl(True, ["userPassword"]),
        "assertion": AssertionControl(True, "(objectClass=*)"),
    }.items()},
}

ALL: dict[str, Write] = {**PASSWORD_MODIFY, **MODIFY}


def result_of(call: Callable[..., object], *arguments, **options) -> tuple[int, str]:
    """The LDAP result code and text of CALL(*ARGUMENTS), a synchronous call of python-ldap."""
    try:
        call(*arguments, **options)
    except ldap.LDAPError as error:
        return error.args[0]["result"], error.args[0].get("info", "")
    return 0, ""


@dataclass
class Outcome:
    """What came of a write: the result code and text, and which password works now."""

    code: int
    text: str
    new_works: bool
    old_works: bool


def try_write(slapd: Slapd, connection: Connection, write: Write, dn: str, old: str) -> Outcome:
    """Lets CONNECTION write a password of DN, whose password is OLD."""
    new = "A-new-password-9"
    code, text = result_of(write, connection, dn, new)
    return Outcome(code, text, slapd.signs_in(dn, new), slapd.signs_in(dn, old))


def account(slapd: Slapd, dn: str) -> dict[str, list[bytes]]:
    """What the entry says, but for the trail that refusals leave on it."""
    trail = ("latchkeyEvent", "latchkeyEventDay", "entryCSN", "modifyTimestamp", "modifiersName")
    return {name: values for name, values in slapd.entry(dn).items() if name not in trail}
