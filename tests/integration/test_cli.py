"""latchkey(1) against a real directory: what it does, what it prints for people and for programs, and how it ends."""

import time

import ldap
import pytest

from latchkey_testing import mails, places, trail
from latchkey_testing.cli import CREDENTIALS, DONE, NO_SUCH_USER, POLICY, REFUSED, USAGE, Cli
from latchkey_testing.organization import (AUDITOR, CLOSED, GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, NO_ADDRESS,
                                           PASSWORD_ADMIN, SELF, password_of)
from latchkey_testing.settings import DEFAULT_PPOLICY_DN

NEW = "a whole new password"


@pytest.fixture
def latchkey(slapd):
    """The command, against the test's slapd."""
    return Cli(slapd)


@pytest.fixture
def code_for(latchkey, mailer):
    """Asks for a code for a user, and takes it from the mail."""
    mailer.start()

    def ask(user: str) -> str:
        latchkey("recover", "request", user)
        return mails.code_in(mailer.wait_for_mail(f"{user}@example.net"))
    return ask


def test_a_forgotten_password(latchkey, code_for, slapd):
    code = code_for("kim")
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{NEW}\n")
    assert done.stdout == "The password was changed. You can sign in with the new one.\n"
    assert slapd.signs_in(KIM, NEW)
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{NEW} again\n", status=CREDENTIALS)
    assert "The code was not accepted." in done.stderr and not done.stdout


def test_a_code_as_people_type_it(latchkey, code_for, slapd):
    code = code_for("han")
    latchkey("recover", "complete", "han", "--stdin", input=f" {code.lower().replace('-', ' ')}\r\n{NEW}\r\n")
    assert slapd.signs_in(HAN, NEW)


def test_a_lock_is_lifted_and_the_password_kept(latchkey, code_for, slapd):
    for _ in range(3):
        slapd.signs_in(KIM, "wrong")
    assert latchkey.json("status", "kim", who=PASSWORD_ADMIN)["lock"] == "locked"
    code = slapd.secret_file(code_for("kim") + "\n")
    assert not latchkey.json("recover", "complete", "kim", "--keep-password", "--code-file", code)["passwordChanged"]
    assert slapd.signs_in(KIM, password_of(KIM))
    assert latchkey.json("status", "kim", who=PASSWORD_ADMIN)["lock"] == "open"


def test_an_expired_password_is_not_kept(latchkey, code_for, slapd):
    slapd.root().modify_s(DEFAULT_PPOLICY_DN, [(ldap.MOD_ADD, "pwdMaxAge", b"1")])
    slapd.connect(LEE, password_of(LEE)).passwd_s(LEE, None, NEW)
    time.sleep(2)
    state = latchkey.json("status", "lee", who=PASSWORD_ADMIN)
    assert (state["expired"], state["lock"]) == (True, "open")
    code = code_for("lee")
    done = latchkey("recover", "complete", "lee", "--keep-password", "--stdin", input=f"{code}\n", status=REFUSED)
    assert "The password has expired and cannot be kept." in done.stderr
    latchkey("recover", "complete", "lee", "--stdin", input=f"{code}\n{NEW} again\n")


def test_what_the_policy_refuses_leaves_the_code_good(latchkey, code_for):
    code = code_for("kim")
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\nshort\n", status=POLICY)
    assert "too short or too simple" in done.stderr
    done = latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{password_of(KIM)}\n", status=POLICY)
    assert "has already" in done.stderr
    latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\n{NEW}\n")


def test_a_request_tells_nothing(latchkey):
    answers = {latchkey("recover", "request", user).stdout.replace(user, "USER")
               for user in ("kim", "nobody", "closed", "noaddress", "twin", "(uid=*)")}
    assert {answer.replace("'", "") for answer in answers} == {answers.pop().replace("'", "")}


