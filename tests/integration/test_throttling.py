"""Throttling: a client address has so many requests for codes and so many wrong proofs in a while, and all together have so
many. What is too much is answered like everything else, octet by octet and in the same time, and stops nobody at another
address: neither the user whose name is used up, nor their code, nor their account."""

import time

import ldap
import pytest

from latchkey_testing import enrolment, portal, raw, recovery, wire
from latchkey_testing.configuring import OVERLAY, configure
from latchkey_testing.organization import KIM, LEE, MANAGED_POLICY, password_of
from latchkey_testing.password_writes import result_of
from latchkey_testing.portal import ask_from, complete, old_form, request
from latchkey_testing.raw import Raw
from latchkey_testing.settings import random_key
from latchkey_testing.waiting import wait_for

WRONG = ldap.INVALID_CREDENTIALS.errnum
LOCAL_FACTOR = 16  # so much more for clients on this machine


def dropped(slapd, rule: str = "client-limit") -> int:
    """How many requests were dropped by RULE, as the log sums them up."""
    lines = slapd.log_lines("event=request verdict=dropped", f"rule={rule} ")
    return sum(int(line.split(" count=")[1].split(" ")[0]) for line in lines)


def names(count: int) -> list[bytes]:
    """Requests for as many people."""
    return [request(f"nobody{number}") for number in range(count)]


def served_in_all(slapd, asked: int) -> int:
    """How many of the ASKED requests were looked at, once all have been dealt with."""
    wait_for(lambda: recovery.served(slapd) + dropped(slapd) + dropped(slapd, "limit-in-all") == asked)
    return recovery.served(slapd)


@pytest.fixture
def throttled(make_slapd, mailer):
    """A function that starts a slapd with these limits and a front end."""

    def start(log_level: str = "stats", **limits: str):
        slapd = make_slapd(entries=portal.entries(), port=True, mailer_keys=(mailer.public_key,), log_level=log_level,
                           latchkey={"olcLatchkeyMinSSF": ["0"], **portal.configured(**limits)})
        mailer.attach(slapd)
        return slapd

    return start


# --- requests ---------------------------------------------------------------------------------------------------------


def test_it_is_on_by_default(throttled):
    slapd = throttled()
    answers = ask_from(slapd, "198.51.100.7", *names(100))
    assert {answer.result for answer in answers} == {0}
    assert served_in_all(slapd, 100) == 60 and dropped(slapd) == 40


def test_other_names_and_connections_do_not_help(throttled):
    slapd = throttled(olcLatchkeyClientRequests="5/600")
    for number in range(20):
        ask_from(slapd, "198.51.100.7", request(f"nobody{number}"))
    assert served_in_all(slapd, 20) == 5


