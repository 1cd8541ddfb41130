"""Who is told: the owner of a changed password at every address on record, the old addresses of a changed one, the other global
administrators when an administrator's password was reset, and when somebody reports misuse; with what, when and by whom, never the secret, in the write that does
it, and not so often that a mailbox floods."""

import calendar
import time

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls import RequestControl
from ldap.controls.libldap import AssertionControl
from ldap.controls.readentry import PostReadControl

from latchkey_testing import enrolment, mails, organization, recovery, trail, wire
from latchkey_testing.entries import GROUPS, MAILER_PASSWORD, group
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, INSIDE_ONLY, KIM, LEE, MANAGED, NO_ADDRESS, PASSWORD_ADMIN,
                                           SECOND_GLOBAL_ADMIN, SELF_ADMIN, STRANGER, password_of, person, sign_in)
from latchkey_testing.replicas import Replicas
from latchkey_testing.serving import messages
from latchkey_testing.settings import MAILER_DN, ROOT_DN
from latchkey_testing.stored import moment
from latchkey_testing.transactions import change, give_up, transact
from latchkey_testing.waiting import wait_for

NEW = "A-new-password-9"
PAUSE = 300


def replaced(name: str, *values: str) -> list:
    """A Modify that replaces."""
    return [(MOD_REPLACE, name, [value.encode() for value in values] or None)]


def told(slapd, dn: str) -> set[tuple[str, str, str]]:
    """Of what somebody is told on the entry DN: kind, to whom, who did it."""
    return {(fields["kind"], fields["to"], fields.get("actor", "")) for fields in messages(slapd, dn)
            if fields["kind"] in mails.NOTICES}


def received(mailer) -> set[tuple[str, str]]:
    """Has all that is due mailed: the kind and the address of each notice."""
    mailer.once()
    found = [(mails.notice(mail), mail["To"].addresses[0].addr_spec) for mail in mailer.notices()]
    assert len(found) == len(set(found)), f"somebody was told twice: {found}"
    return set(found)


def at_all(kind: str, uid: str, actor: str = "") -> set[tuple[str, str, str]]:
    """What told() says where UID is told at both addresses."""
    return {(kind, f"{uid}@{domain}", actor) for domain in ("example.net", "example.org")}


# A changed password

CHANGES = {
    "own Password Modify": (KIM, lambda connection: connection.passwd_s(KIM, None, NEW)),
    "own Password Modify, drawn": (KIM, lambda connection: connection.passwd_s(None, None, None)),
    "own Modify": (KIM, lambda connection: connection.modify_s(KIM, replaced("userPassword", NEW))),
    "own Modify, delete and add": (KIM, lambda connection: connection.modify_s(
        KIM, [(MOD_DELETE, "userPassword", None), (MOD_ADD, "userPassword", [NEW.encode()])])),
    "own Modify of an option": (KIM, lambda connection: connection.modify_s(KIM, replaced("userPassword;lang-ko", NEW))),
    "an administrator's reset": (PASSWORD_ADMIN, lambda connection: connection.passwd_s(KIM, None, NEW)),
    "an administrator's Modify": (PASSWORD_ADMIN, lambda connection: connection.modify_s(
        KIM, replaced("userPassword", NEW))),
    "the removal of the password": (PASSWORD_ADMIN, lambda connection: connection.modify_s(
        KIM, replaced("userPassword"))),
    "the rootdn's Modify": (ROOT_DN, lambda connection: connection.modify_s(KIM, replaced("userPassword", NEW))),
    "the rootdn's reset": (ROOT_DN, lambda connection: connection.passwd_s(KIM, None, NEW)),
}


@pytest.mark.parametrize("way", CHANGES)
def test_the_owner_is_told_of_a_changed_password(slapd, mailer, way):
    who, write = CHANGES[way]
    write(sign_in(slapd, who))
    assert told(slapd, KIM) == at_all("passwordChanged", "kim", "" if who == KIM else who)
    assert received(mailer) == {("passwordChanged", "kim@example.net"), ("passwordChanged", "kim@example.org")}
    for mail in mailer.notices():
        assert NEW not in mails.text(mail) and NEW not in mail.get_body(("html",)).get_content()
    assert mailer.mails() == []