@pytest.mark.parametrize("language, subject", [("ko", "확인 코드"), ("en", "code")])
def test_a_request_is_made_in_the_language_of_its_reader(latchkey, mailer, language, subject):
    latchkey("recover", "request", "song", env=places.environment(LANGUAGE=language))
    mailer.start()
    assert subject in mailer.wait_for_mail("song@example.net")["Subject"]


def test_a_reset_with_a_generated_password(latchkey, slapd):
    done = latchkey("reset", "kim", who=PASSWORD_ADMIN)
    password, = (line.strip() for line in done.stdout.splitlines() if line.startswith("    "))
    assert slapd.signs_in(KIM, password) and password == mails.TEMPORARY_PASSWORD.search(password).group()
    assert "choose a new one" in done.stdout and "latchkey status kim" in done.stdout and not done.stderr


def carrying(messages: list[dict]) -> list[dict]:
    """Those of MESSAGES that carry a password."""
    return [message for message in messages if message["kind"] not in mails.NOTICES]


def test_a_reset_for_programs(latchkey, mailer, slapd):
    answer = latchkey.json("reset", "kim", "--ticket", "42", who=PASSWORD_ADMIN)
    assert slapd.signs_in(KIM, answer["password"])
    assert set(answer) == {"ok", "user", "password", "message", "expires", "mustChange", "code"} and answer["mustChange"]
    mailer.once()
    message, = carrying(latchkey.json("status", KIM, who=AUDITOR)["messages"])
    assert (message["id"], message["state"], message["to"]) == (answer["message"], "sent", "kim@example.net")
    assert (message["kind"], message["actor"]) == ("temporaryPassword", PASSWORD_ADMIN)
    assert message["expires"] == answer["expires"]


def test_a_concealed_reset(latchkey, mailer, slapd):
    assert latchkey.json("reset", "kim", "--conceal", who=PASSWORD_ADMIN)["password"] is None
    mailer.once()
    sent, = mailer.mails()
    assert slapd.signs_in(KIM, mails.temporary_password_in(sent))
    assert "reaches the user alone" in latchkey("reset", "lee", "--conceal", who=PASSWORD_ADMIN).stdout


def test_a_reset_without_a_mail(latchkey, slapd):
    answer = latchkey.json("reset", "noaddress", "--no-mail", who=PASSWORD_ADMIN)
    assert slapd.signs_in(NO_ADDRESS, answer["password"])
    assert answer["message"] is None and answer["mustChange"] is None


def test_a_reset_without_a_mail_has_a_reason(latchkey, slapd):
    words = ["--no-mail", "--reason", "stands at the desk", "--ticket", "4711", "--no-must-change"]
    done = latchkey("reset", "kim", *words, who=PASSWORD_ADMIN)
    assert "mail" not in done.stdout and not slapd.entry(KIM).get("latchkeyTemporaryUntil")
    event, = [each for each in trail.events(slapd, KIM) if each["what"] == "reset"]
    assert (event["reason"], event["ticket"]) == ("stands at the desk", "4711")


def test_a_typed_password_to_another_address(latchkey, mailer, slapd):
    answer = latchkey.json("reset", "kim", "--stdin", "--no-must-change", "--to", "김@example.com", "--lang", "en",
                       who=GLOBAL_ADMIN, input=f"{NEW}\n")
    assert answer["password"] is None and not answer["mustChange"]
    assert slapd.signs_in(KIM, NEW)
    message, = carrying(latchkey.json("status", "kim", who=GLOBAL_ADMIN)["messages"])
    assert (message["to"], message["language"]) == ("김@example.com", "en")


def test_hangul_is_one_password_however_it_was_typed(latchkey, slapd):
    decomposed = "\u1100\u1175\u11b7\u110c\u1165\u11bc\u1112\u1167\u11ab secret"
    latchkey("reset", "kim", "--password-file", slapd.secret_file(decomposed + "\n"), who=PASSWORD_ADMIN)
    assert slapd.signs_in(KIM, "김정현 secret")


