"""A reset with the Notify control reaches its user: at an address that they can read without the password, in their
language; what cannot be delivered to anybody is refused before the password changes."""

import pytest
from ldap import MOD_REPLACE

from latchkey_testing import mails, organization, trail, wire
from latchkey_testing.organization import (GLOBAL_ADMIN, INSIDE_ONLY, KIM, LEE, MANAGED, MANAGED_POLICY, NO_ADDRESS,
                                           PASSWORD_ADMIN, password_of, person, sign_in)
from latchkey_testing.password_writes import account, result_of

TYPED = "Typed-by-Pia-1"
DRAWN_OR_TYPED = pytest.mark.parametrize("new", [TYPED, None], ids=["typed", "drawn"])


def messages(slapd, dn: str) -> list[dict[str, str]]:
    """What administrators see of the messages about DN that carry a password, the oldest first."""
    values = sign_in(slapd, GLOBAL_ADMIN).search_s(dn, 0, attrlist=["latchkeyMessage"])[0][1].get("latchkeyMessage", [])
    carrying = [fields for fields in map(wire.message_fields, values) if fields["kind"] not in mails.NOTICES]
    return sorted(carrying, key=lambda fields: (fields["created"], fields["id"]))


def reset(slapd, user: str, new: str | None = None, **notify):
    """A reset with a message: the password that came back, and the answer's control."""
    return wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), user, new, control=wire.notify(**notify))


@DRAWN_OR_TYPED
def test_the_mail_carries_the_password(slapd, mailer, new):
    drawn, answer = reset(slapd, KIM, new)
    message, = messages(slapd, KIM)
    assert (message["id"], message["kind"], message["state"]) == (answer.id, "temporaryPassword", "queued")
    assert (message["to"], message["actor"], message["expires"]) == ("kim@example.net", PASSWORD_ADMIN, answer.expires)
    mailer.once()
    mail, = mails.to(mailer.mails(), "kim@example.net")
    assert (new or drawn) in mails.text(mail) and "Pia Admin" in mails.text(mail)
    assert messages(slapd, KIM)[0]["state"] == "sent"


def test_without_the_control_nobody_is_told(slapd, mailer):
    drawn, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)
    assert drawn and answer is None and messages(slapd, KIM) == []
    mailer.once()
    assert mailer.mails() == []


@DRAWN_OR_TYPED
def test_a_concealed_password_reaches_the_user_alone(slapd, mailer, new):
    shown, answer = reset(slapd, KIM, new, conceal=True)
    assert shown is None and answer.id
    mailer.once()
    mail, = mailer.mails()
    assert slapd.signs_in(KIM, new or mails.temporary_password_in(mail))


@pytest.mark.parametrize("user, notify, language", [
    (KIM, {}, "ko"), (LEE, {}, "en"), (KIM, {"locale": "en"}, "en"), (LEE, {"locale": "ko"}, "ko"),
    ("night", {}, "en"), (LEE, {"locale": "tlh"}, "en"), (LEE, {"locale": "../../../etc/passwd"}, "en")])
def test_the_mail_is_in_the_users_language(slapd, mailer, user, notify, language):
    """Unless the administrator, who may have them on the telephone, says another that there is."""
    reset(slapd, user, **notify)
    mailer.once()
    mail, = mailer.mails()
    assert mail["Content-Language"].split("-")[0] == language


# Where it goes.


@pytest.mark.parametrize("user", [KIM, NO_ADDRESS, INSIDE_ONLY])
def test_the_administrator_may_give_another_address(slapd, mailer, user):
    reset(slapd, user, to="helpdesk-knows@example.com")
    mailer.once()
    mail, = mailer.mails()
    assert mail["To"].addresses[0].addr_spec == "helpdesk-knows@example.com"


# What is refused: the user, what the control says, and the result.
REFUSED = {
    "no address": (NO_ADDRESS, {}, 53),
    "only an address inside": (INSIDE_ONLY, {}, 53),
    "an address inside": (KIM, {"to": "kim@example.org"}, 53),
    "an address below it": (KIM, {"to": "kim@mail.EXAMPLE.org"}, 53),
    "no address at all": (KIM, {"to": "kim"}, 21),
    "a name and an address": (KIM, {"to": "Kim <kim@example.net>"}, 21),
    "two": (KIM, {"to": "kim@example.net,lee@example.net"}, 21),
    "two with a semicolon": (KIM, {"to": "kim@example.net; lee@example.net"}, 21),
    "a group": (KIM, {"to": "All: kim@example.net;"}, 21),
    "a local domain": (KIM, {"to": "kim@localhost"}, 21),
    "a literal": (KIM, {"to": "kim@[127.0.0.1]"}, 21),
    "a path": (KIM, {"to": "<@relay.example.net:kim@example.net>"}, 21),
    "percent": (KIM, {"to": "kim@example.net@example.org"}, 21),
    "a space": (KIM, {"to": "kim @example.net"}, 21),
    "CR": (KIM, {"to": "kim@example.net\r"}, 2),
    "LF and a header": (KIM, {"to": "kim@example.net\nBcc: all@example.net"}, 2),
    "NUL": (KIM, {"to": "kim@example.net\0"}, 2),
    "too long": (KIM, {"to": "k" * 250 + "@example.net"}, 2),
    "empty": (KIM, {"to": ""}, 2),
    "too long a language": (KIM, {"locale": "x" * 36}, 2),
    "a reason with a line break": (KIM, {"reason": "lost\nit"}, 2),
    "too long a reason": (KIM, {"reason": "x" * 513}, 2),
    "too long a ticket": (KIM, {"ticket": "x" * 65}, 2),
}


