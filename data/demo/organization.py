"""The demo's organization: some 200 invented people in Korea and abroad, in two subtrees, the same every time.

Office staff (ou=office) can be helped by administrators; in the research institute (ou=research) everybody helps
themself, and nobody resets a password for anybody. Names are combined by counting with strides, not by chance."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import names
from latchkey_testing import entries as make
from latchkey_testing.settings import POLICIES_DN, SUFFIX, Entry

NAME = "Hanbit Works"
OFFICE = f"ou=office,{SUFFIX}"
RESEARCH = f"ou=research,{SUFFIX}"
INSIDE_DOMAIN = "hanbit.example"  # the organization's own mail, behind the same password
OUTSIDE_DOMAINS = ("mail.example", "post.example")
FIRST_EMPLOYEE = 20110001


@dataclass
class Person:
    """Somebody; `name` as people write it, Hangul or Latin."""

    base: str
    given: str
    family: str
    name: str
    login: str
    korean: bool
    department: str
    title: str
    number: int

    @property
    def dn(self) -> str:
        """The name of the entry."""
        return f"uid={self.login},{self.base}"

    @property
    def address(self) -> str:
        """The recovery address."""
        return f"{self.login}@{OUTSIDE_DOMAINS[self.number % len(OUTSIDE_DOMAINS)]}"

    @property
    def password(self) -> str:
        """The password that this person has at first, and in the story forgets."""
        return f"{self.login}-{self.number}"


def _ascii(name: str) -> str:
    """NAME as a part of a user name: Ríos becomes rios."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalnum())


def _korean_name(index: int) -> tuple[str, str, str, str]:
    # 21 and 29 have no common divisor, so that 609 people have different names.
    (family, family_letters), (given, given_letters) = names.FAMILY[index % 21], names.GIVEN[index % 29]
    return given, family, family + given, f"{given_letters}.{family_letters}"


def _english_name(index: int) -> tuple[str, str, str, str]:
    family, given = names.ENGLISH_FAMILY[index % 23], names.ENGLISH_GIVEN[index % 19]
    return given, family, f"{given} {family}", f"{_ascii(given)}.{_ascii(family)}"


