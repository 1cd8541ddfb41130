"""Nobody is locked out by a stranger: asking for codes in somebody's name, or guessing them, neither locks the account,
nor voids what its user does, nor floods the mailbox, and a user always has a live code or the right to another."""

import time

import ldap
import pytest

from latchkey_testing import mails, organization, raw, recovery, stored, wire
from latchkey_testing.entries import hashed
from latchkey_testing.organization import KIM, LEE, MANAGED, PASSWORD_ADMIN, password_of
from latchkey_testing.raw import Raw
from latchkey_testing.serving import codes
from latchkey_testing.waiting import wait_for

# One person, called by names that are different strings: all of them can be asked for in one beat.
SPELLINGS = ("kim", "kim@example.org", KIM, KIM.replace(",", ", "),
             KIM.replace("kim", "\\6bim"), f"0.9.2342.19200300.100.1.1=kim,{MANAGED}")
ADDRESS = "kim@example.net"
DAY = 86400


def queued(slapd) -> int:
    """How many mails with a code have been queued since slapd's log began."""
    return slapd.log.read_text().count("event=request verdict=queued")


# --- asking ---------------------------------------------------------------------------------------------------------


def test_there_are_three_codes_at_most(slapd, mailer):
    recovery.ask_and_wait(slapd, *SPELLINGS)
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    assert len(mailer.mails()) == len(codes(slapd)) == 3


def test_asking_on_voids_nothing_and_sends_nothing(slapd, mailer):
    """Once there are three codes the database stays as it is, octet by octet, however often one asks."""
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    before, mailed = slapd.slapcat(), len(mailer.mails())
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    assert slapd.slapcat() == before and len(mailer.mails()) == mailed == 3
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-1") is None
    assert slapd.signs_in(KIM, "Kims-Own-Choice-1")


@pytest.mark.parametrize("which", range(3))
def test_each_of_the_three_codes_works(slapd, mailer, which):
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    code = mails.code_in(mailer.mails()[which])
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-1") is None


def test_a_request_writes_nothing_to_the_user(slapd):
    before = slapd.entry(KIM)
    recovery.ask_and_wait(slapd, *SPELLINGS)
    assert codes(slapd) and slapd.entry(KIM) == before


def test_a_used_code_opens_the_way_for_others(slapd, mailer):
    """After a recovery the other codes are void and count no more."""
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    assert recovery.complete(slapd, "kim", mails.code_in(mailer.mails()[0]), "Kims-Own-Choice-1") is None
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-2") is None


def changes_the_password(slapd):
    slapd.connect(KIM, password_of(KIM)).passwd_s(KIM, None, "Kims-Own-Choice-1")


def is_reset(slapd):
    slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)).passwd_s(KIM, None, "Typed-For-Kim-1")


def moves(slapd):
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "latchkeyRecoveryAddress", [b"kim@example.com"])])


@pytest.mark.parametrize("change, address", [
    (changes_the_password, ADDRESS), (is_reset, ADDRESS), (moves, "kim@example.com")])
def test_codes_that_a_change_has_voided_do_not_count(slapd, mailer, change, address):
    """However many a stranger has asked for before, the user gets a new one, at once, where the user is now."""
    recovery.ask_and_wait(slapd, *SPELLINGS)
    mailer.once()
    void = mails.code_in(mailer.mails()[0])
    change(slapd)
    code = recovery.code_for(slapd, mailer, "kim", address)
    assert recovery.complete(slapd, "kim", void, "Never-Set-4711") == ldap.INVALID_CREDENTIALS
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-3") is None


UUID = "0b5ff9a0-0000-4000-8000-000000000001"
PASSWORD = hashed(password_of(KIM))


def with_codes(*values: str, messages: list[str]):
    """The organization, with these codes for Kim."""
    for dn, attributes in organization.entries():
        yield dn, {**attributes, "entryUUID": [UUID]} if dn == KIM else attributes
    yield stored.container()
    yield stored.recovery(UUID, latchkeyCode=list(values), latchkeyMessage=messages, latchkeySealed=[], latchkeyDue="")


