"""The overlay comes, changes and goes while slapd runs, and a restart finds it as it was."""

import time

import ldap
import pytest

from latchkey_testing import mails, organization, places, recovery, wire
from latchkey_testing.configuring import DATABASE, OVERLAY, configure, overlay_entry, recovers, resets
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, MANAGED, OUTSIDE, PASSWORD_ADMIN, SELF, STRANGER,
                                           password_of)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import CONFIG_DN, MAILER_DN, ROOT_DN, SUFFIX, Database, random_key
from latchkey_testing.waiting import wait_for


@pytest.fixture
def without(make_slapd):
    """A slapd that has loaded the module, and whose database has no overlay yet."""
    slapd = make_slapd(latchkey={"olcLatchkeyReader": [ROOT_DN]})
    slapd.stop()
    (slapd.directory / "slapd.d/cn=config/olcDatabase={1}mdb/olcOverlay={1}latchkey.ldif").unlink()
    slapd.start()
    return slapd


def test_the_overlay_comes_while_slapd_runs(without):
    """Its rules hold from the answer to that Add on, and after a restart."""
    without.root().passwd_s(HAN, None, "Set-Before-It-Came-1")
    without.config().add_s(*overlay_entry(DATABASE))
    for _ in range(2):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM):
            without.root().passwd_s(HAN, None, "Never-Set-4711")
        assert resets(without)
        recovery.ask_and_wait(without, "kim")
        without.restart()
    assert without.slapcat().count("latchkeyCode: ") >= 1


def test_a_change_of_the_configuration_counts_at_once(slapd):
    assert resets(slapd)
    assert configure(slapd, "olcLatchkeySelfServiceOnly", MANAGED) == ""
    assert not resets(slapd)
    assert configure(slapd, "olcLatchkeySelfServiceOnly", OUTSIDE) == ""
    assert resets(slapd)
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        slapd.root().passwd_s(STRANGER, None, "Never-Set-4711")
    assert configure(slapd, "olcLatchkeySelfServiceOnly") == ""
    slapd.root().passwd_s(STRANGER, None, "Set-As-Without-1")
    assert configure(slapd, "olcLatchkeyMailer", PASSWORD_ADMIN) == ""
    admin = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    # What tells of the resets above, on the entry that they were of.
    assert len({holder for holder, *_rest in wire.taken(wire.exop(admin, wire.NOTIFICATION_TAKE, wire.take()))}) == 1
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        wire.exop(slapd.connect(MAILER_DN, "mailer-password"), wire.NOTIFICATION_TAKE, wire.take())
    assert configure(slapd, "olcLatchkeyMinSSF", "128") == ""
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        wire.password_modify(slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)), KIM)
    slapd.restart()
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        wire.password_modify(slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)), KIM)


def test_messages_are_sealed_to_a_new_key_at_once(make_slapd, mailer):
    """Also the first ones, although what sealing needs is made ahead, and what was made for the old key is left over."""
    slapd = make_slapd()
    mailer.attach(slapd)
    recovery.ask_and_wait(slapd, "lee")  # a beat at least has gone by
    assert configure(slapd, "olcLatchkeyMailerKey", mailer.public_key) == ""
    admin = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    for number in range(3):
        wire.password_modify(admin, KIM, f"Typed-For-Kim-{number}", control=wire.notify())
    mailer.once(check=False)  # it cannot open Lee's message
    assert len(mails.to(mailer.mails(), "kim@example.net")) == 3


