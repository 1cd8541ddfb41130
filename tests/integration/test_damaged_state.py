"""Damaged state is reported and passed over: what somebody has spoilt in the database, or an old backup has brought
back, loses nothing else, opens nothing, and does not stop slapd, the mailer or the command."""

import ldap
import pytest

from latchkey_testing import mails, organization, recovery, stored, wire
from latchkey_testing.entries import hashed
from latchkey_testing.organization import HAN, KIM, PASSWORD_ADMIN, password_of
from latchkey_testing.serving import settle, take
from latchkey_testing.waiting import wait_for

UUID = "0b5ff9a0-0000-4000-8000-000000000001"
ADDRESS = "kim@example.net"
CODE, SYMBOLS = "K7QF-2M9X-4TRB", "K7QF2M9X4TRB"
GOOD = stored.right_code(99, SYMBOLS, UUID, ADDRESS, hashed(password_of(KIM)))
WHOLE = stored.message(1, state="queued")


def with_state(*, codes=(), **state):
    """The organization, with STATE on Kim's entry and CODES on the recovery entry."""
    for dn, attributes in organization.entries():
        if dn == KIM:
            lists = {name: [value] if isinstance(value, (str, bytes)) else value for name, value in state.items()}
            attributes = {**attributes, "entryUUID": [UUID], **lists}
        yield dn, attributes
    if codes:
        yield stored.container()
        yield stored.recovery(UUID, latchkeyCode=list(codes), latchkeyMessage=[], latchkeySealed=[], latchkeyDue="")


def take_some(slapd) -> list[tuple[str, str, bytes]]:
    """What the mailer is given, once slapd has found what it had stored before it started."""
    return wait_for(lambda: take(slapd))


def warned(slapd, words: str) -> int:
    """How often Latchkey has said WORDS."""
    return sum(" latchkey: " in line and words in line for line in slapd.log.read_text().splitlines())


DAMAGED_MESSAGES = {
    "no fields": "1", "nonsense": "nonsense", "another version": "2" + WHOLE[1:],
    "a version too large": "9" * 40 + WHOLE[1:], "no kind": WHOLE.replace("kind=temporaryPassword ", ""),
    "unknown kind": WHOLE.replace("temporaryPassword", "sermon"),
    "unknown state": WHOLE.replace("queued", "pondered"), "short id": WHOLE.replace("0" * 31 + "1", "0" * 30 + "1"),
    "an impossible date": stored.message(2, "queued", due="20261399000000Z"), "a field twice": WHOLE + " kind=welcome",
    "a field without a value": WHOLE + " tries", "a cut escape": WHOLE + " answer=%4",
    "an escaped NUL": WHOLE + " answer=%00", "tries without number": WHOLE.replace("tries=1", "tries=x"),
    "too many tries": WHOLE.replace("tries=1", "tries=" + "9" * 30),
    "too long an address": stored.message(2, "queued", to="k" * 300), "double spaces": WHOLE.replace(" ", "  "),
}


@pytest.mark.parametrize("kind", DAMAGED_MESSAGES)
def test_a_damaged_message_is_passed_over(make_slapd, kind):
    """Said once; the other message on the entry is given to the mailer and settled, and `latchkey status` shows it."""
    slapd = make_slapd(entries=with_state(latchkeyMessage=[stored.message(7, "queued"), DAMAGED_MESSAGES[kind]],
                                          latchkeySealed=[stored.sealed(7)], latchkeyDue=stored.moment()))
    assert [(holder, sealed) for holder, _message, sealed in take_some(slapd)] == [(KIM, stored.sealed(7))]
    assert settle(slapd, wire.settlement(KIM, f"{7:032x}", wire.SENT)) == [0]
    assert warned(slapd, "damaged value of latchkeyMessage") in (1, 2)  # when it was found, and with the settling
    shown = slapd.tool("latchkey", "status", "kim", dn=PASSWORD_ADMIN, password=password_of(PASSWORD_ADMIN))
    assert shown.stdout
    assert DAMAGED_MESSAGES[kind].encode() in slapd.entry(KIM)["latchkeyMessage"], "what one cannot read is kept"


