"""A new user is welcomed in the write that creates the account: an Add with the Notify control and without a password stores a
temporary one, or where accounts are self-service only a code, and the mail with it; or nothing is added at all."""

import re

import ldap
import pytest
from ldap import MOD_REPLACE
from ldap.controls import RequestControl

from latchkey_testing import mails, organization, recovery, stored, wire
from latchkey_testing.enrolment import complete
from latchkey_testing.entries import hashed
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE,
                                           PASSWORD_ADMIN, SELF, SELF_ADMIN, SELF_POLICY, SONG, person, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.transactions import transact

OWN = "new@example.net"
FIRST = "Chosen-by-myself-1"
NOOP = RequestControl("1.3.6.1.4.1.4203.666.5.2", True)
WRONG = (49, "the proofs are wrong, or not this user's, or no longer valid")
ADMINISTRATORS = [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN]


@pytest.fixture
def slapd(start):
    return start()


def new_in(base: str, **more) -> tuple[str, list]:
    """The DN and attributes of somebody new, without a password."""
    dn, attributes = person("new", base, "Neu Newcomer", **{"userPassword": None, **more})
    return dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()]


def add(connection, base: str, control=None, more: dict | None = None) -> wire.NotifyResponse | None:
    """Adds somebody new; what comes back with the control."""
    dn, attributes = new_in(base, **(more or {}))
    number = connection.add_ext(dn, attributes, serverctrls=[control or wire.notify()])
    answer = connection.result4(number, add_ctrls=1, resp_ctrl_classes={wire.NOTIFY_CONTROL: wire.NotifyResponse})
    return next((each for each in answer[3] if isinstance(each, wire.NotifyResponse)), None)


def exists(slapd, base: str) -> bool:
    return f"dn: uid=new,{base}\n" in slapd.slapcat()


def mailed(mailer, to: str = OWN) -> str:
    mailer.once()
    return mails.to(mailer.mails(), to)[-1]


def from_now(text: str, days: int) -> bool:
    return stored.moment(days * 86400 - 60) < text < stored.moment(days * 86400 + 60)


@pytest.mark.parametrize("actor", ADMINISTRATORS, ids=lambda dn: dn.split(",")[0])
def test_a_temporary_password_is_mailed(slapd, mailer, actor):
    answer = add(sign_in(slapd, actor), MANAGED)
    new = f"uid=new,{MANAGED}"
    assert from_now(answer.expires, 14) and answer.must_change
    mail = mailed(mailer)
    password = mails.temporary_password_in(mail)
    assert slapd.signs_in(new, password)
    assert slapd.entry(new, "pwdReset")["pwdReset"] == [b"TRUE"]
    message, = slapd.entry(new, "latchkeyMessage")["latchkeyMessage"]
    fields = wire.message_fields(message)
    assert (fields["id"], fields["kind"], fields["state"]) == (answer.id, "welcome", "sent")
    event, = slapd.entry(new, "latchkeyEvent")["latchkeyEvent"]
    assert (wire.message_fields(event)["what"], wire.message_fields(event)["actor"]) == ("welcome", actor)
    assert password not in slapd.log.read_text() and password not in slapd.slapcat()


@pytest.mark.parametrize("actor", [*ADMINISTRATORS, SELF_ADMIN], ids=lambda dn: dn.split(",")[0])
@pytest.mark.parametrize("latchkey_first", [True, False], ids=["before ppolicy", "after ppolicy"])
def test_where_nobody_gives_a_password_a_code_is_mailed(start, mailer, actor, latchkey_first):
    slapd = start(latchkey_first=latchkey_first)
    answer = add(sign_in(slapd, actor), SELF)
    assert from_now(answer.expires, 14)
    assert "userPassword" not in slapd.entry(f"uid=new,{SELF}")
    code = mails.code_in(mailed(mailer))
    assert complete(slapd, "new", (wire.MAIL, code)) == (53, "there is no password to keep: choose one")
    assert complete(slapd, "han", (wire.MAIL, code), new=FIRST) == WRONG
    assert complete(slapd, "new", (wire.MAIL, code), new=FIRST) == (0, "")
    assert slapd.signs_in(f"uid=new,{SELF}", FIRST)
    assert complete(slapd, "new", (wire.MAIL, code), new="Another-one-1") == WRONG
    assert "latchkeyCode" not in slapd.slapcat()


