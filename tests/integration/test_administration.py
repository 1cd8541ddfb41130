"""What administrators do beside a reset: send a message again, unlock, block; and the trail that all of it leaves."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import ldap
import pytest
from ldap import MOD_REPLACE

from latchkey_testing import mails, wire
from latchkey_testing.mailer import Mailer
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, PASSWORD_ADMIN, SELF_ADMIN, SONG,
                                           lock_out, password_of, sign_in)
from latchkey_testing.settings import ROOT_DN


@pytest.fixture
def mailer(tmp_path):
    return Mailer(tmp_path)


@pytest.fixture
def slapd(make_slapd, mailer):
    slapd = make_slapd(mailer_keys=(mailer.public_key,))
    mailer.attach(slapd)
    return slapd


def events(slapd, dn, reader=GLOBAL_ADMIN) -> list[dict]:
    (_dn, entry), = sign_in(slapd, reader).search_s(dn, ldap.SCOPE_BASE, attrlist=["latchkeyEvent"])
    return sorted((wire.message_fields(value) for value in entry.get("latchkeyEvent", [])), key=lambda e: e["time"])


# Unlock


@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
def test_administrators_unlock(slapd, actor):
    lock_out(slapd, KIM)
    wire.exop(sign_in(slapd, actor), wire.ACCOUNT_UNLOCK, wire.account("kim", "called", "4711"))
    assert slapd.signs_in(KIM, password_of(KIM))
    event, = events(slapd, KIM)
    assert (event["what"], event["actor"], event["reason"], event["ticket"]) == ("unlock", actor, "called", "4711")


@pytest.mark.parametrize("actor,target", [(LEE, KIM), (AUDITOR, KIM), (PASSWORD_ADMIN, GLOBAL_ADMIN), (KIM, KIM),
                                          (GLOBAL_ADMIN, GLOBAL_ADMIN)])
@pytest.mark.parametrize("operation", [wire.ACCOUNT_UNLOCK, wire.ACCOUNT_BLOCK])
def test_others_neither_unlock_nor_block(slapd, actor, target, operation):
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        wire.exop(sign_in(slapd, actor), operation, wire.account(target))


@pytest.mark.parametrize("actor", [SELF_ADMIN, ROOT_DN])
def test_unlocking_is_regaining_access(slapd, actor):
    lock_out(slapd, HAN)
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="self-service only"):
        wire.exop(sign_in(slapd, actor), wire.ACCOUNT_UNLOCK, wire.account(HAN))
    assert not slapd.signs_in(HAN, password_of(HAN))


# Block


@pytest.mark.parametrize("target", [KIM, HAN])
def test_a_block_closes_every_way_in(slapd, mailer, target):
    session = slapd.connect(target, password_of(target))
    wire.exop(slapd.connect(), wire.RECOVERY_REQUEST, wire.recovery_request(target))
    mailer_seen = len(mailer.mails())
    mailer.start()
    code = mails.code_in(mailer.wait_for_mail(f"{target.split(',')[0][4:]}@example.net", mailer_seen))
    mailer.stop()
    admin = sign_in(slapd, SELF_ADMIN)
    wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(target, "left"))
    assert not slapd.signs_in(target, password_of(target))
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        wire.exop(slapd.connect(), wire.RECOVERY_COMPLETE, wire.recovery_complete(target, code, new="a new password 1"))
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="blocked|self-service only"):
        wire.password_modify(admin, target)
    # A session from before does not set a password either.
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="blocked"):
        session.passwd_s(target, None, "another password 1")
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="blocked"):
        session.modify_s(target, [(MOD_REPLACE, "userPassword", [b"another password 1"])])


@pytest.mark.parametrize("target", [KIM, HAN])
def test_lifting_a_block_brings_back_the_same_password(slapd, target):
    before = slapd.entry(target)
    admin = sign_in(slapd, SELF_ADMIN)
    wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(target))
    wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(target))  # twice is once
    wire.exop(admin, wire.ACCOUNT_UNLOCK, wire.account(target))
    assert slapd.signs_in(target, password_of(target))
    after = slapd.entry(target)
    for attribute in ("userPassword", "pwdChangedTime", "pwdHistory", "pwdReset"):
        assert after.get(attribute) == before.get(attribute), attribute
    assert {event["what"] for event in events(slapd, target, SELF_ADMIN)} == {"block", "unlock"}


def test_a_blocked_administrator_does_nothing(slapd):
    session = sign_in(slapd, PASSWORD_ADMIN)
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_BLOCK, wire.account(PASSWORD_ADMIN))
    for operation in (lambda: wire.password_modify(session, KIM),
                      lambda: wire.exop(session, wire.ACCOUNT_UNLOCK, wire.account(KIM)),
                      lambda: session.modify_s(KIM, [(MOD_REPLACE, "userPassword", [b"chosen by the blocked"])])):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="your own account is blocked"):
            operation()


# Resend


def test_a_message_is_sent_again(slapd, mailer):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    password, answer = wire.password_modify(admin, KIM, control=wire.notify())
    mailer.once()
    wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend(KIM, answer.id))
    first, = mailer.mails()
    mailer.clear()
    mailer.once()
    second, = mailer.mails()
    assert first["Message-ID"] == second["Message-ID"]
    assert mails.temporary_password_in(first) == mails.temporary_password_in(second) == password
    assert [event["what"] for event in events(slapd, KIM)] == ["reset", "resend"]


@pytest.mark.parametrize("to,error", [("kim@example.org", ldap.UNWILLING_TO_PERFORM),
                                      ("a@example.net, b@example.net", ldap.INVALID_SYNTAX)])
def test_not_to_every_address(slapd, to, error):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    _password, answer = wire.password_modify(admin, KIM, control=wire.notify())
    with pytest.raises(error):
        wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend(KIM, answer.id, to))


@pytest.mark.parametrize("actor", [LEE, AUDITOR, KIM])
def test_others_do_not_resend(slapd, actor):
    _password, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM,
                                             control=wire.notify(must_change=False))
    connection = slapd.connect(actor, _password if actor == KIM else password_of(actor))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        wire.exop(connection, wire.NOTIFICATION_RESEND, wire.resend(KIM, answer.id))


def test_what_no_longer_works_is_not_sent(slapd):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    password, answer = wire.password_modify(admin, KIM, control=wire.notify())
    slapd.connect(KIM, password).passwd_s(KIM, password, "a password of their own")
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no longer valid"):
        wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend(KIM, answer.id))


def test_what_is_not_there_is_not_sent(slapd):
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.NOTIFICATION_RESEND, wire.resend(KIM, "0" * 32))


# The trail


def test_a_reset_leaves_its_reason(slapd):
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify(reason="전화 문의", ticket="12"))
    event, = events(slapd, KIM)
    assert (event["what"], event["rule"], event["actor"]) == ("reset", "password-administrator", PASSWORD_ADMIN)
    assert (event["reason"], event["ticket"]) == ("전화 문의", "12")


def test_a_refusal_is_recorded_once(slapd):
    stranger = sign_in(slapd, LEE)
    for _attempt in range(5):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            wire.password_modify(stranger, KIM)
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            stranger.modify_s(KIM, [(MOD_REPLACE, "userPassword", [b"chosen by lee"])])
    event, = events(slapd, KIM)
    assert (event["what"], event["actor"], event["rule"]) == ("refused", LEE, "reset-needs-role")


def test_refusals_do_not_push_the_others_out(slapd):
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)
    for actor in (LEE, AUDITOR, SONG, HAN, SELF_ADMIN):
        if actor != SELF_ADMIN:
            with pytest.raises(ldap.INSUFFICIENT_ACCESS):
                wire.password_modify(sign_in(slapd, actor), KIM)
    kinds = [event["what"] for event in events(slapd, KIM)]
    assert kinds.count("refused") == 3 and "reset" in kinds


def test_the_trail_keeps_eight(slapd):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    for number in range(12):
        wire.exop(admin, wire.ACCOUNT_UNLOCK, wire.account(KIM, ticket=str(number)))
    kept = {int(event["ticket"]) for event in events(slapd, KIM)}
    assert len(kept) == 8 and 11 in kept


@pytest.mark.parametrize("reader,sees", [(KIM, True), (AUDITOR, True), (PASSWORD_ADMIN, True), (LEE, False)])
def test_who_reads_the_trail(slapd, reader, sees):
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(KIM))
    assert bool(events(slapd, KIM, reader)) == sees


def test_two_resets_within_a_second(slapd):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    passwords = [wire.password_modify(admin, KIM)[0] for _time in range(5)]
    assert slapd.signs_in(KIM, passwords[-1])
    assert 1 <= len(events(slapd, KIM)) <= 5


def test_resets_at_the_same_instant(slapd):
    """Each is done, one after the other: what one stores beside the password does not make another fail."""
    def reset(_number):
        admin = sign_in(slapd, PASSWORD_ADMIN)
        return [wire.password_modify(admin, KIM, control=wire.notify())[0] for _time in range(5)]
    with ThreadPoolExecutor(6) as pool:
        passwords = [password for done in pool.map(reset, range(6)) for password in done]
    assert len(passwords) == 30
    # By its hash, since thirty sign-ins would lock the account.
    stored = base64.b64decode(slapd.entry(KIM)["userPassword"][0].split(b"{SSHA}")[1])
    hashes = [hashlib.sha1(password.encode() + stored[20:]).digest() for password in passwords]
    assert hashes.count(stored[:20]) == 1
