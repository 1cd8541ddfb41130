"""A code is good once, for its user, for its time, and only while the password and the address it went to are what they
were. Whoever keeps asking for codes voids nothing and floods nobody."""

import calendar
import re
import time

import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE

from latchkey_testing import mails, recovery, serving, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import (CLOSED, GLOBAL_ADMIN, INSIDE_DOMAIN, KIM, LEE, MANAGED, MANAGED_POLICY,
                                           OUTSIDE, password_of, person, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.recovery import WRONG, by_own_operation as complete, by_password_modify
from latchkey_testing.stored import moment
from latchkey_testing.waiting import wait_for

NEW = "A-new-password-9"


def crowd(count: int) -> list:
    """That many people more."""
    return [person(f"user{number}", MANAGED, f"User {number}") for number in range(count)]


def codes_of(slapd, mailer, *dns: str) -> list[str]:
    """A code for each of DNS, in their order."""
    found = recovery.codes_for(slapd, mailer, *dns)
    return [found[name_of(dn)][-1] for dn in dns]


KIMS_NAMES = (KIM, "kim", f"kim@{INSIDE_DOMAIN}", KIM.replace(",", ", "), KIM.replace(",", ",  "))


# What a code is good for.

SPELLINGS = {
    "as mailed": lambda code: code,
    "small": str.lower,
    "in one": lambda code: code.replace("-", ""),
    "with spaces": lambda code: f"  {code.replace('-', ' ')} ",
    "hyphens elsewhere": lambda code: "-".join(code.replace("-", "")),
    "O for 0": lambda code: code.replace("0", "O"),
    "small o for 0": lambda code: code.lower().replace("0", "o"),
    "I for 1": lambda code: code.replace("1", "I"),
    "small l for 1": lambda code: code.lower().replace("1", "l"),
}


def test_a_code_is_read_as_people_type_it(start, mailer):
    people = crowd(recovery.AT_ONCE)
    slapd = start(*people)
    dns = [dn for dn, _attributes in people]
    codes = dict(zip(dns, codes_of(slapd, mailer, *dns)))
    for name, spell in SPELLINGS.items():
        # Somebody whose code this spelling changes; among sixty there is always somebody.
        dn = next(each for each, code in codes.items() if spell(code) != code or name == "as mailed")
        way = complete if name in ("small", "I for 1") else by_password_modify
        assert way(slapd, dn, spell(codes.pop(dn)), NEW)[0] == 0, name
        assert slapd.signs_in(dn, NEW)


def test_a_code_is_its_users_alone(start, mailer):
    slapd = start()
    kims, lees = codes_of(slapd, mailer, KIM, LEE)
    for user, code in ((LEE, kims), (KIM, lees), ("nobody", kims), ("twin", kims), (CLOSED, kims)):
        assert complete(slapd, user, code, NEW) == by_password_modify(slapd, user, code, NEW) == WRONG
    assert complete(slapd, KIM, kims, NEW)[0] == complete(slapd, LEE, lees, NEW)[0] == 0


def use(slapd, mailer, dn: str, new: str | None) -> None:
    """Recovers DN with another code."""
    other, = codes_of(slapd, mailer, dn)
    assert complete(slapd, dn, other, new)[0] == 0


def modify(slapd, dn: str, *changes) -> None:
    """As the rootdn."""
    slapd.root().modify_s(dn, list(changes))


def replaced_by_a_namesake(slapd, dn: str) -> None:
    """Somebody else of the same name, address and password."""
    root = slapd.root()
    root.delete_s(dn)
    _dn, attributes = person(name_of(dn), MANAGED, "Name Sake")
    root.add_s(dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()])


