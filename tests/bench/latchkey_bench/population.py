"""The people of a benchmark's directory, written as LDIF by the thousand, and what Latchkey has stored with each of
them."""

import base64
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ldap

from latchkey_testing import entries as make
from latchkey_testing import enrolment, recovery, wire
from latchkey_testing.entries import GROUPS, entry, hashed
from latchkey_testing.mailer import Mailer
from latchkey_testing.settings import MAILER_DN, POLICIES_DN, SUFFIX, Entry, Settings
from latchkey_testing.slapd import Slapd

PEOPLE = f"ou=people,{SUFFIX}"
ADMIN = f"uid=gadmin,{PEOPLE}"
# The one who may read what Latchkey stores.
READER = f"cn=reader,ou=services,{SUFFIX}"
PASSWORD = "Everybody-4711"
_HASHED = hashed(PASSWORD)

_RESETS = 8
_COMPUTED = ("latchkeyMethodState", "latchkeyResetVerdict", "latchkeyRole")
_FAR = "20900101000000Z"


def name_of(number: int) -> str:
    """The uid of a person, as bench_user_name() of the programs writes it."""
    return f"u{number:07d}"


def person(name: str, more: str = "") -> str:
    """An entry as LDIF: what directories of people usually hold. MORE are further lines, object classes first."""
    return (f"dn: uid={name},{PEOPLE}\nobjectClass: inetOrgPerson\n{more}uid: {name}\ncn: Person {name}\nsn: Person\n"
            f"givenName: {name}\ndisplayName: Person {name}\nmail: {name}@mail.example.net\n"
            f"employeeNumber: {name[1:]}\ntitle: Engineer\ndepartmentNumber: 42\npreferredLanguage: ko\n"
            f"telephoneNumber: +82 2 1234 5678\nuserPassword: {_HASHED}\n\n")


def bare(number: int) -> str:
    """The entry of a person of whom Latchkey knows nothing."""
    return person(name_of(number))


def reached_twice(number: int) -> str:
    """One who has an address more, which is told of what is done."""
    name = name_of(number)
    return person(name, f"objectClass: latchkeyUser\nlatchkeyRecoveryAddress: {name}@elsewhere.example.net\n")


