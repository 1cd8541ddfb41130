"""A list shows an account while what it is listed for is so, and no longer: that a temporary password is outstanding, and that a
message has failed, change in the write that brings it about, whoever writes and how."""

import contextlib
import re
import time

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls import RequestControl

from latchkey_testing import mails, organization, recovery, stored, wire
from latchkey_testing.cli import Cli
from latchkey_testing.entries import MAILER_PASSWORD, hashed
from latchkey_testing.organization import (GLOBAL_ADMIN, KIM, LEE, MANAGED, PASSWORD_ADMIN, SELF, SELF_ADMIN, person,
                                           sign_in)
from latchkey_testing.replicas import Replicas
from latchkey_testing.serving import messages
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.transactions import change, give_up, transact
from latchkey_testing.waiting import wait_for

NEW = "A-new-password-9"
PERMISSIVE = RequestControl("1.2.840.113556.1.4.1413", True)
NOOP = RequestControl("1.3.6.1.4.1.4203.666.5.2", True)
DAY = 86400
OPEN = ("queued", "deferred")


def until(slapd, dn: str = KIM) -> str | None:
    """Until when DN has a temporary password, as lists have it, and its index knows."""
    entry = slapd.entry(dn)
    assert ("latchkeyDue" in entry) == ("latchkeyTemporaryUntil" in entry or has_open_message(entry))
    return entry["latchkeyTemporaryUntil"][0].decode() if "latchkeyTemporaryUntil" in entry else None


def has_open_message(entry) -> bool:
    return any(wire.message_fields(value)["state"] in OPEN for value in entry.get("latchkeyMessage", []))


def failed(slapd, dn: str = KIM) -> set[str]:
    """The messages of DN that lists call failed."""
    return {value.decode() for value in slapd.entry(dn, "latchkeyFailedMessage").get("latchkeyFailedMessage", [])}


def password_in(slapd, dn: str = KIM) -> bytes:
    value, = slapd.entry(dn, "userPassword")["userPassword"]
    return value


def reset(slapd, dn: str = KIM, control=None) -> tuple[str, str]:
    """The temporary password, and the id of its message."""
    generated, answer = wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), dn, control=control or wire.notify())
    return generated, answer.id


def settle(slapd, message_id: str, state: int, dn: str = KIM) -> None:
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    again = stored.moment(60) if state == wire.DEFERRED else None
    answer = wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle([
        wire.settlement(dn, message_id, state, "a mail server's answer", again)]))
    assert wire.settled(answer) == [0]


def replaced(name: str, *values: str | bytes) -> list:
    octets = [value if isinstance(value, bytes) else value.encode() for value in values]
    return [(MOD_REPLACE, name, octets or None)]


# A temporary password

def test_a_reset_is_outstanding_until_its_password_stops_working(slapd):
    assert until(slapd) is None
    reset(slapd)
    assert stored.moment(DAY - 60) < until(slapd) < stored.moment(DAY + 60)
    assert until(slapd).encode() in password_in(slapd)
    assert until(slapd, LEE) is None


def test_one_that_has_lapsed_is_still_to_be_changed(make_slapd):
    entries = organization.entries()
    over = stored.moment(-DAY)
    dict(entries)[KIM].update(userPassword=[f"{{LATCHKEY-TEMP}}{over}{hashed('Lapsed-1')}"], latchkeyTemporaryUntil=[over],
                              latchkeyDue=[over])
    slapd = make_slapd(entries)
    assert not slapd.signs_in(KIM, "Lapsed-1") and until(slapd) == over
    slapd.root().modify_s(KIM, replaced("userPassword", NEW))
    assert slapd.signs_in(KIM, NEW) and until(slapd) is None


def test_what_need_not_be_changed_is_not_temporary(slapd):
    reset(slapd)
    reset(slapd, control=wire.notify(must_change=False))
    assert until(slapd) is None


OWN = {
    "Password Modify": lambda connection, old: connection.passwd_s(KIM, None, NEW),
    "Password Modify with the old": lambda connection, old: connection.passwd_s(KIM, old, NEW),
    "replace": lambda connection, old: connection.modify_s(KIM, replaced("userPassword", NEW)),
    "delete all, add": lambda connection, old: connection.modify_s(
        KIM, [(MOD_DELETE, "userPassword", None), (MOD_ADD, "userPassword", [NEW.encode()])]),
    "delete the old, add": lambda connection, old: connection.modify_s(
        KIM, [(MOD_DELETE, "userPassword", [old.encode()]), (MOD_ADD, "userPassword", [NEW.encode()])]),
    "other spelling": lambda connection, old: connection.modify_s(KIM, replaced("2.5.4.35", NEW)),
    "in a transaction": lambda connection, old: transact(connection, change(KIM, *replaced("userPassword", NEW))),
}


