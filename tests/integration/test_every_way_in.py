"""Promise 1, beside Modify: Add, rename, transactions and speaking for somebody else get past no rule either, and what
is refused to a role is not given by an ACL, nor the other way round."""

import os

import ldap
import ldap.sasl
import pytest
from ldap.controls import RequestControl
from ldap.controls.simple import ProxyAuthzControl

from latchkey_testing import organization, raw, trail, wire
from latchkey_testing.entries import hashed, name_of
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, OUTSIDE, PASSWORD_ADMIN, SELF,
                                           SELF_ADMIN, SONG, password_of, person, sign_in)
from latchkey_testing.password_writes import ALL, MODIFY, PASSWORD_MODIFY, account, result_of
from latchkey_testing.raw import Raw
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.transactions import begin, change, transact

UNWILLING = 53
INSUFFICIENT = 50


def new_person(dn: str, *password: tuple[str, bytes]) -> list:
    """What an Add of somebody new at DN carries."""
    return [("objectClass", [b"inetOrgPerson"]), ("uid", [name_of(dn).encode()]), ("cn", [b"New"]), ("sn", [b"New"]),
            *password]


PASSWORDS_OF_AN_ADD = {
    "clear": ("userPassword", b"A-new-password-9"),
    "hashed": ("userPassword", hashed("A-new-password-9").encode()),
    "with an option": ("userPassword;lang-ko", b"A-new-password-9"),
    "object identifier": ("2.5.4.35", b"A-new-password-9"),
}


@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN, PASSWORD_ADMIN])
def test_self_service_accounts_are_added_without_a_password(slapd, actor):
    dn = f"uid=new,{SELF}"
    connection = sign_in(slapd, actor)
    for value in PASSWORDS_OF_AN_ADD.values():
        code, text = result_of(connection.add_s, dn, new_person(dn, value))
        assert (code, "an Add carries no password there" in text) == (UNWILLING, True)
    connection.add_s(dn, new_person(dn))


@pytest.mark.parametrize("base", [MANAGED, OUTSIDE])
def test_elsewhere_an_add_is_as_without_latchkey(make_slapd, base):
    def results(slapd) -> list[int]:
        codes = []
        for actor in (LEE, ROOT_DN):
            for number, value in enumerate(PASSWORDS_OF_AN_ADD.values()):
                dn = f"uid={name_of(actor)}-{number},{base}"
                codes.append(result_of(sign_in(slapd, actor).add_s, dn, new_person(dn, value))[0])
        return codes
    assert results(make_slapd()) == results(make_slapd(overlay=None))


@pytest.mark.parametrize("name", ["userPassword=carried", "uid=han+userPassword=carried", "uid=han+2.5.4.35=carried"])
@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN, LEE])
def test_a_rename_carries_no_password(slapd, actor, name):
    before = account(slapd, HAN)
    for delete_old in (False, True):
        code, text = result_of(sign_in(slapd, actor).rename_s, HAN, name, None, delete_old)
        assert (code, "self-service only" in text) == (UNWILLING, True)
    assert account(slapd, HAN) == before


def test_a_rename_takes_no_password_away(make_slapd):
    """One that is part of the name would go with it."""
    dn = f"uid=odd+userPassword=in the name,{SELF}"
    _dn, attributes = person("odd", SELF, "Odd", userPassword="in the name")
    slapd = make_slapd([*organization.entries(), (dn, attributes)])
    for actor in (ROOT_DN, GLOBAL_ADMIN):
        assert result_of(sign_in(slapd, actor).rename_s, dn, "uid=odd", None, True)[0] == UNWILLING
    assert slapd.signs_in(dn, "in the name")


# Speaking for somebody else.

WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"


@pytest.fixture
def trusting(make_slapd):
    """A slapd in which every administrator may speak for everybody, and LEE for every administrator."""
    entries = organization.entries()
    for dn in (GLOBAL_ADMIN, PASSWORD_ADMIN, LEE):
        dict(entries)[dn]["authzTo"] = ["dn.regex:.*"]
    slapd = make_slapd(entries)
    slapd.config().modify_s("cn=config", [(ldap.MOD_REPLACE, "olcAuthzPolicy", [b"to"])])
    return slapd


