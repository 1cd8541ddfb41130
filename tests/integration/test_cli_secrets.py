"""Codes and passwords on their way into latchkey(1): nothing is shown, nothing is an argument, nothing is cut."""

import signal

import pytest

from latchkey_testing import mails, places
from latchkey_testing.cli import CREDENTIALS, DONE, FAILED, USAGE, Cli, Terminal
from latchkey_testing.organization import KIM, PASSWORD_ADMIN, password_of

CODE = "K7QF-2M9X-4TRB"
NEW = "a whole new password"


@pytest.fixture
def latchkey(slapd):
    """The command, against the test's slapd."""
    return Cli(slapd)


def test_a_recovery_on_a_terminal(latchkey, mailer, slapd):
    latchkey("recover", "request", "kim")
    mailer.start()
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    terminal = Terminal("latchkey", "-H", slapd.uri, "recover", "complete", "kim")
    for prompt, answer in (("Code from the mail: ", code), ("New password: ", NEW), ("New password again: ", NEW)):
        terminal.expect(prompt)
        terminal.type(answer + "\n")
    status, seen = terminal.end()
    assert (status, seen.strip()) == (DONE, "The password was changed. You can sign in with the new one.")
    assert slapd.signs_in(KIM, NEW)


def test_two_passwords_that_differ(slapd):
    terminal = Terminal("latchkey", "-H", slapd.uri, "recover", "complete", "kim")
    answers = (("Code from the mail: ", CODE), ("New password: ", NEW), ("New password again: ", NEW + "!"))
    for prompt, answer in answers:
        terminal.expect(prompt)
        terminal.type(answer + "\n")
    status, seen = terminal.end()
    assert status == USAGE and "The two passwords are not the same." in seen and NEW not in seen


def test_signing_in_on_a_terminal(slapd):
    terminal = Terminal("latchkey", "-H", slapd.uri, "-D", PASSWORD_ADMIN, "status", "kim")
    terminal.expect("Password to sign in with: ")
    terminal.type(password_of(PASSWORD_ADMIN) + "\n")
    status, seen = terminal.end()
    assert status == DONE and "김정현 (kim)" in seen and password_of(PASSWORD_ADMIN) not in seen


@pytest.mark.parametrize("key, status", [
    ("\x03", -signal.SIGINT), ("\x1c", -signal.SIGQUIT), ("\x04", USAGE), ("\n", USAGE),
])
def test_leaving_a_question(slapd, key, status):
    terminal = Terminal("latchkey", "-H", slapd.uri, "recover", "complete", "kim")
    terminal.expect("Code from the mail: ")
    terminal.type(key)
    assert terminal.end()[0] == status


def test_a_question_that_was_stopped_is_asked_again(slapd):
    terminal = Terminal("latchkey", "-H", slapd.uri, "recover", "complete", "kim", "--keep-password")
    terminal.expect("Code from the mail: ")
    terminal.type("\x1a")  # nobody is there to continue it, so the kernel does not stop it
    terminal.expect("Code from the mail: ")
    terminal.type(CODE + "\n")
    status, seen = terminal.end()
    assert status == CREDENTIALS and CODE not in seen


@pytest.mark.parametrize("content, words", [
    ("", "there is nothing"), ("\n", "there is nothing"), ("one\ntwo\n", "more than one line"),
    ("a\x00b", "this is not text"),
    ("x" * 5000, "the line is too long"), (b"\xff\xfe", "this is not text"),
])
def test_files_that_hold_no_secret(latchkey, slapd, content, words):
    path = slapd.directory / "given"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o600)
    done = latchkey("recover", "complete", "kim", "--keep-password", "--code-file", path, status=USAGE)
    assert words in done.stderr and done.stderr.count("\n") == 1


def test_files_that_are_not_there(latchkey, slapd):
    done = latchkey("recover", "complete", "kim", "--code-file", slapd.directory / "nowhere", status=USAGE)
    assert "nowhere: it cannot be opened (No such file or directory)." in done.stderr


def test_loose_files_are_warned_of(latchkey, slapd):
    path = slapd.directory / "loose"
    path.write_text(CODE)
    path.chmod(0o644)
    done = latchkey("recover", "complete", "kim", "--keep-password", "--code-file", path, status=CREDENTIALS)
    assert "others on this machine may read or change this file" in done.stderr


def test_a_file_to_sign_in_with_counts_to_the_letter(latchkey, slapd):
    for content, status in ((password_of(PASSWORD_ADMIN), 0), (password_of(PASSWORD_ADMIN) + "\n", CREDENTIALS)):
        done = slapd.tool("latchkey", "status", "kim", dn=PASSWORD_ADMIN, password=content, check=False)
        assert done.returncode == status
    assert "the line break at the end counts as a part of the password" in done.stderr


@pytest.mark.parametrize("given, words", [
    ("", "Standard input, line 1: there is nothing."), (f"{CODE}\n", "Standard input, line 2: there is nothing."),
    (f"{CODE}\n\n", "Standard input, line 2: there is nothing."),
    ("x" * 5000, "Standard input, line 1: the line is too long."),
])
def test_standard_input_that_ends_too_early(latchkey, given, words):
    assert words in latchkey("recover", "complete", "kim", "--stdin", input=given, status=USAGE).stderr


def test_a_long_password_is_not_cut(latchkey, slapd):
    latchkey("reset", "kim", "--stdin", who=PASSWORD_ADMIN, input="x" * 1025 + "\n", status=USAGE)
    latchkey("reset", "kim", "--stdin", who=PASSWORD_ADMIN, input="x" * 1024 + "\n")
    assert slapd.signs_in(KIM, "x" * 1024) and not slapd.signs_in(KIM, "x" * 1023)


def test_a_password_that_cannot_be_printed_is_an_error(slapd):
    password = slapd.secret_file(password_of(PASSWORD_ADMIN))
    words = [places.program("latchkey"), "-H", slapd.uri, "-D", PASSWORD_ADMIN, "-y", password, "reset", "kim"]
    done = places.run("sh", "-c", '"$@" >/dev/full', "sh", *words, check=False)
    assert done.returncode == FAILED and "could not be printed" in done.stderr


def test_no_secret_is_an_argument(latchkey):
    done = latchkey("reset", "kim", "-w", password_of(PASSWORD_ADMIN), status=USAGE)
    assert "-w is not offered" in done.stderr and password_of(PASSWORD_ADMIN) not in done.stderr
    done = latchkey("recover", "complete", "kim", CODE, status=USAGE)
    assert "never an argument" in done.stderr and CODE not in done.stderr
