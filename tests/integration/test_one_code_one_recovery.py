"""However many try one code at the same instant, one of them succeeds: the write that changes the password spends
it."""

import queue
import threading

import pytest

from latchkey_testing import recovery, watching, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import MANAGED, SELF, password_of, person
from latchkey_testing.password_writes import result_of

THREADS = 16
WRONG, BUSY = 49, 51

WAYS = (
    lambda connection, user, code, new: wire.exop(
        connection, wire.RECOVERY_COMPLETE, wire.recovery_complete(user, code, new=new)),
    lambda connection, user, code, new: connection.passwd_s(user, code, new),
)


def try_all(slapd, attempts: list[tuple[int, str, str, str]]) -> list[tuple[str, str]]:
    """Sixteen clients share ATTEMPTS: (way, user, code, new password). Whoever is told that slapd is busy tries again,
    as clients do. Returns the users and passwords of those that succeeded; all others must have been refused."""
    work: queue.SimpleQueue = queue.SimpleQueue()
    for attempt in attempts:
        work.put(attempt)
    succeeded, strange = [], []
    begin = threading.Barrier(THREADS)

    def client():
        connection = slapd.connect()
        begin.wait()
        while True:
            try:
                way, user, code, new = work.get_nowait()
            except queue.Empty:
                return
            while (result := result_of(WAYS[way], connection, user, code, new))[0] == BUSY:
                pass
            if result[0] == 0:
                succeeded.append((user, new))
            elif result[0] != WRONG:
                strange.append((user, result))

    clients = [threading.Thread(target=client) for _ in range(THREADS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join(timeout=watching.patience(120))
    assert not strange
    return succeeded


def test_two_hundred_codes_give_two_hundred_recoveries(start, mailer):
    """Each code is tried four times at once, by both operations, with four passwords."""
    people = [person(f"user{number}", (MANAGED, SELF)[number % 2], "U Ser") for number in range(200)]
    slapd = start(*people)
    codes = recovery.codes_for(slapd, mailer, *(dn for dn, _attributes in people))
    attempts = [(number % 2, dn, codes[name_of(dn)][0], f"Chosen-by-client-{number}")
                for dn, _attributes in people for number in range(4)]
    succeeded = try_all(slapd, attempts)
    assert sorted(user for user, _new in succeeded) == sorted(dn for dn, _attributes in people)
    assert [user for user, new in succeeded if not slapd.signs_in(user, new)] == []


@pytest.mark.parametrize("keep", [True, False], ids=["keeping", "new"])
def test_of_several_codes_of_one_user_one_is_used(start, mailer, keep):
    """The first to succeed voids the others, also where the password stays and only the serial number tells."""
    people = [person(f"user{number}", MANAGED, "U Ser") for number in range(20)]
    slapd = start(*people)
    names = [spelt for dn, _attributes in people for spelt in (dn, name_of(dn), f"{name_of(dn)}@example.org")]
    codes = recovery.codes_for(slapd, mailer, *names)
    attempts = [(0, dn, code, None if keep else f"Chosen-by-client-{number}")
                for dn, _attributes in people for number, code in enumerate(codes[name_of(dn)] * 2)]
    assert len(attempts) == 120
    succeeded = try_all(slapd, attempts)
    assert sorted(user for user, _new in succeeded) == sorted(dn for dn, _attributes in people)
    assert all(slapd.entry(dn, "latchkeySerial") == {} for dn, _attributes in people)  # nobody's to see
    assert slapd.slapcat().count("latchkeySerial: 1\n") == len(people)
    assert [user for user, new in succeeded if not slapd.signs_in(user, new or password_of(user))] == []