@pytest.mark.parametrize("latchkey_first", [True, False], ids=["before ppolicy", "after ppolicy"])
@pytest.mark.parametrize("ppolicy", [True, False], ids=["ppolicy", "without ppolicy"])
def test_ppolicy_does_not_mind(start, mailer, ppolicy, latchkey_first):
    slapd = start(latchkey_first=latchkey_first, ppolicy=ppolicy)
    answer = add(sign_in(slapd, PASSWORD_ADMIN), MANAGED)
    assert answer.must_change == ppolicy
    assert slapd.signs_in(f"uid=new,{MANAGED}", mails.temporary_password_in(mailed(mailer)))


def test_the_old_form_takes_the_code(slapd, mailer):
    add(sign_in(slapd, SELF_ADMIN), SELF)
    code = mails.code_in(mailed(mailer))
    slapd.tool("ldappasswd", "-a", code, "-s", FIRST, f"uid=new,{SELF}")
    assert slapd.signs_in(f"uid=new,{SELF}", FIRST)


def test_the_control_says_how(slapd, mailer):
    control = wire.notify(to="private@elsewhere.example", locale="ko", must_change=False, reason="first day", ticket="T-1")
    answer = add(sign_in(slapd, PASSWORD_ADMIN), MANAGED, control)
    assert answer.expires is None and not answer.must_change
    mail = mailed(mailer, "private@elsewhere.example")
    assert "안녕하십니까" in mails.text(mail)
    assert slapd.signs_in(f"uid=new,{MANAGED}", mails.temporary_password_in(mail))
    created = slapd.entry(f"uid=new,{MANAGED}", "latchkeyEvent", "latchkeyEventDay")
    event = wire.message_fields(created["latchkeyEvent"][0])
    assert created["latchkeyEventDay"] == [event["time"][:8].encode()]
    assert (event["reason"], event["ticket"]) == ("first day", "T-1")


