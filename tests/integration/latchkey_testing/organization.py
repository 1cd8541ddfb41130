"""The small organization of the tests: a subtree for each mode, roles with nested groups, people in every state."""

from . import entries as make
from .entries import GROUPS, entry, group, hashed, name_of
from .settings import POLICIES_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX, Entry
from .slapd import Slapd

SELF = f"ou=self,{SUFFIX}"
MANAGED = f"ou=managed,{SUFFIX}"
OUTSIDE = f"ou=outside,{SUFFIX}"  # under no policy
SELF_POLICY = f"cn=self,{POLICIES_DN}"
MANAGED_POLICY = f"cn=managed,{POLICIES_DN}"
# Mail of this domain is what the lost password opens, so no code goes there.
INSIDE_DOMAIN = "example.org"
LOCKED_FOR_GOOD = "000001010000Z"


def password_of(dn: str) -> str:
    """The password that every person of the fixture begins with."""
    return f"First-{name_of(dn)}-1"


def sign_in(slapd: Slapd, dn: str):
    """A connection of DN, the rootdn or somebody who still has the first password."""
    return slapd.connect(dn, ROOT_PASSWORD if dn == ROOT_DN else password_of(dn))


def lock_out(slapd: Slapd, dn: str) -> None:
    """Signs in wrongly until slapo-ppolicy has locked DN. In the first milliseconds of a second it dates a lock in the
    future, and passes over it then: what it dates it by is ahead of time(2)."""
    while slapd.signs_in(dn, password_of(dn)):
        for _attempt in range(4):
            slapd.signs_in(dn, "wrong")


def person(uid: str, base: str, name: str, **more: str | list[str] | None) -> Entry:
    """A person with a mailbox inside, a recovery address outside, and password_of() as password. MORE adds and
    replaces attributes; None removes one."""
    dn = f"uid={uid},{base}"
    attributes: dict[str, str | list[str] | None] = {
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
    return entry(dn, attributes)


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
    return make.policy(name, scope, mode, **{
        "latchkeyGlobalAdmins": f"cn=global-admins,{GROUPS}",
        "latchkeyPasswordAdmins": f"cn=password-admins,{GROUPS}",
        "latchkeyAuditors": f"cn=auditors,{GROUPS}",
        "latchkeyInsideDomain": INSIDE_DOMAIN,
        "latchkeyDefaultLanguage": "en",
        "latchkeyTimeZone": "Asia/Seoul",
        "latchkeyOrganization": "Example Organization",
        "latchkeyPortal": "https://portal.example.org/",
        **more,
    })


def entries(**managed: str | list[str]) -> list[Entry]:
    """The whole directory; MANAGED adds and replaces attributes of the policy of the managed."""
    units = [make.container(dn) for dn in (SELF, MANAGED, OUTSIDE, GROUPS, POLICIES_DN, f"ou=services,{SUFFIX}")]
    policies = [make.password_policy(), policy("self", SELF, "selfServiceOnly"),
                policy("managed", MANAGED, "adminReset", **managed)]
    return [make.top("Example Organization"), *units, make.mailer(), *people(), *groups(), *policies]
