"""A front end named by olcLatchkeyPortalDN speaks for its clients: each is throttled, and named in the log and in the trail, by
the address that the front end gives. The word of anybody else about an address counts for nothing, and the front end may do
nothing that a stranger may not."""

import ldap
import pytest

from latchkey_testing import organization, portal, raw, recovery, wire
from latchkey_testing.configuring import configure
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED, password_of
from latchkey_testing.portal import PORTAL, ask_from, complete, old_form, request, speaking_for
from latchkey_testing.raw import Raw
from latchkey_testing.settings import ROOT_DN, ROOT_PASSWORD
from latchkey_testing.waiting import wait_for

CLIENT = "203.0.113.5"
LOCAL_FACTOR = 16


@pytest.fixture
def town(start):
    """A slapd that knows the front end."""
    return start(entries=portal.entries(), latchkey=portal.configured())


def logged_client(slapd, name: str) -> list[str]:
    """The clients that are logged with the wish for NAME, and what they came through."""
    wait_for(lambda: slapd.log_lines("event=request", f"uid={name},"))
    return [line.split(" client=")[1] for line in slapd.log_lines("event=request", f"uid={name},")]


def is_throttled(slapd, connection: Raw, *controls: bytes, most: int = 1) -> bool:
    """Whether CONNECTION has used up the MOST wrong proofs that are its own or its client's."""
    before = len(slapd.log_lines("event=recovery verdict=throttled"))
    for _ in range(most):
        assert connection.ask(complete("nobody"), *controls).result == ldap.INVALID_CREDENTIALS.errnum
    return len(slapd.log_lines("event=recovery verdict=throttled")) > before


# --- what the front end says counts ------------------------------------------------------------------------------------


def test_the_clients_of_a_front_end_are_counted_one_by_one(town):
    configure(town, "olcLatchkeyClientProofs", "1/600")
    with portal.connect(town) as front_end:
        for number in range(50):
            assert not is_throttled(town, front_end, speaking_for(f"198.51.100.{number}"))
        assert is_throttled(town, front_end, speaking_for("198.51.100.0"))
    with portal.connect(town) as other:
        assert is_throttled(town, other, speaking_for("198.51.100.1")), "on another connection too"


def test_the_client_is_logged_with_what_it_came_through(town):
    ask_from(town, CLIENT, request("kim"), complete("kim"), old_form("kim"))
    ask_from(town, "2001:DB8:0::7", request("lee"))
    through = f'via="PATH={town.directory}/ldapi"'
    assert logged_client(town, "kim") == [f'"IP={CLIENT}" {through}']
    assert logged_client(town, "lee") == [f'"IP=[2001:db8::7]" {through}']
    wrong = town.log_lines("event=recovery verdict=wrong")
    assert len(wrong) == 2 and all(line.endswith(f'client="IP={CLIENT}" {through}') for line in wrong)


@pytest.mark.parametrize("form", [complete, old_form], ids=["RecoveryComplete", "Password Modify"])
def test_a_recovery_goes_through_it_and_the_trail_names_the_client(town, mailer, form):
    ask_from(town, CLIENT, request("kim"))
    logged_client(town, "kim")
    mailer.once()
    code = recovery.mails.code_in(mailer.mails()[-1])
    answer, = ask_from(town, CLIENT, form("kim", code, "Kims-Own-Choice-1"))
    assert answer.result == 0 and town.signs_in(KIM, "Kims-Own-Choice-1")
    events = [wire.message_fields(event) for event in town.entry(KIM, "latchkeyEvent")["latchkeyEvent"]]
    assert [(event["what"], event["client"]) for event in events] == [("recovery", f"IP={CLIENT}")]


def test_answers_are_those_to_anybody(town):
    """Octet by octet, for all kinds of people and questions; the front end has used one number more, for its bind."""
    for name in ("kim", "nobody", "closed", "noaddress", KIM, f"uid=nobody,{MANAGED}", "twin"):
        for question in (request(name), complete(name), complete(name, new=None), old_form(name)):
            plain = ask_after_a_bind(town, question)
            for controls in ((), (speaking_for(CLIENT),), (speaking_for("nonsense"),)):
                with portal.connect(town) as front_end:
                    assert front_end.ask(question, *controls) == plain


def ask_after_a_bind(slapd, question: bytes) -> raw.Answer:
    """As nobody, after a bind as nobody."""
    with Raw(slapd).signed_in("", "") as connection:
        return connection.ask(question)


# --- what does not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [None, (KIM, password_of(KIM)), (GLOBAL_ADMIN, password_of(GLOBAL_ADMIN)),
                                 (ROOT_DN, ROOT_PASSWORD)], ids=["nobody", "a user", "an administrator", "the rootdn"])
def test_nobody_else_is_believed(town, who):
    """They are throttled, and logged, by their own address, whatever they say."""
    configure(town, "olcLatchkeyClientProofs", "1/600")
    connection = Raw(town).signed_in(*who) if who else Raw(town)
    throttled = [is_throttled(town, connection, speaking_for(f"198.51.100.{number}")) for number in range(LOCAL_FACTOR + 4)]
    assert throttled == [False] * LOCAL_FACTOR + [True] * 4
    assert not town.log_lines("latchkey event=", 'client="IP=') and not town.log_lines("latchkey event=", "via=")
    connection.close()