class Controlled:
    """A connection that sends CONTROL with everything."""

    def __init__(self, connection, control: RequestControl):
        self._connection, self._control = connection, control

    def passwd_s(self, user, old, new):
        """Password Modify."""
        return self._connection.passwd_s(user, old, new, serverctrls=[self._control])

    def modify_ext_s(self, dn, changes, serverctrls=()):
        """Modify."""
        return self._connection.modify_ext_s(dn, changes, serverctrls=[*serverctrls, self._control])


def speaking_for(slapd, actor: str, somebody: str) -> Controlled:
    """A connection of ACTOR that sends everything in the name of SOMEBODY."""
    connection, control = sign_in(slapd, actor), ProxyAuthzControl(True, f"dn:{somebody}".encode())
    assert wire.exop(connection, WHO_AM_I, controls=[control]) == f"dn:{somebody}".encode()
    return Controlled(connection, control)


def signed_in_for(slapd, actor: str, somebody: str):
    """A connection on which ACTOR signed in by SASL to act as SOMEBODY."""
    rule = f"gidNumber={os.getgid()}\\+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth {actor}"
    slapd.config().modify_s("cn=config", [(ldap.MOD_REPLACE, "olcAuthzRegexp", [rule.encode()])])
    connection = slapd.connect()
    connection.sasl_interactive_bind_s("", ldap.sasl.external(f"dn:{somebody}"))
    assert connection.whoami_s() == f"dn:{somebody}"
    return connection


def _borrowed_by_a_bind(connection: Raw, somebody: str) -> tuple[bytes, ...]:
    """Signs in to act as SOMEBODY; no control is needed then."""
    credentials = wire.element(wire.OCTETS, "EXTERNAL") + wire.element(wire.OCTETS, f"dn:{somebody}")
    bind = raw.element(raw.BIND, wire.integer(3) + wire.element(wire.OCTETS, "") + wire.element(0xA3, credentials))
    assert connection.ask(bind).result == 0
    return ()


def _borrowed_by_a_control(connection: Raw, somebody: str) -> tuple[bytes, ...]:
    """Signs in, and returns the control that speaks for SOMEBODY."""
    connection.signed_in(LEE, password_of(LEE))
    return (raw.control("2.16.840.1.113730.3.4.18", f"dn:{somebody}".encode()),)


@pytest.mark.parametrize("somebody", [HAN, KIM])
@pytest.mark.parametrize("borrow", [_borrowed_by_a_bind, _borrowed_by_a_control])
def test_who_signs_out_meanwhile_has_borrowed_a_name_all_the_same(trusting, borrow, somebody):
    """The next bind takes from the connection what it knew of whose name is borrowed, while what was asked in it is under way:
    so many values come before the password that slapd takes its time."""
    rule = f"gidNumber={os.getgid()}\\+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth {LEE}"
    trusting.config().modify_s("cn=config", [(ldap.MOD_REPLACE, "olcAuthzRegexp", [rule.encode()])])
    values = [f"description {number}" for number in range(2000)]
    before = trusting.entry(somebody)["userPassword"]
    for request in (raw.changes(somebody, description=values, userPassword=["Chosen-by-Lee-9"]),
                    raw.password_modify(None, None, "Chosen-by-Lee-9")) * 10:
        with Raw(trusting) as connection:
            controls = borrow(connection, somebody)
            connection.send_together((request, *controls), (raw.bind(),))
            connection.answer()
    # For a change of its configuration slapd waits until all that goes on has ended.
    trusting.config().modify_s("cn=config", [(ldap.MOD_REPLACE, "olcAuthzPolicy", [b"to"])])
    assert trusting.entry(somebody)["userPassword"] == before
    # The log has a name for it.
    assert not [line for line in trail.lines(trusting, verdict="refused")
                if line["actor"] != LEE and (line["actor"], line.get("for")) != ("", somebody)]


@pytest.mark.parametrize("speak", [speaking_for, signed_in_for])
@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN, PASSWORD_ADMIN])
def test_who_speaks_for_a_user_does_not_choose_their_password(trusting, actor, speak):
    speaker = speak(trusting, actor, HAN)
    before = account(trusting, HAN)
    writes = {**ALL, "Password Modify of nobody in particular": lambda c, _dn, new: c.passwd_s(None, None, new)}
    results = {name: result_of(write, speaker, HAN, "A-new-password-9") for name, write in writes.items()}
    assert not {name: result for name, result in results.items()
                if (result[0], "self-service only" in result[1]) != (UNWILLING, True) and name != "Modify, increment"}
    assert account(trusting, HAN) == before