@pytest.mark.parametrize("who, user, status, words", [
    (PASSWORD_ADMIN, "gadmin", REFUSED, "Only a global administrator"),
    (GLOBAL_ADMIN, "han", REFUSED, "recovers by themself only"),
    (AUDITOR, "kim", REFUSED, "That is for password administrators and global administrators."),
    (KIM, "lee", REFUSED, "That is for password administrators and global administrators."),
    (KIM, "nobody", REFUSED, "That is for password administrators and global administrators."),
    (KIM, KIM, REFUSED, "This is your own account"),
    (GLOBAL_ADMIN, "noaddress", REFUSED, "Give one with --to."),
    (GLOBAL_ADMIN, "twin", NO_SUCH_USER, "or more than one"),
    (GLOBAL_ADMIN, "nobody", NO_SUCH_USER, "or more than one"),
    (GLOBAL_ADMIN, "*", NO_SUCH_USER, "or more than one"),
    (GLOBAL_ADMIN, "outsider", NO_SUCH_USER, "or more than one"),
])
def test_refused_resets_say_why(latchkey, who, user, status, words):
    done = latchkey("reset", user, who=who, status=status)
    assert words in done.stderr and not done.stdout


@pytest.mark.parametrize("options, status, words", [
    (["--to", "not an address"], USAGE, "not one plain mail address"),
    (["--to", "a@example.com,b@example.com"], USAGE, "not one plain mail address"),
    (["--to", "a@example.com\nBcc: b@example.com"], USAGE, "Nothing was sent"),
    (["--to", "kim@example.org"], REFUSED, "The lost password itself opens"),
    (["--to", ""], USAGE, "Nothing was sent"),
    (["--lang", "x" * 36], USAGE, "Nothing was sent"),
    (["--reason", "x" * 513], USAGE, "Nothing was sent"),
    (["--ticket", "x" * 65], USAGE, "Nothing was sent"),
])
def test_bad_values_change_nothing(latchkey, slapd, options, status, words):
    assert words in latchkey("reset", "kim", *options, who=PASSWORD_ADMIN, status=status).stderr
    assert slapd.signs_in(KIM, password_of(KIM))


def test_errors_for_programs(latchkey):
    answer = latchkey.json("reset", "han", who=GLOBAL_ADMIN, status=REFUSED)
    assert not answer["ok"] and (answer["exit"], answer["resultCode"]) == (REFUSED, 53)
    assert answer["text"].startswith("This user recovers") and "self-service only" in answer["diagnostic"]


def test_errors_in_korean(latchkey):
    done = latchkey("reset", "han", who=GLOBAL_ADMIN, status=REFUSED, env=places.environment(LANGUAGE="ko"))
    assert done.stderr == ("latchkey: 이 사용자는 본인만 계정을 복구할 수 있습니다. 전역 관리자도 대신 암호를 다시 설정할 수 "
                           "없습니다.\n")


def test_korean_where_the_locale_is_not_installed(latchkey):
    environment = places.environment(LANG="ko_KR.UTF-8")
    del environment["LC_ALL"], environment["LANGUAGE"]
    assert latchkey("status", "kim", who=PASSWORD_ADMIN, env=environment).stdout.startswith("김정현 (kim)\n")
    assert "사용법" in latchkey("--help", env=environment).stdout


def test_the_state_of_an_account(latchkey, mailer, slapd):
    before = latchkey.json("status", "kim", who=PASSWORD_ADMIN)
    assert (before["dn"], before["login"], before["name"]) == (KIM, "kim", "김정현")
    assert (before["lock"], before["mustChange"], before["messages"]) == ("open", False, [])
    latchkey("reset", "kim", who=PASSWORD_ADMIN)
    assert latchkey.json("status", "kim", who=PASSWORD_ADMIN)["mustChange"]
    mailer.once()
    text = latchkey("status", "kim@example.org", who=PASSWORD_ADMIN).stdout
    assert "temporary password, to kim@example.net: sent (a mail server has taken it)" in text
    assert latchkey.json("status", "closed", who=PASSWORD_ADMIN)["lock"] == "closed"
    assert "An administrator has closed the account." in latchkey("status", CLOSED, who=PASSWORD_ADMIN).stdout


