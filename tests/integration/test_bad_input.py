"""Bad input gets one clear error with the standard result code, whoever sends it, and loses nothing: malformed values
of every operation, fields too long or of the wrong kind, names with syntax in them, addresses that are none, what the
mailer must not say, and controls in the wrong place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ldap
import pytest

from latchkey_testing import organization, raw, recovery, stored, watching, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import HAN, KIM, LEE, MANAGED, PASSWORD_ADMIN, STRANGER, password_of, person
from latchkey_testing.raw import Answer, Raw
from latchkey_testing.settings import MAILER_DN, SUFFIX
from latchkey_testing.wire import OCTETS, element, integer, sequence

PROTOCOL_ERROR, OTHER = 2, 80
ID = f"{7:032x}"
CODE = "K7QF-2M9X-4TRB"


@dataclass
class Request:
    """A request with a value of Latchkey's, and who may send it."""

    who: str
    oid: str
    value: bytes
    control: bool = False  # whether the value is the Notify control's, on a reset of Lee's password

    def ask(self, connection: Raw, value: bytes | None) -> Answer:
        """Sends it with VALUE instead of its own."""
        if self.control:
            return connection.ask(raw.password_modify("lee"), raw.control(self.oid, value))
        return connection.ask(raw.extended(self.oid, value))


REQUESTS = {
    "RecoveryRequest": Request("", wire.RECOVERY_REQUEST, wire.recovery_request("kim", "ko-KR")),
    "RecoveryComplete": Request("", wire.RECOVERY_COMPLETE, wire.recovery_complete(
        "kim", CODE, CODE, new="Never-Set-1")),
    "NotificationTake": Request(MAILER_DN, wire.NOTIFICATION_TAKE, wire.take(10, 60)),
    "NotificationSettle": Request(MAILER_DN, wire.NOTIFICATION_SETTLE, wire.settle([
        wire.settlement(KIM, ID, wire.SENT, "250 taken"),
        wire.settlement(LEE, ID, wire.DEFERRED, "", stored.moment())])),
    "NotificationResend": Request(PASSWORD_ADMIN, wire.NOTIFICATION_RESEND, wire.resend("kim", ID, "kim@example.com")),
    "AccountUnlock": Request(PASSWORD_ADMIN, wire.ACCOUNT_UNLOCK, wire.account("kim", "because", "T-1")),
    "AccountBlock": Request(PASSWORD_ADMIN, wire.ACCOUNT_BLOCK, wire.account("nobody", "because", "T-1")),
    "Notify": Request(PASSWORD_ADMIN, wire.NOTIFY_CONTROL, sequence(
        element(0x80, "lee@example.com"), element(0x81, "ko"), element(0x82, b"\xff"), element(0x83, b"\xff"),
        element(0x84, "because"), element(0x85, "T-1")), control=True),
}


def connect(slapd, who: str) -> Raw:
    """A connection as WHO."""
    connection = Raw(slapd)
    return connection.signed_in(who, MAILER_PASSWORD if who == MAILER_DN else password_of(who)) if who else connection


def is_as_before(slapd) -> None:
    """Asserts that slapd lives, answers, and lets in whom it did."""
    assert slapd.process.poll() is None
    assert slapd.signs_in(KIM, password_of(KIM)) and slapd.signs_in(HAN, password_of(HAN))


# --- values that are none -------------------------------------------------------------------------------------------