@pytest.mark.parametrize("dn, language, words", [
    (KIM, "ko", ["관리자(Pia Admin)가 kim 계정의 암호를 변경했습니다.", "변경 시각: ", "(한국 표준시)", "https://portal.example.org/"]),
    (LEE, "en", ["Pia Admin has changed the password of your account lee.", "Time of the change: ", "(Korea Standard Time)",
                 "please tell your administrator at once", "https://portal.example.org/"]),
])
def test_the_mail_says_what_when_and_by_whom(slapd, mailer, dn, language, words):
    sign_in(slapd, PASSWORD_ADMIN).modify_s(dn, replaced("userPassword", NEW))
    mailer.once()
    for mail in mailer.notices():
        assert mail["Content-Language"] == language
        for form in ("plain", "html"):
            for word in words:
                assert word in mail.get_body((form,)).get_content()


def test_nobody_takes_for_their_own_what_the_rootdn_did(slapd, mailer):
    """It has no entry, and so no name but its DN."""
    slapd.root().modify_s(LEE, replaced("userPassword", NEW))
    mailer.once()
    for mail in mailer.notices():
        assert f"{ROOT_DN} has changed the password of your account lee." in mails.text(mail)


def test_who_changes_it_in_anothers_name_is_named(slapd):
    """A right to act as somebody is no disguise."""
    slapd.config().modify_s("cn=config", replaced("olcAuthzPolicy", "to"))
    slapd.root().modify_s(PASSWORD_ADMIN, replaced("authzTo", f"dn.exact:{KIM}"))
    control = RequestControl("2.16.840.1.113730.3.4.18", True, f"dn:{KIM}".encode())
    sign_in(slapd, PASSWORD_ADMIN).modify_ext_s(KIM, replaced("userPassword", NEW), serverctrls=[control])
    assert told(slapd, KIM) == at_all("passwordChanged", "kim", PASSWORD_ADMIN)


@pytest.mark.parametrize("own", [True, False])
def test_a_temporary_password_is_told_of_at_the_other_addresses(slapd, mailer, own):
    to = "kim@example.net" if own else "elsewhere@example.com"
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify(to=None if own else to))
    others = {"kim@example.org"} if own else {"kim@example.org", "kim@example.net"}
    assert told(slapd, KIM) == {("passwordChanged", address, PASSWORD_ADMIN) for address in others}
    assert received(mailer) == {("passwordChanged", address) for address in others}
    carrying, = mailer.mails()
    assert carrying["To"].addresses[0].addr_spec == to
    for mail in mailer.notices():
        assert mails.temporary_password_in(carrying) not in mails.text(mail)


def test_each_address_once_and_none_is_left_out(start, mailer):
    """Every value of each attribute that the policy names; the same address in two of them, or in two spellings, is one."""
    many = ["one@example.net", "ONE@example.net", "two@example.net", "three@example.org", "no address"]
    slapd = start(person("many", MANAGED, "Many", mail=["three@example.org", "one@example.net"],
                         latchkeyRecoveryAddress=many))
    dn = f"uid=many,{MANAGED}"
    sign_in(slapd, dn).passwd_s(dn, None, NEW)
    assert {to.lower() for _kind, to in received(mailer)} == {"one@example.net", "two@example.net", "three@example.org"}
    assert len(mailer.notices()) == 3


@pytest.mark.parametrize("count, expected", [(8, 8), (9, 8), (60, 8)])
def test_one_write_makes_no_more_than_eight_mails_to_one_user(start, mailer, count, expected):
    slapd = start(person("many", MANAGED, "Many", mail=None,
                         latchkeyRecoveryAddress=[f"a{number}@example.net" for number in range(count)]))
    dn = f"uid=many,{MANAGED}"
    sign_in(slapd, dn).passwd_s(dn, None, NEW)
    assert len(received(mailer)) == expected


def test_who_is_reached_nowhere_changes_the_password_all_the_same(slapd):
    for dn in (NO_ADDRESS, INSIDE_ONLY):
        sign_in(slapd, dn).passwd_s(dn, None, NEW)
        assert slapd.signs_in(dn, NEW)
    assert told(slapd, NO_ADDRESS) == set()
    assert told(slapd, INSIDE_ONLY) == {("passwordChanged", "insideonly@example.org", "")}


def test_without_a_key_of_the_mailer_passwords_change_untold(make_slapd):
    slapd = make_slapd(mailer_keys=())
    sign_in(slapd, KIM).passwd_s(KIM, None, NEW)
    assert slapd.signs_in(KIM, NEW) and messages(slapd, KIM) == []