# What voids the code of DN.
VOID = {
    "used for a new password": lambda s, m, dn, code: complete(s, dn, code, "Another-password-8"),
    "used to keep the password": lambda s, m, dn, code: complete(s, dn, code),
    "used by Password Modify": lambda s, m, dn, code: by_password_modify(s, dn, code, "Another-password-8"),
    "another code used for a new password": lambda s, m, dn, code: use(s, m, dn, "Another-password-8"),
    "another code used to keep the password": lambda s, m, dn, code: use(s, m, dn, None),
    "changed by the user, Modify": lambda s, m, dn, code: sign_in(s, dn).modify_s(
        dn, [(MOD_REPLACE, "userPassword", [b"Changed-by-me-1"])]),
    "changed by the user, Password Modify": lambda s, m, dn, code: sign_in(s, dn).passwd_s(
        None, None, "Changed-by-me-1"),
    "reset by an administrator": lambda s, m, dn, code: wire.password_modify(sign_in(s, GLOBAL_ADMIN), dn),
    "written by the rootdn": lambda s, m, dn, code: modify(s, dn, (MOD_REPLACE, "userPassword", [b"Chosen-by-root-1"])),
    "written again as it was": lambda s, m, dn, code: modify(s, dn, (MOD_DELETE, "userPassword", None),
                                                             (MOD_ADD, "userPassword", [password_of(dn).encode()])),
    "password taken away": lambda s, m, dn, code: modify(s, dn, (MOD_DELETE, "userPassword", None)),
    "address changed": lambda s, m, dn, code: modify(
        s, dn, (MOD_REPLACE, "latchkeyRecoveryAddress", [b"new@example.net"])),
    "address taken away": lambda s, m, dn, code: modify(s, dn, (MOD_DELETE, "latchkeyRecoveryAddress", None)),
    "locked for good": lambda s, m, dn, code: modify(s, dn, (MOD_REPLACE, "pwdAccountLockedTime", [b"000001010000Z"])),
    "ended": lambda s, m, dn, code: modify(s, dn, (MOD_REPLACE, "pwdEndTime", [b"20200101000000Z"])),
    "not begun": lambda s, m, dn, code: modify(s, dn, (MOD_REPLACE, "pwdStartTime", [b"20990101000000Z"])),
    "moved under no policy": lambda s, m, dn, code: s.root().rename_s(dn, dn.split(",")[0], OUTSIDE),
    "deleted": lambda s, m, dn, code: s.root().delete_s(dn),
    "replaced by a namesake": lambda s, m, dn, code: replaced_by_a_namesake(s, dn),
}


def test_a_code_is_void_once_it_should_be(start, mailer):
    """And the answer is that to any wrong code."""
    people = dict(crowd(len(VOID)))
    slapd = start(*people.items())
    answers = {}
    for (case, happen), dn, code in zip(VOID.items(), people, codes_of(slapd, mailer, *people)):
        happen(slapd, mailer, dn, code)
        answers[case] = [complete(slapd, dn, code, NEW), complete(slapd, dn, code),
                         complete(slapd, name_of(dn), code, NEW)]
        if case != "moved under no policy":
            answers[case].append(by_password_modify(slapd, dn, code, NEW))
    assert not {case: answer for case, answer in answers.items() if set(answer) != {WRONG}}


# What does not.
HARMLESS = {
    "failed sign-ins": lambda s, m, dn: [s.signs_in(dn, "wrong") for _ in range(5)],
    "a good sign-in": lambda s, m, dn: s.signs_in(dn, password_of(dn)),
    "something else about the user changed": lambda s, m, dn: modify(s, dn, (MOD_REPLACE, "description", [b"x"])),
    "another address added": lambda s, m, dn: modify(
        s, dn, (MOD_ADD, "latchkeyRecoveryAddress", [b"second@example.net"])),
    "the address in capitals": lambda s, m, dn: modify(s, dn, (
        MOD_REPLACE, "latchkeyRecoveryAddress", [f"{name_of(dn)}@Example.NET".upper().encode()])),
    "a wrong code": lambda s, m, dn: [complete(s, dn, recovery.WRONG_CODE, NEW) for _ in range(5)],
    "a password that is refused": lambda s, m, dn: complete(s, dn, recovery.WRONG_CODE, "x"),
    "asked for again": lambda s, m, dn: recovery.ask_and_wait(s, dn),
    "asked for and mailed again": lambda s, m, dn: codes_of(s, m, dn),
    "a reset that is refused": lambda s, m, dn: result_of(sign_in(s, LEE).passwd_s, dn, None, None),
}


def test_a_code_stays_good_otherwise(start, mailer):
    people = dict(crowd(len(HARMLESS)))
    slapd = start(*people.items())
    for (case, happen), dn, code in zip(HARMLESS.items(), people, codes_of(slapd, mailer, *people)):
        happen(slapd, mailer, dn)
        assert complete(slapd, dn, code, NEW)[0] == 0, case


def test_a_code_follows_its_user_to_another_name(start, mailer):
    slapd = start()
    code, = codes_of(slapd, mailer, KIM)
    slapd.root().rename_s(KIM, "uid=kim2")
    assert complete(slapd, "kim", code, NEW) == WRONG
    assert complete(slapd, "kim2", code, NEW)[0] == 0


def test_a_policy_that_wants_more_takes_no_code_alone(start, mailer):
    slapd = start()
    kims, lees = codes_of(slapd, mailer, KIM, LEE)
    modify(slapd, MANAGED_POLICY, (MOD_REPLACE, "latchkeyMethodsRequired", [b"2"]))
    assert complete(slapd, KIM, kims, NEW) == WRONG
    modify(slapd, MANAGED_POLICY, (MOD_REPLACE, "latchkeyMethodsRequired", [b"1"]),
           (MOD_REPLACE, "latchkeyMethod", [b"totp"]))
    assert complete(slapd, KIM, kims, NEW) == by_password_modify(slapd, LEE, lees, NEW) == WRONG
    modify(slapd, MANAGED_POLICY, (MOD_DELETE, "latchkeyMethod", None))
    assert complete(slapd, KIM, kims, NEW)[0] == 0