def test_a_code_whose_mail_failed_does_not_count(make_slapd, mailer):
    """Twenty mails that no server took: they are in nobody's way, and the code that arrives is looked at."""
    failed = [stored.right_code(each, "0" * 12, UUID, ADDRESS, PASSWORD) for each in range(1, 21)]
    messages = [stored.message(each, state="failed", kind="recoveryCode") for each in range(1, 21)]
    slapd = make_slapd(entries=with_codes(*failed, messages=messages), mailer_keys=(mailer.public_key,))
    mailer.attach(slapd)
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    assert len(codes(slapd)) == 1
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-1") is None


def test_a_code_of_the_documented_form_works(make_slapd):
    """The format is what its documentation says: a value made by hand is taken, for its code alone."""
    value = stored.right_code(1, "K7QF2M9X4TRB", UUID, ADDRESS, PASSWORD)
    slapd = make_slapd(entries=with_codes(value, messages=[stored.message(1, kind="recoveryCode")]))
    assert recovery.complete(slapd, "kim", "K7QF-2M9X-4TRC", "Never-Set-4711") == ldap.INVALID_CREDENTIALS
    assert recovery.complete(slapd, "kim", "k7qf 2m9x 4trb", "Kims-Own-Choice-1") is None


# --- a long time ----------------------------------------------------------------------------------------------------


def left(slapd) -> list[float]:
    """How many more seconds each live code has, the first to end first."""
    ends = [time.mktime(time.strptime(code["expires"], "%Y%m%d%H%M%SZ")) - time.timezone for code in codes(slapd)]
    return sorted(end - time.time() for end in ends if end > time.time())


def impatient(slapd) -> float:
    """Asks as soon as any code has ended."""
    return left(slapd)[0] + 2


def patient(slapd) -> float:
    """Waits until all have ended and nothing of them could be left."""
    return left(slapd)[-1] + 120


def single(slapd) -> float:
    """Never has more than one alive."""
    return left(slapd)[-1] + 2


@pytest.mark.parametrize("stranger, names", [
    (impatient, SPELLINGS[:4]), (patient, SPELLINGS[:4]), (single, SPELLINGS[:1])],
    ids=["impatient", "patient", "single"])
def test_a_stranger_causes_a_handful_of_mails_a_day(make_slapd, stranger, names):
    """The stranger knows the rules and asks whenever it is of use; two days pass by making what is stored older.
    Without memory of unused codes it would be ninety mails a day, or more."""
    slapd = make_slapd()
    now, mailed = 0.0, []
    while now < 2 * DAY:
        before = queued(slapd)
        recovery.ask_and_wait(slapd, *names)
        mailed += [now] * (queued(slapd) - before)
        wait = stranger(slapd)
        stored.pass_time(slapd, wait)
        now += wait
    first = sum(when < DAY for when in mailed)
    assert 1 <= first <= 12 and 1 <= len(mailed) - first <= 4, mailed


def test_unused_codes_are_forgotten_in_the_end(make_slapd):
    """A day after the last one has ended the entry goes, and the next code has the life of a first one."""
    slapd = make_slapd()
    recovery.ask_and_wait(slapd, "kim")
    first = codes(slapd)[0]
    stored.pass_time(slapd, 3600)
    time.sleep(1.2)
    assert codes(slapd), "remembered"
    stored.pass_time(slapd, DAY)
    wait_for(lambda: not codes(slapd))
    recovery.ask_and_wait(slapd, "kim")
    assert codes(slapd)[0]["generation"] == first["generation"] == "0"


# --- guessing -------------------------------------------------------------------------------------------------------


