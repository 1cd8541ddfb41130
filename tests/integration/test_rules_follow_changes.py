"""A change of roles or policies counts from the very next request on, however it was made.

Who has a role is who is a member of its group, or of a group in it, in the directory as it is now."""

import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE

from latchkey_testing import organization
from latchkey_testing.entries import entry, group
from latchkey_testing.organization import (GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, NIGHT_ADMIN, PASSWORD_ADMIN,
                                           SELF, SELF_POLICY, person, policy, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import POLICIES_DN, ROOT_DN

ALLOWED, INSUFFICIENT, UNWILLING = 0, 50, 53
PASSWORD_ADMINS = f"cn=password-admins,{GROUPS}"
HELPDESK = f"cn=helpdesk,{GROUPS}"
NIGHT_SHIFT = f"cn=night-shift,{GROUPS}"
OVERLAY = "olcOverlay={1}latchkey,olcDatabase={1}mdb,cn=config"


def reset(connection, user: str) -> int:
    """The result code of a generated reset."""
    return result_of(connection.passwd_s, user, None, None)[0]


def write(connection, user: str) -> int:
    """The result code of a Modify of the password."""
    return result_of(connection.modify_s, user, [(MOD_REPLACE, "userPassword", [b"A-new-password-9"])])[0]


def added(dn_and_attributes) -> tuple:
    """What add_s() takes for an entry of the fixture."""
    dn, attributes = dn_and_attributes
    return dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()]


