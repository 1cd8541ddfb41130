"""What latchkey(7) says to do when Latchkey is taken out again leaves a directory that knows nothing of it."""

import os
import re
import shutil
import subprocess

import ldap

from latchkey_testing import places, recovery
from latchkey_testing.configuring import DATABASE, OVERLAY, resets
from latchkey_testing.organization import HAN, KIM, password_of
from latchkey_testing.settings import SUFFIX, data_directory


def filter_of_the_manual() -> str:
    """The program that takes what is Latchkey's out of a directory, from the manual's source."""
    page = (places.ROOT / "data/man/latchkey.7").read_text(encoding="utf-8")
    program = re.search(r"awk .*? '\n(.*?)\n\\&' >", page, re.DOTALL).group(1)
    return program.replace("\\e", "\\").replace("dc=example,dc=org", SUFFIX)


def without_latchkey(ldif: str) -> str:
    """What that program leaves of LDIF, whose lines are whole."""
    command = ["awk", "-v", "RS=", "-v", r"ORS=\n\n", filter_of_the_manual()]
    return subprocess.run(command, input=ldif, capture_output=True, text=True, check=True).stdout


def test_it_is_taken_out(slapd):
    recovery.ask_and_wait(slapd, "kim")
    assert resets(slapd, user=KIM)
    before = slapd.slapcat()
    assert "latchkeySealed" in before and "latchkeyRecoveryOf" in before
    config = slapd.config()
    indexes = [value for value in config.search_s(DATABASE, ldap.SCOPE_BASE)[0][1]["olcDbIndex"] if b"latchkey" in value]
    config.delete_s(OVERLAY)
    config.modify_s(DATABASE, [(ldap.MOD_DELETE, "olcDbIndex", indexes)])
    whole = slapd.slapcat().replace("\n ", "")
    slapd.stop()
    left = without_latchkey(whole)
    assert "latchkey" not in left.lower().replace("{latchkey-temp}", "")
    assert left.count("\ndn: ") > 10 and HAN in left
    modules = slapd.directory / "slapd.d/cn=config/cn=module{0}.ldif"
    lines = modules.read_text().replace("\n ", "").splitlines()
    modules.write_text("\n".join(line for line in lines if str(places.OVERLAY) not in line) + "\n")
    folder = data_directory(slapd.directory, 1)
    shutil.rmtree(folder)
    os.mkdir(folder, 0o700)
    slapd.offline("add", left)
    slapd.start()
    assert slapd.signs_in(HAN, password_of(HAN)) and not slapd.signs_in(KIM, password_of(KIM))
    assert not slapd.root().search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=latchkeyUser)")