REFUSED = {
    "who has no role": (SELF, SONG, None, {}, 50),
    "who has no role, where administrators reset": (MANAGED, LEE, None, {}, 50),
    "an auditor": (MANAGED, AUDITOR, None, {}, 50),
    "with a password": (MANAGED, PASSWORD_ADMIN, None, {"userPassword": hashed("Some-password-1")}, 53),
    "with a password, self-service": (SELF, SELF_ADMIN, None, {"userPassword": hashed("Some-password-1")}, 53),
    "with another credential": (MANAGED, ROOT_DN, None, {"authzTo": "dn:*"}, 53),
    "without an address": (MANAGED, PASSWORD_ADMIN, None, {"latchkeyRecoveryAddress": None}, 53),
    "without an address, self-service": (SELF, SELF_ADMIN, None, {"latchkeyRecoveryAddress": None}, 53),
    "to a mailbox inside": (MANAGED, PASSWORD_ADMIN, wire.notify(to="new@example.org"), {}, 53),
    "to no address": (MANAGED, PASSWORD_ADMIN, wire.notify(to="new"), {}, 21),
    "a code elsewhere": (SELF, SELF_ADMIN, wire.notify(to="mallory@elsewhere.example"), {}, 53),
    "under no policy": (OUTSIDE, ROOT_DN, None, {}, 12),
    "nothing at all": (SELF, ROOT_DN, NOOP, {}, 16654),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_added_without_its_message(slapd, mailer, case):
    base, actor, control, more, expected = REFUSED[case]
    connection = sign_in(slapd, actor)
    dn, attributes = new_in(base, **more)
    controls = [wire.notify(), control] if control is NOOP else [control or wire.notify()]
    assert result_of(connection.add_ext_s, dn, attributes, serverctrls=controls)[0] == expected
    assert not exists(slapd, base)
    mailer.once()
    assert mailer.mails() == []


def test_not_without_a_message(slapd):
    dn, attributes = new_in(MANAGED)
    control = wire.notify(no_message=True, reason="hired")
    assert result_of(slapd.root().add_ext_s, dn, attributes, serverctrls=[control])[0] == ldap.UNWILLING_TO_PERFORM.errnum
    assert not exists(slapd, MANAGED)


def test_not_in_a_transaction(slapd):
    dn, attributes = new_in(MANAGED)
    assert transact(slapd.root(), lambda c, controls: c.add_ext_s(
        dn, attributes, serverctrls=[*controls, wire.notify()])) == ldap.UNWILLING_TO_PERFORM.errnum
    assert not exists(slapd, MANAGED)


@pytest.mark.parametrize("policy,change", [
    (MANAGED_POLICY, ("latchkeyReasonRequired", b"TRUE")), (MANAGED_POLICY, ("latchkeyExclude", b"(uid=new)")),
    (SELF_POLICY, ("latchkeyMethod", b"recoveryCode"))])
def test_what_the_policy_does_not_allow(slapd, policy, change):
    slapd.root().modify_s(policy, [(MOD_REPLACE, change[0], [change[1]])])
    base = MANAGED if policy == MANAGED_POLICY else SELF
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        add(slapd.root(), base)
    assert not exists(slapd, base)


# Where two proofs are needed: who is new has but one, and can enrol another only after the first sign-in.

@pytest.fixture
def strict(slapd):
    """A slapd where accounts are self-service only and two proofs are needed."""
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyMethodsRequired", [b"2"])])
    return slapd


def test_the_first_password_needs_the_code_alone(strict, mailer):
    add(sign_in(strict, SELF_ADMIN), SELF)
    code = mails.code_in(mailed(mailer))
    assert complete(strict, "new", (wire.MAIL, code), (wire.PRINTED, "0" * 24), new=FIRST) == WRONG
    assert complete(strict, "new", (wire.MAIL, code), new=FIRST) == (0, "")
    assert strict.signs_in(f"uid=new,{SELF}", FIRST)


def test_but_no_later_one(strict, mailer):
    add(sign_in(strict, SELF_ADMIN), SELF)
    assert complete(strict, "new", (wire.MAIL, mails.code_in(mailed(mailer))), new=FIRST) == (0, "")
    code = recovery.code_for(strict, mailer, "new", OWN)
    assert complete(strict, "new", (wire.MAIL, code), new="Another-one-1") == WRONG
    assert complete(strict, "han", (wire.MAIL, recovery.code_for(strict, mailer, "han", "han@example.net")), new=FIRST) == WRONG


def test_whose_welcome_has_lapsed_asks_for_another_code(strict, mailer):
    add(sign_in(strict, SELF_ADMIN), SELF)
    mailed(mailer)
    strict.stop()
    for record in strict.slapcat().replace("\n ", "").split("\n\n"):
        stored_code = re.search(r"^latchkeyCode: (.*)$", record, re.MULTILINE)
        if record.startswith(f"dn: uid=new,{SELF}\n"):
            lapsed = re.sub(r"expires=\d{14}Z", "expires=20200101000000Z", stored_code[1])
    strict.offline("modify", f"dn: uid=new,{SELF}\nchangetype: modify\nreplace: latchkeyCode\nlatchkeyCode: {lapsed}\n-\n\n")
    strict.start()
    code = recovery.code_for(strict, mailer, "new", OWN)
    assert complete(strict, "new", (wire.MAIL, code), new=FIRST) == (0, "")


def test_an_account_without_a_password_that_nobody_welcomed_needs_two(strict, mailer):
    """It may have another way to sign in, which is worth two proofs."""
    strict.root().add_s(*new_in(SELF))
    code = recovery.code_for(strict, mailer, "new", OWN)
    assert complete(strict, "new", (wire.MAIL, code), new=FIRST) == WRONG


def test_nor_does_the_code_suffice_at_another_address(strict, mailer):
    add(sign_in(strict, SELF_ADMIN), SELF)
    code = mails.code_in(mailed(mailer))
    strict.root().modify_s(f"uid=new,{SELF}", [(MOD_REPLACE, "latchkeyRecoveryAddress", [b"mallory@elsewhere.example"])])
    assert complete(strict, "new", (wire.MAIL, code), new=FIRST) == WRONG
    assert recovery.reached(strict, mailer, "new") == []


def test_an_account_loses_no_proof_by_being_deleted_and_added_again(strict, mailer):
    admin = sign_in(strict, SELF_ADMIN)
    admin.delete_s(HAN)
    dn, attributes = person("han", SELF, "Not Han", userPassword=None)
    modlist = [(name, [value.encode() for value in values]) for name, values in attributes.items()]
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="a mailed code alone must not open it"):
        admin.add_ext_s(dn, modlist, serverctrls=[wire.notify()])
    assert f"dn: {HAN}\n" not in strict.slapcat()


