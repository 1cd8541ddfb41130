"""A policy that observes refuses nothing: slapd answers as if Latchkey was not there, and the log says what would have
been refused. So an administrator learns what will break before anything does."""

import ldap
import pytest

from latchkey_testing import organization, trail, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import (GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE,
                                           PASSWORD_ADMIN, SELF, SELF_POLICY, SONG, password_of, sign_in)
from latchkey_testing.password_writes import ALL, result_of, try_write
from latchkey_testing.settings import POLICIES_DN, ROOT_DN

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
    line, = trail.lines(slapd, event="modify")
    assert line["verdict"] == ("observed" if (actor, user, rule) in FORBIDDEN else "allowed")
    assert (line["actor"], line["target"], line["rule"]) == (actor, user, rule) and line["client"]
    # A change of the policy is not needed to know afterwards who has set whose password.
    event, = trail.events(slapd, user)
    assert (event["what"], event["actor"], event["rule"]) == ("reset", actor, rule)


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
    "a nearer policy": ("rules-need-global-administrator", lambda c: c.add_s(f"cn=new,{POLICIES_DN}", [
        ("objectClass", [b"latchkeyPolicy"]), ("cn", [b"new"]), ("latchkeyScope", [KIM.encode()])])),
    "another credential": ("reset-needs-role", lambda c: c.modify_s(KIM, [(ldap.MOD_ADD, "authzTo", [b"dn:*"])])),
    "a member's name": ("rules-need-global-administrator", lambda c: c.rename_s(KIM, "uid=gadmin3")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_changes_are_as_without_latchkey(make_slapd, change):
    rule, send = CHANGES[change]
    entries = observing()
    dict(entries)[f"cn=directory-team,{GROUPS}"]["member"].append(f"uid=gadmin3,{MANAGED}")
    slapd, plain = make_slapd(entries), make_slapd(entries, overlay=None)
    if "latchkeyPolicy" not in str(send.__code__.co_consts) and change != "policy":
        assert result_of(send, sign_in(plain, LEE))[0] == 0
    assert result_of(send, sign_in(slapd, LEE))[0] == 0
    line, = [line for line in trail.lines(slapd, verdict="observed") if line["event"] != "member"]
    assert (line["rule"], line["actor"], line["result"]) == (rule, LEE, "0") and line["client"]


@pytest.mark.parametrize("user", [LEE, KIM])
def test_passwords_over_a_connection_in_the_clear(make_slapd, user):
    """Old clients send them so."""
    outcomes = []
    for slapd in (make_slapd(observing(), port=True), make_slapd(port=True, overlay=None)):
        connection = slapd.connect(LEE, password_of(LEE), uri=slapd.tcp_uri)
        outcomes.append((result_of(connection.passwd_s, user, None, "A-new-password-9"),
                         slapd.signs_in(user, "A-new-password-9")))
        if slapd.settings.overlay:
            rules = {line["rule"] for line in trail.lines(slapd, verdict="observed")}
            assert rules == {"unprotected-connection"} | ({"reset-needs-role"} if user == KIM else set())
    assert outcomes[0] == outcomes[1] and outcomes[0][1]


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
