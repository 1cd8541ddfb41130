"""Promise 2, against a power cut: a slapd that is killed at any instant of a reset or a recovery has stored all of it
or nothing, and after it has come back, what was due is found again and delivered."""

import ldap
import pytest
from ldap import MOD_REPLACE

from latchkey_testing import mails, places, recovery, wire
from latchkey_testing.organization import KIM, LEE, PASSWORD_ADMIN, password_of, sign_in
from latchkey_testing.waiting import wait_for

NEW = "A-new-password-9"
WRONG = ldap.INVALID_CREDENTIALS


@pytest.fixture
def world(start, mailer):
    """A slapd that can be killed at named points; LEE is locked by failed sign-ins, and KIM and LEE have a code
    each."""
    slapd = start(overlay=places.KILLABLE_OVERLAY)
    for _ in range(4):
        slapd.signs_in(LEE, "wrong")
    codes = recovery.codes_for(slapd, mailer, KIM, LEE)
    slapd.codes = {KIM: codes["kim"][0], LEE: codes["lee"][0]}
    return slapd


def killed_at(slapd, point: str, send) -> None:
    """Restarts slapd so that it ends at POINT, lets it do so under SEND(slapd), and starts it again."""
    slapd.restart(LATCHKEY_KILL_AT=point)
    with pytest.raises((ldap.SERVER_DOWN, ldap.CONNECT_ERROR)):
        send(slapd)
    slapd.wait_until_killed()
    slapd.start()


def messages(slapd, dn: str) -> list[dict[str, str]]:
    """The messages about DN that carry a password."""
    values = slapd.entry(dn, "latchkeyMessage").get("latchkeyMessage", [])
    return [fields for fields in map(wire.message_fields, values) if fields["kind"] not in mails.NOTICES]


def notices(slapd, dn: str) -> list[tuple[str, str]]:
    """Of what DN is told there, and at which address."""
    values = slapd.entry(dn, "latchkeyMessage").get("latchkeyMessage", [])
    told = [(fields["kind"], fields["to"]) for fields in map(wire.message_fields, values)]
    return sorted(fields for fields in told if fields[0] in mails.NOTICES)


def both(kind: str, uid: str) -> list[tuple[str, str]]:
    """What notices() says where both addresses of UID are told."""
    return [(kind, f"{uid}@example.net"), (kind, f"{uid}@example.org")]


POINTS = pytest.mark.parametrize("point, done", [
    ("before-backend", False), ("after-commit", True), ("before-answer", True)])


@POINTS
@pytest.mark.parametrize("new", [None, NEW], ids=["drawn", "typed"])
def test_a_reset(world, mailer, new, point, done):
    killed_at(world, f"reset:{point}", lambda slapd: wire.password_modify(
        sign_in(slapd, PASSWORD_ADMIN), KIM, new, control=wire.notify()))
    assert [message["state"] for message in messages(world, KIM)] == (["queued"] if done else [])
    assert notices(world, KIM) == ([("passwordChanged", "kim@example.org")] if done else [])
    assert world.signs_in(KIM, password_of(KIM)) != done
    before = len(mailer.mails())
    mailer.once()
    fresh = mailer.mails()[before:]
    assert len(fresh) == done
    for mail in fresh:
        sent = mails.temporary_password_in(mail) if new is None else new
        assert sent in mails.text(mail) and world.signs_in(KIM, sent)


def complete(slapd, dn: str, new: str | None) -> None:
    """By Latchkey's own operation."""
    wire.exop(slapd.connect(), wire.RECOVERY_COMPLETE, wire.recovery_complete(dn, slapd.codes[dn], new=new))


WAYS = {
    "RecoveryComplete": lambda slapd: complete(slapd, KIM, NEW),
    "Password Modify": lambda slapd: slapd.connect().passwd_s(KIM, slapd.codes[KIM], NEW),
}


