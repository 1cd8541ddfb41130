"""latchkey(1) for administrators beside a reset: unlock, block, resend, and what status shows of it."""

import ldap
import pytest

from latchkey_testing import mails, places, wire
from latchkey_testing.cli import DONE, NO_SUCH_USER, REFUSED, USAGE, Cli
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED_POLICY, PASSWORD_ADMIN,
                                           SELF_ADMIN, lock_out, password_of)

NO_MAIL = "0" * 32
ONLY_ADMINISTRATORS = "It is for password administrators and global administrators."


@pytest.fixture
def latchkey(slapd):
    """The command, against the test's slapd."""
    return Cli(slapd)


def reset(latchkey) -> str:
    """Resets Kim, and tells the identifier of the mail."""
    return latchkey.json("reset", "kim", who=PASSWORD_ADMIN)["message"]


# Unlock and block


def test_an_unlock(latchkey, slapd):
    lock_out(slapd, KIM)
    done = latchkey("unlock", "kim", "--reason", "called us", "--ticket", "4711", who=PASSWORD_ADMIN)
    assert done.stdout == "The account was unlocked: kim.\n" and not done.stderr
    assert slapd.signs_in(KIM, password_of(KIM))


def test_a_block_until_it_is_lifted(latchkey, slapd):
    done = latchkey("block", KIM, "--reason", "lost laptop", who=PASSWORD_ADMIN)
    assert f"latchkey unlock {KIM}\n" in done.stdout and not done.stderr
    assert not slapd.signs_in(KIM, password_of(KIM))
    assert "has blocked this account" in latchkey("reset", "kim", who=PASSWORD_ADMIN, status=REFUSED).stderr
    latchkey("unlock", "kim", who=PASSWORD_ADMIN)
    assert slapd.signs_in(KIM, password_of(KIM))


@pytest.mark.parametrize("command", ["unlock", "block"])
def test_for_programs(latchkey, command):
    assert latchkey.json(command, "kim", who=PASSWORD_ADMIN) == {"ok": True, "user": "kim"}
    answer = latchkey.json(command, "gadmin", who=PASSWORD_ADMIN, status=REFUSED)
    assert (answer["ok"], answer["exit"], answer["resultCode"]) == (False, REFUSED, 50)


@pytest.mark.parametrize("command", ["unlock", "block"])
@pytest.mark.parametrize("who, user, status, words", [
    (LEE, "kim", REFUSED, ONLY_ADMINISTRATORS),
    (LEE, "nobody", REFUSED, ONLY_ADMINISTRATORS),
    (AUDITOR, "kim", REFUSED, ONLY_ADMINISTRATORS),
    (PASSWORD_ADMIN, "gadmin", REFUSED, "Only a global administrator"),
    (GLOBAL_ADMIN, GLOBAL_ADMIN, REFUSED, "This is your own account"),
    (GLOBAL_ADMIN, "nobody", NO_SUCH_USER, "or more than one"),
    (GLOBAL_ADMIN, "twin", NO_SUCH_USER, "or more than one"),
    (GLOBAL_ADMIN, "x" * 1025, USAGE, "Nothing was sent"),
])
def test_refused_with_a_reason(latchkey, command, who, user, status, words):
    done = latchkey(command, user, who=who, status=status)
    assert words in done.stderr and not done.stdout


def test_in_self_service_a_block_is_all(latchkey, slapd):
    lock_out(slapd, HAN)
    done = latchkey("unlock", "han", who=SELF_ADMIN, status=REFUSED)
    assert "nobody else can unlock the account" in done.stderr
    latchkey("block", "han", who=SELF_ADMIN)
    latchkey("unlock", "han", who=SELF_ADMIN)
    assert not slapd.signs_in(HAN, password_of(HAN))  # the block is lifted, the lock is not


def test_an_administrator_who_is_blocked(latchkey, slapd):
    admin = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    latchkey("block", "padmin", who=GLOBAL_ADMIN)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        wire.exop(admin, wire.ACCOUNT_UNLOCK, wire.account(KIM))


