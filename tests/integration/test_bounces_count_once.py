"""What another host says later of a mail that was sent is written where the mail stands: of that very sending, by the mailer
alone, and of nothing else."""

import contextlib

import ldap
import pytest

from latchkey_testing import organization, raw, serving, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import AUDITOR, GLOBAL_ADMIN, KIM, MANAGED_POLICY, PASSWORD_ADMIN, password_of
from latchkey_testing.raw import Raw
from latchkey_testing.settings import MAILER_DN, ROOT_DN, ROOT_PASSWORD
from latchkey_testing.waiting import wait_for

ID, OTHER_ID = f"{7 << 64:032x}", f"{8 << 64:032x}"
WORDS = "550 5.1.1 no such mailbox"


def holding(make_slapd, state: str, tries: str, kind: str = "temporaryPassword"):
    """A slapd where Kim has one message, and its entryUUID."""
    held = {"latchkeyMessage": [stored.message(7 << 64, state, kind, tries=tries, answer="250%20taken")],
            "latchkeySealed": [stored.sealed(7 << 64)]}
    slapd = make_slapd(entries=[(dn, {**attributes, **held} if dn == KIM else attributes)
                                for dn, attributes in organization.entries()])
    return slapd, slapd.entry(KIM)["entryUUID"][0].decode()


@pytest.fixture
def sent(make_slapd):
    """One that was sent at the first attempt."""
    return holding(make_slapd, "sent", "1")


def bounce(slapd, *args, **more) -> None:
    """Reports as the mailer; raises what the directory says."""
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    assert wire.exop(mailer, wire.NOTIFICATION_BOUNCE, wire.bounce(*args, **more)) is None


def message(slapd) -> dict[str, str]:
    """The message as it is now."""
    return serving.messages(slapd, KIM)[0]


def test_what_came_back_has_failed(sent):
    slapd, uuid = sent
    bounce(slapd, uuid, ID, answer=WORDS)
    assert (message(slapd)["state"], message(slapd)["answer"], message(slapd)["tries"]) == ("failed", WORDS, "1")
    assert "latchkey event=bounce verdict=done state=failed" in slapd.log.read_text()
    assert slapd.slapcat().count("latchkeySealed::") == 1, "it can be sent again"


def test_it_is_listed_and_told_as_what_failed_at_once(make_slapd):
    """Where lists look for it, and to whom the policy names."""
    held = {"latchkeyMessage": [stored.message(7 << 64, "sent", tries="1")], "latchkeySealed": [stored.sealed(7 << 64)]}
    people = organization.entries(latchkeyTell="nothing", latchkeyContact="desk@example.com")
    slapd = make_slapd(entries=[(dn, {**attributes, **held} if dn == KIM else attributes) for dn, attributes in people])
    bounce(slapd, slapd.entry(KIM)["entryUUID"][0].decode(), ID, answer=WORDS)
    assert slapd.entry(KIM, "latchkeyFailedMessage")["latchkeyFailedMessage"] == [ID.encode()]
    told = wait_for(lambda: slapd.entry(MANAGED_POLICY, "latchkeyMessage").get("latchkeyMessage"))
    assert wire.message_fields(told[0])["kind"] == "deliveryFailed"


def test_a_delay_is_noted_and_fails_nothing(sent):
    slapd, uuid = sent
    bounce(slapd, uuid, ID, state=wire.SENT, answer="delayed: 450 4.2.0 greylisted")
    assert (message(slapd)["state"], message(slapd)["answer"]) == ("sent", "delayed: 450 4.2.0 greylisted")
    bounce(slapd, uuid, ID, answer=WORDS)
    assert message(slapd)["state"] == "failed"


def test_it_is_written_once(sent):
    slapd, uuid = sent
    bounce(slapd, uuid, ID, state=wire.SENT, answer="delayed")
    before = slapd.slapcat()
    bounce(slapd, uuid, ID, state=wire.SENT, answer="delayed")
    assert slapd.slapcat() == before
    bounce(slapd, uuid, ID, answer=WORDS)
    before = slapd.slapcat()
    for state, answer in ((wire.FAILED, WORDS), (wire.FAILED, "551 other words"), (wire.SENT, "delayed")):
        with pytest.raises(ldap.NO_SUCH_OBJECT):
            bounce(slapd, uuid, ID, state=state, answer=answer)
    assert slapd.slapcat() == before


