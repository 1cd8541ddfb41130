"""The mailer and a mail server as sites run it: Postfix, which takes mails from signed-in senders over TLS alone, and hands back
what another host refuses, through the pipe that the manual shows."""

import os
import shutil
import smtplib
import tempfile
from pathlib import Path

import pytest
from latchkey_testing import mails
from latchkey_testing.mail_servers import MailServer, certificate
from latchkey_testing.mailed import LOGIN
from latchkey_testing.organization import KIM, LEE
from latchkey_testing.postfix import READER, Postfix
from latchkey_testing.returned import DOMAIN, bounce_key, hand_over, report
from latchkey_testing.waiting import wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="Postfix does not run without root")


LOCAL = "mx.example.org"
SETTINGS = """\
latchkey_destination_recipient_limit = 1
mydestination = {local}
recipient_delimiter = +
alias_maps = inline:{{ {{ bounce = |{command} }} }}
transport_maps = inline:{{ {{ {domain} = latchkey: }}, {{ remote.example.net = smtp:[127.0.0.1]:{remote} }} }}
"""
SERVICES = """\
local unix - n n - - local
smtp unix - - n - - smtp
retry unix - - n - - error
latchkey unix - n n - 1 pipe
  flags=q user={user} null_sender= argv={command} --sender ${{sender}} --recipient ${{original_recipient}}
"""


@pytest.fixture
def remote():
    """The server of remote.example.net, which has nobody."""
    with MailServer(recipient_answer="550 5.1.1 nobody here").running() as running:
        yield running


@pytest.fixture
def postfix(remote):
    """A Postfix that knows kim@example.net and lee@example.net, and where bounces go."""
    directory = Path(tempfile.mkdtemp(prefix="latchkey-postfix-"))
    directory.chmod(0o755)
    values = {"domain": DOMAIN, "local": LOCAL, "remote": remote.port, "user": READER, "command": directory / "bounce"}
    settings, services = SETTINGS.format(**values), SERVICES.format(**values)
    users = {LOGIN["user"]: LOGIN["password"]}
    with Postfix(directory, certificate(directory), users, settings, services).running() as running:
        yield running
    shutil.rmtree(directory)


def send_through(mailed, postfix, **bounces: str) -> None:
    """Has the mailer of MAILED hand its mails to Postfix, which hands back what returns."""
    mailed.send_to(postfix.url, service={"connections": "1"}, starttls="required",
                   ca_file=str(postfix.directory / "localhost.pem"),
                   bounces={"key": str(mailed.mailer.directory / "bounce.key"), **bounces}, **LOGIN)
    hand_over(mailed, postfix.directory / "bounce", READER)


@pytest.fixture
def mailed(mailed, postfix):
    """A slapd, and a mailer that hands its mails to Postfix."""
    bounce_key(mailed)
    send_through(mailed, postfix, domain=DOMAIN)
    return mailed


def test_mails_reach_the_mailbox(mailed, postfix):
    passwords = {"kim": mailed.reset(KIM), "lee": mailed.reset(LEE)}
    mailed.mailer.once()
    for user, password in passwords.items():
        mail, = wait_for(lambda user=user: mails.read(postfix.mailbox(user)))
        assert mails.temporary_password_in(mail) == password
        assert [defect for part in mail.walk() for defect in part.defects] == []
    assert [mailed.message(user)["state"] for user in (KIM, LEE)] == ["sent", "sent"]
    assert "queued as" in mailed.message()["answer"]
    assert "sasl_username=latchkey" in postfix.log()
    assert all(password not in postfix.log() for password in passwords.values())


def test_one_session_takes_them_all(mailed, postfix):
    for user in (KIM, LEE):
        mailed.reset(user)
    mailed.mailer.once()
    wait_for(lambda: "starttls=1 auth=1 mail=2 rcpt=2 data=2 quit=1" in postfix.log())


def test_an_unknown_recipient_fails_with_its_words(mailed):
    mailed.reset(KIM, to="nobody@example.net")
    mailed.mailer.once(check=False)
    assert mailed.message()["state"] == "failed"
    assert mailed.message()["answer"].startswith("550 5.1.1 ")


def test_what_another_host_refuses_comes_back(mailed, postfix, remote):
    mailed.reset(KIM, to="kim@remote.example.net")
    mailed.mailer.once()
    message = wait_for(lambda: mailed.message() if mailed.message()["state"] == "failed" else None)
    assert message["answer"] == "returned by 127.0.0.1: 550 5.1.1 nobody here", postfix.log()
    assert message["tries"] == "1" and remote.mails == []
    wait_for(lambda: f"{DOMAIN}>, relay=latchkey" in postfix.log() and "status=sent" in postfix.log())


def test_an_alias_takes_them_as_well(mailed, postfix):
    """In a domain that has other mailboxes, behind a plus sign."""
    send_through(mailed, postfix, domain=LOCAL, mailbox="bounce")
    mailed.reset(KIM, to="kim@remote.example.net")
    mailed.mailer.once()
    message = wait_for(lambda: mailed.message() if mailed.message()["state"] == "failed" else None)
    assert message["answer"] == "returned by 127.0.0.1: 550 5.1.1 nobody here", postfix.log()
    wait_for(lambda: "relay=local" in postfix.log() and "(delivered to command: " in postfix.log())


def test_what_the_directory_cannot_take_now_waits(mailed, postfix):
    command, ready = postfix.directory / "bounce", postfix.directory / "ready"
    command.write_text(command.read_text().replace("\n", f"\nwhile [ ! -e {ready} ]; do sleep 0.05; done\n", 1))
    mailed.reset(KIM, to="kim@remote.example.net")
    mailed.mailer.once()
    mailed.slapd.stop()
    ready.touch()
    wait_for(lambda: "relay=latchkey" in postfix.log() and "status=deferred" in postfix.log())
    mailed.slapd.start()
    assert mailed.message()["state"] == "sent"


def test_a_forged_address_is_nobodys(mailed, postfix):
    """Whoever writes to the bounce domain learns that nobody is there, and changes nothing."""
    mailed.reset(KIM)
    mailed.mailer.once()
    before = mailed.slapd.slapcat()
    with smtplib.SMTP("localhost", postfix.port) as client:
        client.starttls()
        client.login(LOGIN["user"], LOGIN["password"])
        client.sendmail("", [f"{'0' * 56}@{DOMAIN}"], report().decode())
    wait_for(lambda: "relay=latchkey" in postfix.log() and "status=bounced (user unknown" in postfix.log())
    assert mailed.slapd.slapcat() == before
