"""What stands against a reset is told before one tries: latchkeyResetVerdict, computed for the one who asks. Excluded
accounts, those with a password elsewhere, and blocked ones have a verdict of their own, whoever asks. And who may do something
for others: latchkeyRole."""

import ldap
import pytest
from ldap import MOD_REPLACE

from latchkey_testing import wire
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, NIGHT_ADMIN,
                                           PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, STRANGER, password_of)
from latchkey_testing.settings import ROOT_DN, ROOT_PASSWORD
from latchkey_testing.waiting import wait_for

VERDICT = "latchkeyResetVerdict"


def signed_in(slapd, dn):
    if not dn:
        return slapd.connect()
    return slapd.connect(dn, ROOT_PASSWORD if dn == ROOT_DN else password_of(dn))


def verdict(slapd, actor, target) -> str | None:
    (_dn, entry), = signed_in(slapd, actor).search_s(target, ldap.SCOPE_BASE, attrlist=[VERDICT])
    return entry[VERDICT][0].decode() if VERDICT in entry else None


@pytest.mark.parametrize("actor,target,expected", [
    (ROOT_DN, KIM, "allowed"),
    (GLOBAL_ADMIN, KIM, "allowed"),
    (SECOND_GLOBAL_ADMIN, GLOBAL_ADMIN, "allowed"),
    (NIGHT_ADMIN, KIM, "allowed"),
    (PASSWORD_ADMIN, GLOBAL_ADMIN, "reset-outranked"),
    (PASSWORD_ADMIN, HAN, "self-service-only"),
    (ROOT_DN, HAN, "self-service-only"),
    (LEE, KIM, "reset-needs-role"),
    (AUDITOR, KIM, "reset-needs-role"),
    (KIM, KIM, "allowed"),
    (None, KIM, None),
    (ROOT_DN, STRANGER, None),  # under no policy
])
def test_it_says_what_would_come(slapd, actor, target, expected):
    assert verdict(slapd, actor, target) == expected


@pytest.mark.parametrize("attributes", [["*"], ["+"], ["*", "+"], None])
def test_it_is_computed_only_when_asked_for(slapd, attributes):
    (_dn, entry), = slapd.root().search_s(KIM, ldap.SCOPE_BASE, attrlist=attributes)
    assert VERDICT not in entry


def test_a_whole_list_at_once(slapd):
    found = signed_in(slapd, PASSWORD_ADMIN).search_s(MANAGED, ldap.SCOPE_ONELEVEL, attrlist=["uid", VERDICT])
    verdicts = {entry["uid"][0]: entry[VERDICT][0] for _dn, entry in found}
    assert verdicts[b"kim"] == b"allowed" and verdicts[b"gadmin"] == b"reset-outranked"


STANDINGS = {
    "excluded": lambda root: root.modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyExclude", [b"(uid=ki*)"])]),
    "password-elsewhere": lambda root: root.modify_s(KIM, [(MOD_REPLACE, "userPassword", [b"{SASL}kim@EXAMPLE.ORG"])]),
    "blocked": lambda root: wire.exop(root, wire.ACCOUNT_BLOCK, wire.account(KIM)),
}


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
def test_no_role_gets_past_a_standing(make_slapd, standing, actor):
    slapd = make_slapd(ppolicy=False)
    STANDINGS[standing](slapd.root())
    assert verdict(slapd, actor, KIM) == standing
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        wire.password_modify(signed_in(slapd, actor), KIM)


@pytest.mark.parametrize("standing", STANDINGS)
def test_nor_does_a_recovery(make_slapd, standing):
    slapd = make_slapd(ppolicy=False)
    STANDINGS[standing](slapd.root())
    for user in ("kim", "lee"):
        wire.exop(slapd.connect(), wire.RECOVERY_REQUEST, wire.recovery_request(user))
    wait_for(lambda: slapd.log_tail(200).count("event=request") == 2)
    assert slapd.slapcat().count("kind=recoveryCode") == 1


def test_a_filter_that_is_none_excludes_everybody(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyExclude", [b"uid=(("])])
    assert verdict(slapd, ROOT_DN, KIM) == verdict(slapd, ROOT_DN, LEE) == "excluded"
    assert "latchkeyExclude is no filter" in slapd.log_tail(100)


def test_a_reason_where_the_policy_wants_one(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyReasonRequired", [b"TRUE"])])
    admin = signed_in(slapd, PASSWORD_ADMIN)
    for control in (None, wire.notify()):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="reason"):
            wire.password_modify(admin, KIM, control=control)
    assert slapd.signs_in(KIM, password_of(KIM))
    wire.password_modify(admin, KIM, control=wire.notify(reason="called the helpdesk"))


ROLE = "latchkeyRole"


def roles(slapd, actor, target) -> set[str]:
    (_dn, entry), = signed_in(slapd, actor).search_s(target, ldap.SCOPE_BASE, attrlist=[ROLE])
    return {value.decode() for value in entry.get(ROLE, [])}


@pytest.mark.parametrize("target, expected", [
    (GLOBAL_ADMIN, {"globalAdministrator"}), (PASSWORD_ADMIN, {"passwordAdministrator"}), (AUDITOR, {"auditor"}),
    (NIGHT_ADMIN, {"passwordAdministrator"}),  # a member of a group in the group
    (KIM, set())])
def test_what_somebody_may_do_for_others(slapd, target, expected):
    assert roles(slapd, GLOBAL_ADMIN, target) == expected
    assert roles(slapd, target, target) == expected
    assert roles(slapd, LEE, target) == set() == roles(slapd, None, target)


@pytest.mark.parametrize("attributes", [["*"], ["+"], ["*", "+"], None])
def test_a_role_is_computed_only_when_asked_for(slapd, attributes):
    (_dn, entry), = slapd.root().search_s(GLOBAL_ADMIN, ldap.SCOPE_BASE, attrlist=attributes)
    assert ROLE not in entry


def test_a_role_follows_its_group(slapd):
    (groups, entry), = slapd.root().search_s("dc=example,dc=org", ldap.SCOPE_SUBTREE, f"(member={PASSWORD_ADMIN})", ["member"])
    slapd.root().modify_s(groups, [(ldap.MOD_ADD, "member", [KIM.encode()])])
    assert roles(slapd, GLOBAL_ADMIN, KIM) == {"passwordAdministrator"}
    slapd.root().modify_s(groups, [(ldap.MOD_DELETE, "member", [KIM.encode()])])
    assert roles(slapd, GLOBAL_ADMIN, KIM) == set()


def test_nobody_is_found_by_a_role(slapd):
    assert slapd.root().search_s(MANAGED, ldap.SCOPE_SUBTREE, f"({ROLE}=*)") == []