@pytest.mark.parametrize("state, tries, attempt, result", [
    ("sent", "2", 0, ldap.NO_SUCH_OBJECT), ("sent", "1", 1, ldap.NO_SUCH_OBJECT), ("sent", "257", 0, None),
    ("failed", "1", 0, ldap.NO_SUCH_OBJECT), ("queued", "1", 0, ldap.NO_SUCH_OBJECT),
    ("deferred", "1", 0, ldap.NO_SUCH_OBJECT), ("queued", "0", 0, ldap.BUSY), ("deferred", "1", 1, ldap.BUSY),
], ids=["sent-again", "never-sent", "sent-often", "failed", "to-be-sent-again", "put-off", "unsettled", "unsettled-again"])
def test_only_of_the_attempt_that_was_sent(make_slapd, state, tries, attempt, result):
    """What was sent again since, and perhaps elsewhere, has not failed; what has not been settled yet is asked of later."""
    slapd, uuid = holding(make_slapd, state, tries)
    before = slapd.slapcat()
    with pytest.raises(result) if result else contextlib.nullcontext():
        bounce(slapd, uuid, ID, attempt, answer=WORDS)
    assert (slapd.slapcat() == before) == bool(result)


@pytest.mark.parametrize("what", ["entry", "message"])
def test_what_is_not_there(sent, what):
    slapd, uuid = sent
    before = slapd.slapcat()
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        bounce(slapd, "0b5ff9a0-0000-4000-8000-000000000001" if what == "entry" else uuid,
               OTHER_ID if what == "message" else ID)
    assert slapd.slapcat() == before


SECRETS = {ROOT_DN: ROOT_PASSWORD}


@pytest.mark.parametrize("who, result", [("", ldap.STRONG_AUTH_REQUIRED), *((who, ldap.INSUFFICIENT_ACCESS) for who in (
    KIM, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR, ROOT_DN))],
                         ids=lambda each: each.split(",")[0] or "nobody" if isinstance(each, str) else "")
def test_nobody_else_reports(sent, who, result):
    """Who could would make an administrator believe that a mail never came."""
    slapd, uuid = sent
    before = slapd.slapcat()
    connection = Raw(slapd)
    with connection.signed_in(who, SECRETS.get(who) or password_of(who)) if who else connection:
        answer = connection.ask(raw.extended(wire.NOTIFICATION_BOUNCE, wire.bounce(uuid, ID)))
        assert answer.result == result.errnum and answer.text
    assert slapd.slapcat() == before


@pytest.mark.parametrize("value", [None, b"", b"\x30\x00", b"\x30\x80", wire.sequence(wire.integer(1)),
                                   wire.bounce("0b5ff9a0-0000-4000-8000-000000000001", ID, state=wire.DEFERRED),
                                   wire.bounce("0b5ff9a0-0000-4000-8000-000000000001", ID, 256),
                                   wire.bounce("0b5ff9a0-0000-4000-8000-000000000001", ID, answer="x" * 257)],
                         ids=range(8))
def test_what_is_no_report(sent, value):
    slapd, _uuid = sent
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    with pytest.raises(ldap.PROTOCOL_ERROR):
        wire.exop(mailer, wire.NOTIFICATION_BOUNCE, value)


def test_the_words_about_an_administrators_address_are_not_kept(make_slapd):
    """They name the address, which is not for all who read this message."""
    slapd, uuid = holding(make_slapd, "sent", "1", "administratorReset")
    bounce(slapd, uuid, ID, answer="550 no such mailbox: boss@example.net")
    assert message(slapd)["state"] == "failed" and "answer" not in message(slapd)


def test_a_code_that_never_came_does_not_count(make_slapd):
    """The mail stands on a recovery entry, which is found as others are."""
    uuid = "0b5ff9a0-0000-4000-8000-000000000001"
    slapd = make_slapd([*organization.entries(), stored.container(), stored.recovery(uuid)])
    reader = slapd.slapcat()
    assert f"latchkeyRecoveryOf={uuid}" in reader
    own = next(line.split(": ")[1] for record in reader.split("\n\n") if record.startswith(f"dn: latchkeyRecoveryOf={uuid}")
               for line in record.splitlines() if line.startswith("entryUUID: "))
    bounce(slapd, own, f"{0xC0DE:032x}", answer=WORDS)
    assert "state=failed" in wait_for(lambda: [line for line in slapd.slapcat().replace("\n ", "").splitlines()
                                                if "kind=recoveryCode" in line])[0]