@pytest.mark.parametrize("latchkey_first", [True, False], ids=["before ppolicy", "after ppolicy"])
@pytest.mark.parametrize("way", OWN)
def test_it_is_over_with_the_users_own_change(make_slapd, way, latchkey_first):
    slapd = make_slapd(latchkey_first=latchkey_first)
    generated, _id = reset(slapd)
    assert until(slapd)
    OWN[way](slapd.connect(KIM, generated), generated)
    assert slapd.signs_in(KIM, NEW) and until(slapd) is None


@pytest.mark.parametrize("ppolicy", [True, False])
def test_and_with_any_other_write_that_takes_it(make_slapd, ppolicy):
    slapd = make_slapd(ppolicy=ppolicy)
    root = slapd.root()
    for changes in (replaced("userPassword", NEW), replaced("userPassword"), [(MOD_DELETE, "userPassword", None)]):
        reset(slapd)
        assert until(slapd)
        root.modify_s(KIM, changes)
        assert until(slapd) is None
    reset(slapd)
    root.modify_s(KIM, [(MOD_DELETE, "userPassword", [password_in(slapd)])])
    assert until(slapd) is None


def test_what_leaves_it_there_leaves_it_listed(make_slapd):
    slapd = make_slapd(ppolicy=False)
    generated, _id = reset(slapd)
    listed, connection = until(slapd), slapd.connect(KIM, generated)
    connection.modify_s(KIM, replaced("description", "x"))
    with contextlib.suppress(ldap.NO_SUCH_ATTRIBUTE):
        connection.modify_ext_s(KIM, [(MOD_DELETE, "userPassword", [b"not this one"])], serverctrls=[PERMISSIVE])
    connection.modify_s(KIM, [(MOD_ADD, "userPassword", [hashed("Another-1").encode()])])
    connection.modify_s(KIM, replaced("userPassword;lang-ko", NEW))
    give_up(connection, change(KIM, *replaced("userPassword", NEW)))
    with pytest.raises(ldap.LDAPError):  # that nothing is done is an error, to slapd
        connection.modify_ext_s(KIM, replaced("userPassword", NEW), serverctrls=[NOOP])
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_BLOCK, wire.account(KIM))
    assert until(slapd) == listed
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(KIM))
    assert until(slapd) == listed and slapd.signs_in(KIM, generated)


def test_what_ppolicy_refuses_leaves_it_listed(slapd):
    generated, _id = reset(slapd)
    listed = until(slapd)
    with pytest.raises(ldap.CONSTRAINT_VIOLATION):
        slapd.connect(KIM, generated).passwd_s(KIM, None, "short")
    assert until(slapd) == listed


def test_a_temporary_password_that_a_write_brings_along_is_listed(slapd):
    """From another directory, say."""
    value = "{LATCHKEY-TEMP}20990101000000Z" + hashed(NEW)
    slapd.root().modify_s(LEE, replaced("userPassword", value))
    dn, attributes = person("new", MANAGED, "Neu Newcomer", userPassword=value)
    slapd.root().add_s(dn, [(name, [each.encode() for each in values]) for name, values in attributes.items()])
    assert until(slapd, LEE) == until(slapd, dn) == "20990101000000Z"


@pytest.mark.parametrize("base,admin", [(MANAGED, GLOBAL_ADMIN), (SELF, SELF_ADMIN)], ids=["password", "code"])
def test_a_welcome_is_outstanding_until_its_user_has_chosen_a_password(start, mailer, base, admin):
    slapd = start()
    dn, attributes = person("new", base, "Neu Newcomer", userPassword=None)
    added = [(name, [each.encode() for each in values]) for name, values in attributes.items()]
    sign_in(slapd, admin).add_ext_s(dn, added, serverctrls=[wire.notify()])
    assert stored.moment(14 * DAY - 60) < until(slapd, dn) < stored.moment(14 * DAY + 60)
    mailer.once()
    mail = mails.to(mailer.mails(), "new@example.net")[-1]
    if base == MANAGED:
        slapd.connect(dn, mails.temporary_password_in(mail)).passwd_s(dn, None, NEW)
    else:
        assert recovery.complete(slapd, dn, mails.code_in(mail), NEW) is None
    assert slapd.signs_in(dn, NEW) and until(slapd, dn) is None