def test_values_of_a_list_come_and_go_one_by_one(slapd):
    keys = [random_key() for _ in range(3)]
    assert configure(slapd, "olcLatchkeyMailerKey", *keys) == ""
    config = slapd.config()
    assert config.read_s(OVERLAY)["olcLatchkeyMailerKey"] == [f"{{{at}}}{key}".encode() for at, key in enumerate(keys)]
    config.modify_s(OVERLAY, [(ldap.MOD_DELETE, "olcLatchkeyMailerKey", [f"{{1}}{keys[1]}".encode()])])
    config.modify_s(OVERLAY, [(ldap.MOD_ADD, "olcLatchkeyReader", [KIM.encode(), HAN.encode()])])
    config.modify_s(OVERLAY, [(ldap.MOD_DELETE, "olcLatchkeyReader", [KIM.encode()])])
    for _ in range(2):
        read = slapd.config().read_s(OVERLAY)
        assert read["olcLatchkeyMailerKey"] == [f"{{{at}}}{key}".encode() for at, key in enumerate((keys[0], keys[2]))]
        assert read["olcLatchkeyReader"] == [HAN.encode()]
        recovery.ask_and_wait(slapd, "lee")
        for who, sees in ((KIM, False), (HAN, True)):
            connection = slapd.connect(who, password_of(who))
            assert bool(connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(latchkeyCode=*)", ["1.1"])) == sees
        slapd.restart()


def test_the_overlay_goes_while_slapd_runs(slapd):
    """Again and again, with wishes waiting for the beat; while it is gone the database is slapd's alone."""
    for number in range(30):
        recovery.ask(slapd, f"nobody{number}")
        slapd.config().delete_s(OVERLAY)
        if number % 10 == 0:  # slapd answers a moment before it lets go of an overlay
            wait_for(lambda: not result_of(slapd.root().passwd_s, HAN, None, "Set-While-It-Was-Gone")[0])
        slapd.config().add_s(*overlay_entry(DATABASE))
    assert resets(slapd) and recovers(slapd) and not resets(slapd, GLOBAL_ADMIN, HAN)
    slapd.restart()
    assert resets(slapd) and not resets(slapd, GLOBAL_ADMIN, HAN)


def test_codes_are_being_made_while_the_overlay_goes(make_slapd):
    """slapd lets go of an overlay while a beat may have begun again, and a batch of codes is not written yet."""
    names = [f"many{number}" for number in range(4)]
    slapd = make_slapd([*organization.entries(), *(organization.person(name, SELF, name) for name in names)],
                       overlay=places.KILLABLE_OVERLAY)
    recovery.ask_and_wait(slapd, "kim")  # what comes with the first code of all
    slapd.restart(LATCHKEY_WAIT_AT="overlay:before-close codes:before-begin")
    connection, config = slapd.connect(), slapd.config()
    config.delete(OVERLAY)
    for name in names:
        wire.exop(connection, wire.RECOVERY_REQUEST, wire.recovery_request(name))
    wait_for(lambda: slapd.slapcat().count("\nlatchkeyCode: ") == 1 + len(names))
    config.add_s(*overlay_entry(DATABASE))
    assert resets(slapd)


@pytest.mark.parametrize("back", [[b"FALSE"], None], ids=["false", "deleted"])
def test_it_is_disabled_and_enabled_again(slapd, back):
    """Its rules hold again from the answer on, in the plain operations too."""
    write = [(ldap.MOD_REPLACE, "userPassword", [b"Never-Set-4711"])]
    for _ in range(2):
        slapd.config().modify_s(OVERLAY, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
        slapd.root().passwd_s(HAN, None, "Set-While-It-Was-Off")
        slapd.config().modify_s(OVERLAY, [(ldap.MOD_REPLACE, "olcDisabled", back)])
        with pytest.raises(ldap.UNWILLING_TO_PERFORM):
            slapd.root().modify_s(HAN, write)
        assert resets(slapd) and recovers(slapd)


def test_no_beat_goes_on_in_a_database_that_is_disabled(slapd):
    """slapd opens it once more before it closes it."""
    slapd.config().modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
    time.sleep(1.5)  # another beat would have crashed
    assert slapd.config().read_s(DATABASE)["olcDisabled"] == [b"TRUE"]


def go_on_for_a_beat(config) -> None:
    """A beat in a database that is closed would end slapd. What asks wakes slapd, which looks then at what is to be run."""
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        assert config.read_s(DATABASE)["olcDisabled"] == [b"TRUE"]
        time.sleep(0.1)


def test_it_is_disabled_with_its_database_and_enabled_without(slapd):
    """It is not opened before its database is."""
    config = slapd.config()
    for dn in (DATABASE, OVERLAY):
        config.modify_s(dn, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
    config.modify_s(OVERLAY, [(ldap.MOD_REPLACE, "olcDisabled", [b"FALSE"])])
    go_on_for_a_beat(config)
    config.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDisabled", [b"FALSE"])])
    assert resets(slapd) and recovers(slapd) and not resets(slapd, GLOBAL_ADMIN, HAN)


def test_it_is_added_to_a_database_that_is_disabled(slapd):
    """The same."""
    config = slapd.config()
    config.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
    config.delete_s(OVERLAY)
    config.add_s(*overlay_entry(DATABASE))
    go_on_for_a_beat(config)
    config.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcDisabled", [b"FALSE"])])
    assert resets(slapd) and recovers(slapd) and not resets(slapd, GLOBAL_ADMIN, HAN)


def test_it_is_disabled_when_slapd_ends_and_starts(slapd):
    """slapd neither closes nor destroys it then."""
    slapd.config().modify_s(OVERLAY, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
    slapd.restart()
    slapd.config().modify_s(OVERLAY, [(ldap.MOD_REPLACE, "olcDisabled", [b"FALSE"])])
    assert resets(slapd) and recovers(slapd)


@pytest.mark.parametrize("other", [["dc=example,dc=net"], ["dc=net"], ["dc=org"], [SUFFIX, "dc=example,dc=net"], None],
                         ids=["other", "shorter", "above", "two", "none"])
def test_its_database_has_another_suffix_for_a_while(make_slapd, other):
    """Two are refused by slapd, which has let go of the one by then. cn=Monitor shows by the suffix whose beat it is."""
    slapd = make_slapd(monitor=("to * by * read",))
    config = slapd.config()
    recovery.ask_and_wait(slapd, "kim")
    result_of(config.modify_s, DATABASE, [(ldap.MOD_REPLACE, "olcSuffix", other and [each.encode() for each in other])])
    until = time.monotonic() + 2.5  # in which there is a beat
    while time.monotonic() < until:
        slapd.connect().search_s("cn=Monitor", ldap.SCOPE_SUBTREE, attrlist=["*", "+"])
        result_of(wire.exop, slapd.connect(), wire.RECOVERY_REQUEST, wire.recovery_request("kim"))
        result_of(slapd.connect().passwd_s, HAN, recovery.WRONG_CODE, "Never-Set-4711")
    config.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcSuffix", [SUFFIX.encode()])])
    assert resets(slapd) and not resets(slapd, GLOBAL_ADMIN, HAN)


def test_no_database_goes_while_it_has_the_overlay(make_slapd):
    """slapd refuses that, also where the overlay is disabled: so no instance outlives its database."""
    further = Database("dc=example,dc=com", {"olcRootDN": [ROOT_DN], "olcRootPW": []}, (("latchkey", {
        "objectClass": ["olcLatchkeyConfig"], "olcLatchkeyPolicyBase": [], "olcLatchkeyMailerKey": [random_key()]}),))
    slapd = make_slapd(databases=(further,))
    config, database = slapd.config(), f"olcDatabase={{2}}mdb,{CONFIG_DN}"
    overlay = f"olcOverlay={{0}}latchkey,{database}"
    config.modify_s(overlay, [(ldap.MOD_REPLACE, "olcDisabled", [b"TRUE"])])
    with pytest.raises(ldap.NOT_ALLOWED_ON_NONLEAF):
        config.delete_s(database)
    config.delete_s(overlay)
    config.delete_s(database)
    assert resets(slapd) and recovers(slapd)


def test_without_any_overlay_the_operations_say_so(slapd):
    """A moment later: slapd answers before it has let go of the overlay."""
    slapd.config().delete_s(OVERLAY)
    for oid, value in ((wire.RECOVERY_REQUEST, wire.recovery_request("kim")),
                       (wire.RECOVERY_COMPLETE, wire.recovery_complete("kim", recovery.WRONG_CODE))):
        wait_for(lambda oid=oid, value=value: result_of(wire.exop, slapd.connect(), oid, value) ==
                 (53, "no database of this server uses Latchkey"))
    slapd.connect(KIM, password_of(KIM)).passwd_s(KIM, None, "Kims-Own-Choice-1")
    assert slapd.signs_in(KIM, "Kims-Own-Choice-1")


def test_a_temporary_password_fails_closed_where_the_module_is_gone(slapd):
    """Others work on, and Latchkey's state is what slapd does not know and leaves alone."""
    generated, _control = wire.password_modify(slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)), KIM)
    assert slapd.signs_in(KIM, generated)
    slapd.stop()
    configured = slapd.directory / "slapd.d/cn=config"
    (configured / "olcDatabase={1}mdb/olcOverlay={1}latchkey.ldif").unlink()
    modules, database = configured / "cn=module{0}.ldif", configured / "olcDatabase={1}mdb.ldif"
    for file, word in ((modules, str(places.OVERLAY)), (database, "olcDbIndex: latchkey")):
        lines = file.read_text().replace("\n ", "").splitlines()
        file.write_text("\n".join(line for line in lines if word not in line) + "\n")
    slapd.start()
    assert slapd.signs_in(HAN, password_of(HAN)) and not slapd.signs_in(KIM, generated)


def test_a_beat_during_a_change_does_no_harm(slapd):
    """Changes pause slapd's threads, in the middle of a beat too."""
    for number in range(100):
        recovery.ask(slapd, f"nobody{number % 60}")
        assert configure(slapd, "olcLatchkeyReader", *([KIM] if number % 2 else [HAN])) == ""
    before = recovery.served(slapd)
    recovery.ask(slapd, "kim")
    wait_for(lambda: recovery.served(slapd) > before)