def malformed(value: bytes) -> Iterator[bytes]:
    """What is certainly no value: cut short at each place, with something after it, and other things altogether."""
    yield from (value[:length] for length in range(len(value)))
    yield from (value + more for more in (b"\0", b"\x30\0", value, b"\xff" * 100))
    yield from (element(0x31, value[2:]), element(0x04, value), sequence(value), b"\x30\x80" + value[2:] + b"\0\0",
                b"\x30\x84\xff\xff\xff\xff", b"\x30\x88" + b"\xff" * 8 + value,
                b"\0" * 100, b"\xff" * 1000, b"\x30\x82\xff\xff" + b"A" * 65535, b"\x30" * 5000)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_malformed_value_is_a_protocol_error(slapd, name):
    request = REQUESTS[name]
    with connect(slapd, request.who) as connection:
        other = {value: answer for value in malformed(request.value)
                 if (answer := request.ask(connection, value)).result != PROTOCOL_ERROR}
        answer = request.ask(connection, None)
    assert other == {} and answer.result == PROTOCOL_ERROR and answer.text
    assert "latchkeyMessage" not in slapd.slapcat() and slapd.signs_in(LEE, password_of(LEE))
    is_as_before(slapd)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_flipped_octet_does_no_harm(slapd, name):
    """Each octet in several ways: whatever becomes of it is answered by a code that means something."""
    request = REQUESTS[name]
    with connect(slapd, request.who) as connection:
        for place in range(len(request.value)):
            for mask in (0x01, 0x20, 0x80, 0xFF):
                value = bytearray(request.value)
                value[place] ^= mask
                answer = request.ask(connection, bytes(value))
                assert answer.result not in (1, OTHER), (value, answer)
    is_as_before(slapd)


def test_what_is_no_ldap_closes_the_connection_alone(slapd):
    """Garbage in place of a message, half a message, and a message that is too long."""
    for octets in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 100, b"\x30\x84\x7f\xff\xff\xff", b"\x30\x03\x02\x01"):
        with Raw(slapd) as connection:
            connection.send_octets(octets)
    is_as_before(slapd)


# --- fields ---------------------------------------------------------------------------------------------------------

BAD_TEXTS = {"empty": b"", "not UTF-8": b"kim\xff", "half a character": "김".encode()[:2],
             "overlong UTF-8": b"\xc0\xaf", "a surrogate": b"\xed\xa0\x80", "a NUL": b"kim\0",
             "a line break": b"kim\r\n", "an escape": b"\x1b[2J",
             "a delete": b"kim\x7f"}


def texts(longest: int) -> dict[str, bytes]:
    """What no field of at most LONGEST octets may hold."""
    return {**BAD_TEXTS, "too long": b"k" * (longest + 1), "much too long": b"k" * 100_000}


def proof(method: int, code: str | bytes) -> bytes:
    """One proof."""
    return sequence(integer(method, wire.ENUMERATED), element(OCTETS, code))


def completion(user: bytes = b"kim", proofs: bytes | None = None, code: str | bytes = CODE,
               new: bytes = b"Never-Set-1") -> bytes:
    """A RecoveryCompleteValue that may break any bound."""
    shown = proof(0, code) if proofs is None else proofs
    return sequence(element(0x80, user), element(0xA1, shown), element(0x82, new))


def settlement(**wrong: bytes) -> bytes:
    """A NotificationSettleValue of one item with fields replaced by WRONG elements."""
    item = {"holder": element(OCTETS, KIM), "id": element(OCTETS, ID), "state": integer(wire.SENT, wire.ENUMERATED),
            "answer": element(OCTETS, ""), "retry": b"", **wrong}
    return sequence(sequence(*item.values()))


