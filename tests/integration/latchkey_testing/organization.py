"""The small organization of the tests: a subtree for each mode, roles with nested groups, people in every state."""

import base64
import hashlib

from .settings import DEFAULT_PPOLICY_DN, MAILER_DN, POLICIES_DN, SUFFIX, Entry

SELF = f"ou=self,{SUFFIX}"
MANAGED = f"ou=managed,{SUFFIX}"
OUTSIDE = f"ou=outside,{SUFFIX}"  # under no policy
GROUPS = f"ou=groups,{SUFFIX}"
SELF_POLICY = f"cn=self,{POLICIES_DN}"
MANAGED_POLICY = f"cn=managed,{POLICIES_DN}"
MAILER_PASSWORD = "mailer-password"
# Mail of this domain is what the lost password opens, so no code goes there.
INSIDE_DOMAIN = "example.org"
LOCKED_FOR_GOOD = "000001010000Z"


def hashed(password: str) -> str:
    """PASSWORD as slapd stores it, salted with itself so that the fixture is the same every time."""
    salt = hashlib.sha256(password.encode()).digest()[:8]
    return "{SSHA}" + base64.b64encode(hashlib.sha1(password.encode() + salt).digest() + salt).decode()


def password_of(dn: str) -> str:
    """The password that every person of the fixture begins with."""
    return f"First-{dn.split(',')[0].split('=')[1]}-1"


def person(uid: str, base: str, name: str, **more: str | list[str] | None) -> Entry:
    """A person with a mailbox inside, a recovery address outside, and password_of() as password. MORE adds and
    replaces attributes; None removes one."""
    dn = f"uid={uid},{base}"
    attributes = {
        "objectClass": ["inetOrgPerson", "latchkeyUser"],
        "uid": uid,
        "cn": name,
        "sn": name.split()[-1],
        "displayName": name,
        "mail": f"{uid}@{INSIDE_DOMAIN}",
        "latchkeyRecoveryAddress": f"{uid}@example.net",
        "userPassword": hashed(password_of(dn)),
        **more,
    }
    return dn, {key: value if isinstance(value, list) else [value] for key, value in attributes.items() if value}


def group(name: str, *members: str) -> Entry:
    """A group below ou=groups."""
    return f"cn={name},{GROUPS}", {"objectClass": ["groupOfNames"], "cn": [name], "member": list(members)}


def container(dn: str) -> Entry:
    """An organizational unit."""
    return dn, {"objectClass": ["organizationalUnit"], "ou": [dn.split(",")[0].split("=")[1]]}


# People by what the tests know them for.
KIM = f"uid=kim,{MANAGED}"
LEE = f"uid=lee,{MANAGED}"
NO_ADDRESS = f"uid=noaddress,{MANAGED}"
INSIDE_ONLY = f"uid=insideonly,{MANAGED}"
CLOSED = f"uid=closed,{MANAGED}"
PASSWORD_ADMIN = f"uid=padmin,{MANAGED}"
NIGHT_ADMIN = f"uid=night,{MANAGED}"  # password administrator by a group in a group in a group
GLOBAL_ADMIN = f"uid=gadmin,{MANAGED}"
SECOND_GLOBAL_ADMIN = f"uid=gadmin2,{MANAGED}"  # by a group in a group
AUDITOR = f"uid=auditor,{MANAGED}"
HAN = f"uid=han,{SELF}"
SONG = f"uid=song,{SELF}"
SELF_ADMIN = f"uid=sadmin,{SELF}"  # global administrator, and a user of the self-service subtree
STRANGER = f"uid=outsider,{OUTSIDE}"


