"""A configuration that cannot be meant is refused with one clear sentence: values that are none, key files that others
could read, the module or its schema twice, the overlay where it has no place."""

import os
import shutil

import ldap
import pytest

from latchkey_testing import places, recovery, wire
from latchkey_testing.configuring import DATABASE, OVERLAY, configure, overlay_entry, recovers, resets, warnings
from latchkey_testing.organization import KIM, PASSWORD_ADMIN, password_of
from latchkey_testing.settings import CONFIG_DN, random_key
from latchkey_testing.waiting import wait_for


@pytest.fixture
def key_file(slapd):
    """A good key file."""
    path = slapd.directory / "totp.key"
    path.write_text(random_key() + "\n")
    path.chmod(0o600)
    return path


def missing(path):
    path.unlink()


def empty(path):
    path.write_text("")


def short(path):
    path.write_text(random_key()[:-1])


def long(path):
    path.write_text(random_key() + "A")


def two(path):
    path.write_text(f"{random_key()}\n{random_key()}\n")


def binary(path):
    path.write_bytes(os.urandom(44))


def of_the_group(path):
    path.chmod(0o640)


def of_everybody(path):
    path.chmod(0o644)


def writable(path):
    path.chmod(0o602)


def a_link(path):
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_pipe(path):
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize("spoil", [missing, empty, short, long, two, binary, of_the_group, of_everybody, writable,
                                   a_link, a_folder, a_pipe], ids=lambda spoil: spoil.__name__)
def test_a_bad_key_file_is_refused(slapd, key_file, spoil):
    """With one sentence to the administrator and the same in the log; slapd goes on without."""
    spoil(key_file)
    why = configure(slapd, "olcLatchkeyKeyFile", str(key_file))
    assert "key file" in why and why.count("\n") == 0
    assert len([line for line in warnings(slapd) if "key file" in line]) == 1
    assert "olcLatchkeyKeyFile" not in slapd.config().read_s(OVERLAY)
    assert slapd.signs_in(KIM, password_of(KIM))


def test_a_good_key_file_is_taken_and_outlives_a_restart(slapd, key_file):
    assert configure(slapd, "olcLatchkeyKeyFile", str(key_file)) == ""
    slapd.restart()
    assert slapd.config().read_s(OVERLAY)["olcLatchkeyKeyFile"] == [str(key_file).encode()]
    assert configure(slapd, "olcLatchkeyKeyFile") == "", "it can be taken out again"


def test_slapd_does_not_start_with_a_bad_key_file(slapd, key_file):
    """What it would have to guess about it does not guess: it ends, and says why."""
    assert configure(slapd, "olcLatchkeyKeyFile", str(key_file)) == ""
    slapd.stop()
    key_file.chmod(0o644)
    with pytest.raises(AssertionError, match="did not start"):
        slapd.start()
    slapd.process = None
    assert len([line for line in warnings(slapd) if "key file" in line]) == 1
    key_file.chmod(0o600)
    slapd.start()


# --- other values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute, value", [
    ("olcLatchkeyMailerKey", "not a key"), ("olcLatchkeyMailerKey", "A" * 40),
    ("olcLatchkeyMailerKey", "A" * 48), ("olcLatchkeyMailerKey", "=" * 44),
    ("olcLatchkeyMailer", "not a DN"), ("olcLatchkeyReader", "uid"), ("olcLatchkeySelfServiceOnly", "a subtree"),
    ("olcLatchkeyPolicyBase", "policies"), ("olcLatchkeyMinSSF", "much"), ("olcLatchkeyMinSSF", "-1"),
    ("olcLatchkeyMinSSF", "99999999999"),
])
def test_a_value_that_is_none_is_refused(slapd, attribute, value):
    before = slapd.config().read_s(OVERLAY)
    why = configure(slapd, attribute, value)
    assert why and why.count("\n") == 0
    assert slapd.config().read_s(OVERLAY) == before
    slapd.restart()


def test_without_a_mailers_key_no_password_is_changed(slapd):
    """A mail that nobody could read is not written; the reset or the code it would have carried is not made."""
    assert configure(slapd, "olcLatchkeyMailerKey") == ""
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="olcLatchkeyMailerKey"):
        wire.password_modify(slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)), "kim", control=wire.notify())
    recovery.ask_and_wait(slapd, "kim")
    assert "latchkeyMessage" not in slapd.slapcat() and "latchkeyCode" not in slapd.slapcat()
    slapd.restart()
    assert len([line for line in warnings(slapd) if "has no olcLatchkeyMailerKey" in line]) == 1


def test_a_wrong_mailers_key_loses_nothing(slapd, mailer):
    """Sealed to a key that no mailer has, a mail waits: the mailer says so and settles nothing as sent."""
    assert configure(slapd, "olcLatchkeyMailerKey", random_key()) == ""
    recovery.ask_and_wait(slapd, "kim")
    mailer.once(check=False)
    assert mailer.mails() == []
    assert "state=sent" not in slapd.slapcat().replace("\n ", "")