RETRY = element(0x80, stored.moment())
WRONG_FIELDS: dict[str, Iterator[tuple[str, bytes]]] = {
    "RecoveryRequest": [
        *((f"user: {kind}", sequence(element(0x80, text))) for kind, text in texts(1024).items()),
        *((f"locale: {kind}", sequence(element(0x80, "kim"), element(0x81, text))) for kind, text in texts(35).items()),
        ("no user", sequence(element(0x81, "ko"))),
        ("other order", sequence(element(0x81, "ko"), element(0x80, "kim"))),
        ("twice", sequence(element(0x80, "kim"), element(0x80, "lee"))),
        ("a field more", sequence(element(0x80, "kim"), element(0x82, "x")))],
    "RecoveryComplete": [
        *((f"user: {kind}", completion(user=text)) for kind, text in texts(1024).items()),
        *((f"proof: {kind}", completion(code=text)) for kind, text in texts(128).items()),
        ("no proof", completion(proofs=b"")), ("five proofs", completion(proofs=proof(0, CODE) * 5)),
        ("an unknown method", completion(proofs=proof(3, CODE))),
        ("a negative method", completion(proofs=proof(-1, CODE))),
        ("a huge method", completion(proofs=proof(2**40, CODE))),
        ("an empty password", completion(new=b"")), ("a long password", completion(new=b"p" * 1025))],
    "NotificationTake": [(f"{most} for {lease} s", wire.take(most, lease)) for most, lease in (
        (0, 60), (-1, 60), (1001, 60), (2**31, 60), (2**63, 60), (10, 0), (10, -60), (10, 3601), (10, 2**40))],
    "NotificationSettle": [
        ("nothing", sequence()), ("1001 items", wire.settle([wire.settlement(KIM, ID, wire.SENT)] * 1001)),
        *((f"state {state}", settlement(state=integer(state, wire.ENUMERATED))) for state in (-1, 0, 4, 2**40)),
        *((f"id: {kind}", settlement(id=element(OCTETS, text))) for kind, text in {
            "empty": "", "short": ID[:-1], "long": ID + "0", "no hexadecimal": "g" * 32}.items()),
        *((f"answer: {kind}", settlement(answer=element(OCTETS, text))) for kind, text in texts(256).items() if text),
        ("holder: empty", settlement(holder=element(OCTETS, ""))),
        ("holder: not UTF-8", settlement(holder=element(OCTETS, b"cn=\xff"))),
        ("holder: too long", settlement(holder=element(OCTETS, "k" * 8193))),
        ("deferred without a time", settlement(state=integer(wire.DEFERRED, wire.ENUMERATED))),
        ("sent with a time", settlement(retry=RETRY)),
        *((f"retry at {when}", settlement(state=integer(wire.DEFERRED, wire.ENUMERATED), retry=element(0x80, when)))
          for when in ("", "tomorrow", "20261301000000Z", "20261121050200", "20261121050200+0900",
                       "2026112105020\xff"))],
    "NotificationResend": [
        *((f"user: {kind}", sequence(element(0x80, text), element(0x81, ID))) for kind, text in texts(1024).items()),
        *((f"id: {kind}", wire.resend("kim", text)) for kind, text in {
            "empty": "", "short": ID[:-1], "long": ID + "0", "no hexadecimal": "g" * 32}.items()),
        *((f"to: {kind}", sequence(element(0x80, "kim"), element(0x81, ID), element(0x82, text)))
          for kind, text in texts(254).items())],
    "AccountBlock": [
        *((f"user: {kind}", sequence(element(0x80, text))) for kind, text in texts(1024).items()),
        *((f"{name}: {kind}", sequence(element(0x80, "kim"), element(tag, text)))
          for name, tag, most in (("reason", 0x81, 512), ("ticket", 0x82, 64)) for kind, text in texts(most).items())],
    "Notify": [
        *((f"to: {kind}", sequence(element(0x80, text))) for kind, text in texts(254).items()),
        *((f"locale: {kind}", sequence(element(0x81, text))) for kind, text in texts(35).items()),
        *((f"reason: {kind}", sequence(element(0x84, text))) for kind, text in texts(512).items()),
        *((f"ticket: {kind}", sequence(element(0x85, text))) for kind, text in texts(64).items()),
        ("no truth", sequence(element(0x82, b""))), ("two truths", sequence(element(0x82, b"\xff\xff"))),
        ("an unknown field", sequence(element(0x87, b"x"))),
        ("twice", sequence(element(0x81, "ko"), element(0x81, "en"))),
        ("an empty value", b"")],
}


@pytest.mark.parametrize("name", WRONG_FIELDS)
def test_a_field_out_of_its_bounds_is_a_protocol_error(slapd, name):
    request = REQUESTS[name]
    with connect(slapd, request.who) as connection:
        other = {kind: answer for kind, value in WRONG_FIELDS[name]
                 if (answer := request.ask(connection, value)).result != PROTOCOL_ERROR or not answer.text}
    assert other == {}
    assert "latchkeyMessage" not in slapd.slapcat() and slapd.signs_in(LEE, password_of(LEE))
    is_as_before(slapd)