def test_one_who_was_a_front_end_is_no_more(town):
    configure(town, "olcLatchkeyPortalDN", LEE)
    ask_from(town, CLIENT, request("kim"))
    assert logged_client(town, "kim") == [f'"PATH={town.directory}/ldapi"']
    with Raw(town).signed_in(LEE, password_of(LEE)) as front_end:
        front_end.ask(request("closed"), speaking_for(CLIENT))
    assert logged_client(town, "closed")[0].startswith(f'"IP={CLIENT}" via=')


UNREADABLE = {
    "no address": "",
    "a name": "client.example.net",
    "a port": "203.0.113.5:80",
    "brackets": "[2001:db8::7]",
    "a network": "203.0.113.0/24",
    "a zone": "fe80::1%eth0",
    "too many": "203.0.113.5, 198.51.100.7",
    "a space": " 203.0.113.5",
    "not UTF-8": b"\xff\xfe",
    "a line break": "203.0.113.5\nlatchkey event=recovery verdict=done",
    "a zero": b"203.0.113.5\x00",
    "as slapd writes it": "IP=203.0.113.5",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_address_is_the_front_ends_own(town, kind):
    configure(town, "olcLatchkeyClientProofs", "1/600")
    with portal.connect(town) as front_end:
        assert not is_throttled(town, front_end, speaking_for(UNREADABLE[kind]), most=LOCAL_FACTOR)
        assert is_throttled(town, front_end, speaking_for(UNREADABLE[kind]))
        assert is_throttled(town, front_end), "the same as without any"
        assert not is_throttled(town, front_end, speaking_for(CLIENT))
    assert not town.log_lines("latchkey event=recovery verdict=done")


VALUES = {
    "no value": None,
    "an empty one": b"",
    "nonsense": b"\x30\x84\xff\xff\xff\xff",
    "one field": wire.sequence(wire.element(wire.OCTETS, CLIENT)),
    "too long": wire.session("1" * 129),
    "octets after it": wire.session(CLIENT) + b"x",
}


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_no_session_is_the_front_ends_own(town, kind):
    control = raw.control(wire.SESSION_CONTROL, VALUES[kind], critical=False)
    with portal.connect(town) as front_end:
        assert front_end.ask(request("kim"), control).result == 0
    assert logged_client(town, "kim") == [f'"PATH={town.directory}/ldapi"']


def test_of_two_addresses_neither_counts(town):
    with portal.connect(town) as front_end:
        front_end.ask(request("kim"), speaking_for(CLIENT), speaking_for("198.51.100.7"))
    assert logged_client(town, "kim") == [f'"PATH={town.directory}/ldapi"']


def test_a_client_cannot_pass_for_one_of_this_machine(town):
    """Whose share is larger: an address from outside never has that."""
    configure(town, "olcLatchkeyClientProofs", "1/600")
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        with portal.connect(town) as front_end:
            is_throttled(town, front_end, speaking_for(address))
            assert is_throttled(town, front_end, speaking_for(address))


def test_a_name_from_a_resolver_takes_nothing_from_the_address(town):
    """Whoever commands the name of an address must not be able to hide the address behind it. (In Password Modify and
    Who am I? slapd reads the control too, and refuses what it cannot print.)"""
    with portal.connect(town) as front_end:
        front_end.ask(request("kim"), speaking_for(CLIENT, name=b"\xff\n\x00"))
    assert logged_client(town, "kim")[0].startswith(f'"IP={CLIENT}" via=')


# --- what it may not --------------------------------------------------------------------------------------------------


def test_it_resets_nobody(town):
    """Without a code its Password Modify is that of somebody without a role."""
    for question in (raw.password_modify("kim", None, "Never-Set-4711"), raw.password_modify(KIM, None, "Never-Set-4711")):
        with portal.connect(town) as front_end:
            assert front_end.ask(question, speaking_for(CLIENT)).result == ldap.INSUFFICIENT_ACCESS.errnum
    assert town.signs_in(KIM, password_of(KIM))


def test_the_password_is_no_code_there_either(town):
    answers = ask_from(town, CLIENT, old_form(KIM, password_of(KIM)), old_form(KIM, "wrong"), old_form("kim", password_of(KIM)))
    assert {answer.result for answer in answers} == {ldap.INVALID_CREDENTIALS.errnum}
    assert "pwdFailureTime" not in town.entry(KIM) and town.signs_in(KIM, password_of(KIM))


def test_it_reads_what_anybody_reads(town):
    ask_from(town, CLIENT, request("kim"))
    logged_client(town, "kim")
    seen = town.connect(PORTAL, portal.PASSWORD).search_s(organization.SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["+"])
    assert not any(name.startswith("latchkey") for _dn, entry in seen for name in entry)