# --- the module -----------------------------------------------------------------------------------------------------


def refuses_to_start(slapd, *words: str) -> None:
    """Asserts that slapd does not start, and says all WORDS in one line of its log."""
    with pytest.raises(AssertionError, match="did not start"):
        slapd.start()
    slapd.process = None
    assert [line for line in slapd.log.read_text().splitlines() if all(word in line for word in words)]


@pytest.mark.parametrize("module", [places.OVERLAY, places.KILLABLE_OVERLAY], ids=lambda path: path.parent.name)
def test_a_module_is_called_by_nobody_but_slapd(module):
    """slapd's modules see each other's symbols: a second copy of this one would call the first one's functions."""
    shown = places.run("nm", "-D", "--defined-only", str(module)).stdout.splitlines()
    assert {line.split()[-1] for line in shown} == {"init_module", "term_module"}


def test_the_module_loaded_twice_is_an_error(slapd, tmp_path):
    """Under the same name slapd itself sees it; a copy of it says what is wrong, and the first one goes on working."""
    copy = tmp_path / "another.so"
    shutil.copy(places.OVERLAY, copy)
    for path in (places.OVERLAY, copy):
        with pytest.raises(ldap.LDAPError):
            slapd.config().modify_s(f"cn=module{{0}},{CONFIG_DN}", [
                (ldap.MOD_ADD, "olcModuleLoad", [str(path).encode()])])
    assert len([line for line in warnings(slapd) if "the schema cannot be registered" in line]) == 1
    assert recovers(slapd) and resets(slapd)
    slapd.restart()
    assert resets(slapd)


def test_the_schema_loaded_as_well_is_one_clear_error(make_slapd):
    """latchkey.ldif is for reading: where the module is loaded slapd refuses it, and goes on."""
    slapd = make_slapd()
    ldif = (places.BUILD / "schema/latchkey.ldif").read_text()
    done = slapd.tool("ldapadd", dn=CONFIG_DN, password="config-password", input=ldif, check=False)
    assert done.returncode != 0 and "uplicate" in done.stderr
    slapd.restart()
    assert resets(slapd)


def test_the_schema_loaded_before_is_one_clear_error(make_slapd):
    """The other way round the module is refused, and says why."""
    slapd = make_slapd(overlay=None)
    definition = f"( {wire.BASE}.1.1 NAME 'latchkeyScope' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )"
    slapd.config().add_s(f"cn=latchkey,cn=schema,{CONFIG_DN}", [
        ("objectClass", b"olcSchemaConfig"), ("cn", b"latchkey"), ("olcAttributeTypes", definition.encode())])
    with pytest.raises(ldap.LDAPError):
        slapd.config().modify_s(f"cn=module{{0}},{CONFIG_DN}", [
            (ldap.MOD_ADD, "olcModuleLoad", [str(places.OVERLAY).encode()])])
    assert len([line for line in warnings(slapd) if "latchkey.ldif" in line]) == 1
    slapd.restart()
    assert slapd.signs_in(KIM, password_of(KIM))


def test_the_overlay_has_no_place_on_the_frontend(slapd):
    """Nor on cn=config."""
    for database in ("{-1}frontend", "{0}config"):
        with pytest.raises(ldap.OTHER):
            slapd.config().add_s(*overlay_entry(f"olcDatabase={database},{CONFIG_DN}"))
    assert resets(slapd)
    slapd.restart()


def test_the_overlay_stands_once_on_a_database(slapd):
    with pytest.raises(ldap.LDAPError):
        slapd.config().add_s(*overlay_entry(DATABASE))
    assert resets(slapd) and recovers(slapd)
    slapd.restart()


FORGETFUL = "does not wait for the disk"


@pytest.mark.parametrize("setting", [
    {"olcDbNoSync": ["TRUE"]}, {"olcDbEnvFlags": ["nosync"]}, {"olcDbEnvFlags": ["nometasync"]},
    {"olcDbEnvFlags": ["writemap", "mapasync"]}], ids=lambda setting: " ".join(*setting.values()))
def test_a_database_that_forgets_is_warned_of_once(make_slapd, setting):
    """It cannot keep that a message is sent once."""
    slapd = make_slapd(database=setting)
    recovery.ask_and_wait(slapd, "kim")  # a beat later
    assert len([line for line in warnings(slapd) if FORGETFUL in line]) == 1


def test_one_that_begins_to_forget_is_warned_of(make_slapd):
    slapd = make_slapd(database={"olcDbEnvFlags": ["nordahead"], "olcDbNoSync": ["FALSE"]})
    recovery.ask_and_wait(slapd, "kim")
    assert not [line for line in warnings(slapd) if FORGETFUL in line]
    slapd.config().modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDbNoSync", [b"TRUE"])])
    wait_for(lambda: [line for line in warnings(slapd) if FORGETFUL in line])
