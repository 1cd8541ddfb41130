"""What README.md says to paste into a real slapd works as it stands."""

import re
import textwrap

import ldap
import pytest

from latchkey_testing import organization, places, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import HAN, KIM, password_of
from latchkey_testing.settings import (CONFIG_DN, CONFIG_PASSWORD, POLICIES_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX,
                                       random_key)

# As Debian's slapd is first configured, less the NIS schema.
DEBIAN_INDEXES = ["objectClass eq", "cn,uid eq", "member eq"]
DEBIAN_ACCESS = ("to attrs=userPassword by self write by anonymous auth by * none", "to * by * read")


def blocks(pattern: str) -> list[str]:
    """The indented blocks of README.md whose first line matches PATTERN, without what is this machine's to fill in."""
    text = (places.ROOT / "README.md").read_text(encoding="utf-8")
    matches = re.finditer(rf"^( +){pattern}.*\n(?:\1.*\n|\n(?=\1))*", text, re.MULTILINE)
    return [textwrap.dedent(match.group()) for match in matches]


@pytest.fixture
def ordinary(make_slapd):
    """A slapd that does not know Latchkey yet, nor what README.md adds first."""
    added = (POLICIES_DN, f"ou=services,{SUFFIX}")
    before = [(dn, attributes) for dn, attributes in organization.entries() if not dn.endswith(added)]
    return make_slapd(before, overlay=None, ppolicy=False, access=DEBIAN_ACCESS, database={"olcDbIndex": DEBIAN_INDEXES})


def paste(slapd, ldif: str, dn: str, password: str) -> None:
    """Feeds LDIF to ldapmodify."""
    slapd.tool("ldapmodify", dn=dn, password=password, input=ldif)


def test_installing(ordinary):
    entries, config, access, policy = blocks("dn: ")
    config = re.sub(r"olcModuleLoad: .*", f"olcModuleLoad: {places.OVERLAY}", config).replace("KEY", random_key())
    paste(ordinary, entries.replace("HASH", "{SSHA}" + random_key()), ROOT_DN, ROOT_PASSWORD)
    paste(ordinary, config + "\n" + access, CONFIG_DN, CONFIG_PASSWORD)
    paste(ordinary, policy, ROOT_DN, ROOT_PASSWORD)
    assert wire.exop(ordinary.connect(), wire.RECOVERY_REQUEST, wire.recovery_request("kim")) is None
    dn = re.search("dn: (.*)", policy).group(1)
    assert ordinary.entry(dn)["objectClass"] == [b"latchkeyPolicy"]
    ordinary.root().modify_s(KIM, [(ldap.MOD_ADD, "objectClass", [b"latchkeyUser"]),
                                   (ldap.MOD_ADD, "latchkeyRecoveryAddress", [b"kim@example.net"])])
    sees = {who: "latchkeyRecoveryAddress" in connection.search_s(KIM, ldap.SCOPE_BASE)[0][1] for who, connection in
            (("nobody", ordinary.connect()), (HAN, ordinary.connect(HAN, password_of(HAN))),
             (KIM, ordinary.connect(KIM, password_of(KIM))))}
    assert sees == {"nobody": False, HAN: False, KIM: True}


def test_the_mailers_configuration(slapd, mailer):
    """Its file with the paths and addresses of a test in the place of a machine's."""
    (text,) = blocks(r"\[directory\]")
    groups = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)[1:]
    named = dict(zip(groups[::2], groups[1::2]))
    settings = {name: dict(line.split("=", 1) for line in body.split()) for name, body in named.items()}
    password = slapd.secret_file("secret")
    settings["directory"] |= {"uri": slapd.uri, "password_file": slapd.secret_file(MAILER_PASSWORD)}
    settings["smtp"]["password_file"] = password
    mailer.attach(slapd, directory=settings["directory"], smtp=settings["smtp"], maildir={})
    mailer.once()
