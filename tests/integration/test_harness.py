"""What the other tests stand on: a slapd that starts, holds the organization, and stops in order."""

import signal
import subprocess

import ldap
import ldap.schema
import pytest

from latchkey_testing import organization, places, sanitizers, watching, wire
from latchkey_testing.organization import HAN, KIM, password_of
from latchkey_testing.settings import ROOT_DN, ROOT_PASSWORD, SUFFIX
from latchkey_testing.slapd import lost_to_lmdb

WAITING = "0000 0x7f slapd shutdown: waiting for 1 operations/tasks to finish\n"


@pytest.fixture
def plain(make_slapd):
    """A slapd as Debian has it, with ppolicy."""
    return make_slapd(overlay=None)


def test_people_sign_in(plain):
    assert plain.signs_in(KIM, password_of(KIM))
    assert not plain.signs_in(KIM, password_of(HAN))


def test_foreign_clients_reach_it(plain):
    found = plain.tool("ldapsearch", "-LLL", "-b", SUFFIX, "(uid=kim)", "dn", dn=ROOT_DN, password=ROOT_PASSWORD)
    assert found.stdout.strip() == f"dn: {KIM}"
    with pytest.raises(AssertionError, match="exit"):
        plain.tool("ldapwhoami", dn=KIM, password="wrong")


def test_password_policy_is_in_force(plain):
    connection = plain.connect(KIM, password_of(KIM))
    with pytest.raises(ldap.CONSTRAINT_VIOLATION):
        connection.passwd_s(KIM, None, "short")
    connection.passwd_s(KIM, None, "long enough by far")
    assert plain.signs_in(KIM, "long enough by far")


def test_data_outlives_a_kill(plain):
    plain.root().passwd_s(KIM, None, "changed before the kill")
    plain.kill()
    plain.start()
    assert plain.signs_in(KIM, "changed before the kill")


def test_the_log_is_kept(plain):
    plain.signs_in(KIM, "wrong")
    plain.stop()
    assert f'BIND dn="{KIM}" method=128' in plain.log.read_text()
    plain.start()


def test_a_slapd_that_died_fails_its_test(make_slapd):
    slapd = make_slapd(overlay=None)
    slapd.process.kill()
    slapd.process.wait()
    with pytest.raises(AssertionError, match="ended by itself"):
        slapd.stop()


@pytest.mark.parametrize("accepted, status, log", [
    (True, -signal.SIGSEGV, f"{WAITING}"),
    (True, -signal.SIGSEGV, f"{WAITING}0001 0x7f conn=1000 op=1 RESULT tag=101 err=0 text=\n"),
    (True, -signal.SIGSEGV, f"{WAITING}0001 0x7f slapd stopped.\n"),
    (False, -signal.SIGABRT if sanitizers.CRASHED != -signal.SIGABRT else 1, f"{WAITING}0001 0x7f slapd stopped.\n"),
    (False, 1, f"{WAITING}"),
    (False, -signal.SIGSEGV, "0001 0x7f conn=1000 op=1 RESULT tag=101 err=0 text=\n"),
    (False, -signal.SIGSEGV, f"{WAITING}0001 0x7f slapd stopped.\n0002 0x7f slapd starting\n"),
    (False, -signal.SIGSEGV, f"{WAITING}0001 0x7f latchkey: some complaint\n")])
def test_no_crash_is_passed_over_but_that_of_lmdb_at_the_very_end(accepted, status, log):
    assert lost_to_lmdb(status, log) == accepted


def test_a_port_where_one_is_asked_for(make_slapd):
    slapd = make_slapd(overlay=None, port=True)
    assert slapd.connect(KIM, password_of(KIM), uri=slapd.tcp_uri).whoami_s() == f"dn:{KIM}"


def test_nothing_of_the_machine_is_used(plain):
    assert str(plain.directory) in plain.uri.replace("%2F", "/")
    maps = subprocess.run(["ls", "-l", f"/proc/{plain.process.pid}/fd"], capture_output=True, text=True, check=False)
    assert "/var/lib/ldap" not in maps.stdout
    assert places.private_slapd() != places.SYSTEM_SLAPD


def test_latchkey_is_loaded(slapd):
    """The policies are entries that slapd's schema knows only where the overlay is in it."""
    entry = slapd.entry(organization.MANAGED_POLICY)
    assert entry["latchkeyResetMode"] == [b"adminReset"]
    _dn, schema = ldap.schema.urlfetch(slapd.uri)
    assert schema.get_obj(ldap.schema.ObjectClass, "latchkeyPolicy") is not None


def test_password_modify_as_octets(plain):
    """The harness' own requests are understood, and a generated password comes back."""
    generated, control = wire.password_modify(plain.root(), KIM)
    assert control is None
    assert plain.signs_in(KIM, generated)


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 127, b"x" * 128, b"x" * 70000])
def test_elements_read_back(content):
    assert wire.elements(wire.element(wire.OCTETS, content) * 2) == [(wire.OCTETS, content)] * 2


@pytest.mark.parametrize("frame, is_ours", [
    ("by 0x1: slap_sasl_init (in /home/me/latchkey/build/sandbox/slapd)", False),
    ("by 0x1: list_add (config.c:120)", True),
    ("by 0x1: ??? (in /home/me/latchkey/build/plugin/overlay/latchkey.so)", True),
    ("by 0x1: main (in /home/me/src/build/plugin/client/latchkey)", True),
])
def test_what_of_valgrind_is_ours(tmp_path, frame, is_ours):
    report = tmp_path / "valgrind-slapd.7"
    lines = ["31 bytes are definitely lost", "   at 0x2: malloc (in /x/vgpreload.so)", f"   {frame}", ""]
    report.write_text("".join(f"==7== {line}\n" for line in lines))
    assert bool(watching.findings(tmp_path)) == is_ours


_LEAKS = """
==7==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 31 byte(s) in 1 object(s) allocated from:
    #0 0x1 in __interceptor_malloc ../../asan_malloc_linux.cpp:69
    #1 0x2 (/build/sandbox/slapd+0x962ad)

Direct leak of 77 byte(s) in 1 object(s) allocated from:
    #0 0x1 in __interceptor_malloc ../../asan_malloc_linux.cpp:69
    #1 0x3 in lk_reset ../plugin/overlay/reset.c:105

SUMMARY: AddressSanitizer: 108 byte(s) leaked in 2 allocation(s).
"""
_RACES = """==================
WARNING: ThreadSanitizer: data race (pid=7)
  Write of size 4 at 0x1 by thread T2:
    #0 {} (slapd+0x73f65)

  Previous write of size 4 at 0x1 by thread T3:
    #0 connection_operation <null> (slapd+0x73f65)

==================
"""


@pytest.mark.parametrize("report, ours", [
    (_LEAKS, ["Direct leak of 77 byte(s)"]),
    (_RACES.format("fe_extended <null>"), []),
    (_RACES.format("lk_reset ../plugin/overlay/reset.c:107"), ["WARNING: ThreadSanitizer: data race"]),
])
def test_what_of_the_sanitizers_is_ours(tmp_path, report, ours):
    """Each report that has a frame of ours counts, and is shown as a whole."""
    (tmp_path / "sanitizer-slapd.7").write_text(report)
    found = watching.findings(tmp_path)
    assert len(found) == len(ours)
    assert all(each.startswith(f"sanitizer-slapd.7:\n{beginning}") for each, beginning in zip(found, ours))
    assert all("Previous write" in each for each in found if "data race" in each)
