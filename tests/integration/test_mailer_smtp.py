"""The mailer and mail servers: what each answer means for a message, and that nothing goes in the clear by mistake."""

import time

import pytest
from latchkey_testing import mails, watching, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.mail_servers import ACCEPTED, MailServer, certificate, silent_server
from latchkey_testing.mailed import LOGIN, Mailed
from latchkey_testing.organization import KIM, LEE
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.slapd import free_port
from latchkey_testing.waiting import PATIENCE, wait_for


@pytest.fixture
def server():
    """A mail server that takes everything, in the clear."""
    with MailServer().running() as running:
        yield running


def make_due(mailed: Mailed) -> None:
    """Has a deferred message tried again now, and not when its time comes."""
    connection = mailed.slapd.connect(MAILER_DN, MAILER_PASSWORD)
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
    item = wire.settlement(KIM, mailed.message()["id"], wire.DEFERRED, "", now)
    assert wire.settled(wire.exop(connection, wire.NOTIFICATION_SETTLE, wire.settle([item]))) == [0]
    connection.unbind_s()


def test_a_mail_is_sent_and_the_answer_kept(mailed, server):
    mailed.send_to(server.url)
    password = mailed.reset()
    mailed.mailer.once()
    mail, = server.mails
    message = mailed.message()
    assert mails.temporary_password_in(mail) == password
    assert mail["Subject"] == "임시 암호 안내"
    assert mail["To"].addresses[0].display_name == "김정현"
    assert mail["From"].addresses[0].display_name == "Example Organization"
    assert mail["Message-ID"] == f"<{message['id']}@example.org>"
    assert [defect for part in mail.walk() for defect in part.defects] == []
    assert (server.senders, server.recipients) == ([mailed.mailer.address], ["kim@example.net"])
    assert (message["state"], message["tries"], message["answer"]) == ("sent", "1", ACCEPTED)


def test_one_connection_serves_many_mails(mailed, server):
    mailed.send_to(server.url, service={"connections": "1"})
    for _ in range(12):
        mailed.reset(LEE)
    before = server.connections
    mailed.mailer.once()
    assert len(server.mails) == 12
    assert len({mail["Message-ID"] for mail in server.mails}) == 12
    assert server.connections == before + 1


@pytest.mark.parametrize("where", ["recipient_answer", "content_answer"])
@pytest.mark.parametrize("answer, state", [
    ("451 4.7.1 come back later", "deferred"), ("550 5.1.1 no such person", "failed")])
def test_refusals_count_by_their_first_digit(mailed, server, where, answer, state):
    mailed.send_to(server.url)
    mailed.reset()
    setattr(server, where, answer)
    before = time.time()
    done = mailed.mailer.once(check=False)
    message = mailed.message()
    assert done.returncode == 1
    assert (message["state"], message["tries"], message["answer"]) == (state, "1", answer)
    assert f"event={state}" in done.stderr and answer in done.stderr
    if state == "deferred":
        due = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(before + 28))
        assert due < message["due"] <= time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 39))


def test_one_refusal_does_not_stop_the_others(mailed, server):
    mailed.send_to(server.url)
    mailed.reset(KIM, to="nobody@example.net")
    mailed.reset(LEE)
    server.refused = "nobody@example.net"
    mailed.mailer.once(check=False)
    assert (mailed.message(KIM)["state"], mailed.message(LEE)["state"]) == ("failed", "sent")


def test_a_server_that_is_away_is_waited_for(mailed):
    server = MailServer()
    mailed.send_to(server.url)
    password = mailed.reset()
    mailed.mailer.start()
    wait_for(lambda: mailed.message()["state"] == "deferred")
    assert "connect" in mailed.message()["answer"]
    with server.running():
        make_due(mailed)
        wait_for(lambda: mailed.message()["state"] == "sent")
    mailed.mailer.stop()
    assert [mails.temporary_password_in(mail) for mail in server.mails] == [password]
    assert mailed.message()["tries"] == "3"  # ours was one of them


def test_a_connection_that_broke_is_made_again(mailed):
    server = MailServer()
    mailed.send_to(server.url)
    mailed.mailer.start()
    for expected in (1, 2):
        with server.running():
            mailed.reset()
            wait_for(lambda: len(server.mails) == expected)
    mailed.mailer.stop()
    assert [message["state"] for message in mailed.messages()] == ["sent", "sent"]


def test_a_slow_server_gets_its_time(mailed, server):
    server.delay = 4
    mailed.send_to(server.url)
    mailed.reset()
    mailed.mailer.once()
    assert mailed.message()["state"] == "sent"


def test_a_silent_server_is_given_up(mailed):
    with silent_server() as url:
        mailed.send_to(url)
        mailed.reset()
        mailed.reset(LEE)
        began = time.monotonic()
        assert mailed.mailer.once(check=False).returncode == 1
    assert time.monotonic() - began < watching.patience(100)
    # The second is left where it is: nothing has been learnt about it, and it is due when the server is back.
    assert (mailed.message(KIM)["state"], mailed.message(LEE)["state"]) == ("deferred", "queued")