def test_the_longest_that_is_allowed_is_taken(slapd):
    """The control for the above: one octet less is no error of form."""
    with Raw(slapd) as connection:
        for user in (b"k" * 1024, "김".encode() * 341):
            request = sequence(element(0x80, user), element(0x81, b"x" * 35))
            assert connection.ask(raw.extended(wire.RECOVERY_REQUEST, request)).result == 0
            value = completion(user, code="0" * 128, new=b"\0" * 1024)
            answer = connection.ask(raw.extended(wire.RECOVERY_COMPLETE, value))
            assert answer.result == ldap.INVALID_CREDENTIALS.errnum
    is_as_before(slapd)


# --- names ----------------------------------------------------------------------------------------------------------

NAMES = ["*", "k*", "*im", "kim*", "kim)(uid=*", "*)(objectClass=*", "(uid=kim)", "(", ")", "\\", "\\2a", "k\\69m",
         "kim\\00", "&", "|", "!", "uid=kim", "uid=kim,", ",", "=", "==", "=kim", "dn:" + KIM, "u:kim", "dn:",
         "<GUID=1>", "kim,lee", "kim;lee", "\"kim\"", "kim\"", "uid=kim+", f"uid=kim+uid=lee,{MANAGED}",
         f"uid=*,{MANAGED}", f"uid=\\2a,{MANAGED}", f"uid=#0403,{MANAGED}",
         f"uid=kim\\,{MANAGED}", f"uid=kim,,{MANAGED}", f"noSuchType=kim,{MANAGED}",
         "x=" + "y" * 1000, ",".join(f"ou={number}" for number in range(150)), "cn=config", "cn=schema,cn=config",
         "cn=Subschema", "cn=Monitor", f"cn=latchkey,{SUFFIX}", "김정현", "kim\u200b", "kim@", "@example.org",
         "%s%n%x", "${jndi:ldap://x}", "../../etc/passwd", "'; DROP TABLE users; --"]


@pytest.fixture
def everybody(make_slapd):
    """The organization, and somebody with an odd name of each kind that one can have."""
    odd = [person(name, MANAGED, "Odd", latchkeyRecoveryAddress="odd@example.net")
           for name in ("a*b", "c(d)", "e\\5cf")]
    odd[2][1]["uid"] = ["e\\f"]
    return make_slapd(entries=[*organization.entries(), *odd])


def is_slapds(answer: Answer) -> bool:
    """Whether it is what slapd itself says of the password of a DN that is in none of its databases."""
    return answer.text == "unable to retrieve SASL username"


def test_a_name_with_syntax_in_it_is_nobody(everybody):
    """Asked for, guessed at or named by an administrator: nobody is found who does not bear the very name."""
    before = everybody.slapcat()
    with connect(everybody, PASSWORD_ADMIN) as admin:
        recovery.ask_and_wait(everybody, *NAMES)
        for name in NAMES:
            assert recovery.complete(everybody, name, CODE, "Never-Set-1") == ldap.INVALID_CREDENTIALS, name
            for answer in (admin.ask(raw.password_modify(name, None, "Never-Set-1")),
                           admin.ask(raw.extended(wire.ACCOUNT_BLOCK, wire.account(name)))):
                assert answer.result not in (0, 1, PROTOCOL_ERROR, OTHER) or is_slapds(answer), (name, answer)
    assert everybody.slapcat() == before
    is_as_before(everybody)


@pytest.mark.parametrize("name", ["a*b", "c(d)", "e\\f", "A*B", " a*b "])
def test_a_name_with_syntax_in_it_is_whose_it_is(everybody, name):
    """Where somebody bears it, that one is meant."""
    recovery.ask_and_wait(everybody, name)
    assert everybody.slapcat().count("latchkeyCode: ") == 1