def test_another_credential_is_told_of_by_its_name(slapd, mailer):
    sign_in(slapd, LEE).modify_s(LEE, [(MOD_ADD, "authzTo", [b"dn.exact:" + KIM.encode()])])
    assert told(slapd, LEE) == at_all("credentialChanged", "lee")
    mailer.once()
    assert all('"authzTo"' in mails.text(mail) for mail in mailer.notices()) and len(mailer.notices()) == 2


# A recovery


@pytest.mark.parametrize("way", recovery.WAYS)
def test_a_recovery_is_told_of(slapd, mailer, way):
    code = recovery.code_for(slapd, mailer, HAN, "han@example.net")
    assert recovery.WAYS[way](slapd, HAN, code, NEW)[0] == 0
    assert told(slapd, HAN) == at_all("passwordRecovered", "han")
    assert received(mailer) == {("passwordRecovered", "han@example.net"), ("passwordRecovered", "han@example.org")}


def test_a_recovery_that_keeps_the_password_is_told_of(slapd, mailer):
    code = recovery.code_for(slapd, mailer, KIM, "kim@example.net")
    assert recovery.complete(slapd, KIM, code) is None
    assert told(slapd, KIM) == at_all("accountUnlocked", "kim")
    assert "kim 계정이 확인 코드로 복구되어 잠금이 해제되었습니다." in mails.text((mailer.once(), mailer.notices())[1][0])


def test_strangers_cause_no_news(slapd, mailer):
    """Neither by asking for codes, nor by wrong proofs, nor by what is refused them."""
    code = recovery.code_for(slapd, mailer, KIM, "kim@example.net")
    for _ in range(5):
        assert recovery.complete(slapd, KIM, recovery.WRONG_CODE, NEW) is ldap.INVALID_CREDENTIALS
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        sign_in(slapd, LEE).modify_s(KIM, replaced("userPassword", NEW))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        sign_in(slapd, LEE).passwd_s(KIM, None, NEW)
    assert messages(slapd, KIM) == [] and received(mailer) == set() and code


# An administrator's help


def test_an_unlocked_account_is_told_of(slapd, mailer):
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(LEE))
    assert told(slapd, LEE) == at_all("accountUnlocked", "lee", PASSWORD_ADMIN)
    mailer.once()
    assert all("Pia Admin has unlocked your account lee." in mails.text(mail) for mail in mailer.notices())


def test_a_block_warns_nobody(slapd):
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_BLOCK, wire.account(LEE))
    assert messages(slapd, LEE) == []


@pytest.mark.parametrize("to", ["lee@example.com", None])
def test_a_mail_sent_elsewhere_is_told_of(slapd, mailer, to):
    _drawn, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), LEE, control=wire.notify())
    mailer.once()
    mailer.clear()
    wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.NOTIFICATION_RESEND, wire.resend(LEE, answer.id, to))
    elsewhere = {("resentElsewhere", "lee@example.net"), ("resentElsewhere", "lee@example.org")}
    assert received(mailer) == (elsewhere if to else set())
    again, = mailer.mails()
    assert again["To"].addresses[0].addr_spec == (to or "lee@example.net")
    for mail in mailer.notices():
        assert "Gil Admin" in mails.text(mail) and "\n    lee@example.com\n" in mails.text(mail).replace("\r", "")
        assert mails.temporary_password_in(again) not in mails.text(mail)


# Addresses


def test_the_addresses_of_before_are_told_of_a_new_one(slapd, mailer):
    enrolment.enrol_address(slapd, mailer, sign_in(slapd, KIM), "kim@example.com")
    assert told(slapd, KIM) == at_all("addressChanged", "kim")
    assert received(mailer) == {("addressChanged", "kim@example.net"), ("addressChanged", "kim@example.org")}
    assert all("kim@example.com" not in mails.text(mail) for mail in mailer.notices())


OUTSIDE_MAIL = "kim@example.com"
ADDRESS_CHANGES = {
    "replaced": replaced("latchkeyRecoveryAddress", OUTSIDE_MAIL),
    "replaced in mail": replaced("mail", OUTSIDE_MAIL),
    "added": [(MOD_ADD, "latchkeyRecoveryAddress", [OUTSIDE_MAIL.encode()])],
    "by another name of the attribute": replaced("rfc822Mailbox", OUTSIDE_MAIL),
    "by its identifier": replaced("0.9.2342.19200300.100.1.3", OUTSIDE_MAIL),
}
# Which users do to themselves only where another address stays.
LAST_ADDRESS_GOES = {
    "deleted": [(MOD_DELETE, "latchkeyRecoveryAddress", [b"kim@example.net"])],
    "all deleted": [(MOD_DELETE, "latchkeyRecoveryAddress", None)],
    "replaced by nothing": replaced("latchkeyRecoveryAddress"),
}