def write_people(path: Path, count: int, entry: Callable[[int], str]) -> None:
    """Writes COUNT people to PATH."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(map(entry, range(count)))


def organization(**policy: str | list[str]) -> list[Entry]:
    """All but the people: a policy for them, who administers them, and who serves; POLICY adds to the policy."""
    units = [make.container(dn) for dn in (PEOPLE, GROUPS, POLICIES_DN, f"ou=services,{SUFFIX}")]
    admin = entry(ADMIN, {"objectClass": "inetOrgPerson", "uid": "gadmin", "cn": "Gil Admin", "sn": "Admin",
                          "userPassword": hashed(PASSWORD)})
    reader = entry(READER, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": "reader",
                            "userPassword": hashed(PASSWORD)})
    rules = make.policy("people", PEOPLE, "adminReset", latchkeyGlobalAdmins=f"cn=global-admins,{GROUPS}",
                        latchkeyInsideDomain="example.org", latchkeyOrganization="Example Organization",
                        latchkeyPortal="https://portal.example.org/", latchkeyTimeZone="Asia/Seoul", **policy)
    return [make.top("Example Organization"), *units, make.mailer(), reader, admin,
            make.group("global-admins", ADMIN), make.password_policy(), rules]


# What a long use leaves behind


def _reset(slapd: Slapd, name: str, number: int) -> None:
    connection = slapd.connect(ADMIN, PASSWORD)
    control = wire.notify(reason=f"forgot it, time {number}", ticket=f"HD-{4711 + number}")
    wire.password_modify(connection, f"uid={name},{PEOPLE}", f"A-new-password-{number}", control=control)
    connection.unbind_s()


def _send_what_waits(slapd: Slapd, mailer: Mailer, name: str) -> None:
    """Sends now what is kept back for some minutes: the notice of one more change soon after another."""
    reader = slapd.connect(READER, PASSWORD)
    holder = f"uid={name},{PEOPLE}"
    found = reader.search_s(holder, ldap.SCOPE_BASE, "(objectClass=*)", ["latchkeyMessage"])[0][1]["latchkeyMessage"]
    reader.unbind_s()
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
    messages = map(wire.message_fields, found)
    items = [wire.settlement(holder, each["id"], wire.DEFERRED, "", now) for each in messages if each["state"] == "queued"]
    connection = slapd.connect(MAILER_DN, make.MAILER_PASSWORD)
    wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle(items))
    connection.unbind_s()
    mailer.once()


def _defer_all(slapd: Slapd) -> None:
    connection = slapd.connect(MAILER_DN, make.MAILER_PASSWORD)
    due = wire.taken(wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take()))
    items = [wire.settlement(holder, wire.message_fields(message)["id"], wire.DEFERRED,
                             "451 4.3.0 try again later", _FAR) for holder, message, _sealed in due]
    wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle(items))
    connection.unbind_s()


def _enrol(slapd: Slapd, mailer: Mailer, name: str) -> None:
    """Every method that there is."""
    connection = slapd.connect(f"uid={name},{PEOPLE}", PASSWORD)
    enrolment.enrol_address(slapd, mailer, connection, f"{name}@elsewhere.example.net")
    enrolment.enrol_totp(connection)
    enrolment.new_codes(connection)
    connection.unbind_s()


def _lines_of(slapd: Slapd, name: str, *attributes: str) -> str:
    """What Latchkey has stored with a person, as lines of LDIF, of ATTRIBUTES or of those kinds of attributes."""
    connection = slapd.connect(READER, PASSWORD)
    found = connection.search_s(f"uid={name},{PEOPLE}", ldap.SCOPE_BASE, "(objectClass=*)", list(attributes))[0][1]
    connection.unbind_s()
    return "".join(f"{attribute}:: {base64.b64encode(value).decode()}\n" for attribute, values in found.items()
                   if attribute.startswith("latchkey") and attribute not in _COMPUTED for value in values)


@dataclass(frozen=True)
class FullState:
    """What a long use leaves with an entry, as lines of LDIF."""

    shown: str  # what the user owns and every search shows: it belongs to a directory without Latchkey as well
    settled: str  # all of it, where every mail has been sent
    deferred: str  # and where the last one is still to be sent


def _use_for_long(slapd: Slapd, mailer: Mailer, name: str) -> FullState:
    _enrol(slapd, mailer, name)
    for number in range(_RESETS):
        _reset(slapd, name, number)
        mailer.once()
    code = recovery.code_for(slapd, mailer, name, f"{name}@elsewhere.example.net")
    assert recovery.complete(slapd, name, code, "A-new-password-of-mine") is None
    _send_what_waits(slapd, mailer, name)
    shown = "objectClass: latchkeyUser\n" + _lines_of(slapd, name, "*")
    settled = _lines_of(slapd, name, "+")
    _reset(slapd, name, _RESETS)
    _defer_all(slapd)
    return FullState(shown, shown + settled, shown + _lines_of(slapd, name, "+"))


def full_state() -> FullState:
    """Everything that an entry comes to hold, in as many values as are kept. Nothing of it is made up: a user of a
    small directory enrols every method, is reset again and again, is sent the mails, recovers, and is reset once more,
    which the mail server defers."""
    name = name_of(0)
    with TemporaryDirectory() as directory:
        mailer = Mailer(Path(directory))
        key = Path(directory) / "totp-key"
        key.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
        key.chmod(0o600)
        settings = Settings(ppolicy=False, mailer_keys=(mailer.public_key,),
                            latchkey={"olcLatchkeyReader": [READER], "olcLatchkeyKeyFile": [str(key)]})
        policy = {"latchkeyMethod": ["mail", "totp", "recoveryCode"]}
        with Slapd(make.without_ppolicy(organization(**policy)), settings) as slapd:
            mailer.attach(slapd)
            slapd.stop()
            slapd.offline("add", person(name))
            slapd.start()
            return _use_for_long(slapd, mailer, name)


def settle_all(slapd: Slapd) -> None:
    """Settles what is due as a mailer would that has sent it."""
    connection = slapd.connect(MAILER_DN, make.MAILER_PASSWORD)
    while due := wire.taken(wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take(1000, 3600))):
        items = [wire.settlement(holder, wire.message_fields(message)["id"], wire.SENT, "250 2.0.0 Ok: queued")
                 for holder, message, _sealed in due]
        wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle(items))
    connection.unbind_s()
