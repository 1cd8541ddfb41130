"""latchkey enrol, and a recovery with what was enrolled: as people and as programs run it."""

import base64
import os

import pytest

from latchkey_testing import enrolment, mails, places, recovery
from latchkey_testing.cli import CREDENTIALS, DONE, REFUSED, USAGE, Cli, Terminal
from latchkey_testing.enrolment import value_of
from latchkey_testing.organization import KIM, MANAGED_POLICY, PASSWORD_ADMIN, entries, password_of, sign_in
from latchkey_testing.recovery import code_for

NEW = "Another-password-1"


@pytest.fixture
def slapd(make_slapd, mailer, tmp_path):
    """All methods, and two of them required."""
    key = tmp_path / "key"
    key.write_text(base64.b64encode(os.urandom(32)).decode())
    key.chmod(0o600)
    policy = {"latchkeyMethod": ["mail", "totp", "recoveryCode"], "latchkeyMethodsRequired": ["2"]}
    organization = [(dn, {**attributes, **policy} if dn == MANAGED_POLICY else attributes) for dn, attributes in entries()]
    slapd = make_slapd(entries=organization, mailer_keys=(mailer.public_key,),
                       latchkey={"olcLatchkeyKeyFile": [str(key)]})
    mailer.attach(slapd)
    return slapd


@pytest.fixture
def latchkey(slapd):
    return Cli(slapd)


def secret_of(text: str) -> bytes:
    return base64.b32decode(text)


def test_ten_codes_are_printed(latchkey):
    shown = latchkey("enrol", "codes", who=KIM).stdout
    assert len([line for line in shown.splitlines() if line.startswith("  ") and line.count("-") == 5]) == 10
    codes = latchkey.json("enrol", "codes", who=KIM)["codes"]
    assert len(codes) == 10 and codes[0] not in shown


def test_this_was_not_me(latchkey, slapd, mailer):
    code = code_for(slapd, mailer, "kim", "kim@example.net")
    said = latchkey("misuse", who=KIM).stdout
    assert "this was not you" in said and "latchkey account password" in said
    latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{NEW}\n", status=CREDENTIALS)
    assert latchkey.json("misuse", who=KIM) == {"ok": True}
    assert "misuse reported, by the user\n" in latchkey("status", "kim", who=PASSWORD_ADMIN).stdout
    assert "계정 도용 신고" in latchkey("status", "kim", who=PASSWORD_ADMIN,
                                        env=places.environment(LANGUAGE="ko")).stdout


@pytest.mark.parametrize("words, who, status, said", [
    ((), "", USAGE, "Say who you are"), (("kim",), KIM, USAGE, "takes no name"),
    (("--reason", "x"), KIM, USAGE, "does not belong")])
def test_who_cannot_say_so(latchkey, words, who, status, said):
    assert said in latchkey("misuse", *words, who=who, status=status).stderr


def test_what_was_enrolled_is_told_by_its_name(latchkey):
    latchkey("enrol", "codes", who=KIM)
    assert "new recovery codes, by the user\n    From: PATH=" in latchkey("status", "kim", who=KIM).stdout


def test_an_app_is_enrolled_in_two_steps(latchkey, slapd):
    begun = latchkey.json("enrol", "totp", "--begin", who=KIM)
    assert begun["uri"] == (f"otpauth://totp/Example%20Organization%3Akim?secret={begun['secret']}"
                            "&issuer=Example%20Organization&algorithm=SHA1&digits=6&period=30")
    secret = secret_of(begun["secret"])
    wrong = latchkey("enrol", "totp", "--stdin", who=KIM, input=enrolment.wrong_value(secret), status=CREDENTIALS)
    assert "Begin again" in wrong.stderr
    enrolment.wait_for_fresh_step()
    full_width = recovery.full_width(value_of(secret))
    latchkey("enrol", "totp", "--code-file", slapd.secret_file(f" {full_width[:3]} {full_width[3:]}"), who=KIM)
    assert enrolment.method_state(sign_in(slapd, KIM), KIM) == {"totp"}


