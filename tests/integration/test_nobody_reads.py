"""Nobody reads what is not theirs: the state of the messages about a user is readable by that user, by who may reset them,
by auditors and by the mailer, a hash or a sealed text by replication alone, and that somebody has asked for a code by
nobody, whatever slapd's ACLs say and by whatever operation one looks. (The recovery entries are the same: that there is
one tells that somebody has asked, and for whom.)"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ldap
import pytest
from ldap.controls import RequestControl
from ldap.controls.deref import DereferenceControl
from ldap.controls.libldap import AssertionControl, MatchedValuesControl
from ldap.controls.readentry import PostReadControl, PreReadControl
from ldap.controls.sss import SSSRequestControl

from latchkey_testing import organization, raw, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD, hashed, name_of
from latchkey_testing.entries import entry as make_entry
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, NIGHT_ADMIN,
                                           PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, SELF_ADMIN, STRANGER, password_of)
from latchkey_testing.raw import Raw
from latchkey_testing.settings import MAILER_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX
from latchkey_testing.wire import BASE

READER = f"cn=replica,ou=services,{SUFFIX}"
ANYBODY = ""
STATE = ("latchkeyMessage", "latchkeyDue")
SECRET = ("latchkeySealed", "latchkeySerial", "latchkeyCode")
UUID = {KIM: "0b5ff9a0-0000-4000-8000-000000000001", GLOBAL_ADMIN: "0b5ff9a0-0000-4000-8000-000000000002",
        HAN: "0b5ff9a0-0000-4000-8000-000000000003", STRANGER: "0b5ff9a0-0000-4000-8000-000000000004"}
OIDS = {"latchkeyMessage": f"{BASE}.1.60", "latchkeySealed": f"{BASE}.1.61", "latchkeyDue": f"{BASE}.1.62",
        "latchkeySerial": f"{BASE}.1.63", "latchkeyCode": f"{BASE}.1.64"}
VALUES = {"latchkeyMessage": stored.message(1).encode(), "latchkeySealed": stored.sealed(1),
          "latchkeyDue": b"20300101000000Z", "latchkeySerial": b"7", "latchkeyCode": stored.code(2).encode()}

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


def entries(recovery_of: tuple[str, ...] = tuple(UUID)):
    """The organization, with something to read about some of its people."""
    state = {name: [value] for name, value in VALUES.items()}
    for dn, attributes in organization.entries():
        yield dn, {**attributes, "entryUUID": [UUID[dn]], **state} if dn in UUID else attributes
    yield make_entry(READER, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": "replica",
                              "userPassword": hashed(password_of(READER))})
    yield stored.container()
    for dn in recovery_of:
        yield stored.recovery(UUID[dn])


def bound(slapd, who: str) -> ldap.ldapobject.LDAPObject:
    """A connection as WHO."""
    return slapd.connect(who, secret_of(who)) if who else slapd.connect()


def secret_of(who: str) -> str:
    """The password of WHO."""
    return {ROOT_DN: ROOT_PASSWORD, MAILER_DN: MAILER_PASSWORD}.get(who) or password_of(who)


@pytest.fixture
def library(make_slapd):
    """A function that starts a slapd with something to read, under the ACLs of that name."""
    def make(access: str, **more):
        return make_slapd(**{"entries": entries(), "access": ACCESS[access],
                             "latchkey": {"olcLatchkeyReader": [READER]},
                             "modules": ("sssvlv", "syncprov", "deref"),
                             "overlays": (("sssvlv", {"objectClass": ["olcSssVlvConfig"]}),
                                          ("syncprov", {"objectClass": ["olcSyncProvConfig"]}),
                                          ("deref", {})), **more})
    return make


# --- the ways to look at one attribute of one entry: each says whether something was learned ---------------------------


@dataclass
class Look:
    """One attempt: by CONNECTION, at ATTRIBUTE of the entry DN, whose value is VALUE."""

    connection: ldap.ldapobject.LDAPObject
    dn: str
    attribute: str
    value: bytes

    def search(self, query: str = "(objectClass=*)", scope: int = ldap.SCOPE_BASE, attributes=("1.1",), controls=()) -> list:
        """What a search finds, without references."""
        base = self.dn if scope == ldap.SCOPE_BASE else SUFFIX
        return [each for each in self.connection.search_ext_s(base, scope, query, list(attributes),
                                                              serverctrls=list(controls)) if each[0]]

    @property
    def filter_value(self) -> str:
        """VALUE for a filter."""
        return "".join(f"\\{octet:02x}" for octet in self.value)


def shown(*attributes: str, types_only: int = 0) -> Callable[[Look], bool]:
    """Whether a search for ATTRIBUTES shows the attribute; {} stands for its name, {oid} for its identifier."""
    def look(at: Look) -> bool:
        wanted = [each.format(at.attribute, oid=OIDS[at.attribute]) for each in attributes]
        found = at.connection.search_ext_s(at.dn, ldap.SCOPE_BASE, "(objectClass=*)", wanted, attrsonly=types_only)
        return any(name.split(";")[0].lower() in (at.attribute.lower(), OIDS[at.attribute])
                   for _dn, entry in found for name in entry)
    return look


def matched(query: str, scope: int = ldap.SCOPE_SUBTREE) -> Callable[[Look], bool]:
    """Whether a search with QUERY finds the entry; {0} stands for the attribute, {1} for the value."""
    def look(at: Look) -> bool:
        wanted = query.format(at.attribute, at.filter_value, oid=OIDS[at.attribute])
        return at.dn in [dn for dn, _entry in at.search(wanted, scope)]
    return look


def compared(at: Look) -> bool:
    """Whether a compare says that it has the value, or that it has not."""
    with contextlib.suppress(ldap.NO_SUCH_ATTRIBUTE, ldap.INSUFFICIENT_ACCESS, ldap.INAPPROPRIATE_MATCHING):
        return at.connection.compare_s(at.dn, at.attribute, at.value) in (True, False)
    return False


def read_with_a_write(control: type) -> Callable[[Look], bool]:
    """Whether a modify of something else gives the attribute along."""
    def look(at: Look) -> bool:
        try:
            answer = at.connection.modify_ext_s(at.dn, [(ldap.MOD_REPLACE, "description", [b"looked at"])],
                                                serverctrls=[control(True, [at.attribute, "+"])])
        except ldap.LDAPError:
            raise NotPossible from None
        return any(at.attribute in each.entry for each in answer[3])
    return look


def asserted(at: Look) -> bool:
    """Whether a search or a compare that asserts that the attribute is there is carried out."""
    control = AssertionControl(True, f"({at.attribute}=*)")
    try:
        at.connection.compare_ext_s(at.dn, "objectClass", b"inetOrgPerson", serverctrls=[control])
    except ldap.ASSERTION_FAILED:
        return False
    except (ldap.COMPARE_TRUE, ldap.COMPARE_FALSE):
        return True
    except ldap.LDAPError:
        raise NotPossible from None
    return True


def sorted_by(at: Look) -> bool:
    """Whether a search can be sorted by it; it is never, since sorting asks nobody for access."""
    answer = at.connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"],
                                      serverctrls=[SSSRequestControl(True, [at.attribute])])
    try:
        at.connection.result3(answer)
    except (ldap.INAPPROPRIATE_MATCHING, ldap.UNAVAILABLE_CRITICAL_EXTENSION):
        return False
    except ldap.NO_SUCH_OBJECT:
        raise NotPossible from None
    return True


def only_matched_values(at: Look) -> bool:
    """Whether the values that match a filter are shown."""
    control = MatchedValuesControl(True, f"(({at.attribute}={at.filter_value}))")
    return any(at.attribute in entry for _dn, entry in at.search(attributes=["+", "*"], controls=[control]))


def through_a_reference(at: Look) -> bool:
    """Whether the dereference control reads it of the members of a group."""
    number = at.connection.search_ext(f"cn=everybody,{GROUPS}", ldap.SCOPE_BASE, "(objectClass=*)", ["1.1"],
                                      serverctrls=[DereferenceControl(True, {"member": [at.attribute, "uid"]})])
    rows = at.connection.result4(number, add_ctrls=1)[1]
    members = {member: values for row in rows for control in row[2] for member, values in control.derefRes["member"]}
    if not members:
        raise NotPossible
    return at.attribute in members[at.dn]


def synchronized(at: Look) -> bool:
    """Whether a consumer of replication is sent it (refreshOnly, RFC 4533)."""
    value = wire.sequence(wire.integer(1, wire.ENUMERATED))
    control = RequestControl("1.3.6.1.4.1.4203.1.9.1.1", True, value)
    try:
        found = at.search("(objectClass=*)", ldap.SCOPE_SUBTREE, ["*", "+"], [control])
    except ldap.STRONG_AUTH_REQUIRED:  # nobody may, see test_nothing_to_learn.py
        raise NotPossible from None
    return any(at.attribute in entry for dn, entry, *_rest in found if dn == at.dn)


class NotPossible(Exception):
    """Under these ACLs the attempt ends before Latchkey has a say, and teaches nothing."""


LOOKS: dict[str, Callable[[Look], bool]] = {
    "search for +": shown("+"),
    "search for * and +": shown("*", "+"),
    "search by name": shown("{}"),
    "search by name in capitals": shown("LATCHKEYMESSAGE", "LATCHKEYDUE", "LATCHKEYSEALED", "LATCHKEYSERIAL",
                                        "LATCHKEYCODE"),
    "search by identifier": shown("{oid}"),
    "search for types": shown("+", types_only=1),
    "presence": matched("({0}=*)"),
    "presence, base": matched("({0}=*)", ldap.SCOPE_BASE),
    "presence by identifier": matched("({oid}=*)"),
    "equality": matched("({0}={1})"),
    "approximately": matched("({0}~={1})"),
    "extensible": matched("({0}:={1})"),
    "extensible, DN parts": matched("({0}:dn:={1})"),
    "extensible, rule": matched("({0}:caseExactMatch:={1})"),
    "negated twice": matched("(!(!({0}=*)))"),
    "one of several": matched("(|({0}=*)(objectClass=nothing))"),
    "compare": compared,
    "post-read": read_with_a_write(PostReadControl),
    "pre-read": read_with_a_write(PreReadControl),
    "assertion": asserted,
    "matched values": only_matched_values,
    "dereference": through_a_reference,
    "refreshOnly": synchronized,
}
# Where these rules do not apply to the attribute's syntax the filter is undefined, for everybody.
NEVER_TRUE = {("approximately", each) for each in OIDS} | {
    ("extensible, rule", each) for each in ("latchkeyDue", "latchkeySealed", "latchkeySerial")}


def surprises(looks: dict[str, Callable[[Look], bool]], connection, who: str) -> Iterator[str]:
    """Each look that taught more or less than was promised."""
    for target in UUID:
        for attribute, value in VALUES.items():
            promised = may_read(who, target, attribute)
            for name, look in looks.items():
                try:
                    learned = look(Look(connection, target, attribute, value))
                except (NotPossible, ldap.NO_SUCH_OBJECT):
                    continue
                if learned != promised and not (promised and (name, attribute) in NEVER_TRUE):
                    yield f"{name}: {attribute} of {name_of(target)} is {'read' if learned else 'hidden'}"


@pytest.mark.parametrize("who", WHO, ids=lambda dn: name_of(dn) if dn else "nobody")
@pytest.mark.parametrize("access", ACCESS)
def test_a_users_state_is_read_by_who_may_and_by_nobody_else(library, access, who):
    everybody = organization.group("everybody", *UUID)
    slapd = library(access, entries=[*entries(), everybody])
    assert list(surprises(LOOKS, bound(slapd, who), who)) == []


def test_each_look_sees_what_may_be_seen(library):
    """The control: who may read everything finds it in each of the ways."""
    everybody = organization.group("everybody", *UUID)
    connection = bound(library("everybody manages", entries=[*entries(), everybody]), READER)
    blind = [name for name, look in LOOKS.items()
             if not any(look(Look(connection, KIM, attribute, value)) for attribute, value in VALUES.items())]
    assert blind == []


@pytest.mark.parametrize("who", [LEE, AUDITOR, READER, ROOT_DN], ids=name_of)
def test_nothing_is_sorted_by_it(library, who):
    """Sorting happens without asking for access, so it must not be possible at all."""
    connection = bound(library("everybody manages"), who)
    assert [name for name in VALUES if sorted_by(Look(connection, KIM, name, b""))] == []


@pytest.mark.parametrize("who", [KIM, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, MAILER_DN], ids=name_of)
def test_state_is_read_where_acls_grant_nothing_else(make_slapd, who):
    """The right is given by the policy, no ACL need say so; the entry itself must be one that the reader may see."""
    slapd = make_slapd(entries=entries(), access=("to attrs=entry by users read", "to * by anonymous auth"))
    found = bound(slapd, who).search_s(KIM, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["*", "+"])
    assert found == [(KIM, {name: [VALUES[name]] for name in STATE})]
    assert bound(slapd, LEE).search_s(KIM, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["*", "+"]) == []


def test_a_role_that_is_taken_away_reads_no_more(make_slapd):
    slapd = make_slapd(entries=entries())
    auditor = bound(slapd, AUDITOR)
    assert auditor.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(latchkeyMessage=*)", ["1.1"])
    slapd.root().modify_s(f"cn=auditors,{GROUPS}", [(ldap.MOD_REPLACE, "member", [LEE.encode()])])
    assert auditor.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(latchkeyMessage=*)", ["1.1"]) == []
    assert bound(slapd, LEE).search_s(KIM, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["1.1"])


def test_a_user_may_not_be_spoken_for_into_reading_more(make_slapd):
    """Proxied authorization reads what the one whose name is borrowed reads, and a forged one nothing."""
    slapd = make_slapd(entries=entries(), access=("to * by * write",))
    proxied = RequestControl("2.16.840.1.113730.3.4.18", True, f"dn:{AUDITOR}".encode())
    with pytest.raises(ldap.LDAPError):
        bound(slapd, LEE).search_ext_s(KIM, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["+"], serverctrls=[proxied])


def test_the_root_of_the_subtree_is_guarded_like_what_is_below(make_slapd):
    """State that got onto other entries, of other classes, is read by the same rules."""
    odd = f"ou=odd,{MANAGED}"
    unit = make_entry(odd, {"objectClass": "organizationalUnit", "ou": "odd", "latchkeyMessage": stored.message(9)})
    slapd = make_slapd(entries=[*entries(), unit])
    assert bound(slapd, LEE).search_s(odd, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["+"]) == []
    assert bound(slapd, AUDITOR).search_s(odd, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["1.1"])


# --- that somebody has asked for a code ---------------------------------------------------------------------------------

ASKED = stored.recovery_dn(UUID[KIM])
PAGED = raw.control("1.2.840.113556.1.4.319", wire.sequence(wire.integer(1), wire.element(wire.OCTETS, b"")))
SYNC = raw.control("1.3.6.1.4.1.4203.1.9.1.1", wire.sequence(wire.integer(1, wire.ENUMERATED)))
SORT = raw.control("1.2.840.113556.1.4.473", wire.sequence(wire.sequence(wire.element(wire.OCTETS, "cn"))))
WINDOW = raw.control("2.16.840.1.113730.3.4.9", wire.sequence(
    wire.integer(0), wire.integer(1), wire.element(0xA0, wire.integer(1) + wire.integer(0))))
PPOLICY = raw.control(raw.PASSWORD_POLICY, critical=False)
PRE_READ = raw.control("1.3.6.1.1.13.1", wire.sequence(wire.element(wire.OCTETS, "*")))
MANAGE = raw.control("2.16.840.1.113730.3.4.2")
ALIAS = f"cn=alias,{GROUPS}"
# Queries that are true, or can be, of an entry of which nothing can be read.
BLIND = {
    "true of everything": raw.both(),
    "not false": raw.negated(raw.either()),
    "not matched by anything": raw.negated(raw.matching(None, "no such value", "caseExactMatch")),
    "one of them true": raw.either(raw.present("latchkeyCode"), raw.both()),
    "all of them true": raw.both(raw.both(), raw.negated(raw.either())),
}
QUERIES = {
    "presence": raw.present("objectClass"),
    "class": raw.equals("objectClass", "latchkeyRecovery"),
    "not another class": raw.negated(raw.equals("objectClass", "person")),
    "name": raw.equals("latchkeyRecoveryOf", UUID[KIM]),
    "some name": raw.present("latchkeyRecoveryOf"),
    "part of a DN": raw.matching("latchkeyRecoveryOf", UUID[KIM], dn=True),
    "part of a DN by rule": raw.matching(None, UUID[KIM], "caseIgnoreIA5Match", dn=True),
    "entryDN": raw.equals("entryDN", ASKED),
    "below": raw.matching("entryDN", stored.CONTAINER, "dnSubtreeMatch"),
    "code": raw.present("latchkeyCode"),
    "creator": raw.equals("structuralObjectClass", "latchkeyRecovery"),
    "has entries below": raw.equals("hasSubordinates", "TRUE"),
    **BLIND,
}


def searches() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """Searches that could find a recovery entry, or count it."""
    for name, query in QUERIES.items():
        for base in (ASKED, stored.CONTAINER, SUFFIX):
            for scope in (raw.BASE, raw.ONE_LEVEL, raw.SUBTREE):
                yield f"{name} at {base} {scope}", (raw.search(base, scope, query, "1.1"),)
        yield f"{name}, paged", (raw.search(SUFFIX, raw.SUBTREE, query, "1.1"), PAGED)
        yield f"{name}, in a window", (raw.search(SUFFIX, raw.SUBTREE, query, "1.1"), SORT, WINDOW)
        for most in range(1, 60):
            yield f"{name}, {most} at most", (raw.search(SUFFIX, raw.SUBTREE, query, "1.1", most=most),)
    yield "entries below", (raw.search(stored.CONTAINER, raw.BASE, raw.present("objectClass"), "hasSubordinates"),)


def attempts() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """All that one can do with the DN of a recovery entry or with its container."""
    for name, dn in (("entry", ASKED), ("container", stored.CONTAINER), ("below", f"cn=below,{ASKED}")):
        for attribute in ("objectClass", "latchkeyRecoveryOf", "description", "entryUUID"):
            yield f"{name}: compare {attribute}", (raw.compare(dn, attribute, "latchkeyRecovery"),)
        yield f"{name}: modify", (raw.replace(dn, "description", "x"),)
        yield f"{name}: modify nothing", (raw.element(raw.MODIFY, wire.element(wire.OCTETS, dn) + wire.sequence()),)
        yield f"{name}: password", (raw.replace(dn, "userPassword", "Some-Password-1"),)
        yield f"{name}: delete", (raw.delete(dn),)
        yield f"{name}: delete, managed", (raw.delete(dn), MANAGE)
        yield f"{name}: rename", (raw.rename(dn, "cn=other"),)
        yield f"{name}: move here", (raw.rename(f"cn=night-shift,{GROUPS}", "cn=night-shift", dn),)
        yield f"{name}: move away", (raw.rename(dn, dn.split(",")[0], GROUPS),)
        yield f"{name}: add", (raw.add(dn, objectClass="device", cn="below"),)
        yield f"{name}: bind", (raw.bind(dn, "password"), PPOLICY)
        yield f"{name}: Password Modify", (raw.password_modify(dn, None, "Some-Password-1"),)
        yield f"{name}: old form", (raw.password_modify(dn, "0000-0000-0000", "Some-Password-1"),)
        yield f"{name}: request", (raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request(dn)),)
        yield f"{name}: complete", (raw.extended(wire.RECOVERY_COMPLETE, wire.recovery_complete(dn, "0" * 12)),)
        yield f"{name}: settle", (raw.extended(wire.NOTIFICATION_SETTLE, wire.settle([
            wire.settlement(dn, f"{1:032x}", wire.SENT)])),)
        yield f"{name}: alias", (raw.add(ALIAS, objectClass="alias", aliasedObjectName=dn, cn="alias"), MANAGE)
        yield f"{name}: through the alias", (raw.search(ALIAS, raw.BASE, raw.both(), "1.1", follow=True),)
        yield f"{name}: alias by modify", (raw.replace(ALIAS, "aliasedObjectName", dn), MANAGE)
        yield f"{name}: through that alias", (raw.search(ALIAS, raw.BASE, raw.both(), "1.1", follow=True),)
        yield f"{name}: without the alias", (raw.delete(ALIAS), MANAGE)
        yield f"{name}: delete with a look", (raw.delete(dn), PRE_READ)


def told(slapd, who: str, questions: Iterator[tuple[str, tuple[bytes, ...]]]) -> dict[str, raw.Answer]:
    """What WHO hears in answer to each question."""
    heard = {}
    for name, question in questions:
        with Raw(slapd) as connection:
            if who:
                connection.signed_in(who, secret_of(who))
            heard[name] = connection.ask(*question)
    return heard


CURIOUS = [ANYBODY, LEE, KIM, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, ROOT_DN]


@pytest.mark.parametrize("questions", [searches, attempts])
@pytest.mark.parametrize("who", CURIOUS, ids=lambda dn: name_of(dn) if dn else "nobody")
@pytest.mark.parametrize("access", ["everybody manages", "everybody reads"])
def test_nobody_hears_that_a_code_was_asked_for(library, access, who, questions):
    """Octet by octet, a directory in which Kim has asked for a code answers like one in which nobody ever has."""
    never = [each for each in entries(()) if each[0] != stored.CONTAINER]
    asked, unasked = (told(library(access, entries=kept), who, questions()) for kept in (list(entries((KIM,))), never))
    assert [name for name in asked if asked[name] != unasked[name]] == []


def test_nobody_hears_it_by_replication(library):
    """A consumer that is not a reader is not sent it, nor told that it is there."""
    slapd = library("everybody manages", entries=entries((KIM,)))
    for query in QUERIES.values():
        answer = Raw(slapd).signed_in(LEE, secret_of(LEE)).ask(raw.search(SUFFIX, raw.SUBTREE, query, "*", "+"), SYNC)
        assert b"latchkeyrecovery" not in b"".join(answer.messages).lower().replace(b"latchkeyrecoveryaddress", b"")


def test_replication_reads_it(library):
    """Who is named in olcLatchkeyReader finds all of it."""
    reader = bound(library("everybody reads"), READER)
    found = dict(reader.search_s(stored.CONTAINER, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["*", "+"]))
    assert set(found) == {stored.CONTAINER, *map(stored.recovery_dn, UUID.values())}
    assert {"latchkeyCode", "latchkeySealed", "latchkeyMessage"} <= set(found[ASKED])
    assert reader.compare_s(ASKED, "latchkeyRecoveryOf", UUID[KIM].encode())
