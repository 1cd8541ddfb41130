"""Recovery: who has lost the password gets back in with a mailed code, and nobody else does.

With a new password, or keeping the one that only failed sign-ins have locked; by Latchkey's own operation or by the
Password Modify that every LDAP client knows; under slapo-ppolicy's rules on quality and history, but stopped neither by
a lock that strangers can cause nor by rules that are made for people who know their password."""

import pytest
from ldap import MOD_REPLACE

from latchkey_testing import entries as make
from latchkey_testing import organization, recovery, wire
from latchkey_testing.entries import hashed, name_of
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, INSIDE_DOMAIN, KIM, LEE, SELF, SELF_ADMIN, SONG,
                                           lock_out, password_of, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.recovery import WAYS, by_own_operation as complete
from latchkey_testing.settings import DEFAULT_PPOLICY_DN, POLICIES_DN
from latchkey_testing.stored import moment

NEW = "A-new-password-9"
def address_of(dn: str) -> str:
    """Where the fixture's people get their codes."""
    return f"{name_of(dn)}@example.net"


def code_of(slapd, mailer, dn: str, user: str | None = None) -> str:
    """A code for DN, who calls themself USER."""
    return recovery.code_for(slapd, mailer, user or dn, address_of(dn))


def with_changes(changes: dict[str, dict[str, list[str]]], *more, **ppolicy) -> list:
    """The organization with attributes of entries replaced, further entries and settings of slapo-ppolicy."""
    found = [*organization.entries(), *more]
    for dn, attributes in {DEFAULT_PPOLICY_DN: {name: [value] for name, value in ppolicy.items()}, **changes}.items():
        dict(found)[dn].update(attributes)
    return found


# Getting back in.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dn, user", [(KIM, KIM), (KIM, "kim"), (HAN, "han@" + INSIDE_DOMAIN), (HAN, HAN.upper()),
                                      (SELF_ADMIN, "sadmin"), (GLOBAL_ADMIN, "gadmin")])
def test_a_code_gives_a_new_password(slapd, mailer, dn, user, way):
    """To administrators too, in either subtree, and whatever they are called by."""
    code = code_of(slapd, mailer, dn, user)
    assert WAYS[way](slapd, user, code, NEW)[0] == 0
    assert slapd.signs_in(dn, NEW) and not slapd.signs_in(dn, password_of(dn))


@pytest.mark.parametrize("user", [SONG, "song", "song@" + INSIDE_DOMAIN])
@pytest.mark.parametrize("new", ["A-new-password-9", None])
def test_ldappasswd_is_enough(slapd, mailer, user, new):
    """It has never heard of Latchkey; without -s the directory draws a password and shows it."""
    code = code_of(slapd, mailer, SONG, user)
    done = slapd.tool("ldappasswd", "-a", code, *(["-s", new] if new else []), user)
    shown = new or done.stdout.split()[-1]
    assert slapd.signs_in(SONG, shown) and len(shown) >= 16


def mistype(slapd) -> None:
    """What strangers do to LEE."""
    lock_out(slapd, LEE)


# How LEE gets locked: what the entry and slapo-ppolicy's policy say, and what happens then.
LOCKS = {
    "for good by failures": ({}, {"pwdLockoutDuration": "0"}, mistype),
    "for a time by failures": ({}, {"pwdLockoutDuration": "3600"}, mistype),
    # (slapd 2.5.13 ends with "stack smashing detected" where it would write this attribute itself.)
    "by a delay": ({"pwdAccountTmpLockoutEnd": [moment(3600)]}, {}, lambda slapd: None),
}


@pytest.mark.parametrize("new", [None, NEW], ids=["keeping", "new"])
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_from_failed_sign_ins_is_lifted(start, mailer, lock, new):
    attributes, policy, happen = LOCKS[lock]
    slapd = start(entries=with_changes({LEE: attributes}, **policy))
    happen(slapd)
    assert not slapd.signs_in(LEE, password_of(LEE))
    code = code_of(slapd, mailer, LEE, "lee")
    assert complete(slapd, "lee", code, new)[0] == 0
    assert not {"pwdAccountLockedTime", "pwdFailureTime", "pwdAccountTmpLockoutEnd"} & set(slapd.entry(LEE))
    assert slapd.signs_in(LEE, new or password_of(LEE))


OLD = "20200101000000Z"
EXPIRED = {
    "by the default policy": with_changes({KIM: {"pwdChangedTime": [OLD]}}, pwdMaxAge="86400"),
    "by a policy of one's own": with_changes(
        {KIM: {"pwdChangedTime": [OLD], "pwdPolicySubentry": [f"cn=own,{POLICIES_DN}"]}},
        make.entry(f"cn=own,{POLICIES_DN}", {"objectClass": ["device", "pwdPolicy"], "cn": "own",
                                             "pwdAttribute": "userPassword", "pwdMaxAge": "86400"})),
    "a temporary one": with_changes({KIM: {"userPassword": ["{LATCHKEY-TEMP}" + OLD + hashed(password_of(KIM))]}}),
}


@pytest.mark.parametrize("case", EXPIRED)
def test_an_expired_password_is_not_kept(start, mailer, case):
    """The answer says what to do, and the code stays good for it."""
    slapd = start(entries=EXPIRED[case])
    code = code_of(slapd, mailer, KIM, "kim")
    assert complete(slapd, "kim", code) == (53, "the password has expired: choose a new one")
    assert complete(slapd, "kim", code, NEW)[0] == 0
    assert slapd.signs_in(KIM, NEW)


