"""However many messages wait, slapd keeps two thousand of them in memory and no more, and still hands out each once: the others
are looked for in the directory when those have been taken."""

import re

import ldap
import pytest

from latchkey_testing import places, raw, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import MANAGED, entries
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for

KEPT = 2048
LATER, DUE = KEPT + 200, 2 * KEPT + 300


def people(first: int, count: int, state: str, due: str):
    """So many people, each with a message."""
    for number in range(first, first + count):
        name = f"w{number:05}"
        yield f"uid={name},{MANAGED}", {
            "objectClass": ["inetOrgPerson"], "uid": [name], "cn": [name], "sn": [name], "latchkeyDue": [due],
            "latchkeyMessage": [stored.message(number, state, due=due)], "latchkeySealed": [stored.sealed(number)]}


@pytest.fixture
def slapd(make_slapd):
    """In which some messages that are due in an hour come before those that are due now."""
    slapd = make_slapd(entries=[*entries(), *people(0, LATER, "deferred", stored.moment(3600)),
                                *people(LATER, DUE, "queued", stored.moment())], monitor=("to * by * read",))
    wait_for(lambda: waiting(slapd) == LATER + DUE)
    return slapd


def waiting(slapd) -> int | None:
    """How many cn=Monitor says there are."""
    found = slapd.root().search_s("cn=Monitor", ldap.SCOPE_SUBTREE, "(objectClass=latchkeyMonitor)",
                                  ["latchkeyMonitorMessagesDue"])
    return int(found[0][1]["latchkeyMonitorMessagesDue"][0]) if found else None


def take(connection, most: int) -> list[tuple[str, str]]:
    """Who is to be written to, and the id of the message."""
    answer = wire.taken(wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take(most, 3600)))
    return [(holder, wire.message_fields(message)["id"]) for holder, message, _sealed in answer]


def test_two_mailers_get_each_that_is_due_once(slapd):
    mailers = [slapd.connect(MAILER_DN, MAILER_PASSWORD) for _ in range(2)]
    taken = []
    while batch := [each for mailer in mailers for each in take(mailer, 300)]:
        taken += batch
    assert len(taken) == DUE
    assert set(taken) == {(f"uid=w{number:05},{MANAGED}", f"{number:032x}") for number in range(LATER, LATER + DUE)}
    assert waiting(slapd) == LATER + DUE


def test_what_was_settled_is_not_looked_for_again(slapd):
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    settled = 0
    while batch := take(mailer, 500):
        items = [wire.settlement(holder, message, wire.SENT, "250 2.0.0 Ok") for holder, message in batch]
        wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle(items))
        settled += len(batch)
    assert settled == DUE
    assert waiting(slapd) == LATER


def test_a_mailer_that_goes_waits_for_nobody(make_slapd, tmp_path):
    """Not for another's look through the directory, however long that takes."""
    slapd = make_slapd(overlay=places.KILLABLE_OVERLAY)
    while_it_looks = tmp_path / "while it looks"
    while_it_looks.touch()
    slapd.restart(LATCHKEY_HOLD_AT="scan:begins", LATCHKEY_HOLD_WHILE=str(while_it_looks))
    try:
        with raw.Raw(slapd).signed_in(MAILER_DN, MAILER_PASSWORD) as mailer:
            mailer.send(raw.extended(wire.NOTIFICATION_TAKE, wire.take()))
            line, = wait_for(lambda: slapd.log_lines(f"EXT oid={wire.NOTIFICATION_TAKE}"))
        connection, = re.findall(r"\b(conn=\d+) ", line)
        wait_for(lambda: slapd.log_lines(f"{connection} fd=", " closed"))
    finally:
        while_it_looks.unlink()
    assert take(slapd.connect(MAILER_DN, MAILER_PASSWORD), 10) == []
