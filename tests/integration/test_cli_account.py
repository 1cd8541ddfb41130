"""latchkey account: what users own and change by themselves, on a terminal, for programs and for screen readers, in Korean and in
English."""

import pytest

from latchkey_testing import places, recovery, wire
from latchkey_testing.cli import CREDENTIALS, NO_SUCH_USER, POLICY, REFUSED, USAGE, Cli, Terminal
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED_POLICY, entries, password_of

NEW = "Kims-Own-Choice-1"


@pytest.fixture
def slapd(start, key_file):
    """All methods of recovery."""
    policy = {"latchkeyMethod": ["mail", "totp", "recoveryCode"]}
    held = [(dn, {**attributes, **policy} if dn == MANAGED_POLICY else attributes) for dn, attributes in entries()]
    return start(entries=held, latchkey={"olcLatchkeyKeyFile": [str(key_file)]})


@pytest.fixture
def latchkey(slapd):
    return Cli(slapd)


def test_what_there_is_is_shown(latchkey):
    shown = latchkey("account", who=KIM).stdout
    assert "김정현 (kim)" in shown and "Recovery address: kim@example.net" in shown and "Language of mails: ko-KR" in shown
    assert "Authenticator app: none." in shown and "Printed recovery codes: none." in shown
    latchkey("enrol", "codes", who=KIM)
    shown = latchkey("account", who=KIM).stdout
    assert "Printed recovery codes that are left: 10" in shown and "new recovery codes, by the user" in shown
    told = latchkey.json("account", who=KIM)
    assert told["recoveryAddresses"] == ["kim@example.net"] and told["recoveryCodesLeft"] == 10
    assert told["dn"] == KIM and told["language"] == "ko-KR" and told["authenticatorApp"] is False
    assert told["events"][0]["what"] == "enrolment"


def test_in_korean(latchkey):
    korean = places.environment(LANGUAGE="ko")
    shown = latchkey("account", who=KIM, env=korean).stdout
    assert "복구 이메일 주소: kim@example.net" in shown and "latchkey misuse" not in shown, "nothing was done yet"
    latchkey("misuse", who=KIM)
    assert "latchkey misuse" in latchkey("account", who=KIM, env=korean).stdout


def test_a_password_is_changed(latchkey, slapd):
    wrong = latchkey("account", "password", "--stdin", who=KIM, input=f"is-it-this-one\n{NEW}\n", status=CREDENTIALS)
    assert "was not right" in wrong.stderr and slapd.signs_in(KIM, password_of(KIM))
    latchkey("account", "password", "--stdin", who=KIM, input=f"{password_of(KIM)}\nx\n", status=POLICY)
    done = latchkey("account", "password", "--stdin", who=KIM, input=f"{password_of(KIM)}\n{NEW}\n")
    assert "Your password was changed." in done.stdout and slapd.signs_in(KIM, NEW)


def test_a_temporary_one_is_changed_before_anything_else(slapd):
    admin = slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    temporary, _answer = wire.password_modify(admin, KIM, control=wire.notify())
    refused = slapd.tool("latchkey", "account", dn=KIM, password=temporary, check=False)
    assert refused.returncode == REFUSED and "Your own password has to be changed first." in refused.stderr
    slapd.tool("latchkey", "account", "password", "--stdin", dn=KIM, password=temporary, input=f"{temporary}\n{NEW}\n")
    assert slapd.signs_in(KIM, NEW)


def test_on_a_terminal(slapd):
    """Nothing of what is typed is shown; two that differ change nothing."""
    def typed(again: str) -> tuple[int, str]:
        terminal = Terminal("latchkey", "-H", slapd.uri, "-D", KIM, "-W", "account", "password")
        for prompt, text in (("sign in with: ", password_of(KIM)), ("have now: ", password_of(KIM)), ("New password: ", NEW),
                             ("again: ", again)):
            terminal.expect(prompt)
            terminal.type(text + "\n")
        return terminal.end()

    status, words = typed("another")
    assert status == USAGE and "not the same" in words and slapd.signs_in(KIM, password_of(KIM))
    status, words = typed(NEW)
    assert status == 0 and "Your password was changed." in words and NEW not in words and slapd.signs_in(KIM, NEW)


def test_the_last_address_stays(latchkey, slapd, mailer):
    said = latchkey("account", "remove-address", "kim@example.net", who=KIM, status=REFUSED).stderr
    assert "This is your only recovery address." in said
    latchkey("enrol", "address", "kim@post.example", "--begin", who=KIM)
    mailer.once()
    code = recovery.mails.code_in(recovery.mails.to(mailer.mails(), "kim@post.example")[-1])
    latchkey("enrol", "address", "kim@post.example", "--stdin", who=KIM, input=code + "\n")
    assert "not one of your" in latchkey("account", "remove-address", "lee@example.net", who=KIM, status=NO_SUCH_USER).stderr
    latchkey("account", "remove-address", "KIM@example.net", who=KIM)
    assert slapd.entry(KIM)["latchkeyRecoveryAddress"] == [b"kim@post.example"]