def test_a_temporary_password_that_still_works_is_kept_as_it_is(slapd, mailer):
    temporary, _control = wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), KIM)
    before = slapd.entry(KIM, "userPassword")
    code = code_of(slapd, mailer, KIM, "kim")
    assert complete(slapd, "kim", code)[0] == 0
    assert slapd.entry(KIM, "userPassword") == before and slapd.entry(KIM)["pwdReset"] == [b"TRUE"]
    assert slapd.signs_in(KIM, temporary)


def test_a_new_password_need_not_be_changed_again(slapd, mailer):
    wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), KIM)
    code = code_of(slapd, mailer, KIM, "kim")
    assert complete(slapd, "kim", code, NEW)[0] == 0
    assert "pwdReset" not in slapd.entry(KIM)
    assert slapd.entry(KIM, "userPassword")["userPassword"][0].startswith(b"{SSHA}")
    slapd.connect(KIM, NEW).modify_s(KIM, [(MOD_REPLACE, "description", [b"at work again"])])


def test_who_never_had_a_password_sets_the_first_one(slapd, mailer):
    dn = f"uid=new,{SELF}"
    slapd.root().add_s(dn, [("objectClass", [b"inetOrgPerson", b"latchkeyUser"]), ("uid", [b"new"]), ("cn", [b"New"]),
                            ("sn", [b"New"]), ("latchkeyRecoveryAddress", [b"new@example.net"])])
    code = code_of(slapd, mailer, dn, "new")
    assert complete(slapd, "new", code, NEW)[0] == 0
    assert slapd.signs_in(dn, NEW)


@pytest.mark.parametrize("end", ["restart", "kill"])
def test_a_code_outlives_slapd(slapd, mailer, end):
    code = code_of(slapd, mailer, KIM, "kim")
    if end == "restart":
        slapd.stop()
    else:
        slapd.kill()
    slapd.start()
    assert complete(slapd, "kim", code, NEW)[0] == 0


# slapo-ppolicy.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", [{}, {"latchkey_first": False}], ids=["before-ppolicy", "after-ppolicy"])
def test_quality_and_history_hold(start, mailer, order, way):
    """A password that is refused leaves the code valid, for as often as it takes."""
    slapd = start(**order)
    user = sign_in(slapd, KIM)
    user.passwd_s(KIM, password_of(KIM), "The-second-password-2")
    code = code_of(slapd, mailer, KIM, "kim")
    for refused in ("short", password_of(KIM), "The-second-password-2", "{SSHA}" + "x" * 32):
        result, text = WAYS[way](slapd, "kim", code, refused)
        assert (result, bool(text)) == (19, True), refused
    assert WAYS[way](slapd, "kim", code, NEW)[0] == 0
    assert slapd.signs_in(KIM, NEW)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", [{}, {"latchkey_first": False}], ids=["before-ppolicy", "after-ppolicy"])
@pytest.mark.parametrize("rule", [{"pwdMinAge": "86400"}, {"pwdSafeModify": "TRUE"}, {"pwdAllowUserChange": "FALSE"},
                                  {"pwdMinAge": "86400", "pwdSafeModify": "TRUE", "pwdAllowUserChange": "FALSE"}],
                         ids=lambda rule: "+".join(rule))
def test_rules_for_who_knows_the_password_do_not_stop_a_recovery(start, mailer, rule, order, way):
    """Nor do they stop to hold for everybody else, and quality and history hold here too."""
    slapd = start(entries=with_changes({KIM: {"pwdChangedTime": [moment(-60)]}}, **rule), **order)
    assert result_of(sign_in(slapd, KIM).modify_s, KIM, [(MOD_REPLACE, "userPassword", [b"By-the-user-1"])])[0] != 0
    code = code_of(slapd, mailer, KIM, "kim")
    assert WAYS[way](slapd, "kim", code, "short")[0] == 19
    assert WAYS[way](slapd, "kim", code, password_of(KIM))[0] == 19
    assert WAYS[way](slapd, "kim", code, NEW)[0] == 0
    assert slapd.signs_in(KIM, NEW)
    changed = slapd.entry(KIM, "pwdChangedTime")["pwdChangedTime"][0].decode()
    assert changed > moment(-30)


@pytest.mark.parametrize("way", WAYS)
def test_without_ppolicy_it_works_as_well(start, mailer, way):
    slapd = start(ppolicy=False)
    code = code_of(slapd, mailer, KIM, "kim")
    assert WAYS[way](slapd, "kim", code, NEW)[0] == 0
    assert slapd.signs_in(KIM, NEW)


# Strangers.


def test_guessing_harms_nobody(slapd, mailer):
    """Neither the account nor the code that is on its way."""
    code = code_of(slapd, mailer, KIM, "kim")
    before = slapd.entry(KIM)
    for way in WAYS.values():
        for guess in (recovery.WRONG_CODE, "", "x", "0" * 128, password_of(KIM), code[:-1]):
            assert way(slapd, "kim", guess, NEW)[0] in (49, 2, 53), guess
    assert slapd.entry(KIM) == before
    assert slapd.signs_in(KIM, password_of(KIM))
    assert complete(slapd, "kim", code, NEW)[0] == 0