def test_wrong_codes_lock_nobody_and_write_nothing(slapd, mailer):
    """By the hundred, in each form, for a user of whom three wrong passwords would make a locked account."""
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    before = slapd.slapcat(), stored.transactions(slapd)
    guesses = [f"{number:012d}" for number in range(200)]
    with Raw(slapd) as connection:
        for guess in guesses:
            for new in ("Never-Set-4711", None):
                value = wire.recovery_complete("kim", guess, new=new)
                assert connection.ask(raw.extended(wire.RECOVERY_COMPLETE, value)).result == 49
            assert connection.ask(raw.password_modify("kim", guess, "Never-Set-4711")).result == 49
    assert (slapd.slapcat(), stored.transactions(slapd)) == before
    assert recovery.complete(slapd, "kim", code) is None and slapd.signs_in(KIM, password_of(KIM))


def test_the_count_of_writes_would_show_one(slapd):
    """The control for the test above."""
    before = stored.transactions(slapd)
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "description", [b"x"])])
    assert stored.transactions(slapd) == before + 1
    slapd.signs_in(KIM, "wrong")
    assert stored.transactions(slapd) > before + 1


def test_a_wrong_code_is_no_wrong_password(slapd):
    """Two wrong passwords and any number of wrong codes are two wrong passwords."""
    for _ in range(2):
        slapd.signs_in(LEE, "wrong")
    for _ in range(5):
        recovery.complete(slapd, "lee", recovery.WRONG_CODE, "Never-Set-4711")
    assert len(slapd.entry(LEE)["pwdFailureTime"]) == 2 and slapd.signs_in(LEE, password_of(LEE))


def test_the_password_is_no_code(slapd):
    """The old form takes a code; it is never compared with the password, right or wrong."""
    answers = [raw.ask_alone(slapd, raw.password_modify(KIM, old, "Never-Set-4711"))
               for old in (password_of(KIM), "wrong") * 4]
    assert {answer.result for answer in answers} == {49} and len({bytes(answer.messages[0]) for answer in answers}) == 1
    assert "pwdFailureTime" not in slapd.entry(KIM) and slapd.signs_in(KIM, password_of(KIM))


# --- the queue ------------------------------------------------------------------------------------------------------


def ask_in_one_beat(connection: Raw, names: list[str]) -> list[raw.Answer]:
    """One after the other: a hundred take some milliseconds."""
    return [connection.ask(raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request(name))) for name in names]


def test_one_name_has_one_place_in_the_queue(slapd):
    recovery.ask_and_wait(slapd, "nobody")  # a beat has just been
    with Raw(slapd) as connection:
        ask_in_one_beat(connection, ["kim", "Kim", "KIM"] * 20 + ["lee"])
    wait_for(lambda: all(slapd.log_lines("event=request", dn) for dn in (KIM, LEE)))
    assert len(slapd.log_lines("event=request", KIM)) == len(codes(slapd)) - 1 == 1
    assert not slapd.log_lines("verdict=dropped"), "the same name again is no other place"


def seconds(line: str) -> float:
    """When a line of slapd's log was written: hexadecimal seconds and nanoseconds."""
    whole, fraction = line.split(" ", 1)[0].split(".")
    return int(whole, 16) + int(fraction, 16) / 1e9


def test_wishes_are_looked_at_once_a_second(slapd):
    """Whenever they were asked for: so nobody sees by the work what there was to do."""
    with Raw(slapd) as connection:
        for number in range(30):
            ask_in_one_beat(connection, [f"nobody{number}"])
            time.sleep(0.11)
    wait_for(lambda: recovery.served(slapd) == 30)
    lines = [line for line in slapd.log.read_text().splitlines() if "event=request" in line or f"EXT oid={wire.RECOVERY_REQUEST}" in line]
    looks = ["event=request" in line for line in lines]
    assert looks.count(True) == looks.count(False) == 30
    # Each time it goes on from what was asked to a look, at most one who asks comes in between.
    begun = sum(look and not before for before, look in zip(looks, looks[1:]))
    assert begun <= 2 * (seconds(lines[-1]) - seconds(lines[0])) + 2, lines
