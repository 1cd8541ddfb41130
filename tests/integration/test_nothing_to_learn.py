"""Nothing to learn: to a stranger, a user that exists, one that does not, one that is locked, closed, without an
address or over the limit give the same answers, octet by octet, and so does whatever the stranger does next, on the
same connection or on another. A wrong proof is answered at the pace, whoever it is for, and what is too much at once is
turned away before anybody is looked up. (That the times tell nothing either is measured by the benchmarks.)"""

import time

import ldap
import pytest

from latchkey_testing import organization, raw, recovery, watching, wire
from latchkey_testing.entries import name_of
from latchkey_testing.organization import (CLOSED, INSIDE_ONLY, KIM, LEE, MANAGED, NO_ADDRESS, OUTSIDE, PASSWORD_ADMIN,
                                           SELF, STRANGER, password_of, person)
from latchkey_testing.raw import Raw
from latchkey_testing.settings import CONFIG_DN, SUFFIX
from latchkey_testing.waiting import wait_for

LOCKED = f"uid=locked,{MANAGED}"
ENDED = f"uid=ended,{MANAGED}"
NOT_YET = f"uid=notyet,{MANAGED}"
OVER_LIMIT = f"uid=overlimit,{SELF}"
NO_PASSWORD = f"uid=nopassword,{MANAGED}"

# What strangers may call somebody, and who that is.
NAMES = {
    "a user": "kim",
    "by mail address": "lee@example.org",
    "by DN": KIM,
    "nobody": "nobody",
    "nobody, by mail address": "nobody@example.org",
    "nobody, by DN": f"uid=nobody,{MANAGED}",
    "nobody, below a person": f"uid=nobody,{KIM}",
    "nobody, elsewhere": "uid=nobody,dc=elsewhere,dc=net",
    "locked": "locked",
    "closed for good": "closed",
    "account ended": "ended",
    "account not begun": "notyet",
    "no address": "noaddress",
    "inside address only": "insideonly",
    "over the limit": "overlimit",
    "no password": "nopassword",
    "two of one name": "twin",
    "under no policy": "outsider",
    "under no policy, by DN": STRANGER,
    "a subtree": MANAGED,
    "the rootdn": f"cn=admin,{SUFFIX}",
    "the suffix": SUFFIX,
    "a policy": organization.SELF_POLICY,
    "where codes are kept": f"cn=latchkey,{SUFFIX}",
    "an asterisk": "*",
    "a filter": "kim)(uid=*",
}


def entries():
    """The organization and the further kinds of people that matter here."""
    everybody = [(dn, {**attributes, "latchkeyLiveCodes": ["1"]} if dn == organization.SELF_POLICY else attributes)
                 for dn, attributes in organization.entries()]
    return [*everybody, person("locked", MANAGED, "Lo Cked"), person("overlimit", SELF, "Ove Rlimit"),
            person("ended", MANAGED, "En Ded", pwdEndTime="20200101000000Z"),
            person("notyet", MANAGED, "Not Yet", pwdStartTime="20900101000000Z"),
            person("nopassword", MANAGED, "No Password", userPassword=None)]


@pytest.fixture
def town(make_slapd):
    """A slapd with everybody in it, one of them locked by wrong passwords, and one of them with all the codes
    that there may be."""
    slapd = make_slapd(entries=entries(), modules=("syncprov",),
                       overlays=(("syncprov", {"objectClass": ["olcSyncProvConfig"]}),))
    for _ in range(4):
        slapd.signs_in(LOCKED, "wrong")
    recovery.ask_and_wait(slapd, "overlimit")
    assert slapd.slapcat().count("latchkeyCode: ") == 1
    return slapd


def request(name: str) -> bytes:
    """A RecoveryRequest."""
    return raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request(name, "ko"))


def complete(name: str, code: str = recovery.WRONG_CODE, new: str | None = "Never-Set-4711", **more) -> bytes:
    """A RecoveryComplete."""
    return raw.extended(wire.RECOVERY_COMPLETE, wire.recovery_complete(name, code, new=new, **more))