# Resend


def test_a_mail_once_more(latchkey, mailer):
    message = reset(latchkey)
    mailer.once()
    first, = mailer.mails()
    mailer.clear()
    done = latchkey("resend", "kim", message, who=PASSWORD_ADMIN)
    assert "latchkey status kim" in done.stdout and not done.stderr
    mailer.once()
    second, = mailer.mails()
    assert mails.temporary_password_in(first) == mails.temporary_password_in(second)


def test_a_mail_to_another_address(latchkey, mailer):
    message = reset(latchkey)
    answer = latchkey.json("resend", "kim", message, "--to", "kim@example.com", who=PASSWORD_ADMIN)
    assert answer == {"ok": True, "user": "kim", "message": message, "to": "kim@example.com"}
    mailer.once()
    sent, = mailer.mails()
    assert sent["To"].endswith("<kim@example.com>")


@pytest.mark.parametrize("options, status, words", [
    (["--to", "kim@example.org"], REFUSED, "The lost password itself opens"),
    (["--to", "a@example.com,b@example.com"], USAGE, "not one plain mail address"),
    (["--to", ""], USAGE, "Nothing was sent"),
])
def test_not_to_every_address(latchkey, mailer, options, status, words):
    done = latchkey("resend", "kim", reset(latchkey), *options, who=PASSWORD_ADMIN, status=status)
    assert words in done.stderr and not done.stdout


@pytest.mark.parametrize("who, mail, status, words", [
    (PASSWORD_ADMIN, NO_MAIL, NO_SUCH_USER, "There is no such mail"),
    (PASSWORD_ADMIN, "12", USAGE, "not the identifier of a mail"),
    (PASSWORD_ADMIN, "A" * 32, USAGE, "not the identifier of a mail"),
    (LEE, NO_MAIL, REFUSED, ONLY_ADMINISTRATORS),
])
def test_no_such_mail(latchkey, who, mail, status, words):
    done = latchkey("resend", "kim", mail, who=who, status=status)
    assert words in done.stderr and not done.stdout


# What status shows


def test_the_trail(latchkey, slapd):
    latchkey("block", "kim", "--reason", "노트북 분실", "--ticket", "7", who=GLOBAL_ADMIN)
    latchkey("unlock", "kim", who=PASSWORD_ADMIN)
    latchkey("unlock", "kim", who=LEE, status=REFUSED)
    text = latchkey("status", "kim", who=PASSWORD_ADMIN).stdout
    assert (f"sign-in blocked, by {GLOBAL_ADMIN}\n    Rule: global-administrator\n    Reason: 노트북 분실\n    Ticket: 7\n"
            "    From: PATH=") in text
    assert f"an attempt was refused, by {LEE}\n    Rule: act-needs-role\n" in text
    assert f"로그인 차단, 실행한 사람 {GLOBAL_ADMIN}\n    규칙: global-administrator\n    이유: 노트북 분실\n" in latchkey(
        "status", "kim", who=PASSWORD_ADMIN, env=places.environment(LANGUAGE="ko")).stdout


def test_the_trail_for_programs(latchkey):
    latchkey("block", "kim", "--ticket", "7", who=GLOBAL_ADMIN)
    state = latchkey.json("status", "kim", who=PASSWORD_ADMIN)
    event, = state["events"]
    assert (event["what"], event["actor"], event["rule"]) == ("block", GLOBAL_ADMIN, "global-administrator")
    assert (event["reason"], event["ticket"]) == (None, "7") and event["client"]
    assert event["time"] == state["blockedSince"] and state["blocked"] and state["eventsDamaged"] == 0


def test_newest_first(latchkey, slapd):
    admin = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    for number in range(4):
        wire.exop(admin, wire.ACCOUNT_UNLOCK, wire.account(KIM, ticket=str(number)))
    times = [event["time"] for event in latchkey.json("status", "kim", who=PASSWORD_ADMIN)["events"]]
    assert len(times) == 4 and times == sorted(times, reverse=True)


