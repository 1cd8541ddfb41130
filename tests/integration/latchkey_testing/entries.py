"""The kinds of entries that the directories of the tests and of the demo are made of."""

import base64
import hashlib

from .settings import DEFAULT_PPOLICY_DN, MAILER_DN, POLICIES_DN, SUFFIX, Entry

GROUPS = f"ou=groups,{SUFFIX}"
MAILER_PASSWORD = "mailer-password"


def entry(dn: str, attributes: dict[str, str | list[str] | None]) -> Entry:
    """An entry of values and lists of values; an attribute that is None or empty is left out."""
    return dn, {name: value if isinstance(value, list) else [value] for name, value in attributes.items() if value}


def name_of(dn: str) -> str:
    """The value of a DN's first part."""
    return dn.split(",")[0].split("=")[1]


def hashed(password: str) -> str:
    """PASSWORD as slapd stores it, salted with itself so that the fixture is the same every time."""
    salt = hashlib.sha256(password.encode()).digest()[:8]
    return "{SSHA}" + base64.b64encode(hashlib.sha1(password.encode() + salt).digest() + salt).decode()


def group(name: str, *members: str) -> Entry:
    """A group below ou=groups."""
    return entry(f"cn={name},{GROUPS}", {"objectClass": "groupOfNames", "cn": name, "member": list(members)})


def container(dn: str) -> Entry:
    """An organizational unit."""
    return entry(dn, {"objectClass": "organizationalUnit", "ou": name_of(dn)})


def top(name: str) -> Entry:
    """The entry above all others."""
    return entry(SUFFIX, {"objectClass": ["dcObject", "organization"], "dc": "example", "o": name})


def policy(name: str, scope: str, mode: str, **more: str | list[str]) -> Entry:
    """A policy of Latchkey's; MORE adds and replaces attributes."""
    attributes = {
        "objectClass": "latchkeyPolicy",
        "cn": name,
        "latchkeyScope": scope,
        "latchkeyResetMode": mode,
        **more,
    }
    return entry(f"cn={name},{POLICIES_DN}", attributes)


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
    return entry(DEFAULT_PPOLICY_DN, attributes)


def mailer() -> Entry:
    """The identity under which the mailer signs in."""
    return entry(MAILER_DN, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": "mailer",
                             "userPassword": hashed(MAILER_PASSWORD)})


def without_latchkey(entries: list[Entry]) -> list[Entry]:
    """The same for a slapd that does not know Latchkey's schema."""
    plain = []
    for dn, attributes in entries:
        kept = {key: [value for value in values if not str(value).startswith("latchkey")]
                for key, values in attributes.items() if not key.startswith("latchkey")}
        if kept["objectClass"]:
            plain.append((dn, kept))
    return plain


def without_ppolicy(entries: list[Entry]) -> list[Entry]:
    """The same for a slapd that does not know slapo-ppolicy's schema."""
    return [(dn, {key: values for key, values in attributes.items() if not key.startswith("pwd")})
            for dn, attributes in entries if "pwdPolicy" not in attributes["objectClass"]]
