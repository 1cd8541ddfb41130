"""A change of roles or policies counts from the very next request on, however it was made.

Who has a role is who is a member of its group, or of a group in it, in the directory as it is now."""

import contextlib
import time
from collections.abc import Iterator

import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE

from latchkey_testing import organization, raw
from latchkey_testing.entries import entry, group
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, MANAGED_POLICY,
                                           NIGHT_ADMIN, OUTSIDE, PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, SELF, SELF_POLICY,
                                           SONG, STRANGER, password_of, person, policy, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.raw import Raw
from latchkey_testing.settings import POLICIES_DN, ROOT_DN, Entry
from latchkey_testing.transactions import Step, change, transact

ALLOWED, NO_SUCH_OBJECT, INSUFFICIENT, UNWILLING = 0, 32, 50, 53
PASSWORD_ADMINS = f"cn=password-admins,{GROUPS}"
HELPDESK = f"cn=helpdesk,{GROUPS}"
NIGHT_SHIFT = f"cn=night-shift,{GROUPS}"
NEW_GROUP = f"cn=new,{GROUPS}"
OVERLAY = "olcOverlay={1}latchkey,olcDatabase={1}mdb,cn=config"


def reset(connection, user: str) -> int:
    """The result code of a generated reset."""
    return result_of(connection.passwd_s, user, None, None)[0]


def write(connection, user: str) -> int:
    """The result code of a Modify of the password."""
    return result_of(connection.modify_s, user, [(MOD_REPLACE, "userPassword", [b"A-new-password-9"])])[0]


def listed(group_dn: str, *dns: str, how: int = MOD_ADD):
    """A change of the members of a group."""
    return lambda c: c.modify_s(group_dn, [(how, "member", [dn.encode() for dn in dns])])


def governed(how: int, name: str, *values: str):
    """A change of the policy of the managed subtree."""
    return lambda c: c.modify_s(MANAGED_POLICY, [(how, name, [value.encode() for value in values] or None)])


def new(fixture: Entry):
    """The Add of an entry of the fixtures."""
    dn, attributes = fixture
    return lambda c: c.add_s(dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()])


