"""cn=Monitor shows, for each database with Latchkey, what has happened and how long the queues are, in numbers without names,
to whoever may read it and is signed in; and the numbers come and go with the overlay."""

import ldap
import pytest

from latchkey_testing import enrolment, portal, raw, recovery, wire
from latchkey_testing.configuring import DATABASE, OVERLAY, overlay_entry
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED_POLICY, NIGHT_ADMIN, PASSWORD_ADMIN,
                                           password_of, sign_in)
from latchkey_testing.portal import ask_from, complete, old_form, request
from latchkey_testing.settings import CONFIG_DN, MAILER_DN, ROOT_DN
from latchkey_testing.waiting import wait_for

MONITOR = "cn=Monitor"
BY_ALL = ("to * by * read",)
PREFIX = "latchkeyMonitor"


def numbers(slapd, connection=None) -> dict[str, int] | None:
    """What is shown, by names without their prefix; None where there is no such entry."""
    connection = connection or slapd.root()
    found = connection.search_s(MONITOR, ldap.SCOPE_SUBTREE, f"(objectClass={PREFIX})", ["+"])
    if not found:
        return None
    (_dn, entry), = found
    return {name.removeprefix(PREFIX): int(values[0]) for name, values in entry.items() if name.startswith(PREFIX)}


def wait_for_it(slapd) -> None:
    """The beat makes the entry."""
    wait_for(lambda: numbers(slapd))


def wait_until_it_is_gone(slapd) -> None:
    """slapd closes an overlay after it has answered that it is removed."""
    wait_for(lambda: not numbers(slapd))


@pytest.fixture
def watched(start):
    """A slapd with cn=Monitor, a front end and a mailer, where nobody is told of what is done."""
    slapd = start(entries=portal.entries(latchkeyTell="nothing"), monitor=BY_ALL,
                  latchkey=portal.configured(olcLatchkeyClientRequests="3/600", olcLatchkeyClientProofs="3/600"))
    wait_for_it(slapd)
    return slapd


def test_all_begin_at_nothing(watched):
    shown = numbers(watched)
    assert shown.pop("RequestsWaitingMost") == 8192
    assert len(shown) == 18 and set(shown.values()) == {0}


def requests(slapd):
    """Five requests of one client, two of them too many, of whom one is for nobody."""
    before = recovery.served(slapd)
    ask_from(slapd, "198.51.100.7", *map(request, ("kim", "lee", "nobody", "han", "song")))
    wait_for(lambda: recovery.served(slapd) == before + 3)
    recovery.ask_and_wait(slapd, "nobody")


def wrong_proofs(slapd):
    """Three wrong ones and two that are not looked at."""
    ask_from(slapd, "198.51.100.7", complete("kim"), old_form("nobody"), complete("kim"), complete("kim"), old_form("kim"))


def resets(slapd):
    """Done, refused by both ways, and observed."""
    admin = sign_in(slapd, PASSWORD_ADMIN)
    wire.password_modify(admin, KIM)
    for refused in (lambda: wire.password_modify(admin, GLOBAL_ADMIN),
                    lambda: admin.modify_s(HAN, [(ldap.MOD_REPLACE, "userPassword", [b"Never-Set-4711"])])):
        with pytest.raises((ldap.INSUFFICIENT_ACCESS, ldap.UNWILLING_TO_PERFORM)):
            refused()
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyEnforcement", [b"observe"])])
    sign_in(slapd, LEE).modify_s(KIM, [(ldap.MOD_REPLACE, "userPassword", [b"Set-As-Without-1"])])


def closing(slapd):
    """One block, lifted again."""
    for operation in (wire.ACCOUNT_BLOCK, wire.ACCOUNT_UNLOCK):
        wire.exop(sign_in(slapd, NIGHT_ADMIN), operation, wire.account("kim"))


@pytest.mark.parametrize("act, risen", [
    (requests, {"Requests": 6, "RequestsDropped": 2, "Codes": 2, "MessagesQueued": 2, "MessagesDue": 2}),
    (wrong_proofs, {"ProofsWrong": 3, "ProofsThrottled": 2}),
    (resets, {"Resets": 1, "ResetsRefused": 2, "ResetsObserved": 1}),
    (closing, {"Blocks": 1, "Unlocks": 1}),
], ids=lambda each: each.__name__ if callable(each) else "")
def test_what_happens_is_counted(watched, act, risen):
    before = numbers(watched)
    act(watched)
    shown = numbers(watched)
    assert {name: number - before[name] for name, number in shown.items() if number != before[name]} == risen


def test_a_message_is_followed(watched, mailer):
    """Queued, taken, deferred, taken again, sent; and one that fails."""
    recovery.ask_and_wait(watched, "kim")
    recovery.ask_and_wait(watched, "lee")
    connection = watched.connect(MAILER_DN, "mailer-password")

    def settle(state: int) -> None:
        (holder, _message, _sealed), *_more = taken = wire.taken(wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take(1, 1)))
        message_id = wire.message_fields(taken[0][1])["id"]
        wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle([wire.settlement(
            holder, message_id, state, "250 ok", "20200101000000Z" if state == wire.DEFERRED else None)]))

    for state in (wire.DEFERRED, wire.SENT, wire.FAILED):
        settle(state)
    shown = numbers(watched)
    assert {name: shown[f"Messages{name}"] for name in ("Queued", "Taken", "Deferred", "Sent", "Failed", "Due")} == {
        "Queued": 2, "Taken": 3, "Deferred": 1, "Sent": 1, "Failed": 1, "Due": 0}


