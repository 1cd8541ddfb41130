"""No chain of permitted requests adds up to a forbidden one: what would undo a rule is guarded like the rule.

Everybody here has slapd's own leave for everything (`to * by * manage`), so that a refusal can only be Latchkey's."""

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE

from latchkey_testing.entries import GROUPS, hashed
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE,
                                           PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, SELF, SELF_POLICY, STRANGER,
                                           password_of)
from latchkey_testing.settings import POLICIES_DN, ROOT_DN, ROOT_PASSWORD

DIRECTORY_TEAM = f"cn=directory-team,{GROUPS}"
NIGHT_SHIFT = f"cn=night-shift,{GROUPS}"


@pytest.fixture
def slapd(make_slapd):
    return make_slapd(access=("to * by * manage",))


def signed_in(slapd, dn):
    return slapd.connect(dn, ROOT_PASSWORD if dn == ROOT_DN else password_of(dn))


def policy(scope: str) -> list:
    return [("objectClass", [b"latchkeyPolicy"]), ("cn", [b"new"]), ("latchkeyScope", [scope.encode()]),
            ("latchkeyResetMode", [b"adminReset"])]


def person(uid: str) -> list:
    return [("objectClass", [b"inetOrgPerson"]), ("uid", [uid.encode()]), ("cn", [b"x"]), ("sn", [b"x"]),
            ("userPassword", [hashed("chosen by somebody else").encode()])]


CHANGES_OF_RULES = {
    "mode": lambda c: c.modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"adminReset"])]),
    "observe": lambda c: c.modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyEnforcement", [b"observe"])]),
    "scope shrunk": lambda c: c.modify_s(SELF_POLICY, [(MOD_DELETE, "latchkeyScope", None)]),
    "other group for a role": lambda c: c.modify_s(
        MANAGED_POLICY, [(MOD_ADD, "latchkeyGlobalAdmins", [f"cn=password-admins,{GROUPS}".encode()])]),
    "deleted": lambda c: c.delete_s(SELF_POLICY),
    "renamed": lambda c: c.rename_s(SELF_POLICY, "cn=other"),
    "moved away": lambda c: c.rename_s(SELF_POLICY, "cn=self", OUTSIDE),
    "container renamed": lambda c: c.rename_s(POLICIES_DN, "ou=elsewhere"),
    "nearer policy added": lambda c: c.add_s(f"cn=new,{POLICIES_DN}", policy(f"ou=deeper,{SELF}")),
    "same scope added": lambda c: c.add_s(f"cn=new,{POLICIES_DN}", policy(SELF)),
    "scope taken over": lambda c: c.modify_s(MANAGED_POLICY, [(MOD_ADD, "latchkeyScope", [HAN.encode()])]),
    "role group": lambda c: c.modify_s(f"cn=global-admins,{GROUPS}", [(MOD_ADD, "member", [LEE.encode()])]),
    "role group by OID": lambda c: c.modify_s(f"cn=global-admins,{GROUPS}", [(MOD_ADD, "2.5.4.31", [LEE.encode()])]),
    "group in a role group": lambda c: c.modify_s(DIRECTORY_TEAM, [(MOD_ADD, "member", [LEE.encode()])]),
    "group in a group in a role group": lambda c: c.modify_s(NIGHT_SHIFT, [(MOD_REPLACE, "member", [LEE.encode()])]),
    "auditors": lambda c: c.modify_s(f"cn=auditors,{GROUPS}", [(MOD_ADD, "member", [LEE.encode()])]),
    "group deleted": lambda c: c.delete_s(DIRECTORY_TEAM),
    "group renamed": lambda c: c.rename_s(DIRECTORY_TEAM, "cn=other"),
    "groups moved": lambda c: c.rename_s(GROUPS, "ou=elsewhere"),
    "moved out of its policy": lambda c: c.rename_s(KIM, "uid=kim", OUTSIDE),
    "scope renamed": lambda c: c.rename_s(MANAGED, "ou=elsewhere"),
}


@pytest.mark.parametrize("change", CHANGES_OF_RULES)
@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, LEE, STRANGER])
def test_only_global_administrators_change_what_decides(slapd, actor, change):
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        CHANGES_OF_RULES[change](signed_in(slapd, actor))


@pytest.mark.parametrize("actor", [GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, ROOT_DN])
def test_global_administrators_change_what_decides(slapd, actor):
    connection = signed_in(slapd, actor)
    connection.modify_s(DIRECTORY_TEAM, [(MOD_ADD, "member", [LEE.encode()])])
    connection.modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyOrganization", ["다른 이름".encode()])])
    connection.add_s(f"cn=new,{POLICIES_DN}", policy(f"ou=deeper,{MANAGED}"))
    connection.rename_s(KIM, "uid=kim", OUTSIDE)