@pytest.mark.parametrize("sealed", [[], [b""], [b"\x01"], [stored.sealed(1)[:24]], [b"\x02" + stored.sealed(1)[1:]],
                                    [stored.sealed(3)]],
                         ids=["none", "empty", "one octet", "half a header", "another version", "another message's"])
def test_a_message_without_its_sealed_text_is_told_of(make_slapd, sealed):
    """It cannot be sent: slapd says so once, and gives the mailer the others."""
    slapd = make_slapd(entries=with_state(
        latchkeyMessage=[WHOLE, stored.message(7, "queued")], latchkeySealed=[*filter(None, sealed), stored.sealed(7)],
        latchkeyDue=stored.moment()))
    assert [text for _holder, _message, text in take_some(slapd)] == [stored.sealed(7)]
    assert take(slapd) == [] and warned(slapd, "cannot be sent") == 1


def test_a_sealed_text_that_does_not_open_fails_where_one_sees_it(make_slapd, mailer):
    """The mailer settles it as failed, with a reason that the administrator can read."""
    slapd = make_slapd(mailer_keys=(mailer.public_key,), entries=with_state(
        latchkeyMessage=[WHOLE], latchkeySealed=[stored.sealed(1)], latchkeyDue=stored.moment()))
    mailer.attach(slapd)
    recovery.ask_and_wait(slapd, "han")  # a beat has been: what was stored is known
    mailer.once(check=False)
    message = wire.message_fields(slapd.entry(KIM)["latchkeyMessage"][0])
    assert message["state"] in ("failed", "deferred") and message["answer"]
    assert len(mails.to(mailer.mails(), "han@example.net")) == len(mailer.mails()) == 1


@pytest.mark.parametrize("due", ["19700101000000Z", "99991231235959Z"])
def test_a_wrong_due_time_loses_no_message(make_slapd, due):
    """The attribute only says which entries to look at; when a message is due stands in the message."""
    slapd = make_slapd(entries=with_state(latchkeyMessage=[WHOLE], latchkeySealed=[stored.sealed(1)], latchkeyDue=due))
    assert len(take_some(slapd)) == 1


DAMAGED_CODES = {
    "nonsense": "nonsense", "another version": "2" + GOOD[1:], "no hash": GOOD.replace(" hash=", " cash="),
    "short hash": stored.code(1, hash="00"), "no hexadecimal": stored.code(1, salt="zz" * 16),
    "an impossible date": stored.code(1, expires="20261399000000Z"), "a negative serial": stored.code(1, serial="-1"),
    "a huge serial": stored.code(1, serial="9" * 40), "a huge generation": stored.code(1, generation="9" * 40),
    "the greatest generation": stored.code(1, generation="4294967295"), "a field twice": stored.code(1) + " serial=0",
}


@pytest.mark.parametrize("kind", DAMAGED_CODES)
def test_a_damaged_code_is_passed_over(make_slapd, mailer, kind):
    """It opens nothing, the whole one beside it works, and a new one can be asked for."""
    slapd = make_slapd(mailer_keys=(mailer.public_key,), entries=with_state(codes=[DAMAGED_CODES[kind], GOOD]))
    mailer.attach(slapd)
    assert recovery.complete(slapd, "kim", recovery.WRONG_CODE, "Never-Set-4711") == ldap.INVALID_CREDENTIALS
    assert warned(slapd, "damaged value of latchkeyCode") == (kind != "the greatest generation")
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    assert recovery.complete(slapd, "kim", CODE, "Kims-Own-Choice-1") is None
    assert recovery.complete(slapd, "kim", code, "Never-Set-4711") == ldap.INVALID_CREDENTIALS, "void by the first"


