"""A code goes to an address that its user can read without the lost password, and to nobody else: not for an account
that an administrator has closed, not where nobody can tell who is meant, and the answers show nothing of that."""

import pytest
from ldap import MOD_DELETE, MOD_REPLACE

from latchkey_testing import mails, recovery
from latchkey_testing.organization import (CLOSED, INSIDE_DOMAIN, INSIDE_ONLY, MANAGED, MANAGED_POLICY, NO_ADDRESS,
                                           SELF, STRANGER, password_of, person, policy)
from latchkey_testing.recovery import WRONG, by_own_operation as complete, by_password_modify

NEW = "A-new-password-9"


def receivers(mailer) -> list[str]:
    """To whom mails went, in the order of the alphabet."""
    mailer.once()
    addresses = [mail["To"].addresses[0].addr_spec for mail in mailer.mails()]
    return sorted(address.encode("utf-8", "surrogateescape").decode() for address in addresses)  # RFC 6532: not encoded


# What the entry says of addresses, and to which of them the code goes.
ADDRESSES = {
    "recovery address before mail": (
        {"latchkeyRecoveryAddress": "a0@example.net", "mail": "b0@example.com"}, "a0@example.net"),
    "mail where there is no other": ({"latchkeyRecoveryAddress": None, "mail": "b1@example.com"}, "b1@example.com"),
    "mail where the other is inside": (
        {"latchkeyRecoveryAddress": "a2@example.org", "mail": "b2@example.com"}, "b2@example.com"),
    "the one that is outside": ({"latchkeyRecoveryAddress": ["a3@example.org", "b3@example.net"]}, "b3@example.net"),
    "below the inside domain": ({"latchkeyRecoveryAddress": "a4@mail.example.org"}, None),
    "inside in capitals": ({"latchkeyRecoveryAddress": "a5@EXAMPLE.Org"}, None),
    "a domain that only ends so": ({"latchkeyRecoveryAddress": "a6@notexample.org"}, "a6@notexample.org"),
    "a domain that only begins so": ({"latchkeyRecoveryAddress": "a7@example.org.net"}, "a7@example.org.net"),
    "inside behind a second @": ({"latchkeyRecoveryAddress": '"a8@example.net"@example.org'}, None),
    "outside before a second @": ({"latchkeyRecoveryAddress": "a9@example.org@example.net"}, None),
    "a dot at the end": ({"latchkeyRecoveryAddress": "a10@example.org."}, None),
    "a line break": ({"latchkeyRecoveryAddress": "a11@example.net\r\nBcc: x@example.net"}, None),
    "two in one": ({"latchkeyRecoveryAddress": "a12@example.net, b12@example.net"}, None),
    "a group": ({"latchkeyRecoveryAddress": "All: a13@example.net;"}, None),
    "a name and an address": ({"latchkeyRecoveryAddress": "A <a14@example.net>"}, None),
    "a comment": ({"latchkeyRecoveryAddress": "a15@example.net(x)"}, None),
    "an address literal": ({"latchkeyRecoveryAddress": "a16@[127.0.0.1]"}, None),
    "an option of the mail program": ({"latchkeyRecoveryAddress": "-oQ/tmp@example.net"}, "-oQ/tmp@example.net"),
    "in Hangul": ({"latchkeyRecoveryAddress": "김@example.net"}, "김@example.net"),
    "after one that is none": ({"latchkeyRecoveryAddress": ["nonsense", "b19@example.net"]}, "b19@example.net"),
}


def test_a_code_goes_outside_or_nowhere(start, mailer):
    people = [person(f"reader{number}", MANAGED, "Rhea Der", **attributes)
              for number, (attributes, _expected) in enumerate(ADDRESSES.values())]
    slapd = start(*people)
    recovery.ask_and_wait(slapd, *(dn for dn, _attributes in people))
    expected = sorted(address for _attributes, address in ADDRESSES.values() if address)
    assert receivers(mailer) == expected


def test_the_policy_says_which_attributes_hold_addresses(start, mailer):
    slapd = start(person("reader", MANAGED, "Rhea Der", mail="mail@example.com"))
    slapd.root().modify_s(
        MANAGED_POLICY, [(MOD_REPLACE, "latchkeyAddressAttribute", [b"{0}mail", b"{1}latchkeyRecoveryAddress"])])
    recovery.ask_and_wait(slapd, "reader")
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_DELETE, "latchkeyInsideDomain", None)])
    recovery.ask_and_wait(slapd, INSIDE_ONLY)
    assert receivers(mailer) == [f"insideonly@{INSIDE_DOMAIN}", "mail@example.com"]


