"""Whatever a mail server does, at whatever stage, the message ends in the right state with the server's words on the entry,
nothing is sent twice, and another mail server is asked where the first cannot have the mail."""

import itertools
import time

import pytest
from latchkey_testing import places, watching
from latchkey_testing.mail_servers import MailServer, certificate
from latchkey_testing.mailed import LOGIN, Mailed
from latchkey_testing.organization import KIM, MANAGED, entries, person
from latchkey_testing.scripted_smtp import DROP, HALF_A_HANDSHAKE, PLAIN, SILENCE, STAGES, ScriptedServer

# Until the mail itself was offered a refusal is about us; from there on it is about the mail.
ABOUT_THE_MAIL = ("mail", "rcpt", "data", "content")
# Seconds for each answer.
TIMEOUT = f"{watching.patience(5):.0f}"
# With a mail server that has had the mail and said nothing about it, nobody knows.
LONG = b"x" * 100_000

ACTIONS = {
    "4xx": (b"451 4.3.0 try again another time\r\n", "451 4.3.0 try again another time"),
    "5xx": (b"554 5.3.2 we do not want this\r\n", "554 5.3.2 we do not want this"),
    "several-lines": (b"550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", "550 5.7.1 three"),
    "garbage": (b"\xff\xfe what is this\r\n", ""),
    "over-long": (b"550 5.0.0 " + LONG + b"\r\n", ""),
    "no-line-end": (LONG, ""),
    "silence": (SILENCE, ""),
    "drop": (DROP, ""),
}
TLS_ACTIONS = {"half-a-handshake": HALF_A_HANDSHAKE, "silence": SILENCE, "drop": DROP, "garbage": b"250 not TLS\r\n" * 9}
CASES = [(stage, name) for stage in STAGES if stage != "handshake" for name in ACTIONS]
CASES += [("handshake", name) for name in TLS_ACTIONS]


def action_of(stage: str, name: str):
    """What is done, and what the entry must say of it."""
    return (TLS_ACTIONS[name], "") if stage == "handshake" else ACTIONS[name]


