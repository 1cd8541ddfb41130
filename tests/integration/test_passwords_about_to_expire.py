"""Whoever's password is about to expire by slapo-ppolicy's pwdMaxAge is told by mail, at the days that the policy lists, each once
whatever restarts and however many providers there are; and nobody is told of a password that was changed meanwhile."""

import time

import pytest
from ldap import MOD_REPLACE

from latchkey_testing import entries as make
from latchkey_testing import mails, organization, places, stored, wire
from latchkey_testing.organization import (CLOSED, GLOBAL_ADMIN, HAN, INSIDE_ONLY, KIM, LEE, MANAGED, NIGHT_ADMIN,
                                           NO_ADDRESS, PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, person, sign_in)
from latchkey_testing.password_writes import RELAX
from latchkey_testing.replicas import Replicas
from latchkey_testing.settings import DEFAULT_PPOLICY_DN, POLICIES_DN
from latchkey_testing.waiting import wait_for

DAY = 86400
AGE = 90 * DAY
STRICT = f"cn=strict,{POLICIES_DN}"
STRICT_AGE = 30 * DAY
NEVER = f"cn=never,{POLICIES_DN}"
EXPIRING = "passwordExpiring"


def changed(left: float, age: int = AGE) -> str:
    """The pwdChangedTime of a password of that AGE at most that expires in LEFT days."""
    return stored.moment(left * DAY - age)


def directory(passwords: dict[str, dict | float], days: str | list[str] = "default", *more, **rules) -> list:
    """The organization where PASSWORDS say in how many days each expires, or what stands in the entry."""
    policies = [make.password_policy(pwdMaxAge=str(AGE), pwdExpireWarning="60", **rules)]
    for dn, age in ((STRICT, str(STRICT_AGE)), (NEVER, "0")):
        policies.append(make.entry(dn, {"objectClass": ["device", "pwdPolicy"], "cn": make.name_of(dn),
                                        "pwdAttribute": "userPassword", "pwdMaxAge": age}))
    held = [each for each in organization.entries(latchkeyExpiryNotice=days, latchkeyTell="nothing")
            if each[0] != DEFAULT_PPOLICY_DN]
    for dn, attributes in [*held, *more]:
        given = passwords.get(dn, {})
        added = given if isinstance(given, dict) else {"pwdChangedTime": changed(given)}
        attributes.update({name: value if isinstance(value, list) else [value] for name, value in added.items()})
    return [*held, *more, *policies]


def set_left(slapd, dn: str, left: float) -> None:
    """As if that many days were left of the password of DN."""
    slapd.root().modify_ext_s(dn, [(MOD_REPLACE, "pwdChangedTime", [changed(left).encode()])], serverctrls=[RELAX])


def notices(slapd, dn: str) -> list[dict[str, str]]:
    """The messages on the entry that tell of an expiry."""
    values = slapd.entry(dn, "latchkeyMessage").get("latchkeyMessage", [])
    return [fields for fields in map(wire.message_fields, values) if fields["kind"] == EXPIRING]


def noted(slapd, dn: str) -> int:
    """For how many days before the expiry its owner was told last; 0: never."""
    value = slapd.entry(dn, "latchkeyExpiryNoted").get("latchkeyExpiryNoted", [b"0"])[0]
    return int(value.split()[-1])


def looks(slapd) -> None:
    """Waits until a look has come after all that is there now: it tells a user who has just begun to be concerned."""
    set_left(slapd, LEE, 60)
    before = slapd.entry(LEE, "latchkeyExpiryNoted").get("latchkeyExpiryNoted")
    set_left(slapd, LEE, 13.5)
    wait_for(lambda: slapd.entry(LEE, "latchkeyExpiryNoted").get("latchkeyExpiryNoted") not in (None, before))


