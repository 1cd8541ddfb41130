"""Promise 2: a password and the message that tells of it are one write. Whatever stops that write, neither is stored;
nor is a lock lifted, a code spent or a serial number raised without the recovery that it belongs to."""

import io
import itertools
import re
import resource

import ldif
import pytest
from ldap import MOD_ADD, MOD_REPLACE

from latchkey_testing import recovery, wire
from latchkey_testing.organization import AUDITOR, KIM, LEE, PASSWORD_ADMIN, STRANGER, password_of, sign_in
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import DEFAULT_PPOLICY_DN

NEW = "A-new-password-9"
DATABASE = "olcDatabase={1}mdb,cn=config"


def stored(slapd, dn: str) -> dict[str, list[bytes]]:
    """The whole entry as it is stored, the serial number and the sealed texts included."""
    reader = ldif.LDIFRecordList(io.StringIO(slapd.slapcat()))
    reader.parse()
    return dict(reader.all_records)[dn]


def reset(slapd, new: str | None) -> None:
    """Of KIM's password, with a message."""
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, new, control=wire.notify())


def recover(slapd, dn: str, code: str, new: str | None) -> None:
    """By RecoveryComplete."""
    wire.exop(slapd.connect(), wire.RECOVERY_COMPLETE, wire.recovery_complete(dn, code, new=new))


# Whom an operation is about, what it sends, and what its success changes: all of that, or nothing.
RESET = {"userPassword", "latchkeyMessage", "latchkeySealed", "latchkeyDue", "pwdReset", "pwdChangedTime"}
RECOVERY = {"userPassword", "latchkeySerial", "pwdChangedTime"}
KEPT = {"latchkeySerial", "pwdAccountLockedTime", "pwdFailureTime"}
WITH_PASSWORD = {
    "reset, drawn": (KIM, RESET, lambda slapd, codes: reset(slapd, None)),
    "reset, typed": (KIM, RESET, lambda slapd, codes: reset(slapd, NEW)),
    "recovery": (KIM, RECOVERY, lambda slapd, codes: recover(slapd, KIM, codes[KIM], NEW)),
    "Password Modify": (KIM, RECOVERY, lambda slapd, codes: slapd.connect().passwd_s(KIM, codes[KIM], NEW)),
}
OPERATIONS = {**WITH_PASSWORD, "kept": (LEE, KEPT, lambda slapd, codes: recover(slapd, LEE, codes[LEE], None))}


@pytest.fixture
def world(start, mailer):
    """A function that starts a slapd in which KIM and LEE have a code each, and LEE is locked by failed sign-ins."""
    def started(**settings):
        slapd = start(**settings)
        codes = recovery.codes_for(slapd, mailer, KIM, LEE, AUDITOR)
        for _ in range(4):
            slapd.signs_in(LEE, "wrong")
        # back-mdb loses the number of an attribute whose first use is a write that fails; so all are used before.
        recover(slapd, AUDITOR, codes["auditor"][0], NEW)
        wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), AUDITOR, control=wire.notify())
        return slapd, {KIM: codes["kim"][0], LEE: codes["lee"][0]}
    return started


def assert_nothing_then_all(slapd, codes, operation: str, broken, repaired) -> None:
    """After BROKEN(slapd) the operation fails and changes nothing; after REPAIRED(slapd) it succeeds and changes
    all."""
    dn, changes, send = OPERATIONS[operation]
    broken(slapd)
    before = stored(slapd, dn)
    code, text = result_of(send, slapd, codes)
    assert code not in (0, 49), text
    assert stored(slapd, dn) == before
    repaired(slapd)
    before = stored(slapd, dn)
    send(slapd, codes)
    after = stored(slapd, dn)
    assert changes <= {name for name in {*before, *after} if before.get(name) != after.get(name)}


# What slapo-ppolicy refuses.


def least_length(characters: int):
    """A change of slapo-ppolicy's policy."""
    return lambda slapd: slapd.root().modify_s(
        DEFAULT_PPOLICY_DN, [(MOD_REPLACE, "pwdMinLength", [str(characters).encode()])])


@pytest.mark.parametrize("operation", WITH_PASSWORD)
def test_a_password_that_ppolicy_refuses_changes_nothing(world, operation):
    slapd, codes = world()
    assert_nothing_then_all(slapd, codes, operation, least_length(40), least_length(8))