def test_slapds_own_leave_is_needed_too(start):
    slapd = start(access=("to attrs=userPassword by anonymous auth", "to * by users read"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        add(sign_in(slapd, GLOBAL_ADMIN), MANAGED)
    assert not exists(slapd, MANAGED)


def test_the_name_of_a_deleted_account_is_no_way_in(slapd, mailer):
    admin = sign_in(slapd, SELF_ADMIN)
    admin.delete_s(HAN)
    dn, attributes = person("han", SELF, "Not Han", userPassword=None, latchkeyRecoveryAddress="mallory@elsewhere.example")
    modlist = [(name, [value.encode() for value in values]) for name, values in attributes.items()]
    for control in (wire.notify(), wire.notify(to="mallory@elsewhere.example")):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM):
            admin.add_ext_s(dn, modlist, serverctrls=[control])
    modlist.remove(("latchkeyRecoveryAddress", [b"mallory@elsewhere.example"]))
    admin.add_ext_s(dn, [*modlist, ("latchkeyRecoveryAddress", [b"han@example.net"])], serverctrls=[wire.notify()])
    assert mails.code_in(mailed(mailer, "han@example.net"))


def test_a_code_dies_with_its_address(slapd, mailer):
    add(sign_in(slapd, SELF_ADMIN), SELF)
    code = mails.code_in(mailed(mailer))
    slapd.root().modify_s(f"uid=new,{SELF}", [(MOD_REPLACE, "latchkeyRecoveryAddress", [b"right@example.net"])])
    assert complete(slapd, "new", (wire.MAIL, code), new=FIRST) == WRONG


def test_a_code_dies_in_time(start, mailer):
    entries = [(dn, {**attributes, "latchkeyWelcomeLifetime": ["3600"]} if dn == SELF_POLICY else attributes)
               for dn, attributes in organization.entries()]
    slapd = start(entries=entries)
    add(sign_in(slapd, SELF_ADMIN), SELF)
    code = mails.code_in(mailed(mailer))
    slapd.stop()
    record = next(part for part in slapd.slapcat().replace("\n ", "").split("\n\n") if part.startswith("dn: uid=new,"))
    value = next(line for line in record.splitlines() if line.startswith("latchkeyCode: "))
    expires = wire.message_fields(value.split(": ", 1)[1])["expires"]
    slapd.offline("modify", f"dn: uid=new,{SELF}\nchangetype: modify\nreplace: latchkeyCode\n"
                            f"{value.replace(expires, stored.moment(-1))}\n\n")
    slapd.start()
    assert complete(slapd, "new", (wire.MAIL, code), new=FIRST) == WRONG


def test_a_welcome_is_sent_again(slapd, mailer):
    admin = sign_in(slapd, SELF_ADMIN)
    answer = add(admin, SELF)
    code = mails.code_in(mailed(mailer))
    wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend("new", answer.id))
    message, = slapd.entry(f"uid=new,{SELF}", "latchkeyMessage")["latchkeyMessage"]
    assert wire.message_fields(message)["state"] == "queued"
    assert mails.code_in(mailed(mailer)) == code
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend("new", answer.id, "mallory@elsewhere.example"))
    assert complete(slapd, "new", (wire.MAIL, code), new=FIRST) == (0, "")
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no longer valid"):
        wire.exop(admin, wire.NOTIFICATION_RESEND, wire.resend("new", answer.id))


def test_nobody_reads_the_code(slapd):
    add(sign_in(slapd, SELF_ADMIN), SELF)
    for actor in (ROOT_DN, SELF_ADMIN, AUDITOR):
        entry = sign_in(slapd, actor).search_s(f"uid=new,{SELF}", ldap.SCOPE_BASE, attrlist=["*", "+"])[0][1]
        assert "latchkeyMessage" in entry and not {"latchkeyCode", "latchkeySealed"} & set(entry)


def test_a_restart_between_loses_nothing(slapd, mailer):
    add(sign_in(slapd, SELF_ADMIN), SELF)
    slapd.kill()
    slapd.start()
    assert complete(slapd, "new", (wire.MAIL, mails.code_in(mailed(mailer))), new=FIRST) == (0, "")


def test_without_the_control_nothing_changes(slapd, mailer):
    dn, attributes = new_in(SELF)
    slapd.root().add_s(dn, attributes)
    assert not {"latchkeyMessage", "latchkeyEvent", "userPassword"} & set(slapd.entry(dn))
    with pytest.raises(ldap.ALREADY_EXISTS):
        add(slapd.root(), SELF)
    assert "latchkeyMessage" not in slapd.entry(dn)
    assert slapd.entry(KIM)
