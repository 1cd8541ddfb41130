"""Nobody reads what is not theirs: the state of the messages about a user is readable by that user, by who may reset
them, by auditors and by the mailer, a hash or a sealed text by replication alone, whatever slapd's ACLs say and by
whatever operation one looks. (That somebody has asked for a code: test_nobody_hears_of_codes.py.)"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ldap
import ldap.schema
import pytest
from ldap.controls import RequestControl
from ldap.controls.deref import DereferenceControl
from ldap.controls.libldap import AssertionControl, MatchedValuesControl
from ldap.controls.readentry import PostReadControl, PreReadControl
from ldap.controls.sss import SSSRequestControl

from latchkey_testing import organization, stored, wire
from latchkey_testing.entries import entry, name_of
from latchkey_testing.organization import AUDITOR, GLOBAL_ADMIN, GROUPS, KIM, LEE, MANAGED, PASSWORD_ADMIN
from latchkey_testing.readers import (ACCESS, ADMINS, COMPUTED, OIDS, READER, STATE, UUID, VALUES, WHO, bound, entries,
                                       may_read, start)
from latchkey_testing.settings import MAILER_DN, ROOT_DN, SUFFIX


# The ways to look at one attribute of one entry. Each says whether something was learned.


@dataclass
class Look:
    """One attempt: by CONNECTION, at ATTRIBUTE of the entry DN, whose value is VALUE. NEARBY: in that entry alone."""

    connection: ldap.ldapobject.LDAPObject
    dn: str
    attribute: str
    value: bytes
    nearby: bool = False

    def search(self, query: str = "(objectClass=*)", scope: int = ldap.SCOPE_BASE, attributes=("1.1",),
               controls=()) -> list:
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
        return at.dn in [dn for dn, _entry in at.search(wanted, ldap.SCOPE_BASE if at.nearby else scope)]
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
    "search by name in capitals": shown(*(each.upper() for each in VALUES)),
    "search by identifier": shown("{oid}"),
    "search for types": shown("+", types_only=1),
    "presence": matched("({0}=*)"),
    "presence, base": matched("({0}=*)", ldap.SCOPE_BASE),
    "presence by identifier": matched("({oid}=*)"),
    "equality": matched("({0}={1})"),
    "approximately": matched("({0}~={1})"),
    "extensible": matched("({0}:={1})"),
    "extensible, DN parts": matched("({0}:dn:={1})"),
    "extensible, rule": matched("({0}:octetStringMatch:={1})"),
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
    ("extensible, rule", each) for each in ("latchkeyDue", "latchkeySerial", "latchkeyBlocked",
                                            "latchkeyTemporaryUntil", "latchkeyFailedMessage", "latchkeyExpiryNoted")}


def surprises(looks: dict[str, Callable[[Look], bool]], connection, who: str) -> Iterator[str]:
    """Each look that taught more or less than was promised. Who has no role finds by a filter only in the own entry."""
    for target in UUID:
        nearby = who == target and who not in ADMINS
        for attribute, value in VALUES.items():
            promised = may_read(who, target, attribute)
            for name, look in looks.items():
                try:
                    learned = look(Look(connection, target, attribute, value, nearby))
                except (NotPossible, ldap.NO_SUCH_OBJECT):
                    continue
                if learned != promised and not (promised and (name, attribute) in NEVER_TRUE):
                    yield f"{name}: {attribute} of {name_of(target)} is {'read' if learned else 'hidden'}"


@pytest.mark.parametrize("who", WHO, ids=lambda dn: name_of(dn) if dn else "nobody")
@pytest.mark.parametrize("access", ACCESS)
def test_a_users_state_is_read_by_who_may_and_by_nobody_else(make_slapd, access, who):
    everybody = organization.group("everybody", *UUID)
    slapd = start(make_slapd, access, entries=[*entries(), everybody])
    assert list(surprises(LOOKS, bound(slapd, who), who)) == []


def test_every_attribute_is_looked_at(slapd):
    """All that Latchkey keeps to itself by its schema; an attribute that is new there belongs into the table."""
    _dn, schema = ldap.schema.urlfetch(slapd.uri)
    known = [schema.get_obj(ldap.schema.AttributeType, oid) for oid in schema.listall(ldap.schema.AttributeType)]
    kept = {each.names[0] for each in known if each.names and each.names[0].startswith("latchkey") and each.usage == 1}
    of_monitor = {name for name in kept if name.startswith("latchkeyMonitor")}  # stored nowhere: test_monitor.py
    assert kept - of_monitor == {*VALUES, *COMPUTED}


@pytest.mark.parametrize("who", WHO, ids=lambda dn: name_of(dn) if dn else "nobody")
def test_what_is_computed_is_told_to_the_same(make_slapd, who):
    """Which methods somebody has enrolled is state like what is stored; a verdict is about the one who asks."""
    connection = bound(start(make_slapd, "everybody manages"), who)
    for target in UUID:
        (_dn, told), = connection.search_s(target, ldap.SCOPE_BASE, "(objectClass=*)", [*COMPUTED])
        assert ("latchkeyMethodState" in told) == may_read(who, target, "latchkeyMessage")
        assert "latchkeyRole" not in told or may_read(who, target, "latchkeyMessage")
        assert who or not told, "and strangers are told nothing"


def test_each_look_sees_what_may_be_seen(make_slapd):
    """The control: who may read everything finds it in each of the ways."""
    everybody = organization.group("everybody", *UUID)
    connection = bound(start(make_slapd, "everybody manages", entries=[*entries(), everybody]), READER)
    blind = [name for name, look in LOOKS.items()
             if not any(look(Look(connection, KIM, attribute, value)) for attribute, value in VALUES.items())]
    assert blind == []


@pytest.mark.parametrize("who", [LEE, AUDITOR, READER, ROOT_DN], ids=name_of)
def test_nothing_is_sorted_by_it(make_slapd, who):
    """Sorting happens without asking for access, so it must not be possible at all."""
    connection = bound(start(make_slapd, "everybody manages"), who)
    assert [name for name in VALUES if sorted_by(Look(connection, KIM, name, b""))] == []


@pytest.mark.parametrize("who", [KIM, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, MAILER_DN], ids=name_of)
def test_state_is_read_where_acls_grant_nothing_else(make_slapd, who):
    """The right is given by the policy, no ACL need say so; the entry itself must be one that the reader may see."""
    slapd = make_slapd(entries=entries(), access=("to attrs=entry by users read", "to * by anonymous auth"))
    (_dn, shown_to), = bound(slapd, who).search_s(KIM, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["*", "+"])
    assert {name: values for name, values in shown_to.items() if name not in COMPUTED} == {
        name: [VALUES[name]] for name in STATE}
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
    unit = entry(odd, {"objectClass": "organizationalUnit", "ou": "odd", "latchkeyMessage": stored.message(9)})
    slapd = make_slapd(entries=[*entries(), unit])
    assert bound(slapd, LEE).search_s(odd, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["+"]) == []
    assert bound(slapd, AUDITOR).search_s(odd, ldap.SCOPE_BASE, "(latchkeyMessage=*)", ["1.1"])
