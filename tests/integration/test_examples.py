"""The examples for applications do what they say, in each language alike: ask for a code, use it, and sign in with a temporary
password; and the octets in their page are those that travel."""

import re
import subprocess

import ldap
import pytest

from latchkey_testing import mails, places, raw, recovery, watching, wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, lock_out, password_of
from latchkey_testing.tap import tapped
from latchkey_testing.waiting import PATIENCE, wait_for

EXAMPLES = places.ROOT / "examples"
NEW = "blue-Ladder-38-moon"
CODE = "K7QF-2M9X-4TRB"
SAME_FOR_ALL = "If this account exists, a code is on its way."


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """The example in C, built against the library of the build."""
    program = tmp_path_factory.mktemp("example") / "forgot-password"
    library = places.BUILD / "plugin/client"
    places.run("cc", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", f"-I{places.ROOT}/plugin/client", "-o", str(program),
               str(EXAMPLES / "c/forgot-password.c"), f"-L{library}", f"-Wl,-rpath,{library}", "-llatchkey", "-lldap")
    return program


@pytest.fixture(params=["c", "shell", "python", "php"])
def example(request, slapd):
    """A function that runs an example: example(step, user, *lines) returns exit status and output."""
    commands = {"shell": ["sh", EXAMPLES / "shell/forgot-password.sh"],
                "python": ["/usr/bin/python3", EXAMPLES / "python/forgot_password.py"],
                "php": ["php", EXAMPLES / "php/forgot-password.php"]}
    command = commands.get(request.param) or [*watching.prefix(slapd.directory, "example"), request.getfixturevalue("compiled")]

    def run(step: str, user: str, *lines: str, uri: str = slapd.uri) -> tuple[int, str]:
        words = "".join(line + "\n" for line in lines)
        done = subprocess.run([*command, uri, step, user], input=words, text=True, capture_output=True,
                              timeout=PATIENCE, check=False, env=places.environment())
        return done.returncode, done.stdout + done.stderr

    run.keeps_passwords = request.param != "shell"
    return run


def code_by(example, slapd, mailer, user: str = "kim") -> str:
    """Asks for a code by the example, and reads it in the mailbox."""
    before = recovery.served(slapd)
    assert example("request", user) == (0, SAME_FOR_ALL + "\n")
    wait_for(lambda: recovery.served(slapd) > before)
    mailer.once()
    return mails.code_in(mails.to(mailer.mails(), "kim@example.net")[-1])


def test_forgot_password(slapd, mailer, example):
    code = code_by(example, slapd, mailer)
    status, words = example("complete", "kim", "0000-0000-0000", NEW)
    assert status == 1 and "This was not accepted" in words
    status, words = example("complete", "kim", code, "x")
    assert status == 1 and "quality" in words
    status, words = example("complete", "kim", code, NEW)
    assert status == 0 and "You can sign in again." in words
    assert slapd.signs_in(KIM, NEW)


def test_an_account_that_was_locked(slapd, mailer, example):
    if not example.keeps_passwords:
        status, words = example("complete", "kim", CODE, "")
        assert status == 1
        return
    lock_out(slapd, KIM)
    assert example("complete", "kim", code_by(example, slapd, mailer))[0] == 0
    assert slapd.signs_in(KIM, password_of(KIM))


def test_nobody_is_answered_alike(slapd, mailer, example):
    assert example("request", "nobody") == (0, SAME_FOR_ALL + "\n")
    assert "This was not accepted" in example("complete", "nobody", CODE, NEW)[1]


def test_a_temporary_password(slapd, mailer, example):
    admin = slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    temporary, _answer = wire.password_modify(admin, KIM, control=wire.notify())
    status, words = example("sign-in", KIM, temporary, NEW)
    assert status == 0 and "The password had to be changed first, and was." in words, words
    status, words = example("sign-in", KIM, NEW, "")
    assert status == 0 and "Signed in." in words
    assert example("sign-in", KIM, temporary, "")[0] == 1


# --- the page -----------------------------------------------------------------------------------------------------------


def layouts() -> list[bytes]:
    """The octets of each layout that is worked through."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    +(?:[0-9a-f]{2} )*[0-9a-f]{2}(?: {2,}.*)?\n(?:^ {20,}.*\n)?)+", text, re.MULTILINE)
    found = []
    for block in blocks:
        lines = [re.match(r" *((?:[0-9a-f]{2} ?)+)(?: {2}|$)", line) for line in block.splitlines()]
        found.append(bytes.fromhex("".join(line.group(1) for line in lines if line)))
    return found


def test_the_octets_of_the_page_are_right():
    modify = wire.sequence(wire.element(0x80, "kim"), wire.element(0x81, CODE), wire.element(0x82, NEW))
    assert layouts() == [wire.recovery_request("kim", "ko-KR"), wire.recovery_complete("kim", CODE, new=NEW), modify]


def test_the_octets_of_the_page_are_those_that_travel(slapd, tmp_path, example):
    """As each library sends them; the shell's ldappasswd sends a Password Modify."""
    request, complete, modify = layouts()
    with tapped(slapd, tmp_path / "tap") as tap:
        assert example("complete", "kim", CODE, NEW, uri=tap.uri)[0] == 1
        assert (complete if example.keeps_passwords else modify) in tap.sent
        places.run("latchkey", "-H", tap.uri, "recover", "request", "kim", "--lang", "ko-KR")
        assert request in tap.sent


def test_the_page_tells_what_a_temporary_password_looks_like(slapd, mailer):
    """The control in the bind's answer, and 50 for everything but a change."""
    admin = slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    temporary, _answer = wire.password_modify(admin, KIM, control=wire.notify())
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    with raw.Raw(slapd) as connection:
        answer = connection.ask(raw.bind(KIM, temporary), raw.control(raw.PASSWORD_POLICY, critical=False))
    assert answer.result == 0
    assert "30 03 81 01 02" in page and bytes.fromhex("3003810102") in answer.controls
    with pytest.raises(ldap.INSUFFICIENT_ACCESS) as refused:
        slapd.connect(KIM, temporary).read_s(KIM)
    assert refused.value.args[0]["info"] in page