@pytest.mark.parametrize("who", [KIM, GLOBAL_ADMIN, ROOT_DN])
@pytest.mark.parametrize("how", ADDRESS_CHANGES)
def test_the_addresses_of_before_are_told_of_a_plain_change(slapd, who, how):
    sign_in(slapd, who).modify_s(KIM, ADDRESS_CHANGES[how])
    assert told(slapd, KIM) == at_all("addressChanged", "kim", "" if who == KIM else who)


@pytest.mark.parametrize("who", [GLOBAL_ADMIN, ROOT_DN])
@pytest.mark.parametrize("how", LAST_ADDRESS_GOES)
def test_the_addresses_of_before_are_told_that_the_last_one_goes(slapd, who, how):
    sign_in(slapd, who).modify_s(KIM, LAST_ADDRESS_GOES[how])
    assert told(slapd, KIM) == at_all("addressChanged", "kim", who)


def test_the_addresses_of_before_are_told_that_one_goes(start):
    slapd = start(entries=[(dn, more | ({"latchkeyRecoveryAddress": ["kim@example.net", OUTSIDE_MAIL]} if dn == KIM else {}))
                           for dn, more in organization.entries()])
    sign_in(slapd, KIM).modify_s(KIM, LAST_ADDRESS_GOES["deleted"])
    assert told(slapd, KIM) == at_all("addressChanged", "kim") | {("addressChanged", OUTSIDE_MAIL, "")}


NO_NEWS = {
    "the same again": replaced("latchkeyRecoveryAddress", "kim@example.net"),
    "in another spelling": replaced("latchkeyRecoveryAddress", "KIM@Example.NET"),
    "another mailbox inside": replaced("mail", "kim2@example.org"),
    "no address": [(MOD_ADD, "latchkeyRecoveryAddress", [b"call me"])],
    "with an option, where no code is sent": replaced("mail;lang-ko", OUTSIDE_MAIL),
    "something else": replaced("description", OUTSIDE_MAIL),
}


@pytest.mark.parametrize("what", NO_NEWS)
def test_what_changes_no_way_in_is_no_news(slapd, what):
    sign_in(slapd, KIM).modify_s(KIM, NO_NEWS[what])
    assert messages(slapd, KIM) == []


def test_password_and_address_in_one_write_are_two_pieces_of_news(slapd):
    sign_in(slapd, KIM).modify_s(
        KIM, replaced("userPassword", NEW) + replaced("latchkeyRecoveryAddress", OUTSIDE_MAIL))
    assert told(slapd, KIM) == at_all("passwordChanged", "kim") | at_all("addressChanged", "kim")


# Administrators

RESETS = {
    "reset": lambda slapd: sign_in(slapd, GLOBAL_ADMIN).passwd_s(PASSWORD_ADMIN, None, NEW),
    "reset with a mail": lambda slapd: wire.password_modify(
        sign_in(slapd, GLOBAL_ADMIN), PASSWORD_ADMIN, control=wire.notify()),
    "Modify": lambda slapd: sign_in(slapd, GLOBAL_ADMIN).modify_s(PASSWORD_ADMIN, replaced("userPassword", NEW)),
}


@pytest.mark.parametrize("how", RESETS)
def test_global_administrators_are_told_of_an_administrators_reset(slapd, mailer, how):
    RESETS[how](slapd)
    to_administrators = {fields for fields in told(slapd, PASSWORD_ADMIN) if fields[0] == "administratorReset"}
    assert to_administrators == {("administratorReset", uid, GLOBAL_ADMIN) for uid in ("gadmin", "gadmin2", "sadmin")}
    mailer.once()
    found = {mail["To"].addresses[0].addr_spec: mail for mail in mailer.notices()
             if mails.notice(mail) == "administratorReset"}
    assert set(found) == {f"{uid}@example.net" for uid in ("gadmin", "gadmin2", "sadmin")}
    assert "Gil Admin has given the account of the administrator Pia Admin (padmin)" in mails.text(found["sadmin@example.net"])
    assert "다른 관리자인 Pia Admin(padmin) 계정에 새 암호" in mails.text(found["gadmin2@example.net"])