@pytest.mark.parametrize("changed", [
    {"expires": stored.moment(-1)}, {"serial": "1"}, {"bind": "00" * 32}, {"salt": "00" * 16}, {"hash": "00" * 32}],
    ids=lambda changed: next(iter(changed)))
def test_a_code_with_one_thing_changed_opens_nothing(make_slapd, changed):
    """Each of what binds it counts."""
    value = stored.right_code(99, SYMBOLS, UUID, ADDRESS, hashed(password_of(KIM)), **changed)
    slapd = make_slapd(entries=with_state(codes=[value]))
    assert recovery.complete(slapd, "kim", CODE, "Never-Set-4711") == ldap.INVALID_CREDENTIALS


def test_many_codes_hide_none(make_slapd):
    """Forty damaged ones and then the right one."""
    slapd = make_slapd(entries=with_state(codes=[*(f"nonsense {number}" for number in range(40)), GOOD]))
    assert recovery.complete(slapd, "kim", CODE, "Kims-Own-Choice-1") is None


@pytest.mark.parametrize("serial", ["-1", "-9223372036854775808", "18446744073709551615", "9" * 40, "0"])
def test_any_serial_number_is_counted_on_from(make_slapd, mailer, serial):
    """A recovery still spends its code."""
    slapd = make_slapd(mailer_keys=(mailer.public_key,), entries=with_state(latchkeySerial=serial))
    mailer.attach(slapd)
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    assert recovery.complete(slapd, "kim", code) is None
    assert recovery.complete(slapd, "kim", code) == ldap.INVALID_CREDENTIALS


@pytest.mark.parametrize("password", ["{LATCHKEY-TEMP}", "{LATCHKEY-TEMP}nonsense", "{LATCHKEY-TEMP}20990101000000Z",
                                      "{LATCHKEY-TEMP}20990101000000Z:{LATCHKEY-TEMP}20990101000000Z:{SSHA}x",
                                      "{LATCHKEY-TEMP}99999999999999Z" + hashed(password_of(KIM)),
                                      "{LATCHKEY-TEMP}" + hashed(password_of(KIM)), "{latchkey-temp}" + "9" * 500],
                         ids=range(7))
def test_a_damaged_temporary_password_lets_nobody_in(make_slapd, mailer, password):
    """But its owner can recover the account."""
    slapd = make_slapd(mailer_keys=(mailer.public_key,), entries=with_state(userPassword=password))
    mailer.attach(slapd)
    assert not slapd.signs_in(KIM, password_of(KIM)) and not slapd.signs_in(KIM, password)
    code = recovery.code_for(slapd, mailer, "kim", ADDRESS)
    assert recovery.complete(slapd, "kim", code, "Kims-Own-Choice-1") is None
    assert slapd.signs_in(KIM, "Kims-Own-Choice-1")


def test_damage_done_offline_is_found_at_the_start(make_slapd):
    """By slapmodify, which asks no overlay."""
    slapd = make_slapd(entries=with_state(latchkeyDue="20990101000000Z"))
    slapd.stop()
    slapd.offline("modify", stored.ldif_add(KIM, "latchkeyMessage", "nonsense"))
    slapd.start()
    wait_for(lambda: warned(slapd, "damaged value of latchkeyMessage"))
    slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN)).passwd_s(KIM, None, "Typed-For-Kim-1")
    assert slapd.signs_in(KIM, "Typed-For-Kim-1") and slapd.signs_in(HAN, password_of(HAN))


def test_a_container_of_another_kind_is_used_as_it_is(make_slapd):
    """Somebody's own entry where recovery entries go: codes are kept below it all the same."""
    odd = organization.entry(stored.CONTAINER, {"objectClass": "device", "cn": "latchkey"})
    slapd = make_slapd(entries=[*organization.entries(), odd])
    recovery.ask_and_wait(slapd, "kim")
    assert slapd.slapcat().count("latchkeyCode: ") == 1