def people() -> list[Entry]:
    """Everybody."""
    return [
        person("kim", MANAGED, "김정현", sn="김", preferredLanguage="ko-KR"),
        person("lee", MANAGED, "Dana Lee", preferredLanguage="en"),
        person("noaddress", MANAGED, "Noah Address", mail=None, latchkeyRecoveryAddress=None),
        person("insideonly", MANAGED, "Inés Only", latchkeyRecoveryAddress=None),
        person("closed", MANAGED, "Clo Sed", pwdAccountLockedTime=LOCKED_FOR_GOOD),
        person("padmin", MANAGED, "Pia Admin"),
        person("night", MANAGED, "Nigel Night"),
        person("gadmin", MANAGED, "Gil Admin"),
        person("gadmin2", MANAGED, "한가람", sn="한", preferredLanguage="ko"),
        person("auditor", MANAGED, "Audrey Auditor"),
        person("han", SELF, "한소희", sn="한", preferredLanguage="ko-KR"),
        person("song", SELF, "Jo Song"),
        person("sadmin", SELF, "Sam Admin"),
        # One name, two people: nobody can tell whom a request means.
        person("twin", SELF, "Twin One"),
        person("twin", MANAGED, "Twin Two"),
        person("outsider", OUTSIDE, "Ola Outside"),
    ]


def groups() -> list[Entry]:
    """The role groups; helpdesk and night shift contain each other."""
    return [
        group("global-admins", GLOBAL_ADMIN, SELF_ADMIN, f"cn=directory-team,{GROUPS}"),
        group("directory-team", SECOND_GLOBAL_ADMIN),
        group("password-admins", PASSWORD_ADMIN, f"cn=helpdesk,{GROUPS}"),
        group("helpdesk", f"cn=night-shift,{GROUPS}"),
        group("night-shift", NIGHT_ADMIN, f"cn=helpdesk,{GROUPS}"),
        group("auditors", AUDITOR),
    ]


def policy(name: str, scope: str, mode: str, **more: str | list[str]) -> Entry:
    """A policy of Latchkey's with the role groups of the fixture; MORE adds and replaces attributes."""
    attributes = {
        "objectClass": "latchkeyPolicy",
        "cn": name,
        "latchkeyScope": scope,
        "latchkeyResetMode": mode,
        "latchkeyGlobalAdmins": f"cn=global-admins,{GROUPS}",
        "latchkeyPasswordAdmins": f"cn=password-admins,{GROUPS}",
        "latchkeyAuditors": f"cn=auditors,{GROUPS}",
        "latchkeyInsideDomain": INSIDE_DOMAIN,
        "latchkeyDefaultLanguage": "en",
        "latchkeyTimeZone": "Asia/Seoul",
        "latchkeyOrganization": "Example Organization",
        "latchkeyPortal": "https://portal.example.org/",
        **more,
    }
    return f"cn={name},{POLICIES_DN}", {key: value if isinstance(value, list) else [value]
                                        for key, value in attributes.items()}


def password_policy(**more: str) -> Entry:
    """slapo-ppolicy's default policy."""
    attributes = {
        "objectClass": ["device", "pwdPolicy"],
        "cn": "passwords",
        "pwdAttribute": "userPassword",
        "pwdMustChange": "TRUE",
        "pwdCheckQuality": "2",
        "pwdMinLength": "8",
        "pwdInHistory": "3",
        "pwdLockout": "TRUE",
        "pwdMaxFailure": "3",
        "pwdLockoutDuration": "0",
        **more,
    }
    return DEFAULT_PPOLICY_DN, {key: value if isinstance(value, list) else [value] for key, value in attributes.items()}


def mailer() -> Entry:
    """The identity under which the mailer signs in."""
    return MAILER_DN, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": ["mailer"],
                       "userPassword": [hashed(MAILER_PASSWORD)]}


def without_latchkey(entries: list[Entry]) -> list[Entry]:
    """The same for a slapd that does not know Latchkey's schema."""
    plain = []
    for dn, attributes in entries:
        kept = {key: [value for value in values if not str(value).startswith("latchkey")]
                for key, values in attributes.items() if not key.startswith("latchkey")}
        if kept["objectClass"]:
            plain.append((dn, kept))
    return plain


def entries() -> list[Entry]:
    """The whole directory."""
    top = (SUFFIX, {"objectClass": ["dcObject", "organization"], "dc": ["example"], "o": ["Example Organization"]})
    units = [container(dn) for dn in (SELF, MANAGED, OUTSIDE, GROUPS, POLICIES_DN, f"ou=services,{SUFFIX}")]
    policies = [password_policy(), policy("self", SELF, "selfServiceOnly"), policy("managed", MANAGED, "adminReset")]
    return [top, *units, mailer(), *people(), *groups(), *policies]