def test_the_language_of_mails(latchkey, slapd):
    assert "in this language now: en" in latchkey("account", "language", "en", who=KIM).stdout
    assert slapd.entry(KIM)["preferredLanguage"] == [b"en"]
    for wrong in ("", "ko KR", "한국어", "x" * 36):
        assert "Say which language" in latchkey("account", "language", wrong, who=KIM, status=USAGE).stderr


@pytest.mark.parametrize("words, said", [
    (("account", "kim"), "takes no name"), (("account", "password", "kim"), "takes no name"),
    (("account", "remove-address"), "Say which address"), (("account", "--reason", "x"), "does not belong")])
def test_wrong_usage(latchkey, words, said):
    assert said in latchkey(*words, who=LEE, status=USAGE).stderr


def test_nobody_has_no_account(latchkey):
    assert "Say who you are" in latchkey("account", status=USAGE).stderr
    assert "wants you to sign in" in latchkey("account", "-x", status=CREDENTIALS).stderr


# --- codes as people type them ------------------------------------------------------------------------------------------

TWO_BEOLSIK = str.maketrans("ABCDEFGHJKMNPQRSTVWXYZ", "ㅁㅠㅊㅇㄷㄹㅎㅗㅓㅏㅡㅜㅔㅂㄱㄴㅅㅍㅈㅌㅛㅋ")


def test_a_code_typed_as_hangul_is_understood_and_said(latchkey, slapd, mailer):
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{code.translate(TWO_BEOLSIK)}\n{NEW}\n")
    assert f"understood as {code}" in done.stderr and slapd.signs_in(KIM, NEW)


def test_a_code_in_a_line_of_the_mail(latchkey, slapd, mailer):
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    latchkey("recover", "complete", "kim", "--stdin", input=f"코드는 {code}입니다\n{NEW}\n")
    assert slapd.signs_in(KIM, NEW)


def test_the_whole_mail_is_pasted_on_a_terminal(slapd, mailer):
    """Its other lines are no answers to what is asked next."""
    recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    mail = recovery.mails.text(recovery.mails.to(mailer.mails(), "kim@example.net")[-1])
    assert mail.count("\n") > 5
    terminal = Terminal("latchkey", "-H", slapd.uri, "recover", "complete", "kim")
    for prompt, text in (("from the mail: ", mail), ("New password: ", NEW), ("again: ", NEW)):
        terminal.expect(prompt)
        terminal.type(text + "\n")
    assert terminal.end()[0] == 0 and slapd.signs_in(KIM, NEW)


@pytest.mark.parametrize("typed", [
    recovery.full_width, lambda code: f" {code[:3]} {code[3:9]}\u3000- {code[9:]} ",
    lambda code: code.replace("-", "").lower().replace("0", "o").replace("1", "l")], ids=["full width", "stray spaces", "no groups"])
def test_a_code_however_it_is_written(latchkey, slapd, mailer, typed):
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    latchkey("recover", "complete", "kim", "--stdin", input=f"{typed(code)}\n{NEW}\n")
    assert slapd.signs_in(KIM, NEW)


def test_another_users_code_and_one_that_was_used(latchkey, slapd, mailer):
    theirs = recovery.code_for(slapd, mailer, "lee", "lee@example.net")
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    said = "already used, or for another user"
    for proof, status in ((theirs, CREDENTIALS), (code, 0), (code, CREDENTIALS)):
        done = latchkey("recover", "complete", "kim", "--stdin", input=f"{proof}\n{NEW}\n", status=status)
        assert (said in done.stderr) == bool(status)
    assert slapd.signs_in(KIM, NEW)


@pytest.mark.parametrize("typed, said", [
    ("Qm7x-4Kpt-Rw9d-hT3n", "This is a temporary password"), ("hello", "This is no code."),
    ("123 456", "They count as the second proof"), ("K7QF-2M9X-4TR", "This has 11; compare it"),
    ("K7QF-2M9X-4TRB-99", "This has 14; compare it"),
    ("K7QF-2M9X-4TRB and 1111-2222-3333", "several codes")])
def test_what_is_no_code_is_not_sent(latchkey, slapd, typed, said):
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{typed}\n{NEW}\n", status=CREDENTIALS)
    assert said in done.stderr and "event=recovery" not in slapd.log.read_text()