def _staff(base: str, korean: bool, first: int, count: int, departments) -> Iterator[Person]:
    for index in range(first, first + count):
        given, family, name, login = (_korean_name if korean else _english_name)(index)
        department, titles = departments[index % len(departments)]
        title = titles[index // len(departments) % len(titles)]
        yield Person(base, given, family, name, login, korean, department, title, 0)


def _with_same_name(korean: bool) -> Iterator[Person]:
    """Three of one Korean name and two of one English: only department, title and number tell them apart."""
    if korean:
        for number, (base, department, title) in enumerate((
                (OFFICE, "영업1팀", "과장"), (OFFICE, "인사팀", "대리"), (RESEARCH, "로봇연구실", "연구원")), start=1):
            login = "junghyun.kim" + (str(number) if number > 1 else "")
            yield Person(base, "정현", "김", "김정현", login, True, department, title, 0)
    else:
        for number, (department, title) in enumerate((("Sales", "Sales Director"), ("Finance", "Controller")), start=1):
            login = "alex.morgan" + (str(number) if number > 1 else "")
            yield Person(OFFICE, "Alex", "Morgan", "Alex Morgan", login, False, department, title, 0)


def people() -> list[Person]:
    """Everybody, with running employee numbers; no user name occurs twice."""
    everybody = [
        *_staff(OFFICE, True, 0, 75, names.KOREAN_DEPARTMENTS),
        *_staff(OFFICE, False, 0, 45, names.ENGLISH_DEPARTMENTS),
        *_staff(RESEARCH, True, 75, 45, names.KOREAN_LABORATORIES),
        *_staff(RESEARCH, False, 45, 30, names.ENGLISH_LABORATORIES),
        *_with_same_name(korean=True),
        *_with_same_name(korean=False),
    ]
    for index, person in enumerate(everybody):
        person.number = FIRST_EMPLOYEE + 7 * index
    return everybody


def _entry(person: Person) -> Entry:
    # Every ninth has no recovery address on record: only the mailbox behind the password that was lost.
    reachable = person.number % 9 != 0
    return make.entry(person.dn, {
        "objectClass": ["inetOrgPerson", "latchkeyUser"],
        "uid": person.login,
        "cn": person.name,
        "sn": person.family,
        "givenName": person.given,
        "displayName": person.name,
        "mail": f"{person.login}@{INSIDE_DOMAIN}",
        "latchkeyRecoveryAddress": person.address if reachable else None,
        "departmentNumber": person.department,
        "title": person.title,
        "employeeNumber": str(person.number),
        "preferredLanguage": "ko-KR" if person.korean else "en",
        "userPassword": make.hashed(person.password),
    })


@dataclass
class Cast:
    """Who plays which part in the story."""

    forgetful: Person  # research; forgot the password
    locked_out: Person  # research; mistyped it too often
    old_client: Person  # research; has no program of ours
    colleague: Person  # office; asks the helpdesk
    global_admin: Person
    second_global_admin: Person
    password_admin: Person
    auditor: Person


# Departments of the four users of the story. Mails are in the language of their receiver, so that these four speak the
# language of whoever watches the demo.
_KOREAN_USERS = ("배터리연구실", "언어연구실", "로봇연구실", "경영지원팀")
_ENGLISH_USERS = ("Materials Laboratory", "Robotics Laboratory", "Linguistics Laboratory", "Sales")


def cast(everybody: list[Person], is_korean: bool) -> Cast:
    """The parts, for people who have a recovery address and whose name nobody else has."""
    suitable = [person for person in everybody
                if person.number % 9 and sum(other.name == person.name for other in everybody) == 1]

    def someone(department: str) -> Person:
        return next(person for person in suitable if person.department == department)

    forgetful, locked_out, old_client, colleague = map(someone, _KOREAN_USERS if is_korean else _ENGLISH_USERS)
    return Cast(
        forgetful=forgetful, locked_out=locked_out, old_client=old_client, colleague=colleague,
        global_admin=someone("정보보안팀"), second_global_admin=someone("Finance"),
        password_admin=someone("Customer Care"), auditor=someone("인사팀"),
    )


def _policies(portal: str) -> list[Entry]:
    common = {
        "latchkeyGlobalAdmins": f"cn=global-admins,{make.GROUPS}",
        "latchkeyPasswordAdmins": f"cn=password-admins,{make.GROUPS}",
        "latchkeyAuditors": f"cn=auditors,{make.GROUPS}",
        "latchkeyInsideDomain": INSIDE_DOMAIN,
        "latchkeyDefaultLanguage": "ko-KR",
        "latchkeyTimeZone": "Asia/Seoul",
        "latchkeyOrganization": NAME,
        "latchkeyPortal": portal,
    }
    return [
        make.password_policy(),
        make.policy("research", RESEARCH, "selfServiceOnly", **common),
        make.policy("office", OFFICE, "adminReset", **common),
    ]


def _groups(parts: Cast) -> list[Entry]:
    """The roles; each is held by one person directly or through a group in the group."""
    return [
        make.group("global-admins", parts.global_admin.dn, f"cn=directory-team,{make.GROUPS}"),
        make.group("directory-team", parts.second_global_admin.dn),
        make.group("password-admins", f"cn=helpdesk,{make.GROUPS}"),
        make.group("helpdesk", parts.password_admin.dn),
        make.group("auditors", parts.auditor.dn),
    ]


def entries(everybody: list[Person], parts: Cast, portal: str) -> list[Entry]:
    """The whole directory; mails lead to PORTAL."""
    units = [make.container(dn) for dn in (OFFICE, RESEARCH, make.GROUPS, POLICIES_DN, f"ou=services,{SUFFIX}")]
    return [make.top(NAME), *units, make.mailer(), *map(_entry, everybody), *_groups(parts), *_policies(portal)]