# Who gets nothing: how they are called.
NOBODY = {
    "two of one name": "twin",
    "two of one mail": f"twin@{INSIDE_DOMAIN}",
    "no address": NO_ADDRESS,
    "only an address inside": "insideonly",
    "locked for good": "closed",
    "locked for good, by DN": CLOSED,
    "unknown": "nobody",
    "unknown, by DN": f"uid=nobody,{SELF}",
    "under no policy": "outsider",
    "under no policy, by DN": STRANGER,
    "the mailer": "mailer",
    "everybody": "*",
    "a filter": "kim)(uid=*",
    "the subtree": MANAGED,
    "the root of all": "dc=example,dc=org",
    "a name of two": "kim lee",
}


def test_others_get_nothing(start, mailer):
    slapd = start()
    recovery.ask_and_wait(slapd, *NOBODY.values())
    assert receivers(mailer) == []
    assert "latchkeyRecoveryOf" not in slapd.slapcat()


def test_two_of_one_name_are_told_apart_by_dn(start, mailer):
    slapd = start()
    recovery.ask_and_wait(slapd, f"uid=twin,{SELF}")
    mailer.once()
    mail, = mailer.mails()
    assert complete(slapd, "twin", mails.code_in(mail), NEW) == WRONG
    assert complete(slapd, f"uid=twin,{SELF}", mails.code_in(mail), NEW)[0] == 0
    assert slapd.signs_in(f"uid=twin,{SELF}", NEW) and slapd.signs_in(f"uid=twin,{MANAGED}", password_of("uid=twin"))


def test_the_nearer_policy_says_who_bears_a_name(start, mailer):
    """Somebody whom a nearer policy governs is not found a second time by the wider one."""
    slapd = start(policy("nearer", f"ou=deep,{MANAGED}", "selfServiceOnly"),
                  ("ou=deep," + MANAGED, {"objectClass": ["organizationalUnit"], "ou": ["deep"]}),
                  person("deep", f"ou=deep,{MANAGED}", "Deep Down"))
    recovery.ask_and_wait(slapd, "deep")
    assert receivers(mailer) == ["deep@example.net"]


# Accounts that an administrator has closed.
CLOSINGS = {
    "locked for good": ("pwdAccountLockedTime", "000001010000Z"),
    "ended": ("pwdEndTime", "20200101000000Z"),
    "ended, with an offset": ("pwdEndTime", "20200101000000+0900"),
    "not begun": ("pwdStartTime", "20990101000000Z"),
    "not begun, with a fraction": ("pwdStartTime", "20990101000000.5Z"),
}


@pytest.mark.parametrize("case", CLOSINGS)
def test_what_is_closed_stays_closed(start, mailer, case):
    """Before a code is asked for, and after: the code is as good as none, and no answer shows why."""
    name, value = CLOSINGS[case]
    slapd = start(person("before", MANAGED, "Bea Fore", **{name: value}), person("after", MANAGED, "Af Ter"))
    recovery.ask_and_wait(slapd, "before", "after")
    assert receivers(mailer) == ["after@example.net"]
    code = mails.code_in(mailer.mails()[0])
    dn = f"uid=after,{MANAGED}"
    slapd.root().modify_s(dn, [(MOD_REPLACE, name, [value.encode()])])
    before = slapd.entry(dn)
    for user in (dn, "after", f"uid=before,{MANAGED}", "nobody"):
        for new in (NEW, None):
            assert complete(slapd, user, code, new) == WRONG
        assert by_password_modify(slapd, user, code, NEW) == WRONG
    assert slapd.entry(dn) == before
    slapd.root().modify_s(dn, [(MOD_DELETE, name, None)])
    assert complete(slapd, "after", code, NEW)[0] == 0
    assert slapd.signs_in(dn, NEW)


OPENINGS = {
    "locked by failures": ("pwdAccountLockedTime", "20260101000000Z"),
    "begun": ("pwdStartTime", "20200101000000Z"),
    "not ended": ("pwdEndTime", "20990101000000Z"),
}


def test_what_is_open_is_not_taken_for_closed(start, mailer):
    people = [person(f"open{number}", MANAGED, "O Pen", **{name: value})
              for number, (name, value) in enumerate(OPENINGS.values())]
    slapd = start(*people)
    recovery.ask_and_wait(slapd, *(dn for dn, _attributes in people))
    assert len(receivers(mailer)) == len(people)
    for (dn, _attributes), mail in zip(people, sorted(mailer.mails(), key=lambda mail: str(mail["To"]))):
        assert complete(slapd, dn, mails.code_in(mail))[0] == 0
        assert slapd.signs_in(dn, password_of(dn))


def test_a_policy_without_mail_sends_no_code(start, mailer):
    slapd = start()
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyMethod", [b"totp", b"recoveryCode"])])
    recovery.ask_and_wait(slapd, "kim", "han")
    assert receivers(mailer) == ["han@example.net"]