def test_a_recovery_is_the_users_own(latchkey, mailer):
    latchkey("recover", "request", "kim")
    mailer.start()
    code = mails.code_in(mailer.wait_for_mail("kim@example.net"))
    latchkey("recover", "complete", "kim", "--stdin", input=f"{code}\na whole new password\n")
    assert "recovery with a new password, by the user\n" in latchkey("status", "kim", who=PASSWORD_ADMIN).stdout


@pytest.mark.parametrize("who, sees", [(KIM, True), (AUDITOR, True), (LEE, False)])
def test_the_trail_is_shown_to_whom_it_concerns(latchkey, who, sees):
    latchkey("unlock", "kim", who=GLOBAL_ADMIN)
    assert ("What was done with this account:" in latchkey("status", "kim", who=who).stdout) == sees


def test_a_block_is_shown(latchkey):
    assert latchkey.json("status", "kim", who=PASSWORD_ADMIN)["blockedSince"] is None
    latchkey("block", "kim", who=PASSWORD_ADMIN)
    text = latchkey("status", "kim", who=PASSWORD_ADMIN).stdout
    assert "An administrator has blocked sign-in since " in text and "is not locked" not in text
    assert "It has to be unlocked first." in text


@pytest.mark.parametrize("who, user, verdict, words", [
    (PASSWORD_ADMIN, "kim", "allowed", "You may reset the password of this user."),
    (PASSWORD_ADMIN, "gadmin", "reset-outranked", "Only a global administrator may reset"),
    (GLOBAL_ADMIN, "han", "self-service-only", "This user recovers by themself only"),
    (AUDITOR, "kim", "reset-needs-role", "You may not reset the password of this user."),
    (GLOBAL_ADMIN, GLOBAL_ADMIN, None, None),
    (KIM, "kim", None, None),
])
def test_whether_one_may_reset(latchkey, who, user, verdict, words):
    assert latchkey.json("status", user, who=who)["resetVerdict"] == verdict
    text = latchkey("status", user, who=who).stdout
    assert words in text if words else "reset the password" not in text


@pytest.mark.parametrize("attribute, value, words", [
    ("latchkeyExclude", b"(uid=ki*)", "excludes this account"),
    ("latchkeyReasonRequired", b"TRUE", "wants a reason for each reset"),
])
def test_what_a_policy_says_of_resets(latchkey, slapd, attribute, value, words):
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, attribute, [value])])
    assert words in latchkey("reset", "kim", who=PASSWORD_ADMIN, status=REFUSED).stderr
    options = ["--reason", "called us"] if attribute == "latchkeyReasonRequired" else []
    latchkey("reset", "kim", *options, who=PASSWORD_ADMIN, status=DONE if options else REFUSED)


def test_a_password_kept_elsewhere(make_slapd):
    slapd = make_slapd(ppolicy=False)
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "userPassword", [b"{SASL}kim@EXAMPLE.ORG"])])
    latchkey = Cli(slapd)
    assert "kept in another system" in latchkey("reset", "kim", who=PASSWORD_ADMIN, status=REFUSED).stderr
    assert "kept in another system" in latchkey("status", "kim", who=PASSWORD_ADMIN).stdout


# The command line


@pytest.mark.parametrize("words", [
    ["unlock"], ["block", "a", "b"], ["resend", "kim"], ["resend", "kim", NO_MAIL, "more"], ["resend"],
    ["unlock", "kim", "--to", "a@example.com"], ["resend", "kim", NO_MAIL, "--reason", "why"], ["block", "kim"],
])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_wrong_usage_is_explained(latchkey, words, language):
    done = latchkey(*words, status=USAGE, env=places.environment(LANGUAGE=language))
    assert done.stderr.startswith("latchkey: ") and done.stderr.count("\n") == 1 and not done.stdout


@pytest.mark.parametrize("command", ["unlock", "block", "resend"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_help(latchkey, command, language):
    text = latchkey(command, "--help", env=places.environment(LANGUAGE=language)).stdout
    assert f"latchkey {command} [" in text and max(map(len, text.splitlines())) <= 126