# What a stranger may do next to find out more; NAME is the one that was asked for.
NEXT = {
    "asks again": request,
    "completes": complete,
    "keeps": lambda name: complete(name, new=None),
    "nonsense for a code": lambda name: complete(name, "nonsense"),
    "TOTP": lambda name: complete(name, "123456", method=wire.TOTP),
    "old form": lambda name: raw.password_modify(name, recovery.WRONG_CODE, "Never-Set-4711"),
    "old form, generated": lambda name: raw.password_modify(name, recovery.WRONG_CODE),
    "root": lambda _name: raw.search("", raw.BASE, raw.present("objectClass"), "*", "+"),
    "suffix": lambda _name: raw.search(SUFFIX, raw.BASE, raw.present("objectClass"), "*", "+"),
    "state": lambda _name: raw.search(SUFFIX, raw.SUBTREE, raw.present("latchkeyMessage"), "*", "+"),
    "codes": lambda _name: raw.search(f"cn=latchkey,{SUFFIX}", raw.SUBTREE, raw.present("objectClass"), "*", "+"),
}
# A DN that no policy governs is slapd's in the old form; whether one does is written in the DN, not looked up.
OLD_FORM = ("old form", "old form, generated")
UNGOVERNED = {"nobody, elsewhere", "under no policy, by DN", "the rootdn", "the suffix", "a policy",
              "where codes are kept"}


def differing(answers: dict[str, list]) -> dict[str, list]:
    """Those who were answered otherwise than the first."""
    first = next(iter(answers.values()))
    return {kind: got for kind, got in answers.items() if got != first}


def test_a_request_is_always_answered_alike(town):
    answers = {kind: [raw.ask_alone(town, request(name))] for kind, name in NAMES.items()}
    assert answers["a user"][0].result == 0
    assert differing(answers) == {}


@pytest.mark.parametrize("kind", NEXT)
def test_what_comes_next_is_answered_alike(town, kind):
    """At once and after the beat, on the connection of the request and on another."""
    names = {each: name for each, name in NAMES.items() if kind not in OLD_FORM or each not in UNGOVERNED}
    connections = {each: Raw(town) for each in names}
    seen = {each: [] for each in names}
    before = recovery.served(town)

    def look(each):
        question = NEXT[kind](names[each])
        seen[each] += [connections[each].ask(question), raw.ask_alone(town, question)]

    for each, connection in connections.items():
        seen[each].append(connection.ask(request(names[each])))
        look(each)
    wait_for(lambda: recovery.served(town) >= before + len(names))
    for each in names:
        look(each)
    for connection in connections.values():
        connection.close()
    assert differing(seen) == {}


def test_a_dn_under_no_policy_is_answered_by_slapd(town):
    """There the old form is what it is without Latchkey, for those who exist and those who do not."""
    for form in OLD_FORM:
        there, not_there = (raw.ask_alone(town, NEXT[form](dn)) for dn in (STRANGER, f"uid=nobody,{OUTSIDE}"))
        assert there == not_there and there.result == ldap.STRONG_AUTH_REQUIRED.errnum


def everything_visible(slapd, *controls: bytes) -> list[raw.Answer]:
    """What slapd shows to nobody in particular: all entries with all attributes, and the state of synchronization."""
    sync = raw.control("1.3.6.1.4.1.4203.1.9.1.1", wire.sequence(wire.integer(1, wire.ENUMERATED)))
    everything = raw.search(SUFFIX, raw.SUBTREE, raw.present("objectClass"), "*", "+")
    with Raw(slapd) as connection:
        return [connection.ask(everything), connection.ask(everything, sync),
                *(connection.ask(raw.search(SUFFIX, raw.SUBTREE, raw.both(), "1.1", most=most)) for most in range(60))]


def test_a_request_changes_nothing_that_a_stranger_sees(town):
    """Not even the number that replication counts changes by, nor how many entries there are."""
    before = everything_visible(town)
    assert len(before[0].messages) > 20
    recovery.ask_and_wait(town, *NAMES.values())
    assert town.slapcat().count("latchkeyCode: ") > 5, "codes were made"
    assert everything_visible(town) == before


def test_a_bind_is_answered_alike(town):
    """Also with slapo-ppolicy's control, which tells of locks and expiry; a request in between changes nothing."""
    policy = raw.control(raw.PASSWORD_POLICY, critical=False)
    people = [KIM, LEE, LOCKED, CLOSED, NO_ADDRESS, INSIDE_ONLY, OVER_LIMIT, f"uid=nobody,{MANAGED}"]
    before = [raw.ask_alone(town, raw.bind(dn, "wrong"), policy) for dn in people]
    recovery.ask_and_wait(town, *map(name_of, people))
    assert [raw.ask_alone(town, raw.bind(dn, "wrong"), policy) for dn in people] == before


WRONG = {
    "another user's": lambda code: code,
    "well-formed": lambda _code: recovery.WRONG_CODE,
    "too short": lambda code: code[:-1],
    "too long": lambda code: code + "0",
    "no code at all": lambda _code: "let me in, please",
    "one symbol off": lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"),
}