@pytest.mark.parametrize("name", [
    "k" * 2000, "uid=" + "k" * 5000, ",".join(["ou=x"] * 5000), "x" * 200_000, "김" * 30_000],
    ids=["long", "a long DN", "a DN of many parts", "very long", "long and Korean"])
def test_a_name_of_any_length_is_answered(slapd, name):
    """Password Modify has no bound of ours on names; it is nobody's all the same."""
    with connect(slapd, PASSWORD_ADMIN) as admin, Raw(slapd) as stranger:
        answer = admin.ask(raw.password_modify(name, None, "Never-Set-1"))
        assert answer.result not in (0, OTHER) or is_slapds(answer)
        assert stranger.ask(raw.password_modify(name, CODE, "Never-Set-1")).result in (
            ldap.INVALID_CREDENTIALS.errnum, ldap.PROTOCOL_ERROR.errnum, ldap.STRONG_AUTH_REQUIRED.errnum)
    is_as_before(slapd)


def in_memory(slapd) -> int:
    """The octets that slapd has taken for itself."""
    status = Path(f"/proc/{slapd.process.pid}/status").read_text(encoding="ascii")
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")))


def test_long_names_are_forgotten(make_slapd):
    """Whatever does not fit into the memory of an operation is given back by hand."""
    slapd = make_slapd(server={"olcThreads": ["2"]})
    request = raw.password_modify(",".join(["ou=x"] * 5000), CODE, "Never-Set-1")
    with Raw(slapd) as stranger:
        for _ in range(20):
            stranger.ask(request)
        before = in_memory(slapd)
        for _ in range(400):
            assert stranger.ask(request).result != 0
    # What each leaves would be ten MiB; a thread that had nothing to do before takes one and a half for its own.
    # Where something looks on, it finds leaks itself, and keeps for a while what was given back.
    assert watching.wanted() or in_memory(slapd) < before + (4 << 20)


# --- addresses ------------------------------------------------------------------------------------------------------

ADDRESSES = ["kim", "@example.net", "kim@", "kim@@example.net", "kim@a@example.net", "a@example.net,b@example.net",
             "a@example.net b@example.net", "a@example.net;b@example.net", "friends: a@example.net, b@example.net;",
             "Kim <kim@example.net>", "<kim@example.net>", "kim@example.net\r\nBcc: all@example.net",
             "kim@example.net\n",
             "kim@[127.0.0.1]", "kim@exa mple.net", "\"kim\"@example.net", "kim(x)@example.net", "kim@example..net",
             ".kim@example.net", "kim.@example.net", "kim@-example.net", "k" * 65 + "@example.net",
             "kim@" + "x." * 130 + "net",
             "\x00@example.net", "kim@example.org", "kim@mail.EXAMPLE.org."]