def test_expiry_is_shown(latchkey, slapd):
    slapd.root().modify_s(DEFAULT_PPOLICY_DN, [(ldap.MOD_ADD, "pwdMaxAge", b"3600")])
    slapd.connect(LEE, password_of(LEE)).passwd_s(LEE, None, NEW)
    state = latchkey.json("status", "lee", who=PASSWORD_ADMIN)
    assert state["expired"] is False and state["expires"] > state["passwordChanged"]
    assert "The password expires on" in latchkey("status", "lee", who=PASSWORD_ADMIN).stdout


@pytest.mark.parametrize("who, sees", [
    (KIM, True), (AUDITOR, True), (PASSWORD_ADMIN, True), (LEE, False), (HAN, False),
])
def test_messages_are_shown_to_whom_they_concern(latchkey, slapd, who, sees):
    latchkey("reset", "kim", "--stdin", "--no-must-change", who=PASSWORD_ADMIN, input=f"{NEW}\n")
    shown = slapd.tool("latchkey", "status", "kim", dn=who, password=NEW if who == KIM else password_of(who)).stdout
    assert ("Mails about this account:" in shown) == sees
    assert ("There are no mails about this account that you may see." in shown) != sees


@pytest.mark.parametrize("user, base, status", [
    ("twin", None, NO_SUCH_USER), ("twin", SELF, DONE), ("twin", MANAGED, DONE), ("nobody", None, NO_SUCH_USER),
    ("*", None, NO_SUCH_USER), ("kim)(uid=*", None, NO_SUCH_USER), ("\\2a", None, NO_SUCH_USER),
    ("uid=nobody,dc=example,dc=org", None, NO_SUCH_USER), (f"UID=Kim, {MANAGED}", None, DONE),
    ("x=y@example.org", None, NO_SUCH_USER), ("kim", SELF, NO_SUCH_USER), ("kim", "no DN", USAGE), ("x" * 1025, None, USAGE),
])
def test_who_is_meant(latchkey, user, base, status):
    latchkey("status", user, *(["--base", base] if base else []), who=PASSWORD_ADMIN, status=status)


@pytest.mark.parametrize("words", [
    [], ["recover"], ["recover", "nonsense", "kim"], ["nonsense", "kim"],
    ["status"], ["status", ""], ["status", "a", "b"],
    ["reset", "kim", "--no-mail", "--to", "a@example.com"], ["reset", "kim", "--conceal", "--stdin"],
    ["reset", "kim", "--generate", "--stdin"], ["reset", "kim", "--keep-password"], ["status", "kim", "--stdin"],
    ["recover", "complete", "kim", "--stdin", "--code-file", "x"], ["reset", "kim", "-w", "secret"],
    ["reset", "kim", "-o", "nettimeout=0"], ["reset", "kim", "-o", "nettimeout=1x"], ["reset", "kim", "-o", "other=1"],
    ["reset", "kim", "-x", "-Y", "EXTERNAL"], ["reset", "kim", "-D", "cn=a", "-Y", "EXTERNAL"], ["reset", "kim"],
    ["reset", "kim", "-D", "no DN", "-y", "/dev/null"], ["status", "kim", "--nonsense"],
])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_wrong_usage_is_explained(latchkey, words, language):
    done = latchkey(*words, status=USAGE, env=places.environment(LANGUAGE=language))
    assert done.stderr.startswith("latchkey: ") and done.stderr.count("\n") == 1 and not done.stdout
    assert "secret" not in done.stderr


@pytest.mark.parametrize("words", [
    ["--help"], ["reset", "--help"], ["recover", "request", "-h"], ["status", "kim", "-h"],
])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_help(latchkey, words, language):
    done = latchkey(*words, env=places.environment(LANGUAGE=language))
    begin = {"en": "Usage:\n  latchkey ", "ko": "사용법:\n  latchkey "}
    assert done.stdout.startswith(begin[language]) and not done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 126