def test_an_address_is_enrolled_in_two_steps(latchkey, slapd, mailer):
    assert latchkey.json("enrol", "address", "kim@example.com", "--begin", "--lang", "ko", who=KIM)["address"]
    mailer.once()
    mail, = mails.to(mailer.mails(), "kim@example.com")
    assert "확인 코드" in mails.text(mail)
    latchkey("enrol", "address", "kim@example.com", "--stdin", who=KIM, input="K7QF-2M9X-4TRB", status=CREDENTIALS)
    short = latchkey("enrol", "address", "kim@example.com", "--stdin", who=KIM, input="K7QF-2M9X", status=CREDENTIALS)
    assert "This has 8; compare it" in short.stderr
    latchkey("enrol", "address", "kim@example.com", "--stdin", who=KIM, input=f"코드는 {mails.code_in(mail)}입니다")
    assert b"kim@example.com" in slapd.entry(KIM)["latchkeyRecoveryAddress"]


def test_an_app_is_enrolled_on_a_terminal(slapd):
    enrolment.wait_for_fresh_step()
    terminal = Terminal("latchkey", "enrol", "totp", "-H", slapd.uri, "-D", KIM, "-y",
                        slapd.secret_file(password_of(KIM)))
    terminal.expect("  otpauth://totp/Example%20Organization%3Akim?secret=")
    terminal.expect("&issuer")
    terminal.expect("What the app shows now: ")
    terminal.type("123\n")
    status, seen = terminal.end()
    assert status == CREDENTIALS and "shows six digits" in seen


def test_a_recovery_takes_two_proofs_on_standard_input(latchkey, slapd, mailer):
    codes = latchkey.json("enrol", "codes", who=KIM)["codes"]
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    code = code_for(slapd, mailer, "kim", "kim@example.net")
    latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{NEW}\n", status=CREDENTIALS)
    latchkey("recover", "complete", "kim", "--totp", "--stdin", input=f"{code}\n{codes[0]}\n{NEW}\n")
    assert slapd.signs_in(KIM, NEW)
    latchkey("recover", "complete", "kim", "--totp", "--stdin", "--keep-password", input=f"{codes[1]}\n{value_of(secret)}\n")


def test_a_recovery_asks_for_two_proofs_on_a_terminal(slapd):
    connection = sign_in(slapd, KIM)
    code, secret = enrolment.new_codes(connection)[0], enrolment.enrol_totp(connection)
    terminal = Terminal("latchkey", "recover", "complete", "kim", "--totp", "-H", slapd.uri)
    terminal.expect("Code from the mail: ")
    terminal.type(f"{code.lower()}\n")
    terminal.expect("What your authenticator app shows, or a printed code: ")
    terminal.type(f"{value_of(secret)}\n")
    for question in ("New password: ", "New password again: "):
        terminal.expect(question)
        terminal.type(f"{NEW}\n")
    assert terminal.end()[0] == DONE
    assert slapd.signs_in(KIM, NEW)


@pytest.mark.parametrize("words", [
    ("enrol",), ("enrol", "fingerprint"), ("enrol", "address"), ("enrol", "address", "a@example.com", "b@example.com"),
    ("enrol", "codes", "kim"), ("enrol", "totp", "kim"), ("enrol", "totp", "--begin", "--stdin"), ("enrol", "totp", "--json"),
    ("enrol", "codes", "--begin"), ("reset", "kim", "--totp")])
def test_wrong_usage(latchkey, words):
    assert latchkey(*words, who=KIM, status=USAGE).stderr


def test_what_the_directory_refuses_is_said_in_words(latchkey, slapd):
    assert "mailbox of this address" in latchkey("enrol", "address", "kim@example.org", who=KIM, status=REFUSED).stderr
    assert "counts already" in latchkey("enrol", "address", "kim@example.net", who=KIM, status=REFUSED).stderr
    latchkey("enrol", "address", "nonsense", who=KIM, status=USAGE)
    latchkey("enrol", "codes", status=USAGE)
    refused = latchkey("enrol", "codes", who="uid=han,ou=self,dc=example,dc=org", status=REFUSED)
    assert "does not use this way" in refused.stderr
    slapd.config().modify_s("olcOverlay={1}latchkey,olcDatabase={1}mdb,cn=config", [(1, "olcLatchkeyKeyFile", None)])
    assert "authenticator apps" in latchkey("enrol", "totp", "--begin", who=PASSWORD_ADMIN, status=8).stderr