@pytest.mark.parametrize("form", ["completes", "old form"])
def test_every_wrong_proof_is_answered_alike(make_slapd, mailer, form):
    slapd = make_slapd(entries=entries(), mailer_keys=(mailer.public_key,))
    mailer.attach(slapd)
    code = recovery.code_for(slapd, mailer, "lee", "lee@example.net")
    ask = complete if form == "completes" else lambda name, wrong: raw.password_modify(name, wrong, "Never-Set-4711")
    names = {each: name for each, name in NAMES.items() if form == "completes" or each not in UNGOVERNED}
    names["by mail address"] = "song@example.org"  # the code is Lee's
    answers = {(each, kind): [raw.ask_alone(slapd, ask(name, wrong(code)))]
               for each, name in names.items() for kind, wrong in WRONG.items()}
    assert differing(answers) == {}
    assert answers["a user", "well-formed"][0].result == ldap.INVALID_CREDENTIALS.errnum
    assert recovery.complete(slapd, "lee", code) is None, "the right one still works"


def lock(slapd):
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "pwdAccountLockedTime", [organization.LOCKED_FOR_GOOD.encode()])])


def end(slapd):
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "pwdEndTime", [b"20200101000000Z"])])


def postpone(slapd):
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "pwdStartTime", [b"20900101000000Z"])])


def block(slapd):
    wire.exop(slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)), wire.ACCOUNT_BLOCK, wire.account("kim"))


@pytest.mark.parametrize("close", [lock, end, postpone, block], ids=lambda close: close.__name__)
def test_a_right_code_shows_nothing_of_a_closed_account(slapd, mailer, close):
    """Closed after the code was sent: the right code gets the answer of a wrong one, and of nobody's."""
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    close(slapd)
    for ask in (complete, lambda *words: complete(*words, new=None),
                lambda *words: raw.password_modify(*words, "Never-Set-4711")):
        assert raw.ask_alone(slapd, ask("kim", code)) == raw.ask_alone(slapd, ask("nobody", recovery.WRONG_CODE))
    assert not slapd.signs_in(KIM, "Never-Set-4711")


PACE = 0.004


def times(slapd, question: bytes, count: int = 40) -> list[float]:
    """How long each of COUNT answers took."""
    spent = []
    with Raw(slapd) as connection:
        for _ in range(count):
            began = time.perf_counter()
            connection.ask(question)
            spent.append(time.perf_counter() - began)
    return spent


@pytest.mark.parametrize("question", [
    complete("kim"), complete("nobody"), complete("closed"), complete("kim", new=None),
    raw.password_modify("kim", recovery.WRONG_CODE, "Never-Set-4711"),
    raw.password_modify("nobody", recovery.WRONG_CODE, "Never-Set-4711")], ids=range(6))
def test_a_wrong_proof_is_answered_at_the_pace(slapd, question):
    """Answers that came at any time would be late by anything up to the pace, a quarter of them by less than a quarter of it."""

    def are_at_the_pace() -> bool:
        spent = times(slapd, question)
        assert min(spent) >= PACE
        return sum(each % PACE < PACE / 4 for each in spent) > 0.5 * len(spent)

    if watching.wanted():
        assert min(times(slapd, question)) >= PACE
    else:
        wait_for(are_at_the_pace)  # a machine that does much else needs some tries


def test_a_request_is_not_slowed(slapd):
    """None would be answered sooner; a machine that does much else answers some later."""
    assert watching.wanted() or min(times(slapd, request("kim"))) < PACE


def test_too_many_at_once_are_turned_away_before_any_look_up(make_slapd):
    """With two threads to wait in, the others hear that slapd is busy, whoever they asked for; the log names none."""
    slapd = make_slapd(latchkey={"olcLatchkeyMinSSF": ["0"]})
    slapd.config().modify_s(CONFIG_DN, [(ldap.MOD_REPLACE, "olcThreads", [b"4"])])
    names = ["kim", "nobody", "closed", "lee"] * 16
    connections = [Raw(slapd) for _ in names]
    with slapd.halted():  # it finds all of them at once
        for connection, name in zip(connections, names):
            connection.send(complete(name))
    answers = [connection.answer() for connection in connections]
    for connection in connections:
        connection.close()
    busy = [answer for answer in answers if answer.result == ldap.BUSY.errnum]
    wrong = [answer for answer in answers if answer.result == ldap.INVALID_CREDENTIALS.errnum]
    assert len(busy) + len(wrong) == len(names) and busy and wrong
    assert all(answer == busy[0] for answer in busy) and all(answer == wrong[0] for answer in wrong)
    assert slapd.log.read_text().count("event=recovery verdict=wrong") == len(wrong)