# Who loses what, and how: (who, what happens, the code after it).
TAKEN = {
    "member removed": (PASSWORD_ADMIN, listed(PASSWORD_ADMINS, PASSWORD_ADMIN, how=MOD_DELETE)),
    "members replaced": (PASSWORD_ADMIN, listed(PASSWORD_ADMINS, LEE, how=MOD_REPLACE)),
    "group deleted": (PASSWORD_ADMIN, lambda c: c.delete_s(PASSWORD_ADMINS)),
    "group renamed": (PASSWORD_ADMIN, lambda c: c.rename_s(PASSWORD_ADMINS, "cn=other")),
    "inmost member replaced": (NIGHT_ADMIN, listed(NIGHT_SHIFT, LEE, how=MOD_REPLACE)),
    "inmost group deleted": (NIGHT_ADMIN, lambda c: c.delete_s(NIGHT_SHIFT)),
    "inmost group renamed": (NIGHT_ADMIN, lambda c: c.rename_s(NIGHT_SHIFT, "cn=other")),
    "group taken out of the group": (NIGHT_ADMIN, listed(PASSWORD_ADMINS, HELPDESK, how=MOD_DELETE)),
    "other group named": (PASSWORD_ADMIN, governed(MOD_REPLACE, "latchkeyPasswordAdmins", f"cn=auditors,{GROUPS}")),
    "no group named": (PASSWORD_ADMIN, governed(MOD_DELETE, "latchkeyPasswordAdmins")),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_role_that_is_taken_away_is_gone_at_once(slapd, case):
    actor, take = TAKEN[case]
    connection = sign_in(slapd, actor)
    assert (reset(connection, KIM), write(connection, LEE)) == (ALLOWED, ALLOWED)
    take(slapd.root())
    assert (reset(connection, KIM), write(connection, LEE)) == (INSUFFICIENT, INSUFFICIENT)


# What makes LEE a password administrator, or the equal of one; one change after the other.
GIVEN = {
    "member added": [listed(PASSWORD_ADMINS, LEE)],
    "member added to the inmost group": [listed(NIGHT_SHIFT, LEE)],
    "group added to the group": [new(group("new", LEE)), listed(PASSWORD_ADMINS, NEW_GROUP)],
    "group that was named before": [listed(PASSWORD_ADMINS, NEW_GROUP), new(group("new", LEE))],
    "group renamed to what was named before": [
        new(group("old", LEE)), listed(PASSWORD_ADMINS, NEW_GROUP), lambda c: reset(c, NIGHT_ADMIN),
        lambda c: c.rename_s(f"cn=old,{GROUPS}", "cn=new")],
    "group of unique names": [
        new(entry(NEW_GROUP, {"objectClass": "groupOfUniqueNames", "cn": "new", "uniqueMember": LEE})),
        listed(PASSWORD_ADMINS, NEW_GROUP)],
    "another group named": [new(group("new", LEE)), governed(MOD_ADD, "latchkeyPasswordAdmins", NEW_GROUP)],
}


@pytest.mark.parametrize("case", GIVEN)
def test_a_role_that_is_given_counts_at_once(slapd, case):
    connection = sign_in(slapd, LEE)
    assert (reset(connection, KIM), write(connection, KIM)) == (INSUFFICIENT, INSUFFICIENT)
    for change in GIVEN[case]:
        change(slapd.root())
    assert (reset(connection, KIM), write(connection, KIM)) == (ALLOWED, ALLOWED)


def test_what_is_no_membership_gives_no_role(slapd):
    """Neither a value with an option, nor a name that only looks alike, nor being the group."""
    listed(PASSWORD_ADMINS, f"uid=lee2,{MANAGED}", f"cn=x,{LEE}", MANAGED)(slapd.root())
    for name in ("member;lang-ko", "description"):
        slapd.root().modify_s(PASSWORD_ADMINS, [(MOD_ADD, name, [LEE.encode()])])
    connection = sign_in(slapd, LEE)
    assert (reset(connection, KIM), write(connection, KIM)) == (INSUFFICIENT, INSUFFICIENT)


def test_groups_that_contain_each_other_end(make_slapd):
    """A ring of many groups, a group in itself, and the administrator at the far end."""
    names = [f"ring{number}" for number in range(60)]
    ring = [group(name, f"cn={after},{GROUPS}", f"cn={name},{GROUPS}", *([LEE] if name == "ring59" else []))
            for name, after in zip(names, [*names[1:], "password-admins"])]
    entries = [*organization.entries(), *ring]
    dict(entries)[PASSWORD_ADMINS]["member"].append(f"cn=ring0,{GROUPS}")
    slapd = make_slapd(entries)
    assert reset(sign_in(slapd, LEE), KIM) == ALLOWED
    assert reset(sign_in(slapd, HAN), KIM) == INSUFFICIENT


def by_root(change):
    """A change by the rootdn of a slapd."""
    return lambda slapd: change(slapd.root())


def configured(*subtrees: str, how: int = MOD_ADD, name: str = "olcLatchkeySelfServiceOnly"):
    """A change of the overlay's configuration while slapd runs."""
    return lambda slapd: slapd.config().modify_s(OVERLAY, [(how, name, [dn.encode() for dn in subtrees])])


def without_policies(slapd) -> None:
    """The policies are looked for elsewhere, so that only the configuration counts."""
    configured(f"ou=none,{POLICIES_DN}", how=MOD_REPLACE, name="olcLatchkeyPolicyBase")(slapd)
    configured(MANAGED)(slapd)


# What turns resets of KIM into something that is refused.
STRICTER = {
    "mode changed": by_root(governed(MOD_REPLACE, "latchkeyResetMode", "selfServiceOnly")),
    "mode deleted": by_root(governed(MOD_DELETE, "latchkeyResetMode")),
    "policy added for the same scope": by_root(new(policy("nearer", MANAGED, "selfServiceOnly"))),
    "policy added for the user alone": by_root(new(policy("nearer", KIM, "selfServiceOnly"))),
    "scope of another policy widened": by_root(
        lambda c: c.modify_s(SELF_POLICY, [(MOD_ADD, "latchkeyScope", [KIM.encode()])])),
    "scope given to the configuration": configured(MANAGED),
    "user given to the configuration": configured(KIM),
    "policy base moved": without_policies,
}


@pytest.mark.parametrize("case", STRICTER)
def test_a_stricter_policy_counts_at_once(slapd, case):
    connections = [sign_in(slapd, actor) for actor in (PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN)]
    assert [reset(connection, KIM) for connection in connections] == [ALLOWED] * 3
    STRICTER[case](slapd)
    assert [reset(connection, KIM) for connection in connections] == [UNWILLING] * 3
    assert [write(connection, KIM) for connection in connections] == [UNWILLING] * 3


def test_the_configuration_goes_before_any_policy(make_slapd):
    """Whatever policies say, in the order of who might say it, and enforced even where they only observe."""
    slapd = make_slapd([*organization.entries(), person("deep", f"uid=han,{SELF}", "Deep")],
                       latchkey={"olcLatchkeySelfServiceOnly": [SELF]})
    root = slapd.root()
    root.modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"adminReset"]),
                                (MOD_REPLACE, "latchkeyEnforcement", [b"observe"])])
    new(policy("nearer", HAN, "adminReset"))(root)
    for user in (HAN, f"uid=deep,{HAN}", SONG):
        assert (reset(root, user), write(root, user)) == (UNWILLING, UNWILLING)
    slapd.config().modify_s(OVERLAY, [(MOD_DELETE, "olcLatchkeySelfServiceOnly", None)])
    assert reset(root, HAN) == ALLOWED