@POINTS
@pytest.mark.parametrize("way", WAYS)
def test_a_recovery(world, point, done, way):
    """And the code is spent with it, or still good."""
    killed_at(world, f"recover:{point}", WAYS[way])
    assert (world.signs_in(KIM, NEW), world.signs_in(KIM, password_of(KIM))) == (done, not done)
    assert notices(world, KIM) == (both("passwordRecovered", "kim") if done else [])
    assert recovery.complete(world, KIM, world.codes[KIM], "Another-password-8") == (WRONG if done else None)


@POINTS
def test_a_recovery_that_keeps_the_password(world, point, done):
    """The lock goes with the code."""
    killed_at(world, f"recover:{point}", lambda slapd: complete(slapd, LEE, None))
    assert world.signs_in(LEE, password_of(LEE)) == done
    assert notices(world, LEE) == (both("accountUnlocked", "lee") if done else [])
    assert recovery.complete(world, LEE, world.codes[LEE]) == (WRONG if done else None)


@pytest.mark.parametrize("name, user", [("add", "song"), ("request", "kim")], ids=["first-code", "further-code"])
@pytest.mark.parametrize("point, done", [("before-backend", False), ("after-commit", True)])
def test_a_code(world, mailer, name, user, point, done):
    """It and its mail; the request itself was answered before, and who gets no mail asks again."""
    before = len(mailer.mails())
    world.restart(LATCHKEY_KILL_AT=f"{name}:{point}")
    recovery.ask(world, user)
    world.wait_until_killed()
    world.start()
    mailer.once()
    fresh = mailer.mails()[before:]
    assert len(fresh) == done
    for mail in fresh:
        assert recovery.complete(world, user, mails.code_in(mail), NEW) is None
    if not done:
        code = recovery.code_for(world, mailer, user, f"{user}@example.net")
        assert recovery.complete(world, user, code, NEW) is None


@pytest.mark.parametrize("point, again", [("before-backend", True), ("after-commit", False)])
def test_the_outcome_of_a_delivery(world, mailer, point, again):
    """A mail whose fate is unknown is sent again rather than lost, as the same message."""
    before = len(mailer.mails())
    wire.password_modify(sign_in(world, PASSWORD_ADMIN), KIM, control=wire.notify())
    world.restart(LATCHKEY_KILL_AT=f"settle:{point}")
    mailer.once(check=False)
    world.wait_until_killed()
    world.start()
    assert messages(world, KIM)[0]["state"] == ("queued" if again else "sent")
    mailer.once()
    assert messages(world, KIM)[0]["state"] == "sent"
    fresh = mailer.mails()[before:]
    assert len({mail["Message-ID"] for mail in fresh}) == 1 and (again or len(fresh) == 1)


@pytest.mark.parametrize("point, done", [("before-backend", False), ("after-commit", True)])
def test_a_plain_modify(world, mailer, point, done):
    """And what tells of it, which is found again and sent."""
    killed_at(world, f"modify:{point}", lambda slapd: sign_in(slapd, KIM).modify_s(
        KIM, [(MOD_REPLACE, "userPassword", [NEW.encode()])]))
    assert (world.signs_in(KIM, password_of(KIM)), world.signs_in(KIM, NEW)) == (not done, done)
    assert notices(world, KIM) == (both("passwordChanged", "kim") if done else [])
    wait_for(lambda: mailer.once() and len(mailer.notices()) == (2 if done else 0))
    assert recovery.complete(world, KIM, world.codes[KIM], "Another-password-8") == (WRONG if done else None)


@pytest.mark.parametrize("point, done", [("before-backend", False), ("after-commit", True)])
def test_an_unlocking(world, point, done):
    killed_at(world, f"unlock:{point}", lambda slapd: wire.exop(
        sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(LEE)))
    assert world.signs_in(LEE, password_of(LEE)) == done
    assert notices(world, LEE) == (both("accountUnlocked", "lee") if done else [])