def test_a_reset_by_code_is_outstanding_until_its_code_is_used(start, mailer):
    slapd = start(entries=organization.entries(latchkeyResetDelivery="code"))
    reset(slapd)
    assert until(slapd)
    mailer.once()
    code = mails.code_in(mails.to(mailer.mails(), "kim@example.net")[-1])
    assert recovery.complete(slapd, "kim", code, NEW) is None
    assert until(slapd) is None


def test_a_recovery_ends_it_unless_it_keeps_the_password(start, mailer):
    slapd = start()
    reset(slapd)
    listed = until(slapd)
    mailer.once()
    assert recovery.complete(slapd, "kim", recovery.code_for(slapd, mailer, "kim", "kim@example.net")) is None
    assert until(slapd) == listed
    assert recovery.complete(slapd, "kim", recovery.code_for(slapd, mailer, "kim", "kim@example.net"), NEW) is None
    assert until(slapd) is None


@pytest.mark.parametrize("tell", ["passwordChanged", "nothing"])
def test_its_index_knows_it_when_its_mail_has_gone(make_slapd, tell):
    """And no longer than it is there, whether or not another mail tells of its end."""
    slapd = make_slapd(organization.entries(latchkeyTell=tell))
    generated, _id = reset(slapd)
    settle_open(slapd)
    assert until(slapd) and slapd.entry(KIM)["latchkeyDue"] == slapd.entry(KIM)["latchkeyTemporaryUntil"]
    slapd.connect(KIM, generated).passwd_s(KIM, None, NEW)
    settle_open(slapd)
    assert until(slapd) is None and "latchkeyDue" not in slapd.entry(KIM)


def settle_open(slapd) -> None:
    for fields in messages(slapd, KIM):
        if fields["state"] in OPEN:
            settle(slapd, fields["id"], wire.SENT)


# A failed message

def test_a_message_is_listed_as_failed_when_it_has(slapd):
    _generated, message = reset(slapd)
    settle(slapd, message, wire.DEFERRED)
    assert not failed(slapd)
    settle(slapd, message, wire.FAILED)
    assert failed(slapd) == {message}
    assert not failed(slapd, LEE)


def test_not_one_that_is_sent(slapd):
    _generated, message = reset(slapd)
    settle(slapd, message, wire.SENT)
    assert not failed(slapd)


def test_nor_one_that_is_sent_again(slapd):
    _generated, message = reset(slapd)
    settle(slapd, message, wire.FAILED)
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.NOTIFICATION_RESEND, wire.resend(KIM, message))
    assert not failed(slapd)
    settle(slapd, message, wire.FAILED)
    assert failed(slapd) == {message}
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.NOTIFICATION_RESEND, wire.resend(KIM, message, "kim@example.com"))
    assert not failed(slapd)


ANOTHER = {
    "own change": lambda slapd, old: slapd.connect(KIM, old).passwd_s(KIM, None, NEW),
    "plain Modify": lambda slapd, old: slapd.root().modify_s(KIM, replaced("userPassword", NEW)),
    "reset without a mail": lambda slapd, old: slapd.root().passwd_s(KIM, None, NEW),
    "reset with a mail": lambda slapd, old: reset(slapd),
    "reset that need not be changed": lambda slapd, old: reset(slapd, control=wire.notify(must_change=False)),
}


@pytest.mark.parametrize("must_change", [True, False])
@pytest.mark.parametrize("way", ANOTHER)
def test_nor_one_whose_password_another_has_replaced(slapd, way, must_change):
    old, message = reset(slapd, control=wire.notify(must_change=must_change))
    settle(slapd, message, wire.FAILED)
    assert failed(slapd) == {message}
    ANOTHER[way](slapd, old)
    assert not failed(slapd)


def test_nor_one_that_fails_after_another_password_was_stored(slapd):
    _generated, first = reset(slapd)
    time.sleep(1.1)
    _generated, second = reset(slapd)
    settle(slapd, first, wire.FAILED)
    assert not failed(slapd)
    settle(slapd, second, wire.FAILED)
    assert failed(slapd) == {second}


def news(slapd, actor: str) -> str:
    """What Kim is told of an unlock at the outer address: the id of the message."""
    wire.exop(sign_in(slapd, actor), wire.ACCOUNT_UNLOCK, wire.account(KIM))
    return next(fields["id"] for fields in reversed(messages(slapd, KIM))
                if fields["to"] == "kim@example.net" and fields["actor"] == actor)


def test_news_that_failed_are_listed_until_a_later_mail_has_arrived(slapd):
    first = news(slapd, GLOBAL_ADMIN)
    settle(slapd, first, wire.FAILED)
    assert failed(slapd) == {first}
    time.sleep(1.1)
    second = news(slapd, PASSWORD_ADMIN)
    assert failed(slapd) == {first}
    settle(slapd, second, wire.SENT)
    assert not failed(slapd)