def test_nobody_learns_there_where_administrators_get_their_mail(slapd):
    """What stands on an entry can be read by its owner and by auditors: neither the address, nor what a mail server says of it."""
    RESETS["reset"](slapd)
    wire.exop(slapd.connect(MAILER_DN, MAILER_PASSWORD), wire.NOTIFICATION_SETTLE, wire.settle(
        wire.settlement(PASSWORD_ADMIN, fields["id"], wire.FAILED, "550 5.1.1 <gadmin2@example.net>: unknown")
        for fields in messages(slapd, PASSWORD_ADMIN) if fields["kind"] == "administratorReset"))
    stored = str([fields for fields in messages(slapd, PASSWORD_ADMIN) if fields["kind"] == "administratorReset"])
    assert "gadmin2" in stored and "failed" in stored and "@" not in stored


def test_a_recovered_administrator_is_told_of_too(slapd, mailer):
    code = recovery.code_for(slapd, mailer, GLOBAL_ADMIN, "gadmin@example.net")
    assert recovery.complete(slapd, GLOBAL_ADMIN, code, NEW) is None
    assert told(slapd, GLOBAL_ADMIN) == at_all("passwordRecovered", "gadmin") | {
        ("administratorReset", uid, "") for uid in ("gadmin2", "sadmin")}


@pytest.mark.parametrize("dn", [GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, PASSWORD_ADMIN, SELF_ADMIN])
def test_an_administrators_own_change_is_their_own_business(slapd, dn):
    sign_in(slapd, dn).passwd_s(dn, None, NEW)
    assert {kind for kind, _to, _actor in told(slapd, dn)} == {"passwordChanged"}


def test_one_reset_tells_sixteen_administrators_at_most(start, mailer):
    crowd = [person(f"boss{number}", MANAGED, f"Boss {number}") for number in range(30)]
    slapd = start(*crowd, group("crowd", *(dn for dn, _attributes in crowd)))
    slapd.root().modify_s(f"cn=directory-team,{GROUPS}", [(MOD_ADD, "member", [f"cn=crowd,{GROUPS}".encode()])])
    slapd.root().passwd_s(PASSWORD_ADMIN, None, NEW)
    sent = received(mailer)
    assert sum(kind == "administratorReset" for kind, _to in sent) == 16 and len(sent) == 18
    assert slapd.signs_in(PASSWORD_ADMIN, NEW)


# "That was not me"

GLOBAL_ADMINS = {f"{uid}@example.net" for uid in ("gadmin", "gadmin2", "sadmin")}
DAY = 86400


def test_a_report_of_misuse_reaches_the_global_administrators(slapd, mailer):
    enrolment.report_misuse(sign_in(slapd, KIM))
    assert told(slapd, KIM) == {("misuseReported", "administrators", "")}
    stored = str(messages(slapd, KIM))
    assert len(messages(slapd, KIM)) == 3 and "admin@" not in stored and "gadmin" not in stored
    mailer.once()
    found = {mail["To"].addresses[0].addr_spec: mails.text(mail) for mail in mailer.notices()}
    assert set(found) == GLOBAL_ADMINS
    assert "김정현 (kim) has reported that something was done with their account" in found["sadmin@example.net"]
    assert "김정현(kim) 사용자가 본인 계정에" in found["gadmin2@example.net"]


def test_who_reports_again_and_again_floods_nobody(slapd, mailer):
    connection = sign_in(slapd, KIM)
    for _ in range(3):
        enrolment.report_misuse(connection)
    assert received(mailer) == {("misuseReported", address) for address in GLOBAL_ADMINS}
    assert [event["what"] for event in trail.events(slapd, KIM)] == ["misuse"]


def test_what_else_is_done_does_not_push_a_report_out_of_the_trail(start):
    held = organization.entries(latchkeyMethod=["mail", "recoveryCode"])
    dict(held)[KIM]["latchkeyEvent"] = [f"1 time={moment(-3600)} what=misuse rule=misuse",
                                        *(f"1 time={moment(-number)} what=unlock" for number in range(60, 67))]
    slapd = start(entries=held)
    connection = sign_in(slapd, KIM)
    enrolment.new_codes(connection)
    enrolment.report_misuse(connection)
    assert not messages(slapd, KIM)
    assert sorted(event["what"] for event in trail.events(slapd, KIM)) == ["enrolment", "misuse", *["unlock"] * 6]