def test_the_configuration_needs_no_policy(slapd):
    """A subtree that no policy governs is self-service only as soon as cn=config says so, and no longer than that."""
    assert write(slapd.root(), STRANGER) == ALLOWED
    configured(OUTSIDE)(slapd)
    assert (reset(slapd.root(), STRANGER), write(slapd.root(), STRANGER)) == (UNWILLING, UNWILLING)
    configured(OUTSIDE, how=MOD_DELETE)(slapd)
    assert write(slapd.root(), STRANGER) == ALLOWED


def test_a_policy_that_is_gone_governs_nobody(slapd):
    """Then slapd's ACLs alone decide, as without Latchkey."""
    connection = sign_in(slapd, LEE)
    assert write(connection, HAN) == UNWILLING
    slapd.root().delete_s(SELF_POLICY)
    assert write(connection, HAN) == ALLOWED


# Transactions.

SELF_SERVICE = (MOD_REPLACE, "latchkeyResetMode", [b"selfServiceOnly"])
ADMIN_RESET = (MOD_REPLACE, "latchkeyResetMode", [b"adminReset"])
PASSWORD = (MOD_REPLACE, "userPassword", [b"A-new-password-9"])
HARMLESS = (MOD_REPLACE, "description", [b"x"])
# Others have time to read meanwhile.
SLOW = (MOD_REPLACE, "description", [f"line {number}".encode() for number in range(20_000)])


