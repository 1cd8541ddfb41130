"""A policy that observes refuses nothing: slapd answers as if Latchkey was not there, and the log says what would have
been refused. So an administrator learns what will break before anything does."""

import ldap
import pytest

from latchkey_testing import organization, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import (GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE,
                                           PASSWORD_ADMIN, SELF, SELF_POLICY, SONG, password_of, sign_in)
from latchkey_testing.password_writes import ALL, result_of, try_write
from latchkey_testing.settings import ROOT_DN

# Who writes to whom, and the rule that would stop it.
FORBIDDEN = [(ROOT_DN, HAN, "self-service-only"), (GLOBAL_ADMIN, HAN, "self-service-only"),
             (SONG, HAN, "self-service-only"), (PASSWORD_ADMIN, GLOBAL_ADMIN, "reset-outranked"),
             (LEE, KIM, "reset-needs-role")]
WRITES = ("Password Modify, typed", "Password Modify, generated", "Modify, replace", "Modify, delete, then add",
          "Modify, with an option")
PERMITTED = [(PASSWORD_ADMIN, KIM, "password-administrator"), (ROOT_DN, KIM, "rootdn")]


def observing() -> list:
    """The organization under policies that observe."""
    entries = organization.entries()
    for dn in (SELF_POLICY, MANAGED_POLICY):
        dict(entries)[dn]["latchkeyEnforcement"] = ["observe"]
    return entries


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("actor, user, rule", FORBIDDEN + PERMITTED)
def test_slapd_answers_as_without_latchkey(make_slapd, actor, user, rule, write):
    slapd, plain = make_slapd(observing()), make_slapd(overlay=None)
    outcomes = [try_write(each, sign_in(each, actor), ALL[write], user, password_of(user)) for each in (slapd, plain)]
    assert outcomes[0] == outcomes[1]
    verdict = "observed" if (actor, user, rule) in FORBIDDEN else "allowed"
    assert f'verdict={verdict} rule={rule} actor="{actor}" target="{user}"' in slapd.log.read_text()


# What else a policy that enforces would refuse.
CHANGES = {
    "Add with a password": ("self-service-only-add", lambda c: c.add_s(f"uid=new,{SELF}", [
        ("objectClass", [b"inetOrgPerson"]), ("cn", [b"x"]), ("sn", [b"x"]), ("userPassword", [b"A-new-password-9"])])),
    "rename with a password": ("self-service-only", lambda c: c.rename_s(HAN, "userPassword=carried")),
    "move out of the subtree": ("self-service-only-move", lambda c: c.rename_s(HAN, "uid=han", OUTSIDE)),
    "move of the subtree": ("self-service-only-move", lambda c: c.rename_s(SELF, "ou=other")),
    "role group": ("rules-need-global-administrator", lambda c: c.modify_s(
        f"cn=global-admins,{GROUPS}", [(ldap.MOD_ADD, "member", [LEE.encode()])])),
    "policy": ("rules-need-global-administrator", lambda c: c.delete_s(MANAGED_POLICY)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_changes_are_as_without_latchkey(make_slapd, change):
    rule, send = CHANGES[change]
    slapd = make_slapd(observing())
    assert result_of(send, sign_in(slapd, LEE))[0] == 0
    assert f"verdict=observed rule={rule} actor=" in slapd.log.read_text()


def test_a_reset_with_a_message_keeps_the_rules(start, mailer):
    """It is Latchkey's own, so there is nobody for whom it could break."""
    slapd = start(entries=observing())
    for actor, user, _rule in FORBIDDEN:
        assert result_of(wire.password_modify, sign_in(slapd, actor), user, control=wire.notify())[0] in (50, 53)
        assert slapd.signs_in(user, password_of(user))
    generated, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify())
    assert answer.id and slapd.signs_in(KIM, generated)
    mailer.once()
    assert len(mailer.mails()) == 1


def test_what_latchkey_stores_stays_its_own(make_slapd):
    """No rule of a policy says so."""
    slapd = make_slapd(observing())
    code, _text = result_of(slapd.root().rename_s, f"uid={name_of(LEE)},{MANAGED}", "latchkeySerial=7")
    assert code == 53
