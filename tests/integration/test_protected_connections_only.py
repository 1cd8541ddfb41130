"""Passwords and codes are taken over a protected connection only (olcLatchkeyMinSSF): whoever sends one in the clear
hears that (confidentialityRequired, 13) before anything is looked up, and before anything is said about anybody."""

import pytest

from latchkey_testing import wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import CLOSED, HAN, KIM, OUTSIDE, PASSWORD_ADMIN, SELF, STRANGER, password_of
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import MAILER_DN, ROOT_DN, ROOT_PASSWORD

REFUSED = (13, "passwords and codes are taken over a protected connection only")
CODE = "K7QF-2M9X-4TRB"
NOBODY = f"uid=nobody,{SELF}"
USERS = (KIM, HAN, CLOSED, NOBODY, "kim", "nobody")


@pytest.fixture
def clear(make_slapd):
    """A function that opens a connection in the clear, signed in as DN: clear(dn)."""
    slapd = make_slapd(port=True)

    def connect(dn: str = ""):
        known = {ROOT_DN: ROOT_PASSWORD, MAILER_DN: MAILER_PASSWORD, "": ""}
        return slapd.connect(dn, known.get(dn, password_of(dn)) if dn else "", uri=slapd.tcp_uri)
    connect.slapd = slapd
    return connect


OPERATIONS = {
    "RecoveryRequest": lambda c, user: wire.exop(c, wire.RECOVERY_REQUEST, wire.recovery_request(user)),
    "RecoveryComplete": lambda c, user: wire.exop(c, wire.RECOVERY_COMPLETE, wire.recovery_complete(user, CODE)),
    "RecoveryComplete, new password": lambda c, user: wire.exop(
        c, wire.RECOVERY_COMPLETE, wire.recovery_complete(user, CODE, new="A-new-password-9")),
    "Password Modify with a code": lambda c, user: c.passwd_s(user, CODE, "A-new-password-9"),
    "Password Modify with a code alone": lambda c, user: c.passwd_s(user, CODE, None),
    "Password Modify without a code": lambda c, user: c.passwd_s(user, None, "A-new-password-9"),
}
RESETS = {
    "typed": lambda c, user: c.passwd_s(user, None, "A-new-password-9"),
    "generated": lambda c, user: c.passwd_s(user, None, None),
    "with the old password": lambda c, user: c.passwd_s(user, "x", "A-new-password-9"),
    "notified": lambda c, user: wire.password_modify(c, user, control=wire.notify()),
    "notified wrongly": lambda c, user: wire.password_modify(c, user, control=wire.notify(to="no address")),
}
MAILER = {
    "NotificationTake": lambda c: wire.exop(c, wire.NOTIFICATION_TAKE, wire.take()),
    "NotificationSettle": lambda c: wire.exop(
        c, wire.NOTIFICATION_SETTLE, wire.settle([wire.settlement(KIM, "0" * 32, wire.SENT)])),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_code_in_the_clear(clear, operation):
    for user in USERS:
        assert result_of(OPERATIONS[operation], clear(), user) == REFUSED
    # The wish was not even noted, and nobody was looked up.
    assert "latchkey event" not in clear.slapd.log.read_text()


@pytest.mark.parametrize("actor", [ROOT_DN, PASSWORD_ADMIN, KIM, STRANGER])
@pytest.mark.parametrize("operation", RESETS)
def test_no_reset_in_the_clear(clear, operation, actor):
    connection = clear(actor)
    for user in USERS:
        assert result_of(RESETS[operation], connection, user) == REFUSED
    assert "latchkey event" not in clear.slapd.log.read_text()


@pytest.mark.parametrize("operation", MAILER)
def test_no_message_in_the_clear(clear, operation):
    for dn in (MAILER_DN, KIM, ""):
        assert result_of(MAILER[operation], clear(dn)) == REFUSED


@pytest.mark.parametrize("user", [KIM, None])
def test_ones_own_password_neither(clear, user):
    assert result_of(clear(KIM).passwd_s, user, password_of(KIM), "A-new-password-9") == REFUSED
    assert clear.slapd.signs_in(KIM, password_of(KIM))


def test_under_no_policy_slapd_decides(clear):
    clear(STRANGER).passwd_s(STRANGER, password_of(STRANGER), "A-new-password-9")
    assert result_of(clear().passwd_s, f"uid=x,{OUTSIDE}", CODE, "A-new-password-9")[0] == 8  # sign in first


@pytest.mark.parametrize("least, expected", [("0", 0), ("71", 0), ("72", 13), ("256", 13)])
def test_the_bound_is_configured(make_slapd, least, expected):
    """ldapi counts as 71."""
    slapd = make_slapd(latchkey={"olcLatchkeyMinSSF": [least]})
    assert result_of(OPERATIONS["RecoveryRequest"], slapd.connect(), "kim")[0] == expected
    administrator = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    assert result_of(RESETS["generated"], administrator, KIM)[0] == expected


def test_no_bound_lets_the_clear_pass(make_slapd):
    slapd = make_slapd(port=True, latchkey={"olcLatchkeyMinSSF": ["0"]})
    connection = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN), uri=slapd.tcp_uri)
    assert slapd.signs_in(KIM, wire.password_modify(connection, KIM)[0])