def test_what_is_not_committed_is_no_rule(slapd):
    """Not even after somebody has looked at it within the transaction."""
    # back-mdb loses the number of an attribute whose first use is a write that fails; so all are used before.
    sign_in(slapd, SONG).passwd_s(None, None, "Chosen-by-Song-1")
    assert (reset(slapd.root(), KIM), reset(slapd.root(), SONG)) == (ALLOWED, UNWILLING)
    assert transact(slapd.root(), change(SELF_POLICY, ADMIN_RESET), change(HAN, PASSWORD),
                    change(f"uid=nobody,{SELF}", HARMLESS)) == NO_SUCH_OBJECT
    assert transact(slapd.root(), change(PASSWORD_ADMINS, (MOD_ADD, "member", [f"cn=auditors,{GROUPS}".encode()])),
                    change(KIM, PASSWORD), change(f"uid=nobody,{SELF}", HARMLESS)) == NO_SUCH_OBJECT
    assert (reset(slapd.root(), HAN), reset(sign_in(slapd, AUDITOR), KIM)) == (UNWILLING, INSUFFICIENT)
    assert slapd.signs_in(HAN, password_of(HAN))


# A look of somebody's, and an attempt, which reads the tree as it is at each moment: a stranger's is refused.
LOOK = raw.search(KIM, raw.BASE, raw.present("objectClass"), "latchkeyResetVerdict")
ATTEMPT = raw.password_modify(KIM)
AT_ONCE = 300  # of them are as many as slapd takes from one connection, and more than it does in a transaction


@contextlib.contextmanager
def asked_ahead(slapd, request: bytes, who: str) -> Iterator[Step]:
    """A step of a transaction with which WHO sends so many requests that slapd works on them while the transaction ends,
    whether or not this process gets its turn meanwhile."""
    with Raw(slapd).signed_in(who, password_of(who)) as connection:
        waiting = [0]

        def ask(*_transaction) -> None:
            for _ in range(waiting[0]):
                connection.answer()
            waiting[0] = AT_ONCE
            connection.send_together(*[(request,)] * AT_ONCE)

        yield ask


@pytest.mark.parametrize("request_, who", [(LOOK, PASSWORD_ADMIN), (ATTEMPT, STRANGER)], ids=["looks", "tries"])
def test_what_is_committed_is_the_rule(slapd, request_, who):
    """Also for those who asked while the transaction was under way."""
    with asked_ahead(slapd, request_, who) as others_ask:
        for mode, expected in [(SELF_SERVICE, UNWILLING), (ADMIN_RESET, ALLOWED)] * 5:
            steps = [change(MANAGED_POLICY, mode), change(LEE, SLOW), others_ask]
            assert transact(slapd.root(), *steps) == 0
            assert reset(slapd.root(), KIM) == expected


GLOBAL_ADMINS, TEAM = f"cn=global-admins,{GROUPS}", f"cn=directory-team,{GROUPS}"
# Who ends a transaction with a password, after what, and what they hear then.
JUDGED = {
    "policy": (ROOT_DN, change(MANAGED_POLICY, SELF_SERVICE), UNWILLING),
    "group": (SECOND_GLOBAL_ADMIN, change(GLOBAL_ADMINS, (MOD_DELETE, "member", [TEAM.encode()])), INSUFFICIENT),
}


@pytest.mark.parametrize("case", JUDGED)
def test_a_transaction_is_judged_by_what_it_has_changed(slapd, case):
    """Whatever others have read meanwhile."""
    who, changed, result = JUDGED[case]
    slapd.root().modify_s(LEE, [HARMLESS])  # no attribute's first use is in a write that fails
    with asked_ahead(slapd, ATTEMPT, STRANGER) as others_ask:
        for _ in range(20):
            connection = sign_in(slapd, who)
            assert transact(connection, changed, change(LEE, SLOW), change(KIM, PASSWORD), others_ask) == result


@pytest.fixture
def crowded(start):
    """A slapd with so many people that a look at all of them begins before a change and ends after it."""
    return start(*(person(f"crowd{number}", MANAGED, f"Crowd {number}") for number in range(450)), port=True)