@pytest.mark.parametrize("addresses, passing", [
    (["198.51.100.7", "198.51.100.8", "198.51.101.7"], 3 * 5),
    (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"], 5),
    (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"], 3 * 5),
    ([f"2001:db8:0:{number:x}::1" for number in range(12)], 4 * 5),
    (["2001:db8:1::1", "2001:db8:2::1"], 2 * 5),
    (["198.51.100.7", "::ffff:198.51.100.7", "::FFFF:c633:6407"], 5),
], ids=["IPv4", "one /64", "/64s", "one /48", "/48s", "IPv4 in IPv6"])
def test_which_addresses_are_one_client(throttled, addresses, passing):
    slapd = throttled(olcLatchkeyClientRequests="5/600")
    for address in addresses:
        ask_from(slapd, address, *[request(f"nobody{address}{number}") for number in range(10)])
    assert served_in_all(slapd, 10 * len(addresses)) == passing


def test_a_connection_of_its_own_has_the_address_that_slapd_sees(throttled):
    """Of this machine, and so with more. Another port is no other client; another address is."""
    slapd = throttled(olcLatchkeyClientRequests="4/600")
    for number in range(8):
        with Raw(slapd, ("127.0.0.2", 0)) as connection:
            for each in range(10):
                connection.ask(request(f"nobody{number}-{each}"))
    assert served_in_all(slapd, 80) == 4 * LOCAL_FACTOR and dropped(slapd) == 80 - 4 * LOCAL_FACTOR
    with Raw(slapd, ("127.0.0.3", 0)) as connection:
        connection.ask(request("kim"))
    assert served_in_all(slapd, 81) == 4 * LOCAL_FACTOR + 1
    assert slapd.log_lines("verdict=queued", KIM, 'client="IP=127.0.0.3"')


def test_what_was_asked_comes_back_with_time(throttled):
    slapd = throttled(olcLatchkeyClientRequests="3/3")
    began = time.monotonic()
    ask_from(slapd, "198.51.100.7", *names(10))
    first = served_in_all(slapd, 10)
    assert 3 <= first <= 4 + time.monotonic() - began
    time.sleep(1.1)
    ask_from(slapd, "198.51.100.7", *names(10))
    assert first < served_in_all(slapd, 20) <= 4 + time.monotonic() - began


def test_a_stranger_uses_up_nobody_elses(throttled, mailer):
    """A thousand requests in Kim's name from one address: Kim, at another, gets a code at once, and signs in with it."""
    slapd = throttled()
    ask_from(slapd, "198.51.100.7", *names(1000), request("kim"))
    ask_from(slapd, "203.0.113.5", request("kim"))
    wait_for(lambda: slapd.log_lines("verdict=queued", KIM, 'client="IP=203.0.113.5"'))
    mailer.once()
    code = recovery.mails.code_in(mailer.mails()[-1])
    ask_from(slapd, "198.51.100.7", *[complete("kim")] * 200)
    answer, = ask_from(slapd, "203.0.113.5", complete("kim", code, "Kims-Own-Choice-1"))
    assert answer.result == 0 and slapd.signs_in(KIM, "Kims-Own-Choice-1")


def test_what_is_dropped_is_one_line_a_second(throttled):
    """However much it is, the log and what the answer costs do not grow with it."""
    slapd = throttled(olcLatchkeyClientRequests="1/600")
    ask_from(slapd, "198.51.100.7", *names(2000))
    assert served_in_all(slapd, 2000) == 1
    lines = slapd.log_lines("event=request verdict=dropped")
    assert len(lines) <= 30 and all('client="IP=198.51.100.7" via="PATH=' in line for line in lines)


def test_no_limit_is_none(throttled):
    """Nor do strangers use up the memory that slapd has for a beat: what it takes from elsewhere then, it loses for good."""
    slapd = throttled("stats,trace", olcLatchkeyClientRequests="0", olcLatchkeyAllRequests="0",
                      olcLatchkeyClientProofs="0", olcLatchkeyAllProofs="0")
    ask_from(slapd, "198.51.100.7", *names(1500))
    assert served_in_all(slapd, 1500) == 1500
    assert " ch_malloc" not in slapd.log.read_text(errors="replace")


def test_in_all_the_modest_come_before_the_greedy(throttled):
    """Twenty addresses that ask for all they can get reach half of what all may have; who asks once is heard."""
    slapd = throttled(olcLatchkeyClientRequests="10/3600", olcLatchkeyAllRequests="100/3600")
    asked = 0
    for number in range(10):
        asked += len(ask_from(slapd, f"198.51.100.{number}", *[request(f"n{number}-{each}") for each in range(30)]))
    before = served_in_all(slapd, asked)
    assert before == 50 + 5 * 3, "the first five all of theirs, the others a quarter"
    for number in range(100 - before):
        asked += len(ask_from(slapd, f"203.0.113.{number}", request(f"user{number}")))
    assert served_in_all(slapd, asked) == 100, "who asked once got what was left"
    asked += len(ask_from(slapd, "192.0.2.1", request("one-more")))
    assert served_in_all(slapd, asked) == 100


# --- proofs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [complete, old_form], ids=["RecoveryComplete", "Password Modify"])
def test_beyond_the_limit_a_right_code_is_answered_like_a_wrong_one(throttled, mailer, form):
    """And like nobody's; it is not used up, and works from another address."""
    slapd = throttled(olcLatchkeyClientProofs="10/600")
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    before, *_more = ask_from(slapd, "198.51.100.7", *[form("lee")] * 10)
    answers = ask_from(slapd, "198.51.100.7", form("kim", code), form("kim"), form("nobody"))
    assert before.result == WRONG
    assert [answer.messages for answer in answers] == [
        answer.messages for answer in ask_from(slapd, "203.0.113.5", form("lee"), form("lee"), form("nobody"))]
    assert not slapd.signs_in(KIM, "Never-Set-4711")
    assert ask_from(slapd, "203.0.113.5", form("kim", code, "Kims-Own-Choice-1"))[0].result == 0
    assert slapd.signs_in(KIM, "Kims-Own-Choice-1")
    assert len(slapd.log_lines("event=recovery verdict=throttled", 'client="IP=198.51.100.7"')) == 3


def test_both_forms_share_a_limit(throttled):
    slapd = throttled(olcLatchkeyClientProofs="10/600")
    ask_from(slapd, "198.51.100.7", *[complete("kim"), old_form("kim")] * 10)
    assert len(slapd.log_lines("event=recovery verdict=wrong")) == 10
    assert len(slapd.log_lines("event=recovery verdict=throttled")) == 10


def test_right_proofs_do_not_count(throttled, mailer):
    slapd = throttled(olcLatchkeyClientProofs="1/600")
    for number in range(3):
        code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
        assert ask_from(slapd, "198.51.100.7", complete("kim", code, f"Kims-Own-Choice-{number}"))[0].result == 0


def test_what_is_throttled_is_answered_at_the_pace(throttled):
    pace = 0.004
    slapd = throttled(olcLatchkeyClientProofs="1/600")
    with portal.connect(slapd) as front_end:
        spent = []
        for name in ["kim", "nobody", "closed", "lee"] * 10:
            began = time.perf_counter()
            front_end.ask(complete(name), portal.speaking_for("198.51.100.7"))
            spent.append(time.perf_counter() - began)
    assert len(slapd.log_lines("verdict=throttled")) == 39
    assert min(spent) >= pace


def test_a_throttled_value_spends_no_code(throttled, mailer):
    """A wrong one-time password costs the code that comes with it a try, but not of a client who is not heard."""
    slapd = throttled(olcLatchkeyClientProofs="1/600")
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyMethod", [b"mail", b"totp"])])
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    value = raw.extended(wire.RECOVERY_COMPLETE, enrolment.completion(
        "kim", (wire.MAIL, code), (wire.TOTP, "000000"), new="Never-Set-4711"))
    ask_from(slapd, "198.51.100.7", complete("lee"), *[value] * 20)
    assert ask_from(slapd, "203.0.113.5", complete("kim", code, "Kims-Own-Choice-1"))[0].result == 0


def test_one_client_does_not_keep_the_others_out(throttled):
    """Each failing attempt holds one of slapd's threads for a moment, and only so many may. However many one address sends
    at once, another is heard."""
    slapd = throttled(olcLatchkeyClientProofs="0", olcLatchkeyAllProofs="0")
    greedy = [portal.connect(slapd) for _ in range(32)]
    answers, busy = [], 0
    with portal.connect(slapd) as other:
        for _ in range(20):
            with slapd.halted():  # it finds all of them at once
                for each in greedy:
                    each.send(complete("kim"), portal.speaking_for("198.51.100.7"))
                other.send(complete("kim"), portal.speaking_for("203.0.113.5"))
            answers.append(other.answer().result)
            busy += [each.answer().result for each in greedy].count(ldap.BUSY.errnum)
    assert answers == [WRONG] * 20 and busy > 0


def test_many_clients_at_once_leave_slapd_its_threads(throttled):
    """However many addresses they come from, and each of them modest."""
    slapd = throttled(olcLatchkeyClientProofs="0", olcLatchkeyAllProofs="0")
    connections = [portal.connect(slapd) for _ in range(32)]
    results = set()
    for _ in range(20):
        with slapd.halted():
            for number, each in enumerate(connections):
                each.send(complete("kim"), portal.speaking_for(f"198.51.100.{number}"))
        results |= {each.answer().result for each in connections}
    assert results == {WRONG, ldap.BUSY.errnum}


# --- signed-in users --------------------------------------------------------------------------------------------------


def test_a_users_own_guesses_are_limited_by_user(throttled, mailer):
    """Wherever they come from; and a right code is then answered like a wrong one, while others are heard."""
    slapd = throttled(olcLatchkeyClientProofs="5/600")
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyMethod", [b"mail", b"totp"])])

    def proves(dn: str, code: str):
        return result_of(enrolment.address_prove, slapd.connect(dn, password_of(dn)), code)

    codes = {}
    for dn in (KIM, LEE):
        enrolment.address_add(slapd.connect(dn, password_of(dn)), f"{len(codes)}@example.com")
        mailer.once()
        codes[dn] = recovery.mails.code_in(mailer.mails()[-1])
    wrong = {proves(KIM, recovery.WRONG_CODE) for _ in range(5)}
    assert wrong == {proves(KIM, codes[KIM])} and next(iter(wrong))[0] == WRONG
    assert proves(LEE, codes[LEE])[0] == 0


def test_the_first_value_of_an_app_is_limited_too(throttled):
    slapd = throttled(olcLatchkeyClientProofs="5/600")
    assert configure(slapd, "olcLatchkeyKeyFile", slapd.secret_file(random_key())) == ""
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyMethod", [b"mail", b"totp"])])
    connection = slapd.connect(KIM, password_of(KIM))
    enrolment.wait_for_fresh_step()
    secret = enrolment.totp_begin(connection).secret
    wrong = {result_of(enrolment.totp_finish, connection, enrolment.wrong_value(secret)) for _ in range(5)}
    assert wrong == {result_of(enrolment.totp_finish, connection, enrolment.value_of(secret))}
    assert configure(slapd, "olcLatchkeyClientProofs", "0") == ""
    assert result_of(enrolment.totp_finish, connection, enrolment.value_of(secret))[0] == 0


# --- the configuration ------------------------------------------------------------------------------------------------


LIMITS = ("olcLatchkeyClientRequests", "olcLatchkeyAllRequests", "olcLatchkeyClientProofs", "olcLatchkeyAllProofs")


@pytest.mark.parametrize("attribute", LIMITS)
def test_what_is_no_limit_is_refused(slapd, attribute):
    for value in ("60", "60/", "0/60", "60/0", "-1/60", "60 / 600", "60/600/1", "1000001/1", "1/86401", "many"):
        assert configure(slapd, attribute, value) != "", value


def test_a_change_counts_at_once(throttled):
    slapd = throttled()
    assert configure(slapd, "olcLatchkeyClientRequests", "1/600") == ""
    ask_from(slapd, "198.51.100.7", *names(10))
    assert served_in_all(slapd, 10) == 1
    assert configure(slapd, "olcLatchkeyClientRequests") == ""
    ask_from(slapd, "198.51.100.8", *names(100))
    assert served_in_all(slapd, 110) == 61


def test_limits_are_shown_as_they_were_written(slapd):
    def shown(attribute):
        return slapd.config().read_s(OVERLAY).get(attribute)

    for attribute in LIMITS:
        assert shown(attribute) is None
        assert configure(slapd, attribute, "7/70") == "" and shown(attribute) == [b"7/70"]
        assert configure(slapd, attribute, "0") == "" and shown(attribute) == [b"0"]
    slapd.restart()
    assert all(shown(attribute) == [b"0"] for attribute in LIMITS)
