"""slapo-ppolicy's rules hold for recoveries and resets wherever it and its policies stand, with a check module too; what must
not stop the way back in does not; and unlocking clears all that it counts. Without it, Latchkey's own rules count
characters."""

import subprocess

import ldap
import pytest

from latchkey_testing import entries as make
from latchkey_testing import mails, organization, places, recovery, wire
from latchkey_testing.organization import KIM, LEE, PASSWORD_ADMIN, password_of, sign_in
from latchkey_testing.password_writes import RELAX, result_of
from latchkey_testing.settings import (DEFAULT_PPOLICY_DN, Database, Settings, overlay_of_latchkey,
                                       overlay_of_ppolicy)

CONSTRAINT_VIOLATION = 19
ELSEWHERE = "dc=rules,dc=example,dc=com"
DEFAULT_ELSEWHERE = f"cn=passwords,{ELSEWHERE}"
OWN_ELSEWHERE = f"cn=strict,{ELSEWHERE}"

# What stands in the way of a change of one's own, and must not stand in the way back in.
IN_THE_WAY = {"pwdMinAge": "86400", "pwdSafeModify": "TRUE", "pwdAllowUserChange": "FALSE"}


def rules(dn: str, **more: str) -> tuple:
    """A policy of ppolicy's at DN."""
    _dn, attributes = make.password_policy(**more)
    return dn, {**attributes, "cn": [make.name_of(dn)]}


def with_rules(**more: str) -> list:
    """The organization under such a policy."""
    return [each for each in organization.entries() if each[0] != DEFAULT_PPOLICY_DN] + [make.password_policy(**more)]


def elsewhere(overlay: bool, *policies) -> dict:
    """The same with ppolicy's policies in another database, and its overlays."""
    top = make.entry(ELSEWHERE, {"objectClass": ["dcObject", "organization"], "dc": "rules", "o": "Rules"})
    name, attributes = overlay_of_latchkey(Settings())
    ours = ((name, {**attributes, "olcLatchkeyPolicyBase": []}),) if overlay else ()
    database = Database(ELSEWHERE, {"olcRootDN": [f"cn=admin,{ELSEWHERE}"]}, ours, (top, *policies))
    return {"ppolicy": False, "modules": ("ppolicy",), "databases": (database,),
            "overlays": (overlay_of_ppolicy(DEFAULT_ELSEWHERE),)}


def code_for_kim(slapd, mailer) -> str:
    return recovery.code_for(slapd, mailer, "kim", "kim@example.net")


@pytest.mark.parametrize("way", recovery.WAYS)
@pytest.mark.parametrize("first", [True, False], ids=["before-ppolicy", "after-ppolicy"])
def test_what_stops_a_change_stops_no_way_back(start, mailer, way, first):
    slapd = start(entries=with_rules(**IN_THE_WAY), latchkey_first=first)
    own = slapd.connect(KIM, password_of(KIM))
    assert result_of(own.passwd_s, KIM, None, "Chosen-by-Kim-1")[0] != 0
    for new in ("Chosen-by-Kim-1", "Chosen-by-Kim-2"):
        assert recovery.WAYS[way](slapd, "kim", code_for_kim(slapd, mailer), new)[0] == 0
        assert slapd.signs_in(KIM, new)
    sign_in(slapd, PASSWORD_ADMIN).passwd_s(KIM, None, "Typed-by-Pia-1")
    assert slapd.signs_in(KIM, "Typed-by-Pia-1")