@DRAWN_OR_TYPED
def test_what_reaches_nobody_is_refused_before_the_password_changes(slapd, new):
    for case, (user, notify, expected) in REFUSED.items():
        before = account(slapd, user)
        code, text = result_of(reset, slapd, user, new, **notify)
        assert (code, bool(text)) == (expected, True), (case, code, text)
        assert account(slapd, user) == before, case


def test_a_damaged_control_is_refused(slapd):
    before = account(slapd, KIM)
    for value in (None, b"", b"\x30", b"\x30\x05", b"\x04\x00", b"\x30\x80\x00\x00",
                  wire.notify().encodedControlValue + b"\x00",
                  wire.sequence(wire.element(0x82, b"")), wire.sequence(wire.element(0x80, b"\xff\xfe@example.net")),
                  wire.sequence(wire.element(0x81, "ko"), wire.element(0x80, "kim@example.net")),
                  wire.sequence(wire.element(0x89, "x"))):
        control = wire.RequestControl(wire.NOTIFY_CONTROL, True, value)
        assert result_of(wire.password_modify, sign_in(slapd, PASSWORD_ADMIN), KIM, control=control)[0] == 2, value
    twice = sign_in(slapd, PASSWORD_ADMIN)
    assert result_of(twice.passwd_s, KIM, None, None, serverctrls=[wire.notify(), wire.notify()])[0] == 2
    assert account(slapd, KIM) == before


@pytest.mark.parametrize("keys", [(), ("A" * 43 + "=",)], ids=["no-key", "weak-key"])
def test_what_cannot_be_sealed_changes_no_password(make_slapd, keys):
    """No key of the mailer, or one of small order, to which nothing can be sealed."""
    slapd = make_slapd(mailer_keys=keys)
    before = account(slapd, KIM)
    assert result_of(reset, slapd, KIM)[0] in (53, 80)
    assert account(slapd, KIM) == before
    assert wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)[0]  # without a message there is nothing to seal


# How many are kept.


@pytest.fixture
def untelling(start):
    """A slapd whose messages carry passwords alone: nobody is told of anything else."""
    return start(entries=organization.entries(latchkeyTell="nothing"))


def test_the_newest_four_messages_are_kept(untelling, mailer):
    """Of those that were delivered: what is still to be sent waits however much it is. Of one second any may go first."""
    ids = [reset(untelling, KIM)[1].id for _ in range(10)]
    assert {message["id"] for message in messages(untelling, KIM)} == set(ids)
    mailer.once()
    assert len(mailer.mails()) == 10
    ids = [reset(untelling, KIM)[1].id for _ in range(8)]
    mailer.once()
    assert len(mailer.mails()) == 18
    before = {message["id"]: message["created"] for message in messages(untelling, KIM)}
    assert set(before) == set(ids)
    newest = reset(untelling, KIM)[1].id
    after = {message["id"] for message in messages(untelling, KIM)}
    assert newest in after and len(after) == 4
    assert min(before[each] for each in after - {newest}) >= max(before[each] for each in set(before) - after)


def test_a_password_that_was_replaced_leaves_no_sealed_text(untelling, mailer):
    """What was sent of it; what is still to be sent needs its text."""
    for _ in range(3):
        reset(untelling, KIM)
        mailer.once()
        assert untelling.slapcat().count("latchkeySealed:") == 1
    reset(untelling, KIM)
    reset(untelling, KIM)
    assert untelling.slapcat().count("latchkeySealed:") == 2
    assert len(messages(untelling, KIM)) == 4


def test_names_that_no_mail_can_carry_do_not_stop_a_reset(start, mailer):
    """A line break in the name, and a name of ten thousand letters."""
    names = {"broken": "Bro\nken: header", "long": "길" * 10000}
    slapd = start(*(person(uid, MANAGED, "Na Me", displayName=name) for uid, name in names.items()))
    for uid in names:
        assert slapd.signs_in(f"uid={uid},{MANAGED}", reset(slapd, uid)[0])
    mailer.once()
    assert len(mailer.mails()) == 2


def test_a_required_reason_is_asked_for_first(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyReasonRequired", [b"TRUE"])])
    assert result_of(reset, slapd, KIM)[0] == 53
    assert result_of(sign_in(slapd, PASSWORD_ADMIN).passwd_s, KIM, None, None)[0] == 53
    assert slapd.signs_in(KIM, password_of(KIM))
    assert reset(slapd, KIM, reason="lost at sea")[1].id


@DRAWN_OR_TYPED
def test_why_is_kept_where_no_message_is_wanted(slapd, mailer, new):
    """Who stands at the desk is given the password by hand; a policy that wants a reason has it all the same."""
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyReasonRequired", [b"TRUE"])])
    assert result_of(reset, slapd, KIM, new, no_message=True, ticket="4711")[0] == 53
    drawn, answer = reset(slapd, KIM, new, no_message=True, reason="stands at the desk", ticket="4711")
    assert answer.id is None and answer.must_change and answer.expires
    assert slapd.signs_in(KIM, new or drawn) and messages(slapd, KIM) == []
    event = next(each for each in trail.events(slapd, KIM) if each["what"] == "reset")
    assert (event["reason"], event["ticket"]) == ("stands at the desk", "4711")
    mailer.once()
    assert all("stands" not in mails.text(mail) and (new or drawn) not in mails.text(mail) for mail in mailer.mails())


@pytest.mark.parametrize("more", [{"to": "kim@example.net"}, {"locale": "ko"}, {"conceal": True}], ids=str)
def test_no_message_goes_nowhere(slapd, more):
    assert result_of(reset, slapd, KIM, no_message=True, reason="why", **more)[0] == 2
    assert slapd.signs_in(KIM, password_of(KIM))
