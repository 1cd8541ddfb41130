"""No chain of permitted requests adds up to a forbidden one: what would undo a rule is guarded like the rule.

Everybody here has slapd's own leave for everything (`to * by * manage`), so that a refusal can only be Latchkey's."""

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE

from latchkey_testing import organization, wire
from latchkey_testing.entries import GROUPS, MAILER_PASSWORD, hashed
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE,
                                           PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, SELF, SELF_POLICY, STRANGER,
                                           password_of, sign_in)
from latchkey_testing.password_writes import RELAX
from latchkey_testing.settings import MAILER_DN, POLICIES_DN, ROOT_DN, SUFFIX

DIRECTORY_TEAM = f"cn=directory-team,{GROUPS}"
NIGHT_SHIFT = f"cn=night-shift,{GROUPS}"


EVERYTHING = ("to * by * manage",)


@pytest.fixture
def slapd(make_slapd):
    return make_slapd(access=EVERYTHING)


def policy(scope: str) -> list:
    return [("objectClass", [b"latchkeyPolicy"]), ("cn", [b"new"]), ("latchkeyScope", [scope.encode()]),
            ("latchkeyResetMode", [b"adminReset"])]


def unit(name: str) -> list:
    return [("objectClass", [b"organizationalUnit"]), ("ou", [name.encode()])]


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
        CHANGES_OF_RULES[change](sign_in(slapd, actor))


@pytest.mark.parametrize("actor", [GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, ROOT_DN])
def test_global_administrators_change_what_decides(slapd, actor):
    connection = sign_in(slapd, actor)
    connection.modify_s(DIRECTORY_TEAM, [(MOD_ADD, "member", [LEE.encode()])])
    connection.modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyOrganization", ["다른 이름".encode()])])
    connection.add_s(f"cn=new,{POLICIES_DN}", policy(f"ou=deeper,{MANAGED}"))
    connection.rename_s(KIM, "uid=kim", OUTSIDE)