def test_no_code_goes_to_what_is_no_address(make_slapd):
    """One person for each bad address in the directory: not a code is made, and slapd says so once for each."""
    people = [person(f"odd{number}", MANAGED, f"Odd {number}", latchkeyRecoveryAddress=address.replace("\x00", "?\x01"))
              for number, address in enumerate(ADDRESSES)]
    slapd = make_slapd(entries=[*organization.entries(), *people])
    recovery.ask_and_wait(slapd, *(f"odd{number}" for number in range(len(ADDRESSES))))
    assert "latchkeyCode" not in slapd.slapcat()
    assert slapd.log.read_text().count("event=request verdict=nothing") == len(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_no_temporary_password_goes_to_what_is_no_address(slapd, address):
    control = raw.control(wire.NOTIFY_CONTROL, wire.notify(to=address).encodedControlValue)
    with connect(slapd, PASSWORD_ADMIN) as admin:
        answer = admin.ask(raw.password_modify("kim"), control)
    assert answer.result in (PROTOCOL_ERROR, ldap.INVALID_SYNTAX.errnum, ldap.UNWILLING_TO_PERFORM.errnum)
    assert answer.text
    assert "latchkeyMessage" not in slapd.slapcat()
    is_as_before(slapd)


# --- the control ----------------------------------------------------------------------------------------------------

NOTIFY = wire.notify(to="lee@example.com").encodedControlValue


@pytest.mark.parametrize("controls, result", [
    ([raw.control(wire.NOTIFY_CONTROL, NOTIFY, critical=False)], 0),
    ([raw.control(wire.NOTIFY_CONTROL, NOTIFY)] * 2, PROTOCOL_ERROR),
    ([raw.control(wire.NOTIFY_CONTROL, NOTIFY, critical) for critical in (True, False)], PROTOCOL_ERROR),
    ([raw.control(wire.NOTIFY_CONTROL)], PROTOCOL_ERROR),
    ([raw.control(wire.NOTIFY_CONTROL, b"")], PROTOCOL_ERROR),
    ([raw.control(wire.NOTIFY_CONTROL, sequence())], 0),
], ids=["not critical", "twice", "twice, once not critical", "no value", "empty value", "nothing in it"])
def test_the_control(slapd, controls, result):
    with connect(slapd, PASSWORD_ADMIN) as admin:
        assert admin.ask(raw.password_modify("lee", None, "Typed-For-Lee-1"), *controls).result == result
    assert ("latchkeyMessage" in slapd.slapcat()) == slapd.signs_in(LEE, "Typed-For-Lee-1") == (result == 0)


@pytest.mark.parametrize("who, user, code", [
    (LEE, LEE, None), (LEE, None, None), ("", "lee", CODE), (LEE, STRANGER, None)],
    ids=["oneself", "oneself, unnamed", "with a code", "under no policy"])
def test_the_control_is_heeded_or_refused(slapd, who, user, code):
    """Where nobody would be notified the request is not done as if somebody were."""
    with connect(slapd, who) as connection:
        answer = connection.ask(raw.password_modify(user, code or password_of(LEE), "Some-Choice-1"),
                                raw.control(wire.NOTIFY_CONTROL, NOTIFY))
    assert answer.result not in (0, OTHER) and answer.text
    assert slapd.signs_in(LEE, password_of(LEE)) and not slapd.signs_in(LEE, "Some-Choice-1")


UNAVAILABLE = ldap.UNAVAILABLE_CRITICAL_EXTENSION.errnum


@pytest.mark.parametrize("operation", [
    raw.search(SUFFIX, raw.BASE, raw.present("objectClass")), raw.compare(KIM, "uid", "kim"), raw.delete(KIM),
    raw.replace(KIM, "description", "x"), raw.replace(KIM, "userPassword", "Some-Choice-1"),
    raw.rename(KIM, "uid=kim2"),
    raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request("kim")), raw.extended("1.3.6.1.4.1.4203.1.11.3")],
    ids=["search", "compare", "delete", "modify", "modify a password", "rename", "request", "who am I"])
def test_the_control_is_unknown_elsewhere(slapd, operation):
    before = slapd.slapcat()
    with connect(slapd, PASSWORD_ADMIN) as admin:
        assert admin.ask(operation, raw.control(wire.NOTIFY_CONTROL, NOTIFY)).result == UNAVAILABLE
    assert slapd.slapcat() == before


@pytest.mark.parametrize("name", [name for name, request in REQUESTS.items() if not request.control])
def test_nothing_of_this_in_a_transaction(slapd, name):
    """RFC 5805: a transaction is opened, the operation is refused in it, and it ends without effect."""
    request = REQUESTS[name]
    before = slapd.slapcat()
    with connect(slapd, request.who or LEE) as connection:
        connection.ask(raw.extended("1.3.6.1.1.21.1"))
        specified = raw.control("1.3.6.1.1.21.2", b"")
        assert connection.ask(raw.extended(request.oid, request.value), specified).result in (
            UNAVAILABLE, ldap.UNWILLING_TO_PERFORM.errnum)
        connection.ask(raw.extended("1.3.6.1.1.21.3", sequence()))
    assert slapd.slapcat() == before
    is_as_before(slapd)
