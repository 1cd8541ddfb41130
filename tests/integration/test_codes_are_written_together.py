"""Codes that many people have asked for are stored many at a time, in one transaction of the database: all of a batch or none
of it, and none of it is sent before it is stored. A write that the database has no room for leaves nothing that cannot be read."""


import ldap
import pytest
from ldap.extop import ExtendedRequest

from latchkey_testing import mails, places, recovery, wire
from latchkey_testing.configuring import DATABASE, OVERLAY, make_room, overlay_entry
from latchkey_testing.organization import GLOBAL_ADMIN, MANAGED, SELF, person, sign_in
from latchkey_testing.stored import transactions
from latchkey_testing.waiting import wait_for

MANY = 40
NAMES = [f"many{number}" for number in range(MANY)]
AGAIN = "Latchkey writes nothing there until slapd is started again"
NEW = "A-new-password-9"


def people() -> list:
    """In two policies."""
    return [person(name, MANAGED if number % 2 else SELF, f"{name} 아무개") for number, name in enumerate(NAMES)]


def in_one_beat(slapd, names: list[str]) -> None:
    """Asks so fast that one beat, or two, serve all."""
    connection = slapd.connect()
    sent = [connection.extop(ExtendedRequest(wire.RECOVERY_REQUEST, wire.recovery_request(name))) for name in names]
    for number in sent:
        connection.result3(number)


def ask_all(slapd) -> int:
    """Has a code written for everybody, and returns how many writes that took."""
    before, seen = transactions(slapd), recovery.served(slapd)
    in_one_beat(slapd, NAMES)
    wait_for(lambda: recovery.served(slapd) >= seen + MANY)
    return transactions(slapd) - before


def stored(slapd) -> int:
    return slapd.slapcat().count("\nlatchkeyCode: ")


def queued(slapd) -> int:
    """How many messages cn=Monitor has counted."""
    (_dn, shown), = slapd.root().search_s("cn=Monitor", ldap.SCOPE_SUBTREE, "(objectClass=latchkeyMonitor)", ["+"])
    return int(shown["latchkeyMonitorMessagesQueued"][0])


def test_a_few_writes_hold_all(start, mailer):
    slapd = start(*people(), monitor=("to * by * read",))
    recovery.ask_and_wait(slapd, "kim")  # what comes with the first code of all
    assert ask_all(slapd) <= 8  # first codes, which are Adds
    assert ask_all(slapd) <= 8  # further ones, which are Modifies
    assert stored(slapd) == queued(slapd) == 2 * MANY + 1
    mailer.once()
    for name in (NAMES[0], NAMES[-1]):
        code = mails.code_in(mails.to(mailer.mails(), f"{name}@example.net")[-1])
        assert recovery.complete(slapd, name, code, NEW) is None


def test_one_person_asked_for_often_in_one_beat(start, mailer):
    """By all the names they have, beside others."""
    slapd = start(*people())
    spellings = ["many0", "many0@example.org", f"uid=many0,{SELF}", f"uid=many0, {SELF}", f"UID=Many0,{SELF}"]
    in_one_beat(slapd, [name for number, spelling in enumerate(spellings, 1) for name in (spelling, f"many{number}")])
    wait_for(lambda: recovery.served(slapd) >= 8)
    wait_for(lambda: mailer.once() and len(mails.to(mailer.mails(), "many0@example.net")) == 3)  # as many as may live
    codes = [mails.code_in(mail) for mail in mails.to(mailer.mails(), "many0@example.net")]
    assert recovery.complete(slapd, "many0", codes[-1], NEW) is None


@pytest.mark.parametrize("modules, overlay", [
    (("syncprov",), ("syncprov", {"objectClass": ["olcSyncProvConfig"]})),
    (("auditlog",), ("auditlog", {"objectClass": ["olcAuditlogConfig"], "olcAuditlogFile": ["/dev/null"]})),
], ids=["syncprov", "auditlog"])
def test_not_where_another_overlay_would_pass_on_what_is_not_stored_yet(start, modules, overlay):
    slapd = start(*people(), modules=modules, overlays=(overlay,))
    recovery.ask_and_wait(slapd, "kim")
    assert ask_all(slapd) >= MANY
    assert stored(slapd) == MANY + 1


