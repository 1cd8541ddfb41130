"""Promise 5: a queued message outlives slapd, the mailer and the mail server. It is sent once; where a crash leaves that
unknown, it is sent again as the same message rather than lost; and what cannot be delivered is shown to the person who
asked for it."""

import pytest
from ldap import MOD_DELETE, MOD_REPLACE

from latchkey_testing import mails, recovery, wire
from latchkey_testing.cli import Cli
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.mail_servers import MailServer
from latchkey_testing.organization import KIM, LEE, PASSWORD_ADMIN
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for


@pytest.fixture
def server(mailed):
    """The mail server that the mailer uses."""
    with MailServer().running() as running:
        mailed.send_to(running.url)
        yield running


def kill(mailed) -> None:
    """Ends the mailer at once, wherever it is."""
    process, mailed.mailer.process = mailed.mailer.process, None
    process.kill()
    process.wait()


def test_what_was_queued_outlives_everybody(mailed):
    """The mail server is away, then the mailer is killed, then slapd."""
    server = MailServer()
    mailed.send_to(server.url)
    reset = mailed.reset(KIM)
    recovery.ask_and_wait(mailed.slapd, "lee")
    mailed.mailer.start()
    wait_for(lambda: mailed.message(KIM)["state"] == "deferred")
    kill(mailed)
    mailed.slapd.kill()
    mailed.slapd.start()
    with server.running():
        mailed.mailer.start()
        wait_for(lambda: len(server.mails) == 2)
        mailed.mailer.stop()
    to_kim, = mails.to(server.mails, "kim@example.net")
    to_lee, = mails.to(server.mails, "lee@example.net")
    assert mails.temporary_password_in(to_kim) == reset
    assert recovery.complete(mailed.slapd, LEE, mails.code_in(to_lee), "A-new-password-9") is None


@pytest.mark.parametrize("change", ["rename", "restart"])
def test_what_has_to_be_looked_for_is_not_said_to_be_missing(mailed, change):
    """An empty answer would end a mailer that is run once, as cron does it, before the next beat has looked."""
    for number in range(5):
        reset, seen = mailed.reset(KIM), len(mailed.mailer.mails())
        if change == "restart":
            mailed.slapd.restart()
        else:
            mailed.slapd.root().rename_s(KIM, "uid=kim-2")
        mailed.mailer.once()
        fresh, = mailed.mailer.mails()[seen:]
        assert mails.temporary_password_in(fresh) == reset, f"in round {number}"
        if change == "rename":
            mailed.slapd.root().rename_s(KIM.replace("uid=kim", "uid=kim-2", 1), "uid=kim")


def test_a_mail_that_nobody_knows_to_be_sent_is_sent_again_as_the_same(mailed, server):
    """The mailer is killed when the mail server has the mail, before anybody was told."""
    server.taken = lambda: mailed.mailer.process.kill()
    reset = mailed.reset(KIM)
    mailed.mailer.start()
    wait_for(lambda: server.mails and mailed.mailer.process.poll() is not None)
    mailed.mailer.process = server.taken = None
    assert mailed.message(KIM)["state"] == "queued"
    mailed.slapd.restart()  # the lease is in its memory
    mailed.mailer.once()
    assert [mails.temporary_password_in(mail) for mail in server.mails] == [reset, reset]
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert mailed.message(KIM)["state"] == "sent"


def test_what_was_sent_is_not_sent_again(mailed, server):
    """Not after slapd and the mailer were killed, and not when a settlement comes a second time."""
    mailed.reset(KIM)
    mailed.mailer.once()
    mailed.slapd.kill()
    mailed.slapd.start()
    late = wire.settlement(KIM, mailed.message(KIM)["id"], wire.DEFERRED, "451 later", "20380101000000Z")
    wire.exop(mailed.slapd.connect(MAILER_DN, MAILER_PASSWORD), wire.NOTIFICATION_SETTLE, wire.settle([late]))
    mailed.mailer.once()
    assert len(server.mails) == 1
    assert mailed.message(KIM)["state"] == "sent"


@pytest.mark.parametrize("change", [
    (MOD_DELETE, "latchkeyMessage", None),
    (MOD_DELETE, "latchkeySealed", None),
    (MOD_DELETE, "latchkeyDue", None),
    (MOD_REPLACE, "latchkeyDue", [b"20380101000000Z"]),
], ids=["message", "text", "time", "another-time"])
def test_nobody_takes_a_message_away(mailed, server, change):
    mailed.reset(KIM)
    assert result_of(mailed.slapd.root().modify_s, KIM, [change])[0] != 0
    mailed.mailer.once()
    assert len(server.mails) == 1


def test_who_asked_sees_what_could_not_be_delivered(mailed, server):
    server.recipient_answer = "550 5.1.1 no such mailbox"
    mailed.reset(KIM)
    assert mailed.mailer.once(check=False).returncode == 1
    assert "550 5.1.1 no such mailbox" in Cli(mailed.slapd)("status", "kim", who=PASSWORD_ADMIN).stdout


def test_a_wish_is_written_a_second_later(mailed, server):
    """A code that was asked for survives a power cut from then on."""
    recovery.ask_and_wait(mailed.slapd, "kim")
    mailed.slapd.kill()
    mailed.slapd.start()
    mailed.mailer.once()
    assert recovery.complete(mailed.slapd, KIM, mails.code_in(server.mails[0]), "A-new-password-9") is None