@pytest.mark.parametrize("send", [lambda slapd, code: reset(slapd, password_of(KIM)),
                                  lambda slapd, code: recover(slapd, KIM, code, password_of(KIM)),
                                  lambda slapd, code: slapd.connect().passwd_s(KIM, code, password_of(KIM))],
                         ids=["reset", "recovery", "recovery-by-password-modify"])
def test_a_password_from_history_changes_nothing(world, send):
    slapd, codes = world()
    before = stored(slapd, KIM)
    assert result_of(send, slapd, codes[KIM])[0] == 19
    assert stored(slapd, KIM) == before
    recover(slapd, KIM, codes[KIM], NEW)


# What slapd or the machine refuses.


def break_schema(slapd) -> None:
    """Loads the database anew, without what the object class of both demands."""
    slapd.stop()
    text = slapd.slapcat()
    for file in (slapd.directory / "data").glob("*.mdb"):
        file.unlink()
    ours = (f"dn: {KIM}\n", f"dn: {LEE}\n")
    blocks = [re.sub(r"\ncn:.*", "", block) if block.startswith(ours) else block for block in text.split("\n\n")]
    slapd.offline("add", "\n\n".join(blocks), "-s")
    slapd.start()


def repair_schema(slapd) -> None:
    """Gives it back."""
    for dn in (KIM, LEE):
        slapd.root().modify_s(dn, [(MOD_ADD, "cn", [b"Somebody"])])


def read_only(value: str):
    """A change of cn=config."""
    return lambda slapd: slapd.config().modify_s(DATABASE, [(MOD_REPLACE, "olcReadOnly", [value.encode()])])


def let_files_grow_to(octets: int):
    """A limit for all files that slapd writes; it is told by an error, as its wrapper has it ignore the signal."""
    return lambda slapd: resource.prlimit(slapd.process.pid, resource.RLIMIT_FSIZE, (octets, resource.RLIM_INFINITY))


class Filled:
    """A database without room. As pages that a write has freed would serve the next, somebody keeps them from that: a
    reader that has begun and does not end."""

    def __init__(self):
        self._reader = None

    def fill(self, slapd) -> None:
        """Writes until it is full; the reader stops in the middle of more than a pipe takes."""
        root = slapd.root()
        root.modify_s(STRANGER, [(MOD_ADD, "description", [b"x" * 200_000])])
        self._reader = slapd.stalled_slapcat()
        for number in itertools.count():
            if result_of(root.modify_s, AUDITOR, [(MOD_REPLACE, "title", [b"%d" % number])])[0]:
                break

    def enlarge(self, slapd) -> None:
        """Ends that."""
        slapd.config().modify_s(DATABASE, [(MOD_REPLACE, "olcDbMaxSize", [b"10000000"])])
        self._reader.kill()
        self._reader.wait()
        self._reader.stdout.close()


FAILURES = {
    "schema": ({}, break_schema, repair_schema),
    "read only": ({}, read_only("TRUE"), read_only("FALSE")),
    "unwritable": ({"wrapper": ("env", "--ignore-signal=XFSZ")}, let_files_grow_to(8192),
                   let_files_grow_to(resource.RLIM_INFINITY)),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_write_that_fails_changes_nothing(world, operation, failure):
    settings, broken, repaired = FAILURES[failure]
    slapd, codes = world(**settings)
    assert_nothing_then_all(slapd, codes, operation, broken, repaired)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_full_database_changes_nothing(world, operation):
    slapd, codes = world(database_bytes=1_500_000)
    filled = Filled()
    assert_nothing_then_all(slapd, codes, operation, filled.fill, filled.enlarge)


def test_the_reset_that_fills_the_database_is_none(slapd):
    """A message needs more room than a password, so sooner or later there is room for that alone."""
    slapd.config().modify_s(DATABASE, [(MOD_REPLACE, "olcDbMaxSize", [b"300000"])])
    for number in itertools.count():
        if result_of(reset, slapd, f"Typed-by-Pia-{number}")[0]:
            break
    carrying = [value for value in slapd.entry(KIM)["latchkeyMessage"] if b" kind=temporaryPassword " in value]
    assert number > 10 and len(carrying) == number
    assert slapd.signs_in(KIM, f"Typed-by-Pia-{number - 1}") and not slapd.signs_in(KIM, f"Typed-by-Pia-{number}")