@pytest.mark.parametrize("ago, count", [(DAY + 1, 3), (DAY - 600, 0), (-600, 3)], ids=["day", "less", "clock set back"])
def test_the_next_day_they_are_told_again(start, ago, count):
    held = organization.entries()
    dict(held)[KIM]["latchkeyEvent"] = [f"1 time={moment(-ago)} what=misuse rule=misuse"]
    slapd = start(entries=held)
    enrolment.report_misuse(sign_in(slapd, KIM))
    assert len(messages(slapd, KIM)) == count


def test_a_policy_that_tells_nothing_keeps_a_report_in_the_trail(start):
    slapd = start(entries=organization.entries(latchkeyTell=["passwordChanged"]))
    enrolment.report_misuse(sign_in(slapd, KIM))
    assert not messages(slapd, KIM)
    assert [event["what"] for event in trail.events(slapd, KIM)] == ["misuse"]


def test_an_administrators_report_reaches_the_others(slapd, mailer):
    enrolment.report_misuse(sign_in(slapd, GLOBAL_ADMIN))
    assert received(mailer) == {("misuseReported", address) for address in GLOBAL_ADMINS - {"gadmin@example.net"}}


# Who is not told


@pytest.mark.parametrize("tell, kinds", [
    (["nothing"], set()),
    (["administratorReset"], {"administratorReset"}),
    (["passwordChanged"], {"passwordChanged"}),
    (["passwordChanged", "administratorReset"], {"passwordChanged", "administratorReset"}),
    (["passwordchange"], {"passwordChanged", "administratorReset"}),
])
def test_the_policy_says_of_what(start, tell, kinds):
    """A word that is not known leaves out nothing."""
    slapd = start(entries=organization.entries(latchkeyTell=tell))
    sign_in(slapd, GLOBAL_ADMIN).passwd_s(PASSWORD_ADMIN, None, NEW)
    assert {kind for kind, _to, _actor in told(slapd, PASSWORD_ADMIN)} == kinds


def test_under_no_policy_nobody_is_told(slapd):
    slapd.root().passwd_s(STRANGER, None, NEW)
    slapd.root().modify_s(STRANGER, replaced("latchkeyRecoveryAddress", "other@example.com"))
    assert messages(slapd, STRANGER) == []


def test_a_policy_that_observes_tells_of_its_own_operations_alone(start, mailer):
    slapd = start(entries=organization.entries(latchkeyEnforcement="observe"))
    sign_in(slapd, LEE).modify_s(KIM, replaced("userPassword", NEW))
    sign_in(slapd, PASSWORD_ADMIN).passwd_s(KIM, None, NEW + "1")
    slapd.root().modify_s(KIM, replaced("latchkeyRecoveryAddress", OUTSIDE_MAIL))
    assert messages(slapd, KIM) == []
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(LEE))
    assert told(slapd, LEE) == at_all("accountUnlocked", "lee", PASSWORD_ADMIN)


# One write


def test_the_news_is_in_the_write_that_it_tells_of(slapd):
    """What the entry is right after the write, says the write itself."""
    connection = sign_in(slapd, KIM)
    control = PostReadControl(True, ["latchkeyMessage", "entryCSN"])
    number = connection.modify_ext(KIM, replaced("userPassword", NEW), serverctrls=[control])
    _type, _data, _id, controls = connection.result3(number)
    after, = (each.entry for each in controls if each.controlType == control.controlType)
    assert len(after["latchkeyMessage"]) == 2
    assert after["entryCSN"] == slapd.entry(KIM)["entryCSN"]