# What stands in an entry, and for which of 14, 3 and 1 days its owner is told; None: for none.
CASES = {
    "fifteen days": ({"pwdChangedTime": changed(15)}, None),
    "thirteen days": ({"pwdChangedTime": changed(13)}, 14),
    "two and a half": ({"pwdChangedTime": changed(2.5)}, 3),
    "half a day": ({"pwdChangedTime": changed(0.5)}, 1),
    "expired": ({"pwdChangedTime": changed(-0.5)}, None),
    "expired long ago": ({"pwdChangedTime": "20200101000000Z"}, None),
    "of unknown age": ({}, None),
    "under a policy of their own": ({"pwdChangedTime": changed(2.5, STRICT_AGE), "pwdPolicySubentry": STRICT}, 3),
    "long before that one's end": ({"pwdChangedTime": changed(13), "pwdPolicySubentry": STRICT}, None),
    "under one without an end": ({"pwdChangedTime": changed(2.5), "pwdPolicySubentry": NEVER}, None),
    "under one that is not there": ({"pwdChangedTime": changed(2.5), "pwdPolicySubentry": f"cn=none,{POLICIES_DN}"}, None),
    "a temporary one": ({"pwdChangedTime": changed(2.5),
                         "userPassword": "{LATCHKEY-TEMP}20991231000000Z" + make.hashed("x")}, None),
    "kept elsewhere": ({"pwdChangedTime": changed(2.5), "userPassword": "{SASL}told@EXAMPLE.ORG"}, None),
    "without a password": ({"pwdChangedTime": changed(2.5), "userPassword": []}, None),
    "blocked": ({"pwdChangedTime": changed(2.5), "latchkeyBlocked": "20261121050200Z"}, None),
    "excluded": ({"pwdChangedTime": changed(2.5), "employeeType": "service"}, None),
    "locked for good": ({"pwdChangedTime": changed(2.5), "pwdAccountLockedTime": organization.LOCKED_FOR_GOOD}, None),
    "locked for a time": ({"pwdChangedTime": changed(2.5), "pwdAccountLockedTime": stored.moment(-60)}, 3),
    "without an address": ({"pwdChangedTime": changed(2.5), "mail": [], "latchkeyRecoveryAddress": []}, None),
    "with what is no address": ({"pwdChangedTime": changed(2.5), "mail": "told", "latchkeyRecoveryAddress": []}, None),
    "a damaged note": ({"pwdChangedTime": changed(2.5), "latchkeyExpiryNoted": "soon"}, 3),
}


def test_who_is_told(make_slapd):
    people = {case: f"uid=told{number},{MANAGED}" for number, case in enumerate(CASES)}
    last = f"uid=last,{MANAGED}"
    more = [person(make.name_of(dn), MANAGED, "Tolly Told", **CASES[case][0]) for case, dn in people.items()]
    more.append(person("last", MANAGED, "Who Is Told Last", pwdChangedTime=changed(13)))
    entries = directory({}, "default", *more)
    dict(entries)[organization.MANAGED_POLICY]["latchkeyExclude"] = ["(employeeType=service)"]
    slapd = make_slapd(entries)
    wait_for(lambda: noted(slapd, last) == 14)
    told = {case: noted(slapd, dn) if notices(slapd, dn) else None for case, dn in people.items()}
    assert told == {case: due for case, (_attributes, due) in CASES.items()}


def test_the_mail_says_until_when(start, mailer):
    """To the mailbox that the password opens, and in the reader's language."""
    soon = {KIM: 13.5, LEE: 2.5, NO_ADDRESS: 2.5, INSIDE_ONLY: 2.5, HAN: 2.5, CLOSED: 0.5}
    slapd = start(entries=directory(soon))
    wait_for(lambda: all(notices(slapd, dn) for dn in (KIM, LEE, INSIDE_ONLY)))
    mailer.once()
    got = {mail["To"].addresses[0].addr_spec: mail for mail in mailer.everything()}
    assert sorted(got) == ["insideonly@example.org", "kim@example.org", "lee@example.org"]
    assert len(mailer.everything()) == 3
    assert got["kim@example.org"]["Subject"] == "암호 만료 예정 안내"
    korean, english = (mails.text(got[f"{name}@example.org"]).replace("\r", "") for name in ("kim", "lee"))
    assert "kim 계정의 암호가 곧 만료됩니다." in korean and "(한국 표준시)\n" in korean
    assert "The password of your account lee expires soon:\n\n    " in english
    assert "(Korea Standard Time)\n" in english and "https://portal.example.org/" in english
    message, = notices(slapd, LEE)
    assert message["state"] == "sent"
    assert message["expires"] == slapd.entry(LEE)["latchkeyExpiryNoted"][0].decode().split()[0]
    assert stored.moment(2.49 * DAY) < message["expires"] <= stored.moment(2.5 * DAY)
    assert "\nlatchkeySealed:" not in slapd.slapcat() and "latchkeyDue" not in slapd.entry(LEE)


def test_each_day_is_told_of_once(start, mailer):
    """Whatever is looked at again, and after a restart; what a policy lists later for a time before is not made up for."""
    slapd = start(entries=directory({KIM: 2.5}, ["14", "3"]))
    wait_for(lambda: noted(slapd, KIM) == 3)
    mailer.once()
    slapd.root().modify_s(organization.MANAGED_POLICY, [(MOD_REPLACE, "latchkeyExpiryNotice", [b"7", b"3", b"14"])])
    set_left(slapd, LEE, 2.5)  # who is looked at after KIM
    slapd.restart()
    wait_for(lambda: noted(slapd, LEE) == 3)
    mailer.once()
    assert len(notices(slapd, KIM)) == len(mails.to(mailer.everything(), "kim@example.org")) == 1