@pytest.mark.parametrize("point, done", [("before-commit", False), ("after-commit", True)])
def test_a_kill_leaves_all_or_none_of_a_batch(start, mailer, point, done):
    slapd = start(*people(), overlay=places.KILLABLE_OVERLAY)
    recovery.ask_and_wait(slapd, "kim")
    mailer.once()
    before, seen = len(mailer.mails()), recovery.served(slapd)
    slapd.restart(LATCHKEY_KILL_AT=f"codes:{point}")
    try:
        in_one_beat(slapd, NAMES)
    except ldap.SERVER_DOWN:
        pass
    slapd.wait_until_killed()
    slapd.start()
    mailer.once()
    fresh = mailer.mails()[before:]
    assert stored(slapd) - 1 == len(fresh)
    # Whoever a beat finds alone needs no transaction, and is logged when stored, or about to be; a batch is not yet.
    assert (len(fresh) - (recovery.served(slapd) - seen) >= 2) == done
    for mail in fresh:
        assert recovery.complete(slapd, mail["To"].addresses[0].username, mails.code_in(mail), NEW) is None
    if not done:
        ask_all(slapd)
        mailer.once()
        assert len(mailer.mails()) == before + len(fresh) + MANY


@pytest.mark.parametrize("room", [24, 48])
def test_a_full_database_holds_what_it_said_it_stored(start, room):
    """The batch that does not fit any more is undone, and each of its codes tried alone."""
    slapd = start(*people())
    recovery.ask_and_wait(slapd, "kim")
    leave_room(slapd, room << 10)
    ask_all(slapd)
    assert stored(slapd) == slapd.log.read_text().count("event=request verdict=queued") < MANY
    leave_room(slapd, 4 << 20)
    ask_all(slapd)
    assert stored(slapd) >= MANY


@pytest.mark.parametrize("room", range(28, 52, 4))
def test_what_is_written_after_a_database_was_full_can_be_read(start, room):
    """The backend has learned types of attributes by a write that failed, and not stored what it learned."""
    slapd = start(*people())
    leave_room(slapd, room << 10)
    failed = reset(slapd)
    make_room(slapd, 4 << 20)
    assert reset(slapd) == (ldap.UNAVAILABLE if failed else None)
    assert bool(failed) == (AGAIN in slapd.log.read_text())
    slapd.restart()
    assert reset(slapd) is None and slapd.entry(dn_of("many1"))["latchkeyMessage"]


def test_what_the_backend_has_not_stored_it_does_not_store_for_a_new_instance(start):
    """The backend stays when the overlay goes, and with it what it has learned."""
    slapd = start(*people())
    leave_room(slapd, 32 << 10)
    assert reset(slapd) is not None and AGAIN in slapd.log.read_text()
    slapd.config().delete_s(OVERLAY)
    make_room(slapd, 4 << 20)
    slapd.config().add_s(*overlay_entry(DATABASE))
    assert reset(slapd) is ldap.UNAVAILABLE
    slapd.restart()
    assert reset(slapd) is None and slapd.entry(dn_of("many1"))["latchkeyMessage"]


def test_nobody_ever_sees_what_gives_types_their_numbers(start):
    """An entry with a value of each is added and deleted; slapd is killed between."""
    slapd = start(*people(), overlay=places.KILLABLE_OVERLAY)
    slapd.restart(LATCHKEY_KILL_AT="number:before-delete")
    assert reset(slapd) is ldap.SERVER_DOWN
    slapd.wait_until_killed()
    assert "00000000-0000-0000" not in slapd.slapcat()
    slapd.start()
    assert reset(slapd) is None


def dn_of(name: str) -> str:
    return f"uid={name},{MANAGED if int(name[4:]) % 2 else SELF}"


def reset(slapd) -> type[ldap.LDAPError] | None:
    try:
        wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), dn_of("many1"), control=wire.notify())
    except ldap.LDAPError as error:
        return type(error)
    return None


def leave_room(slapd, octets: int) -> None:
    make_room(slapd, octets)
    slapd.restart()