@pytest.mark.parametrize("actor", [HAN, PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
@pytest.mark.parametrize("move", [(HAN, "uid=han", MANAGED), (HAN, "uid=han", OUTSIDE), (SELF, "ou=elsewhere", None),
                                  (SELF, "ou=self", OUTSIDE)])
def test_nobody_leaves_a_self_service_subtree(slapd, actor, move):
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="self-service only"):
        sign_in(slapd, actor).rename_s(*move)


def test_a_rename_in_place_is_nobodys_business(slapd):
    sign_in(slapd, PASSWORD_ADMIN).rename_s(HAN, "uid=han2")
    assert slapd.signs_in(f"uid=han2,{SELF}", password_of(HAN))


def test_nobody_takes_the_name_of_a_member(slapd):
    """Who is gone but still listed would hand their role to whoever bears their name next."""
    connection = sign_in(slapd, PASSWORD_ADMIN)
    connection.delete_s(SECOND_GLOBAL_ADMIN)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        connection.add_s(SECOND_GLOBAL_ADMIN, person("gadmin2"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        connection.rename_s(LEE, "uid=gadmin2")
    sign_in(slapd, GLOBAL_ADMIN).add_s(SECOND_GLOBAL_ADMIN, person("gadmin2"))


# Whose entries are gone, while a role group names them still.
GONE = f"ou=gone,{OUTSIDE}"
STAGED = f"ou=staged,{OUTSIDE}"


@pytest.mark.parametrize("listed, brought", [
    (f"uid=ghost,{GONE}", ("uid=ghost", person("ghost"))),
    (f"cn=team,{GONE}", ("cn=team", [("objectClass", [b"groupOfNames"]), ("cn", [b"team"]), ("member", [LEE.encode()])])),
    (f"uid=ghost,ou=deep,{GONE}", ("ou=deep", unit("deep")))], ids=["member", "group", "further up"])
def test_nobody_takes_the_name_of_a_member_by_a_rename_above(make_slapd, listed, brought):
    held = organization.entries()
    dict(held)[f"cn=global-admins,{GROUPS}"]["member"].append(listed)
    lee = sign_in(make_slapd(held, access=EVERYTHING), LEE)
    lee.add_s(STAGED, unit("staged"))
    lee.add_s(f"{brought[0]},{STAGED}", brought[1])
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        lee.rename_s(STAGED, "ou=gone")
    lee.rename_s(STAGED, "ou=STAGED")


def test_a_group_that_is_yet_to_come_is_nobodys_to_bring(make_slapd):
    """A policy may name it before it is there."""
    held = organization.entries(latchkeyPasswordAdmins=f"cn=night,{GONE}")
    lee = sign_in(make_slapd(held, access=EVERYTHING), LEE)
    lee.add_s(STAGED, unit("staged"))
    lee.add_s(f"cn=night,{STAGED}", [("objectClass", [b"groupOfNames"]), ("cn", [b"night"]), ("member", [LEE.encode()])])
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        lee.rename_s(STAGED, "ou=gone")


ROOT_ENTRY = [("objectClass", [b"inetOrgPerson"]), ("cn", [b"admin"]), ("sn", [b"x"]), ("userPassword", [b"Chosen-by-Lee-9"])]
BECOMING_ROOT = {
    "added": lambda c: c.add_s(ROOT_DN, ROOT_ENTRY),
    "renamed": lambda c: c.rename_s(LEE, "cn=admin", SUFFIX, delold=0),
    "password": lambda c: c.modify_s(ROOT_DN, [(MOD_REPLACE, "userPassword", [b"Chosen-by-Lee-9"])]),
    "Password Modify": lambda c: c.passwd_s(ROOT_DN, None, "Chosen-by-Lee-9"),
    "another credential": lambda c: c.modify_s(ROOT_DN, [(MOD_ADD, "authzFrom", [f"dn:{LEE}".encode()])]),
}


@pytest.mark.parametrize("step", BECOMING_ROOT)
@pytest.mark.parametrize("actor", [LEE, PASSWORD_ADMIN])
def test_nobody_becomes_the_rootdn(make_slapd, step, actor):
    """Without a rootpw slapd takes the password of whatever entry bears that name, under a policy or not."""
    held = organization.entries()
    if step not in ("added", "renamed"):
        held.append((ROOT_DN, {name: [value.decode() for value in values] for name, values in ROOT_ENTRY}))
    slapd = make_slapd(held, access=EVERYTHING, database={"olcRootPW": []})
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        BECOMING_ROOT[step](sign_in(slapd, actor))
    if step not in ("added", "renamed"):
        root = slapd.connect(ROOT_DN, "Chosen-by-Lee-9")
        root.passwd_s(ROOT_DN, None, "Chosen-by-itself-9")
        sign_in(slapd, GLOBAL_ADMIN).modify_s(ROOT_DN, [(MOD_REPLACE, "description", [b"x"])])


SERVICES = {"olcLatchkeyReader": f"cn=reader,ou=services,{SUFFIX}", "olcLatchkeyMailer": MAILER_DN,
            "olcLatchkeyPortalDN": f"cn=portal,ou=services,{SUFFIX}"}
BECOMING_A_SERVICE = {
    "renamed": lambda c, dn: c.rename_s(LEE, dn.split(",")[0], f"ou=services,{SUFFIX}", delold=0),
    "password": lambda c, dn: c.modify_s(dn, [(MOD_REPLACE, "userPassword", [b"Chosen-by-Lee-9"])]),
    "another credential": lambda c, dn: c.modify_s(dn, [(MOD_ADD, "authzFrom", [f"dn:{LEE}".encode()])]),
}


@pytest.mark.parametrize("step", BECOMING_A_SERVICE)
@pytest.mark.parametrize("service", SERVICES)
def test_nobody_becomes_a_service(make_slapd, service, step):
    """A reader reads every password, and a mailer and a portal are believed."""
    dn = SERVICES[service]
    held = [held for held in organization.entries() if held[0] != MAILER_DN or step != "renamed"]
    if step != "renamed" and dn != MAILER_DN:
        held.append((dn, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": [dn.split(",")[0][3:]],
                          "userPassword": ["Its-own-9"]}))
    slapd = make_slapd(held, access=EVERYTHING, latchkey={service: [dn]})
    for actor in (LEE, PASSWORD_ADMIN):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            BECOMING_A_SERVICE[step](sign_in(slapd, actor), dn)
    BECOMING_A_SERVICE[step](sign_in(slapd, GLOBAL_ADMIN), dn)


def test_a_service_changes_its_own_password(make_slapd):
    slapd = make_slapd(access=EVERYTHING)
    slapd.connect(MAILER_DN, MAILER_PASSWORD).passwd_s(MAILER_DN, None, "Chosen-by-itself-9")
    assert slapd.signs_in(MAILER_DN, "Chosen-by-itself-9")


# A policy of one's own, for people whom no other governs, that comes to govern others.
OWN = f"cn=own,{POLICIES_DN}"


def in_a_name(dn: str) -> str:
    """DN as the value of an RDN."""
    return dn.replace("=", "\\3D").replace(",", "\\2C")


@pytest.mark.parametrize("name", [f"latchkeyScope={in_a_name(HAN)}", f"cn=own+latchkeyScope={in_a_name(HAN)}",
                                  f"{wire.BASE}.1.1={in_a_name(HAN)}"], ids=["alone", "beside another", "by its OID"])
def test_no_policy_is_given_a_scope_by_its_name(slapd, name):
    lee = sign_in(slapd, LEE)
    mine = f"cn=mine,{OUTSIDE}"
    lee.add_s(mine, [("objectClass", [b"groupOfNames"]), ("cn", [b"mine"]), ("member", [LEE.encode()])])
    lee.add_s(OWN, policy(f"ou=deep,{OUTSIDE}") + [("latchkeyGlobalAdmins", [mine.encode()])])
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        lee.rename_s(OWN, name, delold=0)


def test_no_policy_awakes(slapd):
    """What was prepared as an entry of another class, before its users were governed."""
    lee = sign_in(slapd, LEE)
    lee.add_s(OWN, [("objectClass", [b"device", b"extensibleObject"]), ("cn", [b"own"]),
                    ("latchkeyScope", [f"ou=deep,{OUTSIDE}".encode()])])
    slapd.root().add_s(f"cn=new,{POLICIES_DN}", policy(OUTSIDE))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        lee.modify_ext_s(OWN, [(MOD_REPLACE, "objectClass", [b"latchkeyPolicy"])], serverctrls=[RELAX])


def test_nobody_is_moved_by_a_rename_above_to_where_a_scope_waits(slapd):
    """A policy may govern a subtree before it is there."""
    slapd.root().add_s(f"cn=new,{POLICIES_DN}", policy(f"ou=team,ou=waits,{SELF}"))
    for dn, name in ((f"ou=staged,{SELF}", "staged"), (f"ou=team,ou=staged,{SELF}", "team")):
        slapd.root().add_s(dn, unit(name))
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="self-service only"):
        slapd.root().rename_s(f"ou=staged,{SELF}", "ou=waits")


def test_a_policy_that_is_moved_in_counts_at_once(slapd):
    slapd.root().add_s(f"cn=new,{OUTSIDE}", policy(STRANGER))
    sign_in(slapd, LEE).passwd_s(STRANGER, None, "Not-governed-by-any-9")
    slapd.root().rename_s(f"cn=new,{OUTSIDE}", "cn=new", POLICIES_DN)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        sign_in(slapd, LEE).passwd_s(STRANGER, None, "Governed-by-that-one-9")


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
            sign_in(slapd, actor).modify_s(target, [(MOD_ADD, attribute, [value])])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        slapd.root().modify_s(HAN, [(MOD_ADD, attribute, [value])])
    if attribute.startswith("authz"):
        sign_in(slapd, LEE).modify_s(LEE, [(MOD_ADD, attribute, [value])])


def test_what_counts_as_a_password_is_configured(make_slapd):
    slapd = make_slapd(access=("to * by * manage",), latchkey={"olcLatchkeyPasswordAttribute": ["description"]})
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        sign_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, "description;lang-ko", [b"x"])])
    sign_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, "authzTo", [b"dn:*"])])


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
                sign_in(slapd, LEE).modify_s(KIM, [(MOD_ADD, spelling, [b"x"])])
            if spelling == name:
                assert refusal.type is ldap.INSUFFICIENT_ACCESS or name.startswith("userCertificate")
            with pytest.raises((ldap.UNWILLING_TO_PERFORM, ldap.UNDEFINED_TYPE, ldap.INVALID_SYNTAX)):
                slapd.root().modify_s(HAN, [(MOD_ADD, spelling, [b"x"])])
