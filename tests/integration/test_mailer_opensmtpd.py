"""The mailer and OpenSMTPD: it delivers, and hands back what another host refuses, through the pipe that the manual shows."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from latchkey_testing import mails
from latchkey_testing.mail_servers import MailServer
from latchkey_testing.opensmtpd import READER, OpenSMTPD
from latchkey_testing.organization import KIM
from latchkey_testing.returned import DOMAIN, bounce_key, hand_over
from latchkey_testing.waiting import wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="OpenSMTPD does not run without root")


@pytest.fixture
def remote():
    """The server of remote.example.net, which has nobody."""
    with MailServer(recipient_answer="550 5.1.1 nobody here").running() as running:
        yield running


@pytest.fixture
def served(mailed, remote):
    """A slapd and a mailer that hands its mails to an OpenSMTPD, and that OpenSMTPD."""
    directory = Path(tempfile.mkdtemp(prefix="latchkey-opensmtpd-"))
    directory.chmod(0o755)
    command = directory / "bounce"
    with OpenSMTPD(directory, remote.port, DOMAIN, str(command)).running() as opensmtpd:
        mailed.send_to(opensmtpd.url, bounces={"domain": DOMAIN, "key": str(bounce_key(mailed))})
        hand_over(mailed, command, READER)
        yield mailed, opensmtpd
    shutil.rmtree(directory)


def test_a_mail_reaches_the_mailbox(served):
    mailed, opensmtpd = served
    password = mailed.reset()
    mailed.mailer.once()
    mail, = wait_for(lambda: mails.read(opensmtpd.mailbox("kim")))
    assert mails.temporary_password_in(mail) == password
    assert [defect for part in mail.walk() for defect in part.defects] == []
    assert mailed.message()["state"] == "sent"


def test_what_another_host_refuses_comes_back(served):
    mailed, opensmtpd = served
    mailed.reset(KIM, to="kim@remote.example.net")
    mailed.mailer.once()
    message = wait_for(lambda: mailed.message() if mailed.message()["state"] == "failed" else None)
    assert message["answer"] == "returned: 550 5.1.1 nobody here", opensmtpd.log()
    assert wait_for(lambda: "result=Ok stat=Delivered" in opensmtpd.log())


def test_what_the_directory_cannot_take_now_waits(served):
    mailed, opensmtpd = served
    command, ready = opensmtpd.directory / "bounce", opensmtpd.directory / "ready"
    command.write_text(command.read_text().replace("exec ", "", 1).replace(
        "\n", f"\nwhile [ ! -e {ready} ]; do sleep 0.05; done\n", 1))
    mailed.reset(KIM, to="kim@remote.example.net")
    mailed.mailer.once()
    mailed.slapd.stop()
    ready.touch()
    wait_for(lambda: "result=TempFail" in opensmtpd.log())
    mailed.slapd.start()
    assert mailed.message()["state"] == "sent"
