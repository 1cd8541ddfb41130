"""Messages that cannot be sent: each fails by itself with a clear reason, and those beside it are sent."""

import pytest
from latchkey_testing import mails, organization
from latchkey_testing.mailed import Mailed
from latchkey_testing.organization import MANAGED
from latchkey_testing.sealed import envelope, person_with, seal, waiting
from latchkey_testing.stored import message, moment

BAD, GOOD = f"uid=bad,{MANAGED}", f"uid=good,{MANAGED}"


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A function that makes a directory in which one message is as given, and another is good."""
    made = []

    def make(bad) -> Mailed:
        def with_messages(public_key: str):
            return [*organization.entries(), bad(public_key), waiting("good", public_key, 2, to="good@example.net")]
        made.append(Mailed(make_slapd, tmp_path, with_messages))
        return made[0]

    yield make
    made[0].mailer.check()


def assert_fails_alone(mailed: Mailed, reason: str) -> None:
    """The bad message is reported with REASON, and only the good one is sent."""
    done = mailed.mailer.once(check=False)
    assert done.returncode == 1
    assert (mailed.message(BAD)["state"], mailed.message(BAD)["answer"]) == ("failed", reason)
    assert mailed.message(GOOD)["state"] == "sent"
    mail, = mailed.mailer.mails()
    assert mail["To"].addresses[0].addr_spec == "good@example.net"
    assert "K7QF-2M9X-4TRB" in mails.text(mail)
    assert "K7QF-2M9X-4TRB" not in done.stderr


@pytest.mark.parametrize("content, reason", [
    ({"expires": moment(-1)}, "the secret inside has expired"),
    ({"to": "kim@example.net, eve@example.net"}, "the address is not one plain mail address"),
    ({"to": "Kim <kim@example.net>"}, "the address is not one plain mail address"),
    ({"to": "@"}, "the address is not one plain mail address"),
    ({"to": ""}, "the address is not one plain mail address"),
    ({"to": "kim@example.net\r\nRCPT TO:<eve@example.net>"}, "the sealed message is damaged"),
    ({"name": b"\xff\xfe"}, "the sealed message is damaged"),
    ({"name": "x" * 1025}, "the sealed message is damaged"),
])
def test_what_the_envelope_says(mailed, content, reason):
    assert_fails_alone(mailed(lambda key: waiting("bad", key, 1, **content)), reason)


def test_another_kind_inside(mailed):
    state = message(1, "queued", "welcome", tries="0", due=moment(-1))
    assert_fails_alone(mailed(lambda key: person_with("bad", state, seal(key, 1, envelope(1)))),
                       "the sealed message is not the one that it was stored as")


def test_the_envelope_of_another_message(mailed):
    state = message(1, "queued", "recoveryCode", tries="0", due=moment(-1))
    assert_fails_alone(mailed(lambda key: person_with("bad", state, seal(key, 1, envelope(3)))),
                       "the sealed message is damaged")


def test_a_damaged_seal(mailed):
    state = message(1, "queued", "recoveryCode", tries="0", due=moment(-1))

    def damaged(key):
        whole = seal(key, 1, envelope(1))
        return person_with("bad", state, whole[:-1] + bytes([whole[-1] ^ 1]))

    assert_fails_alone(mailed(damaged), "the sealed message is damaged")


@pytest.mark.parametrize("name", [
    "Kim, Eve <eve@example.net>", "\"Kim\" \\ (x)", "x" * 1000, "김" * 340, "\u202emik\u2069 \u200f", "=?utf-8?q?=0A?=",
    ":;",
])
def test_names_add_nothing(mailed, name):
    """Whatever a name says, it stays a name: one sender, one recipient, no header more."""
    made = mailed(lambda key: waiting("bad", key, 1, name=name, login=name, organization=name, actor=name))
    made.mailer.once()
    ours, good = sorted(made.mailer.mails(), key=lambda mail: mail["To"].addresses[0].addr_spec, reverse=True)
    assert [address.addr_spec for address in ours["To"].addresses] == ["kim@example.net"]
    assert [address.addr_spec for address in ours["From"].addresses] == [made.mailer.address]
    assert ours.keys() == good.keys()
    assert [defect for part in ours.walk() for defect in part.defects] == []