def test_the_message_under_way_is_finished_before_the_end(mailed, server):
    server.delay = 2
    mailed.send_to(server.url)
    mailed.mailer.start()
    mailed.reset()
    assert server.under_way.wait(PATIENCE)
    mailed.mailer.stop()
    assert len(server.mails) == 1
    assert mailed.message()["state"] == "sent"


def test_an_outcome_outlives_the_directory(mailed, server):
    server.delay = 1
    mailed.send_to(server.url)
    mailed.mailer.start()
    mailed.reset()
    assert server.under_way.wait(PATIENCE)
    mailed.slapd.stop()
    wait_for(lambda: server.mails)
    mailed.slapd.start()
    wait_for(lambda: mailed.message()["state"] == "sent")
    mailed.mailer.stop()
    assert len(server.mails) == 1


def test_a_slapd_that_forgot_the_lease_does_not_have_it_sent_twice(mailed, server):
    """It is handed out again while its mail is still under way."""
    mailed.send_to(server.url)
    for _ in range(4):  # so that more than one may be in hand
        mailed.reset(LEE)
    mailed.mailer.start()
    wait_for(lambda: len(server.mails) == 4)
    server.under_way.clear()
    server.delay = 5
    mailed.reset(KIM)
    assert server.under_way.wait(PATIENCE)
    mailed.slapd.restart()
    wait_for(lambda: mailed.message(KIM)["state"] == "sent")
    mailed.mailer.stop()
    assert len(server.mails) == 5


def test_a_user_may_go_while_the_mail_is_under_way(mailed, server):
    server.delay = 1
    mailed.send_to(server.url)
    mailed.mailer.start()
    mailed.reset(KIM)
    assert server.under_way.wait(PATIENCE)
    mailed.slapd.root().delete_s(KIM)
    mailed.reset(LEE)
    wait_for(lambda: mailed.message(LEE)["state"] == "sent")
    mailed.mailer.stop()
    assert mailed.mailer.log.read_text().count("event=message-gone ") == 1


def test_what_a_server_repeats_is_not_kept(mailed, server):
    server.repeats_content = True
    mailed.send_to(server.url)
    password = mailed.reset()
    done = mailed.mailer.once(check=False)
    answer = mailed.message()["answer"]
    assert answer.startswith("554 5.7.1 not with these words: ")
    assert len(answer.encode()) <= 256
    assert password[:6] not in answer
    assert password not in answer + done.stderr


# TLS and signing in


@pytest.fixture
def secure(tmp_path):
    """A mail server that takes mails after STARTTLS and AUTH only."""
    tls = certificate(tmp_path)
    with MailServer(tls=tls, users={LOGIN["user"]: LOGIN["password"]}).running() as running:
        yield running


def test_starttls_and_auth(mailed, secure):
    mailed.send_to(secure.url, starttls="required", ca_file=str(secure.tls[0]), **LOGIN)
    password = mailed.reset()
    mailed.mailer.once()
    assert [mails.temporary_password_in(mail) for mail in secure.mails] == [password]
    assert mailed.message()["state"] == "sent"


def test_a_wrong_password_keeps_the_message(mailed, secure):
    mailed.send_to(secure.url, starttls="required", ca_file=str(secure.tls[0]), user="latchkey", password="wrong")
    mailed.reset()
    assert mailed.mailer.once(check=False).returncode == 1
    assert mailed.message()["state"] == "deferred"
    assert mailed.message()["answer"].startswith("535")


def test_an_unknown_certificate_is_not_trusted(mailed, secure):
    mailed.send_to(secure.url, starttls="required", **LOGIN)
    mailed.reset()
    mailed.mailer.once(check=False)
    assert secure.mails == []
    assert mailed.message()["state"] == "deferred"
    assert "certificate" in mailed.message()["answer"].lower()


def test_a_certificate_for_another_host_is_not_trusted(mailed, tmp_path):
    tls = certificate(tmp_path, "elsewhere.example.net")
    with MailServer(tls=tls).running() as server:
        mailed.send_to(server.url, starttls="required", ca_file=str(tls[0]))
        mailed.reset()
        mailed.mailer.once(check=False)
        assert server.mails == []
    assert mailed.message()["state"] == "deferred"


def test_any_certificate_is_taken_where_the_word_says_so(mailed, secure):
    mailed.send_to(secure.url, starttls="required", insecure_tls="accept-any-certificate", **LOGIN)
    mailed.reset()
    mailed.mailer.once()
    assert len(secure.mails) == 1


def test_nothing_goes_in_the_clear_where_tls_is_required(mailed, server):
    mailed.send_to(server.url, starttls="required")
    mailed.reset()
    mailed.mailer.once(check=False)
    assert server.mails == []
    assert not server.under_way.is_set()
    assert mailed.message()["state"] == "deferred"


def test_a_port_where_nobody_listens(mailed):
    mailed.send_to(f"smtp://localhost:{free_port()}")
    mailed.reset()
    assert mailed.mailer.once(check=False).returncode == 1
    assert mailed.message()["state"] == "deferred"
