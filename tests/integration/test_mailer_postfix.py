"""The mailer and a mail server as sites run it: Postfix, which takes mails from signed-in senders over TLS alone."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from latchkey_testing import mails, watching
from latchkey_testing.mail_servers import certificate
from latchkey_testing.mailed import LOGIN
from latchkey_testing.organization import KIM, LEE
from latchkey_testing.postfix import Postfix
from latchkey_testing.waiting import wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="Postfix does not run without root")


@pytest.fixture
def postfix():
    """A Postfix that knows kim@example.net and lee@example.net."""
    directory = Path(tempfile.mkdtemp(prefix="latchkey-postfix-"))
    directory.chmod(0o755)
    with Postfix(directory, certificate(directory), {LOGIN["user"]: LOGIN["password"]}).running() as running:
        yield running
    shutil.rmtree(directory)


@pytest.fixture
def mailed(mailed, postfix):
    """A slapd, and a mailer that hands its mails to Postfix."""
    mailed.send_to(postfix.url, service={"connections": "1"}, starttls="required",
                   ca_file=str(postfix.directory / "localhost.pem"), **LOGIN)
    return mailed


def test_mails_reach_the_mailbox(mailed, postfix):
    passwords = {"kim": mailed.reset(KIM), "lee": mailed.reset(LEE)}
    mailed.mailer.once()
    for user, password in passwords.items():
        mail, = wait_for(lambda user=user: mails.read(postfix.mailbox(user)), timeout=watching.patience(10))
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
    wait_for(lambda: "starttls=1 auth=1 mail=2 rcpt=2 data=2 quit=1" in postfix.log(), timeout=watching.patience(10))


def test_an_unknown_recipient_fails_with_its_words(mailed):
    mailed.reset(KIM, to="nobody@example.net")
    mailed.mailer.once(check=False)
    assert mailed.message()["state"] == "failed"
    assert mailed.message()["answer"].startswith("550 5.1.1 ")