@pytest.mark.parametrize("actor", [HAN, PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
@pytest.mark.parametrize("move", [(HAN, "uid=han", MANAGED), (HAN, "uid=han", OUTSIDE), (SELF, "ou=elsewhere", None),
                                  (SELF, "ou=self", OUTSIDE)])
def test_nobody_leaves_a_self_service_subtree(slapd, actor, move):
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="self-service only"):
        signed_in(slapd, actor).rename_s(*move)


def test_a_rename_in_place_is_nobodys_business(slapd):
    signed_in(slapd, PASSWORD_ADMIN).rename_s(HAN, "uid=han2")
    assert slapd.signs_in(f"uid=han2,{SELF}", password_of(HAN))


def test_nobody_takes_the_name_of_a_member(slapd):
    """Who is gone but still listed would hand their role to whoever bears their name next."""
    connection = signed_in(slapd, PASSWORD_ADMIN)
    connection.delete_s(SECOND_GLOBAL_ADMIN)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        connection.add_s(SECOND_GLOBAL_ADMIN, person("gadmin2"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        connection.rename_s(LEE, "uid=gadmin2")
    signed_in(slapd, GLOBAL_ADMIN).add_s(SECOND_GLOBAL_ADMIN, person("gadmin2"))


def test_a_subtree_of_the_configuration_outlasts_the_policies(make_slapd):
    """Even the rootdn, who may delete every policy, resets nobody below olcLatchkeySelfServiceOnly."""
    slapd = make_slapd(access=("to * by * manage",), latchkey={"olcLatchkeySelfServiceOnly": [SELF]})
    root = slapd.root()
    root.modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyResetMode", [b"adminReset"])])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        root.passwd_s(HAN, None, "chosen by the rootdn")
    root.delete_s(SELF_POLICY)
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        root.modify_s(HAN, [(MOD_REPLACE, "userPassword", [b"chosen by the rootdn"])])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        root.rename_s(HAN, "uid=han", MANAGED)


@pytest.mark.parametrize("attribute,value", [("authzTo", b"dn:*"),
                                             ("authzFrom", b"dn:*")])
def test_other_credentials_count_as_passwords(slapd, attribute, value):
    for actor, target in ((LEE, KIM), (PASSWORD_ADMIN, GLOBAL_ADMIN)):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            signed_in(slapd, actor).modify_s(target, [(MOD_ADD, attribute, [value])])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        slapd.root().modify_s(HAN, [(MOD_ADD, attribute, [value])])
    if attribute.startswith("authz"):
        signed_in(slapd, LEE).modify_s(LEE, [(MOD_ADD, attribute, [value])])


def test_what_counts_as_a_password_is_configured(make_slapd):
    slapd = make_slapd(access=("to * by * manage",), latchkey={"olcLatchkeyPasswordAttribute": ["description"]})
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        signed_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, "description;lang-ko", [b"x"])])
    signed_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, "authzTo", [b"dn:*"])])


# What sites add to the schema, in cn=config, while slapd runs.
OCTETS, TEXT = "1.3.6.1.4.1.1466.115.121.1.40", "1.3.6.1.4.1.1466.115.121.1.15"
ADDED = {
    "sshPublicKey": f"( 1.3.6.1.4.1.24552.500.1.1.1.13 NAME 'sshPublicKey' EQUALITY octetStringMatch SYNTAX {OCTETS} )",
    "sambaNTPassword": f"( 1.3.6.1.4.1.7165.2.1.25 NAME 'sambaNTPassword' EQUALITY caseIgnoreMatch SYNTAX {TEXT} )",
    "krbPrincipalKey": f"( 2.16.840.1.113719.1.301.4.39.1 NAME 'krbPrincipalKey' EQUALITY octetStringMatch SYNTAX {OCTETS} )",
    "secondPassword": "( 1.3.6.1.4.1.4203.666.1.999 NAME 'secondPassword' SUP userPassword )",
}


@pytest.mark.parametrize("restart", [False, True])
def test_credentials_of_a_sites_own_schema_count_as_soon_as_slapd_knows_them(slapd, restart):
    """Each of the default list, by name and by number, with options, and a subtype of userPassword."""
    added = [("objectClass", [b"olcSchemaConfig"]), ("cn", [b"site"]),
             ("olcAttributeTypes", [definition.encode() for definition in ADDED.values()])]
    slapd.config().add_s("cn=site,cn=schema,cn=config", added)
    if restart:
        slapd.restart()
    for name, definition in [*ADDED.items(), ("userCertificate;binary", "( 2.5.4.36 ")]:
        for spelling in (name, definition.split()[1], f"{name};x-option"):
            with pytest.raises((ldap.INSUFFICIENT_ACCESS, ldap.UNDEFINED_TYPE, ldap.INVALID_SYNTAX)) as refusal:
                signed_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, spelling, [b"x"])])
            if spelling == name:
                assert refusal.type is ldap.INSUFFICIENT_ACCESS or name.startswith("userCertificate")
            with pytest.raises((ldap.UNWILLING_TO_PERFORM, ldap.UNDEFINED_TYPE, ldap.INVALID_SYNTAX)):
                slapd.root().modify_s(HAN, [(MOD_ADD, spelling, [b"x"])])