REFUSED = {
    "by ppolicy": (KIM, replaced("userPassword", "short"), []),
    "by an assertion": (KIM, replaced("userPassword", NEW), [AssertionControl(True, "(description=no such)")]),
    "by the schema": (KIM, replaced("userPassword", NEW) + replaced("uidNumber", "1"), []),
    "by a rule": (LEE, replaced("userPassword", NEW), []),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_is_no_news(slapd, mailer, why):
    who, changes, controls = REFUSED[why]
    with pytest.raises(ldap.LDAPError):
        sign_in(slapd, who).modify_ext_s(KIM, changes, serverctrls=controls)
    assert messages(slapd, KIM) == [] and received(mailer) == set() and slapd.signs_in(KIM, password_of(KIM))


def test_a_transaction_tells_when_it_is_committed(slapd, mailer):
    """Twice the same in it is one mail to each address, and the mailer knows of it within a beat."""
    mailer.start()
    steps = [change(KIM, *replaced("userPassword", NEW)), change(LEE, *replaced("mail", "lee@example.com")),
             change(KIM, *replaced("userPassword", NEW + "2"))]
    assert transact(sign_in(slapd, GLOBAL_ADMIN), *steps) == 0
    expected = {("passwordChanged", f"kim@{domain}") for domain in ("example.net", "example.org")}
    expected |= {("addressChanged", f"lee@{domain}") for domain in ("example.net", "example.org")}
    wait_for(lambda: len(mailer.notices()) >= 4)
    mailer.stop()
    assert received(mailer) == expected


def test_a_transaction_that_is_given_up_tells_nobody(slapd, mailer):
    give_up(sign_in(slapd, GLOBAL_ADMIN), change(KIM, *replaced("userPassword", NEW)))
    assert messages(slapd, KIM) == [] and received(mailer) == set()


def test_what_waits_goes_with_an_entry_that_is_renamed(slapd, mailer):
    sign_in(slapd, KIM).passwd_s(KIM, None, NEW)
    slapd.root().rename_s(KIM, "uid=kim-new")
    mailer.start()
    wait_for(lambda: len(mailer.notices()) == 2)
    mailer.stop()


def test_a_rename_that_carries_an_address_tells_of_it(slapd, mailer):
    slapd.root().rename_s(KIM, "uid=kim+mail=kim@example.com", delold=0)
    dn = f"uid=kim+mail=kim@example.com,{MANAGED}"
    assert told(slapd, dn) == at_all("addressChanged", "kim", ROOT_DN)
    mailer.start()  # they are found in the next beat
    wait_for(lambda: len(mailer.notices()) == 2)
    mailer.stop()


def test_a_rename_that_carries_a_password_tells_of_it_and_is_an_event(make_slapd, mailer):
    slapd = make_slapd(ppolicy=False, mailer_keys=(mailer.public_key,))
    mailer.attach(slapd)
    wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), KIM)
    assert "latchkeyTemporaryUntil" in slapd.entry(KIM)
    slapd.root().rename_s(KIM, "uid=kim+userPassword=carried", delold=0)
    dn = f"uid=kim+userPassword=carried,{MANAGED}"
    assert slapd.signs_in(dn, "carried")
    assert at_all("passwordChanged", "kim", ROOT_DN) <= told(slapd, dn)
    events = [wire.message_fields(value) for value in slapd.entry(dn, "latchkeyEvent")["latchkeyEvent"]]
    assert [(event["what"], event["actor"]) for event in events] == [("reset", GLOBAL_ADMIN), ("reset", ROOT_DN)]


def test_a_rename_that_fails_tells_nobody(slapd):
    with pytest.raises(ldap.ALREADY_EXISTS):
        slapd.root().rename_s(KIM, "uid=lee", delold=0)
    with pytest.raises(ldap.LDAPError):
        slapd.root().rename_s(KIM, "uid=kim+mail=kim@example.com", f"ou=nowhere,{MANAGED}", delold=0)
    assert told(slapd, KIM) == set()


def test_a_consumer_survives_what_a_rename_tells_of(make_slapd, mailer):
    """Whatever the entry holds already: messages, more of them than are kept, failed ones, events."""
    replicas = Replicas(make_slapd, access=("to * by * manage",), mailer_keys=(mailer.public_key,)).connect_all()
    here, _there = replicas.slapds
    admin, name = sign_in(here, GLOBAL_ADMIN), KIM
    _generated, reset = wire.password_modify(admin, KIM, control=wire.notify())
    wire.exop(here.connect(MAILER_DN, MAILER_PASSWORD), wire.NOTIFICATION_SETTLE, wire.settle([
        wire.settlement(KIM, reset.id, wire.FAILED, "no such mailbox")]))
    for number in range(10):
        rdn = f"uid=kim+mail=kim{number}@example.com"
        (here.root() if number % 2 else admin).rename_s(name, rdn, delold=1)
        name = f"{rdn},{MANAGED}"
    here.root().rename_s(name, "uid=kim+userPassword=carried", delold=1)
    name = f"uid=kim+userPassword=carried,{MANAGED}"
    replicas.converge()
    assert not replicas.differences()
    assert here.entry(name)["latchkeyMessage"] and all(slapd.signs_in(name, "carried") for slapd in replicas.slapds)
    here.root().rename_s(name, "uid=kim", delold=0)
    wire.password_modify(admin, KIM, control=wire.notify())  # and it is an entry like any other
    replicas.converge()
    assert not replicas.differences()