def assert_insufficient(connection, dn: str) -> None:
    """Every write is refused for the lack of a role; slapd itself increments no password."""
    codes = {name: result_of(write, connection, dn, "A-new-password-9")[0] for name, write in ALL.items()}
    assert codes.pop("Modify, increment") and set(codes.values()) == {INSUFFICIENT}


@pytest.mark.parametrize("speak", [speaking_for, signed_in_for])
@pytest.mark.parametrize("administrator", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
def test_who_speaks_for_an_administrator_is_none(trusting, administrator, speak):
    speaker = speak(trusting, LEE, administrator)
    assert_insufficient(speaker, KIM)
    assert trusting.signs_in(KIM, password_of(KIM))


# Transactions (RFC 5805).

PASSWORD = (ldap.MOD_REPLACE, "userPassword", [b"A-new-password-9"])
DESCRIPTION = (ldap.MOD_REPLACE, "description", [b"x"])


@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN])
def test_a_transaction_changes_no_password(slapd, actor):
    before = account(slapd, HAN), account(slapd, SONG)
    connection = sign_in(slapd, actor)
    assert transact(connection, change(SONG, DESCRIPTION), change(HAN, PASSWORD)) == UNWILLING
    assert (account(slapd, HAN), account(slapd, SONG)) == before


def test_a_transaction_changes_what_else_it_would(slapd):
    assert transact(slapd.root(), change(SONG, DESCRIPTION), change(KIM, PASSWORD)) == 0
    assert account(slapd, SONG)["description"] == [b"x"]
    assert slapd.signs_in(KIM, "A-new-password-9")


@pytest.mark.parametrize("name", PASSWORD_MODIFY)
def test_a_transaction_takes_no_password_modify(slapd, name):
    connection = sign_in(slapd, PASSWORD_ADMIN)
    control = begin(connection)
    assert result_of(PASSWORD_MODIFY[name], Controlled(connection, control), KIM, "A-new-password-9")[0] == 12
    assert slapd.signs_in(KIM, password_of(KIM))


# Role and ACL.


def test_the_role_is_enough_for_password_modify_alone(make_slapd):
    """Through a plain Modify slapd's ACLs must agree as well."""
    slapd = make_slapd(access=("to attrs=userPassword by self write by anonymous auth", "to * by * read"))
    administrator = sign_in(slapd, PASSWORD_ADMIN)
    codes = {name: result_of(write, administrator, KIM, "A-new-password-9")[0] for name, write in MODIFY.items()}
    assert codes["Modify, replace"] == INSUFFICIENT and 0 not in codes.values()
    assert slapd.signs_in(KIM, password_of(KIM))
    generated, _control = wire.password_modify(administrator, KIM)
    assert slapd.signs_in(KIM, generated)


@pytest.mark.parametrize("access", [("to * by * manage",), ("to * by * none",)])
def test_acls_give_and_take_no_role(make_slapd, access):
    slapd = make_slapd(access=("to attrs=userPassword by anonymous auth by * break", *access))
    assert result_of(sign_in(slapd, LEE).passwd_s, KIM, None, "A-new-password-9")[0] == INSUFFICIENT
    assert result_of(sign_in(slapd, SELF_ADMIN).passwd_s, SONG, None, "A-new-password-9")[0] == UNWILLING
    assert result_of(sign_in(slapd, PASSWORD_ADMIN).passwd_s, KIM, None, "A-new-password-9")[0] == 0


# An administrator who must change their own password.


def test_who_must_change_their_password_resets_nobody(slapd):
    """Not on a connection from before either."""
    before = sign_in(slapd, PASSWORD_ADMIN)
    temporary, _control = wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), PASSWORD_ADMIN)
    for connection in (before, slapd.connect(PASSWORD_ADMIN, temporary)):
        assert_insufficient(connection, KIM)
    assert slapd.signs_in(KIM, password_of(KIM))
    connection.passwd_s(PASSWORD_ADMIN, None, "Chosen-by-Pia-1")
    wire.password_modify(slapd.connect(PASSWORD_ADMIN, "Chosen-by-Pia-1"), KIM)