def change_code(slapd, **fields: str) -> None:
    """Writes other FIELDS into the one code that is stored, while slapd is down."""
    slapd.stop()
    text = slapd.slapcat().replace("\n ", "")
    dn, value = re.search(r"dn: (latchkeyRecoveryOf=.*)(?:\n.+)*\nlatchkeyCode: (.*)", text).groups()
    for name, content in fields.items():
        value = re.sub(f" {name}=[^ ]+", f" {name}={content}", value)
    slapd.offline("modify", f"dn: {dn}\nchangetype: modify\nreplace: latchkeyCode\nlatchkeyCode: {value}\n")
    slapd.start()


@pytest.mark.parametrize("left, expected", [(-1, 49), (120, 0)])
@pytest.mark.parametrize("way", [complete, by_password_modify])
def test_a_code_is_good_for_its_lifetime(start, mailer, way, left, expected):
    slapd = start()
    code, = codes_of(slapd, mailer, KIM)
    change_code(slapd, expires=moment(left))
    assert way(slapd, KIM, code, NEW)[0] == expected


# How many codes there are.


def test_three_codes_live_at_once_and_longer_each(start, mailer):
    """Who asks more often gets no more mail, voids nothing, and may go on when the codes are used."""
    slapd = start()
    recovery.ask_and_wait(slapd, *KIMS_NAMES[:3])
    mailer.once()
    codes = [mails.code_in(mail) for mail in mailer.mails()]
    lifetimes = [seconds(code["expires"]) - seconds(code["created"]) for code in serving.codes(slapd)]
    assert sorted(lifetimes) == [900, 1800, 3600]
    recovery.ask_and_wait(slapd, KIM)
    mailer.once()
    assert len(mailer.mails()) == 3
    assert complete(slapd, KIM, codes[0])[0] == 0
    assert complete(slapd, KIM, codes_of(slapd, mailer, KIM)[0], NEW)[0] == 0


def seconds(text: str) -> float:
    """A GeneralizedTime in seconds."""
    return calendar.timegm(time.strptime(text, "%Y%m%d%H%M%SZ"))


@pytest.mark.parametrize("live", [1, 4])
def test_a_policy_says_how_many(start, mailer, live):
    slapd = start()
    modify(slapd, MANAGED_POLICY, (MOD_REPLACE, "latchkeyLiveCodes", [str(live).encode()]),
           (MOD_REPLACE, "latchkeyCodeLifetime", [b"43200"]))
    recovery.ask_and_wait(slapd, *KIMS_NAMES)
    lifetimes = [seconds(code["expires"]) - seconds(code["created"]) for code in serving.codes(slapd)]
    assert sorted(lifetimes) == [43200, *[86400] * (live - 1)]


def settle_all(slapd, state: int) -> None:
    """What a mailer reports of all that is due."""
    due = serving.take(slapd)
    items = [wire.settlement(holder, wire.message_fields(message)["id"], state) for holder, message, _sealed in due]
    assert set(serving.settle(slapd, *items)) == {0}


# What makes three codes count no longer.
SPENT = {
    "their mails failed": lambda slapd: settle_all(slapd, wire.FAILED),
    "the user changed the password": lambda slapd: sign_in(slapd, KIM).passwd_s(None, None, "Changed-by-me-1"),
    "an administrator reset it": lambda slapd: wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), KIM),
    "the address was corrected": lambda slapd: modify(
        slapd, KIM, (MOD_REPLACE, "latchkeyRecoveryAddress", [b"kim@example.com"])),
}


@pytest.mark.parametrize("case", SPENT)
def test_codes_that_nobody_can_use_do_not_count(start, mailer, case):
    """Else a stranger who asks three times would keep the user out."""
    slapd = start()
    recovery.ask_and_wait(slapd, *KIMS_NAMES[:3])
    assert len(serving.codes(slapd)) == 3
    SPENT[case](slapd)
    recovery.ask_and_wait(slapd, KIM)
    mailer.once()
    assert [complete(slapd, KIM, mails.code_in(mail), NEW)[0] for mail in mailer.mails()].count(0) == 1


def recovery_entries(slapd) -> int:
    """How many there are."""
    return slapd.slapcat().count("dn: latchkeyRecoveryOf=")


GONE = {
    "used": lambda slapd, code: complete(slapd, KIM, code, NEW),
    "user deleted": lambda slapd, code: slapd.root().delete_s(KIM),
    "over for a day": lambda slapd, code: change_code(slapd, expires=moment(-86500)),
}


@pytest.mark.parametrize("case", GONE)
def test_nothing_is_left_of_a_code_that_is_over(start, mailer, case):
    slapd = start()
    code, = codes_of(slapd, mailer, KIM)
    assert recovery_entries(slapd) == 1
    GONE[case](slapd, code)
    wait_for(lambda: recovery_entries(slapd) == 0, interval=0.2)