@pytest.mark.parametrize("delta", [True, False])
def test_replication_tells_nobody_again(make_slapd, mailer, delta):
    replicas = Replicas(make_slapd, delta=delta, mailer_keys=(mailer.public_key,)).connect_all()
    first, second = replicas.slapds
    sign_in(first, KIM).passwd_s(KIM, None, NEW)
    first.root().modify_s(KIM, replaced("latchkeyRecoveryAddress", OUTSIDE_MAIL))
    replicas.converge()
    for slapd in (first, second):
        assert told(slapd, KIM) == at_all("passwordChanged", "kim") | at_all("addressChanged", "kim", ROOT_DN)
        assert len(messages(slapd, KIM)) == 4


# No flood


def test_a_thousandth_change_is_no_thousandth_mail(slapd, mailer):
    """The first is told of at once, and those that follow in one mail some minutes later, which tells of the last."""
    connection = sign_in(slapd, KIM)
    connection.modify_s(KIM, replaced("userPassword", f"{NEW}-0"))
    assert len(received(mailer)) == 2
    first = {fields["to"]: fields for fields in messages(slapd, KIM)}
    for number in range(1, 40):
        connection.modify_s(KIM, replaced("userPassword", f"{NEW}-{number}"))
    waiting = [fields for fields in messages(slapd, KIM) if fields["state"] == "queued"]
    assert len(waiting) == 2 and len(messages(slapd, KIM)) == 4
    for fields in waiting:
        assert seconds_of(fields["due"]) == seconds_of(first[fields["to"]]["created"]) + PAUSE
    mailer.once()
    assert len(mailer.notices()) == 2


def seconds_of(moment: str) -> int:
    """A GeneralizedTime as a number."""
    return calendar.timegm(time.strptime(moment, "%Y%m%d%H%M%SZ"))


def test_while_no_mail_goes_out_nothing_piles_up(slapd):
    connection = sign_in(slapd, KIM)
    for number in range(40):
        connection.modify_s(KIM, replaced("userPassword", f"{NEW}-{number}"))
    assert len(messages(slapd, KIM)) == slapd.slapcat().count("\nlatchkeySealed:") == 2


def test_one_actor_does_not_hide_another(slapd):
    """Whoever resets a password, and then changes it as its user, is told of twice."""
    sign_in(slapd, PASSWORD_ADMIN).modify_s(KIM, replaced("userPassword", NEW))
    slapd.connect(KIM, NEW).modify_s(KIM, replaced("userPassword", f"{NEW}-2"))
    slapd.root().modify_s(KIM, replaced("userPassword", f"{NEW}-3"))
    assert told(slapd, KIM) == set().union(*(at_all("passwordChanged", "kim", actor) for actor in (PASSWORD_ADMIN, "", ROOT_DN)))


def test_news_pushes_out_no_password_that_can_be_sent_again(slapd, mailer):
    _drawn, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), LEE, control=wire.notify())
    mailer.once()
    for who in (PASSWORD_ADMIN, GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, ROOT_DN):
        for _ in range(2):
            wire.exop(sign_in(slapd, who), wire.ACCOUNT_UNLOCK, wire.account(LEE))
            mailer.once()
    assert answer.id in {fields["id"] for fields in messages(slapd, LEE)}
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.NOTIFICATION_RESEND, wire.resend(LEE, answer.id))


def test_changes_at_once_lose_no_client_its_write(slapd, mailer):
    """The mailer settles what a change replaces while it is being made."""
    mailer.start()
    connection = sign_in(slapd, KIM)
    for number in range(60):
        connection.modify_s(KIM, replaced("userPassword", f"{NEW}-{number}"))
    mailer.stop()
    assert slapd.signs_in(KIM, f"{NEW}-59")


def test_what_an_administrator_does_next_is_done_too(start, mailer):
    """Whoever unlocks tells of it, and the mailer settles that while the next one unlocks the same account."""
    helpers = [person(f"helper{number}", MANAGED, f"Helper {number}") for number in range(40)]
    slapd = start(*helpers, group("helpers", *(dn for dn, _attributes in helpers)))
    slapd.root().modify_s(f"cn=password-admins,{GROUPS}", [(MOD_ADD, "member", [f"cn=helpers,{GROUPS}".encode()])])
    connections = [sign_in(slapd, dn) for dn, _attributes in helpers]
    mailer.start()
    for connection in connections:
        wire.exop(connection, wire.ACCOUNT_UNLOCK, wire.account(LEE))
    mailer.stop()