@pytest.mark.parametrize("overlay", [True, False], ids=["with-latchkey-there", "without"])
@pytest.mark.parametrize("own", [False, True], ids=["default", "own"])
def test_policies_in_another_database_hold_and_stop_no_way_back(start, mailer, own, overlay):
    """The default one, and one that the user's entry names."""
    strict = {"pwdMinLength": "12", **IN_THE_WAY}
    policies = (rules(DEFAULT_ELSEWHERE, **({} if own else strict)), rules(OWN_ELSEWHERE, **strict))
    settings = elsewhere(overlay, *policies)
    slapd = start(entries=[each for each in organization.entries() if each[0] != DEFAULT_PPOLICY_DN], **settings)
    if own:
        slapd.root().modify_s(KIM, [(ldap.MOD_ADD, "pwdPolicySubentry", [OWN_ELSEWHERE.encode()])])
    code = code_for_kim(slapd, mailer)
    assert recovery.by_own_operation(slapd, "kim", code, "Short-one-1")[0] == CONSTRAINT_VIOLATION
    assert recovery.by_own_operation(slapd, "kim", code, "Chosen-by-Kim-1") == (0, "")
    admin = sign_in(slapd, PASSWORD_ADMIN)
    assert result_of(admin.passwd_s, KIM, None, "Short-one-2")[0] == CONSTRAINT_VIOLATION
    assert result_of(admin.passwd_s, KIM, None, "Chosen-by-Kim-1")[0] == CONSTRAINT_VIOLATION  # in the history
    admin.passwd_s(KIM, None, "Typed-by-Pia-1")
    assert slapd.entry(KIM, "pwdReset")["pwdReset"] == [b"TRUE"]


@pytest.fixture(scope="module")
def check_module(tmp_path_factory):
    """The module, compiled."""
    module = tmp_path_factory.mktemp("module") / "check_module.so"
    source = places.ROOT / "tests/integration/check_module.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", module, source], check=True)
    return str(module)


@pytest.mark.parametrize("first", [True, False], ids=["before-ppolicy", "after-ppolicy"])
def test_the_verdict_of_a_check_module_comes_through(start, mailer, check_module, first):
    _dn, attributes = make.password_policy(pwdCheckModule=check_module)
    attributes["objectClass"] = [*attributes["objectClass"], "pwdPolicyChecker"]
    held = [each for each in organization.entries() if each[0] != DEFAULT_PPOLICY_DN]
    slapd = start(entries=[*held, (DEFAULT_PPOLICY_DN, attributes)], latchkey_first=first)
    said = (CONSTRAINT_VIOLATION, "the module forbids this")
    admin = sign_in(slapd, PASSWORD_ADMIN)
    assert result_of(admin.passwd_s, KIM, None, "forbidden-password-1") == said
    for way in recovery.WAYS.values():
        code = code_for_kim(slapd, mailer)
        assert way(slapd, "kim", code, "forbidden-password-1") == said
        assert way(slapd, "kim", code, f"Chosen-by-Kim-{code}") == (0, "")
    generated, _answer = wire.password_modify(admin, KIM)
    assert slapd.signs_in(KIM, generated)


COUNTERS = {
    "pwdAccountLockedTime": b"20261121050200Z",
    "pwdFailureTime": b"20261121050200.000001Z",
    "pwdGraceUseTime": b"20261121050200.000002Z",
    "pwdAccountTmpLockoutEnd": b"20991121050200Z",
}


@pytest.mark.parametrize("first", [True, False], ids=["before-ppolicy", "after-ppolicy"])
def test_unlocking_clears_all_that_ppolicy_counts(make_slapd, first):
    slapd = make_slapd(latchkey_first=first)
    for attribute, value in COUNTERS.items():
        slapd.root().modify_ext_s(LEE, [(ldap.MOD_ADD, attribute, [value])], serverctrls=[RELAX])
    assert set(COUNTERS) <= set(slapd.entry(LEE)) and not slapd.signs_in(LEE, password_of(LEE))
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(LEE))
    assert not set(COUNTERS) & set(slapd.entry(LEE))
    assert slapd.signs_in(LEE, password_of(LEE))


def test_a_password_in_hangul_is_taken_everywhere(start, mailer):
    """As typed, as chosen, and in the mail."""
    slapd = start(ppolicy=False)
    new = "봄날의곰과함께"
    assert recovery.by_own_operation(slapd, "kim", code_for_kim(slapd, mailer), new) == (0, "")
    assert slapd.signs_in(KIM, new)
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, "달빛아래고양이", control=wire.notify())
    mailer.once()
    assert "달빛아래고양이" in mails.text(mailer.mails()[-1])
    assert slapd.signs_in(KIM, "달빛아래고양이")