def test_a_recovery_is_counted_once(watched, mailer):
    for number, form in enumerate((complete, old_form)):
        code = recovery.code_for(watched, mailer, "kim", "kim@example.net")
        assert ask_from(watched, "198.51.100.7", form("kim", code, f"Kims-Own-Choice-{number}"))[0].result == 0
    assert numbers(watched)["Recoveries"] == 2 and numbers(watched)["ProofsWrong"] == 0


def test_who_is_not_signed_in_sees_no_number(watched):
    """Where all of cn=Monitor is open to everybody: a number that rises would tell whether there is such a user."""
    assert numbers(watched, watched.connect()) == {}
    before = raw.ask_alone(watched, everything())
    for name in ("kim", "nobody"):
        recovery.ask_and_wait(watched, name)
    after = raw.ask_alone(watched, everything())
    ours = [[message for message in answer.messages if b"cn=Latchkey," in message] for answer in (before, after)]
    assert ours[0] and [message[4:] for message in ours[0]] == [message[4:] for message in ours[1]]
    for query in (raw.present(f"{PREFIX}Codes"), raw.equals(f"{PREFIX}Codes", "1"), raw.negated(raw.present(f"{PREFIX}Codes"))):
        answers = raw.ask_alone(watched, raw.search(MONITOR, raw.SUBTREE, query, "1.1"))
        assert not any(b"cn=Latchkey," in message for message in answers.messages[:-1]) or query[0] == 0xA2
    assert numbers(watched)["Codes"] == 1


def everything() -> bytes:
    """A search for all of cn=Monitor."""
    return raw.search(MONITOR, raw.SUBTREE, raw.present("objectClass"), "*", "+")


def test_it_is_read_by_who_may_read_the_monitor(make_slapd):
    slapd = make_slapd(monitor=(f"to * by dn.exact={ROOT_DN} read by * none",))
    wait_for_it(slapd)
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        numbers(slapd, slapd.connect(KIM, password_of(KIM)))


def test_nobody_is_named(watched):
    requests(watched)
    wrong_proofs(watched)
    (_dn, entry), = watched.root().search_s(MONITOR, ldap.SCOPE_SUBTREE, f"(objectClass={PREFIX})", ["*", "+"])
    text = repr(entry).lower()
    assert not any(word in text for word in ("kim", "198.51", "nobody", "dc=example"))


def test_it_stands_below_its_database(watched):
    (dn, _entry), = watched.root().search_s(MONITOR, ldap.SCOPE_SUBTREE, f"(objectClass={PREFIX})", ["1.1"])
    above = dn.split(",", 1)[1]
    assert dn.lower().startswith("cn=latchkey,cn=database 1,cn=databases,")
    assert watched.root().read_s(above, attrlist=["namingContexts"])["namingContexts"] == [b"dc=example,dc=org"]


# --- coming and going -------------------------------------------------------------------------------------------------


def test_it_comes_and_goes_with_the_overlay(watched):
    """Ten times; each new one begins at nothing."""
    for _ in range(10):
        recovery.ask_and_wait(watched, "nobody")
        assert numbers(watched)["Requests"] == 1
        watched.config().delete_s(OVERLAY)
        wait_until_it_is_gone(watched)
        watched.config().add_s(*overlay_entry(DATABASE))
        wait_for_it(watched)
        assert numbers(watched)["Requests"] == 0


def test_it_goes_before_anybody_has_seen_it(watched):
    """The overlay added and removed within a beat."""
    watched.config().delete_s(OVERLAY)
    for _ in range(20):
        watched.config().add_s(*overlay_entry(DATABASE))
        watched.config().delete_s(OVERLAY)
    wait_until_it_is_gone(watched)


def test_it_survives_reading_while_the_overlay_comes_and_goes(watched):
    connection = watched.root()
    for number in range(20):
        reads = [connection.search(MONITOR, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["*", "+"]) for _ in range(5)]
        if number % 2:
            watched.config().add_s(*overlay_entry(DATABASE))
        else:
            watched.config().delete_s(OVERLAY)
        for read in reads:
            connection.result(read)
    wait_for_it(watched)


def test_it_goes_while_a_client_that_does_not_read_is_sent_it(watched):
    """slapd pauses for the configuration with the answer half sent."""
    (dn, _entry), = watched.root().search_s(MONITOR, ldap.SCOPE_SUBTREE, f"(objectClass={PREFIX})", ["1.1"])
    slow = watched.root()
    reads = [slow.search(dn, ldap.SCOPE_BASE, "(objectClass=*)", ["*", "+"]) for _ in range(900)]
    for _ in range(3):
        watched.config().delete_s(OVERLAY)
        watched.config().add_s(*overlay_entry(DATABASE))
    assert all(slow.result(read)[1][0][0] == dn for read in reads)
    wait_for_it(watched)


def test_a_monitor_that_comes_later_has_it_too(make_slapd):
    slapd = make_slapd()
    slapd.config().add_s(f"olcDatabase=monitor,{CONFIG_DN}", [
        ("objectClass", [b"olcDatabaseConfig", b"olcMonitorConfig"]), ("olcDatabase", b"monitor"),
        ("olcAccess", [b"to * by * read"])])
    wait_for_it(slapd)
    recovery.ask_and_wait(slapd, "kim")
    assert numbers(slapd)["Codes"] == 1


def test_without_a_monitor_nothing_is_missed(slapd):
    recovery.ask_and_wait(slapd, "kim")
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        numbers(slapd)
    assert enrolment.complete(slapd, "kim", (wire.MAIL, recovery.WRONG_CODE))[0] == ldap.INVALID_CREDENTIALS.errnum