def test_what_makes_room_for_newer_ones_is_listed_no_more(make_slapd):
    """Of a person with old messages, the oldest of which failed."""
    entries = organization.entries()
    old = [stored.message(number, "failed" if number == 1 else "sent", "accountUnlocked",
                          created=stored.moment(-DAY * (10 - number))) for number in (1, 2, 3, 4)]
    dict(entries)[KIM].update(latchkeyMessage=old, latchkeyFailedMessage=[f"{1:032x}"])
    slapd = make_slapd(entries)
    assert failed(slapd) == {f"{1:032x}"}
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(KIM))
    assert not failed(slapd) and f"{1:032x}" not in {fields["id"] for fields in messages(slapd, KIM)}


def test_what_a_stranger_causes_lists_nobody(start, mailer):
    slapd = start()
    recovery.ask_and_wait(slapd, "kim")
    connection = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    (holder, message, _sealed), = wire.taken(wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take()))
    settle(slapd, wire.message_fields(message)["id"], wire.FAILED, holder)
    assert holder.startswith("latchkeyRecoveryOf=") and "latchkeyFailedMessage" not in slapd.slapcat()


# Two providers that do not hear of each other

@pytest.fixture
def providers(make_slapd):
    pair = Replicas(make_slapd)
    pair.connect_all()
    return pair


def settled_alike(pair: Replicas) -> tuple[str | None, set[str]]:
    """What both list of Kim once they have heard of each other, and nothing is left to mend."""
    def alike() -> bool:
        pair.converge()
        one, other = ((until(slapd), failed(slapd)) for slapd in pair.slapds)
        return one == other and one[0] == temporary(pair.slapds[0]) and one[1] <= ids(pair.slapds[0])

    wait_for(alike)
    return until(pair.slapds[0]), failed(pair.slapds[0])


def temporary(slapd) -> str | None:
    """Until when the stored password works."""
    found = re.match(rb"\{LATCHKEY-TEMP\}(\d{14}Z)", password_in(slapd))
    return found[1].decode() if found else None


def ids(slapd) -> set[str]:
    return {fields["id"] for fields in messages(slapd, KIM) if fields["state"] == "failed"}


@pytest.mark.parametrize("first", [0, 1], ids=["changed, then reset", "reset, then changed"])
def test_of_a_change_and_a_reset_at_two_providers_the_later_is_listed(providers, first):
    old, _id = reset(providers.slapds[0])
    providers.converge()
    providers.cut()
    steps = [lambda: providers.slapds[0].connect(KIM, old).passwd_s(KIM, None, NEW), lambda: reset(providers.slapds[1])]
    steps[first]()
    time.sleep(1.1)
    steps[1 - first]()
    providers.heal()
    listed, _failed = settled_alike(providers)
    assert (listed is None) == (first == 1)


@pytest.mark.parametrize("first", [0, 1], ids=["failed, then reset", "reset, then failed"])
def test_a_failure_that_one_saw_is_not_listed_where_the_other_has_reset_again(providers, first):
    _generated, message = reset(providers.slapds[0])
    providers.converge()
    providers.cut()
    steps = [lambda: settle(providers.slapds[0], message, wire.FAILED), lambda: reset(providers.slapds[1])]
    time.sleep(1.1)
    steps[first]()
    time.sleep(1.1)
    steps[1 - first]()
    assert failed(providers.slapds[0]) == {message}
    providers.heal()
    wait_for(lambda: settled_alike(providers)[1] == set())


def test_what_only_one_provider_knows_is_listed_at_both(providers):
    _generated, message = reset(providers.slapds[0])
    providers.converge()
    settle(providers.slapds[1], message, wire.FAILED)
    assert settled_alike(providers) == (until(providers.slapds[0]), {message})


# What people see of it

def test_status_shows_it(slapd):
    latchkey = Cli(slapd)
    before = latchkey.json("status", "kim", who=GLOBAL_ADMIN)
    assert (before["temporaryUntil"], before["messagesFailed"]) == (None, 0)
    _generated, message = reset(slapd)
    settle(slapd, message, wire.FAILED)
    after = latchkey.json("status", "kim", who=GLOBAL_ADMIN)
    assert after["messagesFailed"] == 1
    assert re.sub("[^0-9]", "", after["temporaryUntil"]) + "Z" == until(slapd)
    said = latchkey("status", "kim", who=GLOBAL_ADMIN).stdout
    assert "has yet to choose a password. The temporary password or the code works until" in said
    assert "nothing has come yet: 1." in said
    assert "has yet to choose" not in latchkey("status", "kim", who=LEE).stdout