def test_the_next_day_comes_after_it(make_slapd):
    slapd = make_slapd(directory({KIM: 2.5}, "14"), overlay=places.KILLABLE_OVERLAY)
    wait_for(lambda: noted(slapd, KIM) == 14)
    slapd.root().modify_s(organization.MANAGED_POLICY, [(MOD_REPLACE, "latchkeyExpiryNotice", [b"14", b"3"])])
    slapd.restart(LATCHKEY_EXPIRY_SECONDS="1")
    wait_for(lambda: noted(slapd, KIM) == 3)
    assert len(notices(slapd, KIM)) == 1  # the mail that tells of fourteen had not been sent, and gave way


def test_another_password_is_told_of_anew(start, mailer):
    slapd = start(entries=directory({KIM: 2.5}), overlay=places.KILLABLE_OVERLAY)
    wait_for(lambda: noted(slapd, KIM) == 3)
    mailer.once()
    slapd.restart(LATCHKEY_EXPIRY_SECONDS="1")
    set_left(slapd, KIM, 13)
    wait_for(lambda: noted(slapd, KIM) == 14)
    assert len(notices(slapd, KIM)) == 2


@pytest.mark.parametrize("days", [[], ["0", "fourteen"]], ids=["none", "none that is one"])
def test_without_days_nobody_is_told(make_slapd, days):
    slapd = make_slapd(directory({KIM: 2.5, LEE: 0.5}, days), overlay=places.KILLABLE_OVERLAY)
    slapd.restart(LATCHKEY_EXPIRY_SECONDS="1")
    policy = organization.MANAGED_POLICY
    slapd.root().modify_s(policy, [(MOD_REPLACE, "latchkeyExpiryNotice", [b"1"])])
    wait_for(lambda: noted(slapd, LEE) == 1)
    assert not notices(slapd, KIM)


def change(slapd) -> None:
    sign_in(slapd, KIM).passwd_s(KIM, None, "Chosen-by-Kim-1")


def reset(slapd) -> None:
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)


def lengthen(slapd) -> None:
    slapd.root().modify_s(DEFAULT_PPOLICY_DN, [(MOD_REPLACE, "pwdMaxAge", [str(2 * AGE).encode()])])


@pytest.mark.parametrize("happen", [change, reset, lengthen])
def test_a_notice_of_what_is_not_so_any_more_is_void(start, mailer, happen):
    """It was queued, and the mailer was away: the password was changed, or its policy."""
    slapd = start(entries=directory({KIM: 2.5}))
    wait_for(lambda: notices(slapd, KIM))
    happen(slapd)
    mailer.once()
    assert [mail["Subject"] for mail in mailer.everything() if mails.notice(mail) == EXPIRING] == []
    entry = slapd.entry(KIM)
    assert notices(slapd, KIM) == [] and entry.get("latchkeyDue") == entry.get("latchkeyTemporaryUntil")

@pytest.mark.parametrize("point, done", [("before-backend", False), ("after-commit", True)])
def test_killed_at_any_instant_it_is_told_once(start, mailer, point, done):
    slapd = start(entries=directory({}), overlay=places.KILLABLE_OVERLAY)
    set_left(slapd, KIM, 2.5)
    slapd.restart(LATCHKEY_KILL_AT=f"expiry:{point}")
    slapd.wait_until_killed()
    assert ("passwordExpiring" in slapd.slapcat()) == done
    slapd.start()
    wait_for(lambda: notices(slapd, KIM))
    mailer.once()
    assert len(mails.to(mailer.everything(), "kim@example.org")) == 1


def test_an_index_finds_them(make_slapd):
    """With the indexes that the manual recommends."""
    slapd = make_slapd(directory({KIM: 2.5}), log_level=str(0x100 | 0x20))
    wait_for(lambda: notices(slapd, KIM))
    assert "(pwdChangedTime) not indexed" not in slapd.log.read_text()


def test_one_of_two_providers_tells(make_slapd):
    """Each looks at a moment of its own, and finds what the other has noted."""
    everybody = (KIM, LEE, GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, NIGHT_ADMIN)
    managed = {"latchkeyExpiryNotice": "default", "latchkeyTell": "nothing"}
    replicas = Replicas(make_slapd, managed=managed, overlay=places.KILLABLE_OVERLAY).connect_all()
    for slapd in replicas.slapds:
        slapd.restart(LATCHKEY_EXPIRY_SECONDS="16")
    for dn in everybody:
        set_left(replicas.slapds[0], dn, 2.5)
    replicas.slapds[0].root().modify_s(DEFAULT_PPOLICY_DN, [(MOD_REPLACE, "pwdMaxAge", [str(AGE).encode()])])
    replicas.converge()
    wait_for(lambda: all(noted(slapd, dn) == 3 for slapd in replicas.slapds for dn in everybody))
    wait_for(lambda: time.time() % 16 > 4)  # the second has looked too
    replicas.converge()
    logs = [slapd.log.read_text().count("event=expiry verdict=done") for slapd in replicas.slapds]
    assert sorted(logs) == [0, len(everybody)]
    assert {len(notices(slapd, dn)) for slapd in replicas.slapds for dn in everybody} == {1}