# Who loses what, and how: (who, what happens, the code after it).
TAKEN = {
    "member removed": (PASSWORD_ADMIN, lambda c: c.modify_s(PASSWORD_ADMINS, [(MOD_DELETE, "member", [PASSWORD_ADMIN.encode()])])),
    "members replaced": (PASSWORD_ADMIN, lambda c: c.modify_s(PASSWORD_ADMINS, [(MOD_REPLACE, "member", [LEE.encode()])])),
    "group deleted": (PASSWORD_ADMIN, lambda c: c.delete_s(PASSWORD_ADMINS)),
    "group renamed": (PASSWORD_ADMIN, lambda c: c.rename_s(PASSWORD_ADMINS, "cn=other")),
    "inmost member replaced": (NIGHT_ADMIN, lambda c: c.modify_s(NIGHT_SHIFT, [(MOD_REPLACE, "member", [LEE.encode()])])),
    "inmost group deleted": (NIGHT_ADMIN, lambda c: c.delete_s(NIGHT_SHIFT)),
    "inmost group renamed": (NIGHT_ADMIN, lambda c: c.rename_s(NIGHT_SHIFT, "cn=other")),
    "group taken out of the group": (NIGHT_ADMIN, lambda c: c.modify_s(PASSWORD_ADMINS, [(MOD_DELETE, "member", [HELPDESK.encode()])])),
    "other group named": (PASSWORD_ADMIN, lambda c: c.modify_s(
        MANAGED_POLICY, [(MOD_REPLACE, "latchkeyPasswordAdmins", [f"cn=auditors,{GROUPS}".encode()])])),
    "no group named": (PASSWORD_ADMIN, lambda c: c.modify_s(MANAGED_POLICY, [(MOD_DELETE, "latchkeyPasswordAdmins", None)])),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_role_that_is_taken_away_is_gone_at_once(slapd, case):
    actor, take = TAKEN[case]
    connection = sign_in(slapd, actor)
    assert (reset(connection, KIM), write(connection, LEE)) == (ALLOWED, ALLOWED)
    take(slapd.root())
    assert (reset(connection, KIM), write(connection, LEE)) == (INSUFFICIENT, INSUFFICIENT)


# What makes LEE a password administrator, or the equal of one.
GIVEN = {
    "member added": lambda c: c.modify_s(PASSWORD_ADMINS, [(MOD_ADD, "member", [LEE.encode()])]),
    "member added to the inmost group": lambda c: c.modify_s(NIGHT_SHIFT, [(MOD_ADD, "member", [LEE.encode()])]),
    "group added to the group": lambda c: (c.add_s(*added(group("new", LEE))),
                                           c.modify_s(PASSWORD_ADMINS, [(MOD_ADD, "member", [f"cn=new,{GROUPS}".encode()])])),
    "group that was named before": lambda c: (c.modify_s(PASSWORD_ADMINS, [(MOD_ADD, "member", [f"cn=new,{GROUPS}".encode()])]),
                                              c.add_s(*added(group("new", LEE)))),
    "group of unique names": lambda c: (
        c.add_s(*added(entry(f"cn=new,{GROUPS}", {"objectClass": "groupOfUniqueNames", "cn": "new", "uniqueMember": LEE}))),
        c.modify_s(PASSWORD_ADMINS, [(MOD_ADD, "member", [f"cn=new,{GROUPS}".encode()])])),
    "another group named": lambda c: (c.add_s(*added(group("new", LEE))),
                                      c.modify_s(MANAGED_POLICY, [(MOD_ADD, "latchkeyPasswordAdmins", [f"cn=new,{GROUPS}".encode()])])),
}


@pytest.mark.parametrize("case", GIVEN)
def test_a_role_that_is_given_counts_at_once(slapd, case):
    connection = sign_in(slapd, LEE)
    assert (reset(connection, KIM), write(connection, KIM)) == (INSUFFICIENT, INSUFFICIENT)
    GIVEN[case](slapd.root())
    assert (reset(connection, KIM), write(connection, KIM)) == (ALLOWED, ALLOWED)


def test_what_is_no_membership_gives_no_role(slapd):
    """Neither a value with an option, nor a name that only looks alike, nor being the group."""
    slapd.root().modify_s(PASSWORD_ADMINS, [(MOD_ADD, "member;lang-ko", [LEE.encode()]), (MOD_ADD, "description", [LEE.encode()]),
                                            (MOD_ADD, "member", [f"uid=lee2,{MANAGED}".encode(), f"cn=x,{LEE}".encode()]),
                                            (MOD_ADD, "member", [MANAGED.encode()])])
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


NEARER = policy("nearer", MANAGED, "selfServiceOnly")

# What turns resets of KIM into something that is refused.
STRICTER = {
    "mode changed": lambda s: s.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"selfServiceOnly"])]),
    "mode deleted": lambda s: s.root().modify_s(MANAGED_POLICY, [(MOD_DELETE, "latchkeyResetMode", None)]),
    "policy added for the same scope": lambda s: s.root().add_s(*added(NEARER)),
    "policy added for the user alone": lambda s: s.root().add_s(*added(policy("nearer", KIM, "selfServiceOnly"))),
    "scope of another policy widened": lambda s: s.root().modify_s(SELF_POLICY, [(MOD_ADD, "latchkeyScope", [KIM.encode()])]),
    "scope given to the configuration": lambda s: s.config().modify_s(OVERLAY, [(MOD_ADD, "olcLatchkeySelfServiceOnly",
                                                                                 [MANAGED.encode()])]),
    "user given to the configuration": lambda s: s.config().modify_s(OVERLAY, [(MOD_ADD, "olcLatchkeySelfServiceOnly",
                                                                                [KIM.encode()])]),
    "policy base moved": lambda s: s.config().modify_s(OVERLAY, [
        (MOD_REPLACE, "olcLatchkeyPolicyBase", [f"ou=none,{POLICIES_DN}".encode()]),
        (MOD_ADD, "olcLatchkeySelfServiceOnly", [MANAGED.encode()])]),
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
    root.modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"adminReset"]), (MOD_REPLACE, "latchkeyEnforcement", [b"observe"])])
    root.add_s(*added(policy("nearer", HAN, "adminReset")))
    for user in (HAN, f"uid=deep,{HAN}"):
        assert (reset(root, user), write(root, user)) == (UNWILLING, UNWILLING)
    slapd.config().modify_s(OVERLAY, [(MOD_DELETE, "olcLatchkeySelfServiceOnly", None)])
    assert reset(root, HAN) == ALLOWED


def test_a_policy_that_is_gone_governs_nobody(slapd):
    """Then slapd's ACLs alone decide, as without Latchkey."""
    connection = sign_in(slapd, LEE)
    assert write(connection, HAN) == UNWILLING
    slapd.root().delete_s(SELF_POLICY)
    assert write(connection, HAN) == ALLOWED


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
