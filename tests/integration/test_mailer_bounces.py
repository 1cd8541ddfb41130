"""Mail that comes back makes its message fail, with the other host's words, whoever hands it over; and nothing else that
comes to such an address does anything."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from latchkey_testing import places, wire
from latchkey_testing.mail_servers import MailServer
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, password_of
from latchkey_testing.returned import DOMAIN, bounce_key, report, take_back
from latchkey_testing.waiting import PATIENCE

OK, DATAERR, NOUSER, TEMPFAIL = 0, os.EX_DATAERR, os.EX_NOUSER, os.EX_TEMPFAIL
TOKEN = re.compile(rf"[0-9a-hjkmnp-tv-z]{{56}}@{re.escape(DOMAIN)}")


@pytest.fixture
def server():
    """A mail server that takes everything, in the clear."""
    with MailServer().running() as running:
        yield running


@pytest.fixture
def back(mailed, server):
    """A slapd and a mailer whose mails come back."""
    mailed.send_to(server.url, bounces={"domain": DOMAIN, "key": str(bounce_key(mailed))})
    return mailed


def send(mailed, server, user: str = KIM) -> str:
    """Sends one mail, and returns its sender on the envelope."""
    mailed.reset(user)
    mailed.mailer.once()
    assert mailed.message(user)["state"] == "sent"
    return server.senders[-1]


def test_what_comes_back_has_failed(back, server):
    sender = send(back, server)
    done = take_back(back, report(), RECIPIENT=sender, SENDER="")
    assert done.returncode == OK, done.stderr
    message = back.message()
    assert (message["state"], message["answer"]) == (
        "failed", "returned by mx.example.net: 550 5.1.1 no such mailbox")


def test_the_sender_tells_nothing_and_differs_each_time(back, server):
    send(back, server)
    send(back, server, LEE)
    send(back, server)
    assert all(TOKEN.fullmatch(sender) for sender in server.senders), server.senders
    assert len(set(server.senders)) == 3
    heads = [sender[:8] for sender in server.senders]
    assert len(set(heads)) == 3, "no two begin alike"
    assert all(mail["From"].addresses[0].addr_spec == back.mailer.address for mail in server.mails)
    assert server.senders[0] not in back.mailer.once().stderr


@pytest.mark.parametrize("sent_to", ["{}", "{}+{}"], ids=["without-mailbox", "mailbox"])
@pytest.mark.parametrize("told", ["option", "RECIPIENT", "ORIGINAL_RECIPIENT", "capitals", "local part"])
def test_however_the_mail_server_says_whose_it_is(mailed, server, sent_to, told):
    mailbox = {"mailbox": "bounce"} if "+" in sent_to else {}
    mailed.send_to(server.url, bounces={"domain": DOMAIN, "key": str(bounce_key(mailed)), **mailbox})
    sender = send(mailed, server)
    assert sender.startswith("bounce+") == bool(mailbox)
    options, environment = {
        "option": (["--recipient", sender, "--sender", ""], {}),
        "RECIPIENT": ([], {"RECIPIENT": sender}),
        "ORIGINAL_RECIPIENT": ([], {"ORIGINAL_RECIPIENT": sender, "RECIPIENT": "latchkey-mailer@localhost"}),
        "capitals": (["--recipient", sender.upper(), "--sender", "MAILER-DAEMON"], {}),
        "local part": (["--recipient", sender.split("@")[0], "--sender", "<>"], {}),
    }[told]
    assert take_back(mailed, report(), *options, **environment).returncode == OK
    assert mailed.message()["state"] == "failed"


@pytest.mark.parametrize("mail, state, answer", [
    (report("delayed", "450 4.2.0 greylisted", "4.2.0"), "sent", "delayed at mx.example.net: 450 4.2.0 greylisted"),
    (report("delivered", None, "2.0.0"), "sent", "250 2.0.0 taken, thank you"),
    (report("relayed", None, "2.0.0"), "sent", "250 2.0.0 taken, thank you"),
    (report(words=None, host=None), "failed", "returned: 5.1.1"),
    (report(words="550 메일함이 없습니다\x07 \x1b[31m"), "failed", "returned by mx.example.net: 550 메일함이 없습니다   [31m"),
    (report(words="550 " + "가" * 500), "failed", None),
    (report().replace(b"\r\n", b"\n"), "failed", None),
    (report().replace(b"message/delivery-status", b"message/global-delivery-status"), "failed", None),
    (report(words=None).replace(b"multipart/report", b"multipart/mixed")
     .replace(b"I'm sorry", b"  kim@example.net: 550 5.1.1 nobody here\r\nI'm sorry"), "failed",
     "returned by mx.example.net: 550 5.1.1 nobody here"),
], ids=["delayed", "delivered", "relayed", "terse", "words", "long", "bare-LF", "RFC 6533", "OpenSMTPD"])
def test_what_it_says_decides(back, server, mail, state, answer):
    sender = send(back, server)
    assert take_back(back, mail, RECIPIENT=sender).returncode == OK
    message = back.message()
    assert message["state"] == state and message["answer"] == (answer or message["answer"])
    assert len(message["answer"].encode()) <= 256


def test_a_delay_before_the_end(back, server):
    sender = send(back, server)
    for mail, state in ((report("delayed", "450 busy"), "sent"), (report(), "failed"), (report("delayed"), "failed")):
        assert take_back(back, mail, RECIPIENT=sender).returncode == OK
        assert back.message()["state"] == state


DEEP = b"".join(b"Content-Type: multipart/report; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(4000))


@pytest.mark.parametrize("mail", [
    b"", b"\0" * 1000, b"Subject: hello\r\n\r\nI am on holiday.\r\n", os.urandom(5000), DEEP, b"x" * 3_000_000,
    report().replace(b"multipart/report", b"text/plain"), report().replace(b"Action: failed", b"Action: none"),
    report().replace(b"message/delivery-status", b"text/plain"), report()[:200],
], ids=["nothing", "NULs", "an-answer", "noise", "nested", "large", "no-report", "no-action", "no-status", "cut"])
def test_what_is_no_report_does_nothing(back, server, mail):
    sender = send(back, server)
    before = back.slapd.slapcat()
    done = take_back(back, mail, RECIPIENT=sender)
    assert done.returncode == DATAERR and b"bounce-refused" in done.stderr
    assert back.slapd.slapcat() == before


def test_somebodys_mail_is_no_report(back, server):
    """Nobody who writes a report wants an answer; who does want one gets no loop."""
    sender = send(back, server)
    before = back.slapd.slapcat()
    assert take_back(back, report(), RECIPIENT=sender, SENDER="kim@example.net").returncode == DATAERR
    assert take_back(back, report(), "--recipient", sender, "--sender", "mailer-daemons@x").returncode == DATAERR
    assert back.slapd.slapcat() == before


@pytest.mark.parametrize("forge", [
    lambda sender: sender.translate(str.maketrans("0123", "1230")), lambda sender: "bounce+" + sender,
    lambda sender: sender[1:], lambda _sender: "postmaster@" + DOMAIN, lambda _sender: "0" * 56 + "@" + DOMAIN,
    lambda _sender: "", lambda _sender: "@", lambda sender: f"<{sender}>",
], ids=["another", "with-a-mailbox", "cut", "somebody", "zeros", "empty", "at", "brackets"])
def test_a_forged_address_does_nothing(back, server, forge):
    sender = send(back, server)
    before = back.slapd.slapcat()
    done = take_back(back, report(), "--recipient", forge(sender))
    assert done.returncode == NOUSER and back.slapd.slapcat() == before


def test_a_report_of_an_earlier_sending_does_nothing(back, server):
    """Sent again since, and perhaps elsewhere: that one has not come back."""
    first = send(back, server)
    admin = back.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend(KIM, back.message()["id"], "kim.other@example.com"))
    for state in ("queued", "sent"):
        assert take_back(back, report(), RECIPIENT=first).returncode == OK
        assert back.message()["state"] == state
        back.mailer.once()
    assert server.recipients[-1] == "kim.other@example.com"
    assert take_back(back, report(), RECIPIENT=server.senders[-1]).returncode == OK
    assert back.message()["state"] == "failed"


def test_keys_are_changed_without_losing_what_is_under_way(back, server):
    old = send(back, server)
    new_key, old_key = bounce_key(back, "new.key"), back.mailer.directory / "bounce.key"
    back.send_to(server.url, bounces={"domain": DOMAIN, "key": f"{new_key};{old_key}"})
    new = send(back, server, LEE)
    for sender, user in ((old, KIM), (new, LEE)):
        assert take_back(back, report(), RECIPIENT=sender).returncode == OK
        assert back.message(user)["state"] == "failed"


def test_while_the_directory_is_away_the_mail_server_keeps_it(back, server):
    sender = send(back, server)
    back.slapd.stop()
    assert take_back(back, report(), RECIPIENT=sender).returncode == TEMPFAIL
    back.slapd.start()
    assert take_back(back, report(), RECIPIENT=sender).returncode == OK
    assert back.message()["state"] == "failed"


def test_the_other_host_is_quicker_than_the_mailer(back, server):
    """It says no before the mailer has said that the mail was sent: the report waits a moment for that."""
    with ThreadPoolExecutor() as pool:
        reports = []

        def taken() -> None:
            reports.append(pool.submit(take_back, back, report(), RECIPIENT=server.senders[-1]))
            time.sleep(1)
        server.taken = taken
        back.reset()
        back.mailer.once()
        assert reports[0].result().returncode == OK
    assert back.message()["state"] == "failed" and back.message()["answer"].startswith("returned by")


def test_what_is_not_settled_for_long_is_reported_later(back, server):
    reports = []
    server.taken = lambda: reports.append(take_back(back, report(), RECIPIENT=server.senders[-1]))
    back.reset()
    back.mailer.once()
    assert reports[0].returncode == TEMPFAIL and back.message()["state"] == "sent"
    assert take_back(back, report(), RECIPIENT=server.senders[-1]).returncode == OK
    assert back.message()["state"] == "failed"


def test_of_who_has_gone_nobody_wants_to_know(back, server):
    sender = send(back, server)
    back.slapd.root().delete_s(KIM)
    assert take_back(back, report(), RECIPIENT=sender).returncode == OK


def test_secrets_in_the_words_are_not_kept(back, server):
    """A host that quotes the mail, or its sender: others than the owner read the answer."""
    back.reset()
    back.mailer.once()
    sender, mail = server.senders[-1], server.mails[-1]
    text = mail.get_body(("plain",)).get_content()
    quoted = " ".join(re.findall(r"[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3}", text)[:1] + [sender])
    assert take_back(back, report(words=f"550 I do not like {quoted}"), RECIPIENT=sender).returncode == OK
    assert back.message()["answer"] == f"returned by mx.example.net: 550 I do not like ... ...@{DOMAIN}"


@pytest.mark.parametrize("broken", ["no config", "no file", "no domain", "no recipient", "key is open", "option"])
def test_a_fault_of_the_settings_returns_no_mail(back, server, broken):
    """What comes back meanwhile waits at the mail server."""
    sender = send(back, server)
    options, environment = [], {"RECIPIENT": sender}
    if broken == "no config":
        back.mailer.config = back.mailer.directory / "none.conf"
    elif broken == "no file":
        (back.mailer.directory / "bounce.key").unlink()
    elif broken == "no domain":
        back.send_to(server.url)
    elif broken == "no recipient":
        environment = {}
    elif broken == "key is open":
        (back.mailer.directory / "bounce.key").chmod(0o644)
    elif broken == "option":
        options = ["--recipients", sender]
    done = take_back(back, report(), *options, **environment)
    assert done.returncode == TEMPFAIL and done.stderr


@pytest.mark.parametrize("settings, word", [
    ({"domain": DOMAIN}, "key"), ({"key": "x"}, "domain"), ({"mailbox": "bounce"}, "domain"),
    ({"domain": "not a domain", "key": "x"}, "domain"), ({"domain": "a@b", "key": "x"}, "domain"),
    ({"domain": DOMAIN, "key": "x", "mailbox": "bounces1"}, "mailbox"),
    ({"domain": DOMAIN, "key": "x", "mailbox": "Bounce"}, "mailbox"),
    ({"domain": DOMAIN, "key": "x", "mailbox": "a+b"}, "mailbox"),
    ({"domain": DOMAIN, "key": "/nonexistent/key"}, "/nonexistent/key"),
], ids=range(9))
def test_settings_that_are_wrong(mailed, server, settings, word):
    mailed.send_to(server.url, bounces=settings)
    done = places.run("latchkey-mailer", "once", "--config", str(mailed.mailer.config), check=False,
                      timeout=PATIENCE)
    assert done.returncode == 2 and word in done.stderr


def test_check_says_where_they_come_back(back):
    said = places.run("latchkey-mailer", "check", "--config", str(back.mailer.config), check=False).stdout
    assert f"good: Bounces: mails come back to addresses in {DOMAIN}." in said


def test_health_knows_of_them(back, server, tmp_path):
    files = {"metrics": str(tmp_path / "mailer.prom")}, {"metrics": str(tmp_path / "bounces.prom")}

    def health() -> tuple[int, str]:
        done = places.run("latchkey-mailer", "health", "--config", str(back.mailer.config), check=False)
        return done.returncode, done.stdout
    back.send_to(server.url, files[0], {"domain": DOMAIN, "key": str(bounce_key(back, "other.key")), **files[1]})
    back.reset(LEE)
    sender = send(back, server)
    assert health()[0] == 0
    assert take_back(back, report("delayed"), RECIPIENT=sender).returncode == OK
    assert health()[0] == 0 and not (tmp_path / "bounces.prom").exists()
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda sender: take_back(back, report(), RECIPIENT=sender), 2 * server.senders))
    assert [each.returncode for each in done] == [OK] * 4, "two of them tell nothing new"
    assert health()[0] == 2 and "a message has come back" in health()[1]
    assert "latchkey_mailer_bounced_total 2\n" in (tmp_path / "bounces.prom").read_text()