@contextlib.contextmanager
def under_way(slapd) -> Iterator[None]:
    """A search of everybody has begun before the block, and goes on to read the tree as it was then. All that it finds fits
    into what a port holds for who does not read it yet: otherwise slapd would wait, and look anew."""
    with Raw(slapd, ("127.0.0.1", 0)).signed_in(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)) as connection:
        connection.send(raw.search(MANAGED, raw.SUBTREE, raw.present("uid"), "latchkeyResetVerdict"))
        connection.begun()
        yield
        assert len(connection.answer().messages) > 450


def test_each_change_of_a_policy_counts_at_once(slapd):
    """Again and again: one who comes while slapd is still busy with a change is judged anew in any case."""
    for mode, expected in [(SELF_SERVICE, UNWILLING), (ADMIN_RESET, ALLOWED)] * 20:
        slapd.root().modify_s(MANAGED_POLICY, [mode])
        assert reset(slapd.root(), KIM) == expected


def test_each_change_of_a_group_counts_at_once(slapd):
    for how, expected in [(MOD_DELETE, INSUFFICIENT), (MOD_ADD, ALLOWED)] * 20:
        listed(PASSWORD_ADMINS, HELPDESK, how=how)(slapd.root())
        assert reset(sign_in(slapd, NIGHT_ADMIN), KIM) == expected


def test_a_search_that_began_before_a_change_brings_no_old_policy_back(crowded):
    """It goes on to read the tree as it was; others do not."""
    root = crowded.root()
    for mode, expected in [(SELF_SERVICE, UNWILLING), (ADMIN_RESET, ALLOWED)] * 20:
        with under_way(crowded):
            root.modify_s(MANAGED_POLICY, [mode])
        assert reset(root, KIM) == expected


def test_a_search_that_began_before_a_change_brings_no_old_group_back(crowded):
    root, admin = crowded.root(), sign_in(crowded, NIGHT_ADMIN)
    for how, expected in [(MOD_DELETE, INSUFFICIENT), (MOD_ADD, ALLOWED)] * 20:
        with under_way(crowded):
            listed(PASSWORD_ADMINS, HELPDESK, how=how)(root)
        assert reset(admin, KIM) == expected


def test_nor_does_one_that_began_with_a_second(crowded):
    """For some milliseconds clocks of slapd's do not agree on which second it is."""
    root = crowded.root()
    for mode, expected in [(SELF_SERVICE, UNWILLING), (ADMIN_RESET, ALLOWED)] * 2:
        time.sleep(1 - time.time() % 1)
        with under_way(crowded):
            root.modify_s(MANAGED_POLICY, [mode])
        assert reset(root, KIM) == expected


def test_a_changed_policy_outlives_a_restart(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"selfServiceOnly"])])
    slapd.restart()
    assert reset(slapd.root(), KIM) == UNWILLING


# A policy that contradicts itself is taken for the strictest that it can mean.
CONTRADICTIONS = {
    "unknown mode": {"latchkeyResetMode": "everybody"},
    "no mode": {"latchkeyResetMode": None},
    "unknown enforcement": {"latchkeyResetMode": "selfServiceOnly", "latchkeyEnforcement": "perhaps"},
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradictory_policy_is_the_strictest_it_can_be(make_slapd, case):
    entries = [each for each in organization.entries() if each[0] != MANAGED_POLICY]
    slapd = make_slapd([*entries, policy("managed", MANAGED, "", **CONTRADICTIONS[case])])
    assert reset(slapd.root(), KIM) == UNWILLING
    assert slapd.log.read_text().count(f'policy "{MANAGED_POLICY}": latchkey') == 1


@pytest.mark.parametrize("mode, expected", [("selfServiceOnly", UNWILLING), ("adminReset", ALLOWED)])
def test_of_two_policies_for_one_scope_the_stricter_counts(make_slapd, mode, expected):
    slapd = make_slapd([*organization.entries(), policy("a", MANAGED, "adminReset"), policy("z", MANAGED, mode)])
    assert reset(slapd.root(), KIM) == expected
