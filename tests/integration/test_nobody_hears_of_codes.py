"""Nobody hears that a code was asked for: the entries that hold codes are not there for anybody but replication, by
whatever operation one looks for them, so that nobody learns that somebody has asked, nor for whom."""

from collections.abc import Iterator

import ldap
import pytest

from latchkey_testing import organization, raw, stored, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import AUDITOR, GLOBAL_ADMIN, GROUPS, KIM, LEE, PASSWORD_ADMIN
from latchkey_testing.raw import Raw
from latchkey_testing.readers import ANYBODY, READER, UUID, bound, entries, secret_of, start
from latchkey_testing.settings import ROOT_DN, SUFFIX

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
    "message": raw.present("latchkeyMessage"),
    "when it is due": raw.present("latchkeyDue"),
    "creator": raw.equals("structuralObjectClass", "latchkeyRecovery"),
    "has entries below": raw.equals("hasSubordinates", "TRUE"),
    **BLIND,
}


def alias_of(dn: str) -> str:
    """An alias of DN that bears it in its name."""
    return f"aliasedObjectName={dn.replace('=', chr(92) + '3D').replace(',', chr(92) + '2C')},{GROUPS}"


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
        yield f"{name}: alias", (raw.add(
            ALIAS, objectClass=["alias", "extensibleObject"], aliasedObjectName=dn, cn="alias"), MANAGE)
        yield f"{name}: through the alias", (raw.search(ALIAS, raw.BASE, raw.both(), "1.1", follow=True),)
        yield f"{name}: alias elsewhere", (raw.add(
            ALIAS, objectClass=["alias", "extensibleObject"], aliasedObjectName=KIM, cn="alias"), MANAGE)
        yield f"{name}: alias by modify", (raw.replace(ALIAS, "aliasedObjectName", dn), MANAGE)
        yield f"{name}: through that alias", (raw.search(ALIAS, raw.BASE, raw.both(), "1.1", follow=True),)
        yield f"{name}: without the alias", (raw.delete(ALIAS), MANAGE)
        yield f"{name}: alias named by it", (raw.add(alias_of(KIM), objectClass=["alias", "extensibleObject"],
                                                     aliasedObjectName=KIM), MANAGE)
        yield f"{name}: alias by rename", (raw.rename(alias_of(KIM), alias_of(dn).split(",")[0], delete_old=True), MANAGE)
        yield f"{name}: through what it is then", (raw.search(alias_of(dn), raw.SUBTREE, raw.both(), "1.1", follow=True),)
        for alias in (alias_of(dn), alias_of(KIM)):
            yield f"{name}: without {alias}", (raw.delete(alias), MANAGE)
        yield f"{name}: delete with a look", (raw.delete(dn), PRE_READ)


def told(slapd, who: str, questions: Iterator[tuple[str, tuple[bytes, ...]]]) -> dict[str, raw.Answer]:
    """What WHO hears in answer to each question. What has a control, or is a bind, leaves something with its connection, so it
    has one of its own."""
    heard = {}
    with signed_in(slapd, who) as plain:
        for name, question in questions:
            if len(question) == 1:
                heard[name] = plain.ask(*question)
            else:
                with signed_in(slapd, who) as connection:
                    heard[name] = connection.ask(*question)
    return heard


def signed_in(slapd, who: str) -> Raw:
    connection = Raw(slapd)
    return connection.signed_in(who, secret_of(who)) if who else connection


CURIOUS = [ANYBODY, LEE, KIM, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, ROOT_DN]


@pytest.mark.parametrize("questions", [searches, attempts])
@pytest.mark.parametrize("who", CURIOUS, ids=lambda dn: name_of(dn) if dn else "nobody")
@pytest.mark.parametrize("access", ["everybody manages", "everybody reads"])
def test_nobody_hears_that_a_code_was_asked_for(make_slapd, access, who, questions):
    """Octet by octet, a directory in which Kim has asked for a code answers like one in which nobody ever has. (A policy
    governs all of it, so that the place where codes are kept is no place without rules.)"""
    everywhere = organization.policy("everywhere", SUFFIX, "adminReset")
    never = [*(each for each in entries(()) if each[0] != stored.CONTAINER), everywhere]
    # The codes come last, as they do in life: a search that had been sent all that it wanted would hear of one more.
    codes = [each for each in entries((KIM,)) if each[0].endswith(stored.CONTAINER)]
    asked, unasked = (told(start(make_slapd, access, entries=kept), who, questions())
                      for kept in ([*never, *codes], never))
    assert [name for name in asked if asked[name] != unasked[name]] == []


def test_nobody_hears_it_by_replication(make_slapd):
    """A consumer that is not a reader is not sent it, nor told that it is there."""
    slapd = start(make_slapd, "everybody manages", entries=entries((KIM,)))
    for query in QUERIES.values():
        answer = Raw(slapd).signed_in(LEE, secret_of(LEE)).ask(raw.search(SUFFIX, raw.SUBTREE, query, "*", "+"), SYNC)
        assert b"latchkeyrecovery" not in b"".join(answer.messages).lower().replace(b"latchkeyrecoveryaddress", b"")


def test_replication_reads_it(make_slapd):
    """Who is named in olcLatchkeyReader finds all of it."""
    reader = bound(start(make_slapd, "everybody reads"), READER)
    found = dict(reader.search_s(stored.CONTAINER, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["*", "+"]))
    assert set(found) == {stored.CONTAINER, *map(stored.recovery_dn, UUID.values())}
    assert {"latchkeyCode", "latchkeySealed", "latchkeyMessage"} <= set(found[ASKED])
    assert reader.compare_s(ASKED, "latchkeyRecoveryOf", UUID[KIM].encode())
