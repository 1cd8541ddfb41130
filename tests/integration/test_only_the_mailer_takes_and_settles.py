"""Messages go to the mailer alone, one lease at a time, and what it says of them is written once: not by anybody else,
not of what is not its own, and not against what was settled before."""

import time

import ldap
import pytest

from latchkey_testing import organization, raw, serving, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, KIM, LEE, MANAGED, PASSWORD_ADMIN, SELF_POLICY,
                                           password_of)
from latchkey_testing.raw import Raw
from latchkey_testing.serving import settle
from latchkey_testing.settings import MAILER_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX
from latchkey_testing.waiting import wait_for

ID, OTHER_ID = f"{7:032x}", f"{8:032x}"
SECRETS = {MAILER_DN: MAILER_PASSWORD, ROOT_DN: ROOT_PASSWORD}


@pytest.fixture
def queued(make_slapd):
    """A slapd with one message for Kim, that is due."""
    state = {"latchkeyMessage": [stored.message(7, "queued", tries="0")], "latchkeySealed": [stored.sealed(7)],
             "latchkeyDue": [stored.moment()]}
    return make_slapd(entries=[(dn, {**attributes, **state} if dn == KIM else attributes)
                               for dn, attributes in organization.entries()])


def connect(slapd, who: str) -> Raw:
    """A connection as WHO."""
    connection = Raw(slapd)
    return connection.signed_in(who, SECRETS.get(who) or password_of(who)) if who else connection


def take(slapd, lease: int = 60, most: int = 100) -> list[str]:
    """The holders of what the mailer is given."""
    return [holder for holder, _message, _sealed in serving.take(slapd, lease, most)]


def message(slapd) -> dict[str, str]:
    """The message as it is now."""
    return serving.messages(slapd, KIM)[0]


@pytest.mark.parametrize("who, result", [("", ldap.STRONG_AUTH_REQUIRED), *((who, ldap.INSUFFICIENT_ACCESS) for who in (
    KIM, LEE, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, ROOT_DN))],
                         ids=lambda each: each.split(",")[0] or "nobody" if isinstance(each, str) else "")
def test_others_neither_take_nor_settle(queued, who, result):
    """Not even the rootdn, which is not the mailer."""
    before = queued.slapcat()
    wait_for(lambda: take(queued, lease=1))
    with connect(queued, who) as connection:
        for oid, value in ((wire.NOTIFICATION_OVERVIEW, None), (wire.NOTIFICATION_TAKE, wire.take()),
                           (wire.NOTIFICATION_SETTLE, wire.settle([wire.settlement(KIM, ID, wire.FAILED)]))):
            answer = connection.ask(raw.extended(oid, value))
            assert answer.result == result.errnum and answer.text
            assert len(raw.elements(raw.elements(answer.messages[0])[0][1])) == 2, "and no more than that"
    assert queued.slapcat() == before


def test_a_leased_message_is_not_given_again_before_its_lease_is_over(queued):
    wait_for(lambda: take(queued, lease=6))
    assert take(queued) == []
    wait_for(lambda: take(queued) == [KIM])
    assert take(queued) == []


def test_what_is_settled_past_its_lease_counts_once(queued):
    """The first mailer was slow, the second was quicker: the message was sent, and stays so."""
    wait_for(lambda: take(queued, lease=1))
    wait_for(lambda: take(queued, lease=60))
    assert settle(queued, wire.settlement(KIM, ID, wire.SENT, "250 by the second")) == [0]
    before = queued.slapcat()
    assert settle(queued, wire.settlement(KIM, ID, wire.FAILED, "550 by the first")) == [0]
    assert queued.slapcat() == before and message(queued)["state"] == "sent" and take(queued) == []


@pytest.mark.parametrize("state", [wire.SENT, wire.FAILED])
def test_settling_twice_changes_nothing(queued, state):
    items = [wire.settlement(KIM, ID, state, "once")] * 2
    assert settle(queued, *items) == [0, 0]
    assert message(queued)["tries"] == "1"


@pytest.mark.parametrize("holder, message_id, result", [
    (KIM, OTHER_ID, ldap.NO_SUCH_OBJECT), (LEE, ID, ldap.NO_SUCH_OBJECT),
    (f"uid=nobody,{MANAGED}", ID, ldap.NO_SUCH_OBJECT),
    (SELF_POLICY, ID, ldap.NO_SUCH_OBJECT), (SUFFIX, ID, ldap.NO_SUCH_OBJECT),
    (stored.recovery_dn("0b5ff9a0-0000-4000-8000-000000000001"), ID, ldap.NO_SUCH_OBJECT),
    ("dc=elsewhere,dc=net", ID, ldap.INSUFFICIENT_ACCESS), ("cn=config", ID, ldap.INSUFFICIENT_ACCESS),
    ("not a DN", ID, ldap.INVALID_DN_SYNTAX), ("uid=", ID, ldap.INVALID_DN_SYNTAX), ("=,=", ID, ldap.INVALID_DN_SYNTAX),
    ("uid=kim,,", ID, ldap.INVALID_DN_SYNTAX), ("x" * 8000, ID, ldap.INVALID_DN_SYNTAX),
], ids=range(13))
def test_what_is_not_there_is_not_settled(queued, holder, message_id, result):
    """Each item has a result of its own: the one after it is settled."""
    results = settle(queued, wire.settlement(holder, message_id, wire.SENT), wire.settlement(KIM, ID, wire.SENT))
    assert results == [result.errnum, 0]
    assert message(queued)["state"] == "sent"


def test_a_deferred_message_waits_for_its_time(queued):
    wait_for(lambda: take(queued))
    assert settle(queued, wire.settlement(KIM, ID, wire.DEFERRED, "450 later", stored.moment(6))) == [0]
    assert take(queued) == [] and message(queued)["state"] == "deferred"
    began = time.monotonic()
    wait_for(lambda: take(queued) == [KIM])
    assert time.monotonic() - began > 0.5


def test_a_time_in_the_past_is_now(queued):
    assert settle(queued, wire.settlement(KIM, ID, wire.DEFERRED, "450 later", "19700101000001Z")) == [0]
    assert take(queued) == [KIM]


def test_what_was_taken_from_the_directory_is_not_given(queued):
    """The entry has gone, or the message: nothing is given, and nothing is remembered of it."""
    wait_for(lambda: take(queued, lease=1))
    queued.root().delete_s(KIM)
    time.sleep(1.2)
    assert take(queued) == []
    assert settle(queued, wire.settlement(KIM, ID, wire.SENT)) == [ldap.NO_SUCH_OBJECT.errnum]


def test_the_answer_of_the_server_is_kept_as_text(queued):
    """Whatever it says, it stays one field of one value."""
    answer = "550 5.1.1 no such mailbox: kim state=queued %41 김 <>&"
    assert settle(queued, wire.settlement(KIM, ID, wire.FAILED, answer)) == [0]
    assert message(queued)["answer"] == answer and message(queued)["state"] == "failed"