def state_after(stage: str, name: str) -> str:
    """A refusal for good is one where it is about the mail, and only if it can be read."""
    return "failed" if name in ("5xx", "several-lines", "over-long") and stage in ABOUT_THE_MAIL else "deferred"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate for localhost, and its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A slapd and a mailer, whose servers have a moment for each answer."""
    people = [person(f"case{number}", MANAGED, f"Case {number}") for number in range(len(CASES))]
    made = Mailed(make_slapd, tmp_path, lambda _key: [*entries(latchkeyTell="nothing"), *people])
    yield made
    made.mailer.check()


def settings(url: str, tls, **more: str) -> dict[str, str]:
    """A group [smtp]."""
    return {"url": url, "starttls": "required", "ca_file": str(tls[0]), "timeout": TIMEOUT, "user": LOGIN["user"], **more}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_and_every_answer(mailed, tls, stage):
    """One message a case, for a user of its own; a mailer for each."""
    password = mailed.slapd.secret_file(LOGIN["password"])
    for number, (_stage, name) in enumerate(case for case in CASES if case[0] == stage):
        action, words = action_of(stage, name)
        user = f"uid=case{number},{MANAGED}"
        secret = mailed.reset(user)
        with ScriptedServer(stage, action, tls=tls).running() as server:
            mailed.mailer.attach(mailed.slapd, maildir={}, smtp=settings(server.url, tls, password_file=password))
            began = time.monotonic()
            done = mailed.mailer.once(check=False)
            took = time.monotonic() - began
        message = mailed.message(user)
        assert (done.returncode, message["state"]) == (1, state_after(stage, name)), (name, message)
        assert words in message["answer"] and message["answer"], (name, message)
        assert len(message["answer"].encode()) <= 256 and message["answer"].isprintable(), (name, message)
        assert secret not in message["answer"] + done.stderr
        assert took < watching.patience(60), (name, took)
        # Where all is slow its message would be due again with the next one, and the first to find the server as it is then.
        mailed.slapd.root().delete_s(user)


def test_the_script_itself_takes_a_mail(mailed, tls):
    """Otherwise the test above would find every stage wrong."""
    password = mailed.slapd.secret_file(LOGIN["password"])
    mailed.reset()
    with ScriptedServer(tls=tls).running() as server:
        mailed.mailer.attach(mailed.slapd, maildir={}, smtp=settings(server.url, tls, password_file=password))
        mailed.mailer.once()
        assert server.mails == 1
    assert mailed.message()["answer"] == "250 2.0.0 taken"


def test_a_wrong_certificate(mailed, tls, tmp_path):
    other = certificate(tmp_path, "elsewhere.example.net")
    password = mailed.slapd.secret_file(LOGIN["password"])
    mailed.reset()
    with ScriptedServer(tls=other).running() as server:
        for ca_file in (tls[0], other[0]):
            mailed.mailer.attach(mailed.slapd, maildir={}, smtp=settings(
                server.url, (ca_file, None), password_file=password))
            mailed.mailer.once(check=False)
            check = places.run("latchkey-mailer", "check", "--config", str(mailed.mailer.config), check=False)
            assert check.returncode == 1 and "WRONG: Mail server" in check.stdout
        assert server.mails == 0
    assert mailed.message()["state"] == "deferred"


def test_check_wants_to_sign_in_where_it_is_told_to(mailed, tls):
    password = mailed.slapd.secret_file(LOGIN["password"])
    offers = PLAIN["ehlo"].replace(b"250-STARTTLS\r\n250 AUTH PLAIN", b"250 STARTTLS")
    with ScriptedServer(tls=tls, offers=offers).running() as server:
        mailed.mailer.attach(mailed.slapd, maildir={}, smtp=settings(server.url, tls, password_file=password))
        check = places.run("latchkey-mailer", "check", "--config", str(mailed.mailer.config), check=False)
    assert check.returncode == 1
    assert "the server offers no way to sign in as latchkey" in check.stdout


# Several mail servers


def attach_two(mailed: Mailed, first: str, second: str, **service: str) -> None:
    """Has the mailer prefer FIRST."""
    plain = {"starttls": "no", "timeout": TIMEOUT}
    mailed.mailer.attach(mailed.slapd, maildir={}, service=service, **{
        "smtp": {"url": first, **plain}, "smtp backup": {"url": second, **plain}})


@pytest.mark.parametrize("stage, action", [
    *itertools.product(("greeting", "ehlo"), (b"421 4.3.2 closing\r\n", b"554 5.3.2 no\r\n", DROP, SILENCE)),
    ("mail", b"421 4.3.2 closing\r\n"), ("rcpt", DROP), ("data", b"421 4.3.2 closing\r\n"),
])
def test_another_mail_server_is_asked(mailed, stage, action):
    mailed.reset()
    with ScriptedServer(stage, action).running() as first, MailServer().running() as second:
        attach_two(mailed, first.url, second.url)
        mailed.mailer.once()
        assert (first.mails, len(second.mails)) == (0, 1)
    assert mailed.message()["state"] == "sent"


@pytest.mark.parametrize("action", [SILENCE, DROP, b"421 4.3.2 closing\r\n", b"451 4.3.0 later\r\n",
                                    b"554 5.7.1 no\r\n"])
def test_nobody_else_is_asked_who_might_be_second(mailed, action):
    """The first server has had all of the mail."""
    mailed.reset()
    with ScriptedServer("content", action).running() as first, MailServer().running() as second:
        attach_two(mailed, first.url, second.url)
        mailed.mailer.once(check=False)
        assert len(second.mails) == 0
    assert mailed.message()["state"] == ("failed" if isinstance(action, bytes) and action[:1] == b"5" else "deferred")


def test_a_refusal_of_the_mail_is_an_answer(mailed):
    mailed.reset()
    with ScriptedServer("rcpt", b"550 5.1.1 no such person\r\n").running() as first, MailServer().running() as second:
        attach_two(mailed, first.url, second.url)
        mailed.mailer.once(check=False)
        assert len(second.mails) == 0
    assert (mailed.message()["state"], mailed.message()["answer"]) == ("failed", "550 5.1.1 no such person")


def test_a_server_that_is_away_is_not_asked_for_every_mail(mailed):
    with ScriptedServer("greeting", SILENCE).running() as first, MailServer().running() as second:
        attach_two(mailed, first.url, second.url, connections="1")
        for _ in range(8):
            mailed.reset(KIM)
        mailed.mailer.once()
        assert len(second.mails) == 8
        assert first.connections <= 2
