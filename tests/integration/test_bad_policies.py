"""A policy that contradicts itself, or says what cannot be meant, does not stop slapd: it is said once in the log, by
the policy's and the attribute's name, and taken for what is strictest."""

import ldap
import pytest

from latchkey_testing import organization
from latchkey_testing.configuring import configure, recovers, resets, warnings
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, MANAGED, MANAGED_POLICY, PASSWORD_ADMIN, SELF_POLICY,
                                           password_of)
from latchkey_testing.settings import SUFFIX

ADMIN_RESET = "adminReset"


def with_policy(**changes: str | list[str] | None):
    """The organization, with the policy of the managed subtree changed."""
    for dn, attributes in organization.entries():
        if dn == MANAGED_POLICY:
            attributes = {**attributes, **{name: [value] if isinstance(value, str) else value
                                           for name, value in changes.items()}}
            attributes = {name: values for name, values in attributes.items() if values}
        yield dn, attributes


@pytest.mark.parametrize("changes, words, may_reset, may_recover", [
    ({"latchkeyResetMode": "sometimes"}, "latchkeyResetMode: neither selfServiceOnly nor adminReset", False, True),
    ({"latchkeyResetMode": None}, "latchkeyResetMode: neither selfServiceOnly nor adminReset", False, True),
    ({"latchkeyEnforcement": "perhaps", "latchkeyResetMode": "selfServiceOnly"}, "latchkeyEnforcement: neither", False,
     True),
    ({"latchkeyMethod": "telepathy"}, "latchkeyMethod: none of mail, totp and recoveryCode", True, False),
    ({"latchkeyMethod": "totp"}, None, True, False),
    ({"latchkeyMethodsRequired": "2"}, "latchkeyMethodsRequired: two methods are required where one is offered", True,
     None),
    ({"latchkeyMethodsRequired": "0"}, "latchkeyMethodsRequired: neither 1 nor 2", True, None),
    ({"latchkeyCodeLifetime": "1"}, "latchkeyCodeLifetime: not from 60 to 86400 seconds", True, True),
    ({"latchkeyCodeLifetime": "-900"}, "latchkeyCodeLifetime: not from 60 to 86400 seconds", True, True),
    ({"latchkeyTemporaryLifetime": "99999999999999999999"}, "latchkeyTemporaryLifetime: not from", True, True),
    ({"latchkeyLiveCodes": "1000000"}, "latchkeyLiveCodes: not from 1 to 10", True, True),
    ({"latchkeyTemporaryLength": "3"}, "latchkeyTemporaryLength: not from", True, True),
    ({"latchkeyLoginAttribute": "no attribute!"}, "latchkeyLoginAttribute: no name of an attribute", True, None),
    ({"latchkeyAddressAttribute": ["{1}mail", "{0}two words"]}, "latchkeyAddressAttribute: no name", True, False),
    ({"latchkeyInsideDomain": "@@"}, "latchkeyInsideDomain: no mail domain", True, True),
    ({"latchkeyDefaultLanguage": "Korean, please"}, "latchkeyDefaultLanguage: not one language tag", True, True),
    ({"latchkeyTimeZone": "../../etc/passwd"}, "latchkeyTimeZone: not one name of a time zone", True, True),
    ({"latchkeyPortal": "javascript:alert(1)"}, "latchkeyPortal: not one http or https URL", True, True),
    ({"latchkeyGlobalAdmins": None, "latchkeyPasswordAdmins": None}, "adminReset without administrators", False, True),
    ({"latchkeyPasswordAdmins": f"cn=nobody,{SUFFIX}"}, None, False, True),
    ({"latchkeyPasswordAdmins": PASSWORD_ADMIN}, None, False, True),
    ({"latchkeyScope": None}, "latchkeyScope: no scope", None, False),
    ({"latchkeyScope": f"ou=nowhere,{SUFFIX}"}, None, None, False),
], ids=lambda each: "-".join(f"{name}={value}" for name, value in each.items())[:50] if isinstance(each, dict) else "")
def test_a_policy_that_makes_no_sense(make_slapd, changes, words, may_reset, may_recover):
    """It is said once, by the policy's and the attribute's name, and what is left is the strictest that it can mean."""
    slapd = make_slapd(entries=with_policy(**changes))
    if may_recover is not None:
        assert recovers(slapd) == may_recover
    if may_reset is not None:
        assert resets(slapd) == may_reset
    slapd.signs_in(KIM, "wrong")
    said = [line for line in warnings(slapd) if MANAGED_POLICY in line]
    assert len([line for line in said if words and words in line]) == (1 if words else 0), said
    assert len(said) == len(set(said)), "each once"


@pytest.mark.parametrize("other", ["selfServiceOnly", "adminReset"])
def test_of_two_policies_for_one_subtree_the_stricter_holds(make_slapd, other):
    """In whichever order they are found."""
    modes = {"a-first": other, "z-last": "selfServiceOnly" if other == ADMIN_RESET else ADMIN_RESET}
    twins = [organization.policy(name, MANAGED, mode) for name, mode in modes.items()]
    slapd = make_slapd(entries=[*with_policy(latchkeyScope=f"ou=nowhere,{SUFFIX}"), *twins])
    assert not resets(slapd) and not resets(slapd, GLOBAL_ADMIN)


def test_a_base_without_policies_is_told(make_slapd):
    """Misspelt it would switch every rule off, and nobody would know."""
    slapd = make_slapd()
    base = f"ou=polices,{SUFFIX}"
    assert resets(slapd) and not [line for line in warnings(slapd) if "no policy" in line]
    configure(slapd, "olcLatchkeyPolicyBase", base)
    assert not recovers(slapd)
    assert len([line for line in warnings(slapd) if "no policy is found" in line and base in line]) == 1


def test_a_scope_in_no_database_is_told(make_slapd):
    """Nothing of Latchkey's runs there, so the rules do not hold there, and the log says that."""
    elsewhere = organization.policy("elsewhere", "dc=elsewhere,dc=net", "selfServiceOnly")
    slapd = make_slapd(entries=[*organization.entries(), elsewhere])
    assert resets(slapd)
    said = [line for line in warnings(slapd) if "dc=elsewhere,dc=net" in line]
    assert len(said) == 1 and "rules do not hold there" in said[0]


def test_policies_that_cannot_be_read_open_nothing(make_slapd):
    """A base in no database of Latchkey's: whoever asks hears that slapd is busy, and nobody is reset."""
    slapd = make_slapd(latchkey={"olcLatchkeyPolicyBase": ["ou=policies,dc=elsewhere,dc=net"]})
    assert not resets(slapd) and not resets(slapd, PASSWORD_ADMIN, HAN)
    with pytest.raises(ldap.BUSY):
        slapd.root().modify_s(HAN, [(ldap.MOD_REPLACE, "userPassword", [b"Never-Set-4711"])])
    assert slapd.signs_in(KIM, password_of(KIM))


def test_a_policy_base_without_policies_governs_nobody(make_slapd):
    """There it is as without Latchkey, but for the subtrees that cn=config names."""
    kept = [each for each in organization.entries() if each[0] not in (SELF_POLICY, MANAGED_POLICY)]
    slapd = make_slapd(entries=kept, latchkey={"olcLatchkeySelfServiceOnly": [MANAGED]})
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        slapd.root().passwd_s(KIM, None, "Never-Set-4711")
    slapd.root().passwd_s(HAN, None, "Set-As-Without-1")
    assert slapd.signs_in(HAN, "Set-As-Without-1")
