"""An administrator's reset: a password that is drawn or typed, that works for a while and has to be changed, and that
slapo-ppolicy would have taken from its user as well."""

import re

import pytest
from ldap import MOD_REPLACE

from latchkey_testing import organization, wire
from latchkey_testing.entries import hashed, without_latchkey
from latchkey_testing.organization import (GLOBAL_ADMIN, KIM, LEE, MANAGED_POLICY, NIGHT_ADMIN, PASSWORD_ADMIN,
                                           lock_out, password_of, sign_in)
from latchkey_testing.password_writes import account, result_of
from latchkey_testing.settings import DEFAULT_PPOLICY_DN, ROOT_DN
from latchkey_testing.stored import moment

TYPED = "Typed-by-Pia-1"
GROUPED = re.compile(r"[2-9A-HJ-NP-Za-hjkmnp-z]{4}(-[2-9A-HJ-NP-Za-hjkmnp-z]{4})*(-[2-9A-HJ-NP-Za-hjkmnp-z]{1,4})?")
ORDERS = pytest.mark.parametrize("order", [{}, {"latchkey_first": False}], ids=["before-ppolicy", "after-ppolicy"])


def with_ppolicy(**settings: str) -> list:
    """The organization with settings of slapo-ppolicy."""
    entries = organization.entries()
    dict(entries)[DEFAULT_PPOLICY_DN].update({name: [value] for name, value in settings.items()})
    return entries


def reset(connection, user: str, new: str | None = None) -> tuple[int, str]:
    """The result of a reset."""
    return result_of(connection.passwd_s, user, None, new)


# Drawn passwords.


@pytest.mark.parametrize("length", [12, 16, 17, 64])
def test_a_drawn_password_can_be_read_aloud(slapd, length):
    """Groups of four, nothing that looks like something else, four classes of characters, and never the same twice."""
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyTemporaryLength", [str(length).encode()])])
    administrator = sign_in(slapd, PASSWORD_ADMIN)
    drawn = [wire.password_modify(administrator, KIM)[0] for _ in range(40)]
    assert len(set(drawn)) == 40
    for password in drawn:
        assert len(password.replace("-", "")) == length
        assert GROUPED.fullmatch(password) and not set(password) & set("0Oo1IilL")
        assert all(re.search(characters, password) for characters in ("[a-z]", "[A-Z]", "[0-9]", "-"))
    assert slapd.signs_in(KIM, drawn[-1])


def test_ldappasswd_draws_and_types(slapd):
    """Also as the foreign client that helpdesks have."""
    who = {"dn": NIGHT_ADMIN, "password": password_of(NIGHT_ADMIN)}
    drawn = slapd.tool("ldappasswd", KIM, **who).stdout.split()[-1]
    assert slapd.signs_in(KIM, drawn)
    slapd.tool("ldappasswd", "-s", TYPED, KIM, **who)
    assert slapd.signs_in(KIM, TYPED) and not slapd.signs_in(KIM, drawn)


@ORDERS
def test_rules_that_no_drawn_password_meets_are_one_clear_error(make_slapd, order):
    """After a few draws, with nothing changed; a longer one meets them."""
    slapd = make_slapd(with_ppolicy(pwdMinLength="40"), **order)
    before = account(slapd, KIM)
    code, text = reset(sign_in(slapd, PASSWORD_ADMIN), KIM)
    assert (code, "refuse every generated password" in text) == (19, True)
    assert account(slapd, KIM) == before and slapd.signs_in(KIM, password_of(KIM))
    assert slapd.log.read_text().count("event=generate verdict=failed") == 1
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyTemporaryLength", [b"48"])])
    assert reset(sign_in(slapd, PASSWORD_ADMIN), KIM)[0] == 0


# Typed passwords.


@ORDERS
@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
def test_quality_and_history_hold_for_typed_passwords(make_slapd, order, actor):
    """Whoever types them: neither slapd's managers nor its rootdn are above that here."""
    slapd = make_slapd(**order)
    sign_in(slapd, KIM).passwd_s(KIM, None, "The-second-password-2")
    administrator = sign_in(slapd, actor)
    for refused in ("x", "short", password_of(KIM), "The-second-password-2"):
        code, text = reset(administrator, KIM, refused)
        assert (code, bool(text)) == (19, True), refused
    assert slapd.signs_in(KIM, "The-second-password-2")
    assert reset(administrator, KIM, TYPED)[0] == 0
    assert slapd.signs_in(KIM, TYPED)
    assert reset(administrator, KIM, "The-second-password-2")[0] == 19


@ORDERS
@pytest.mark.parametrize("rule", [{"pwdMinAge": "86400"}, {"pwdSafeModify": "TRUE"}, {"pwdAllowUserChange": "FALSE"}],
                         ids=lambda rule: "+".join(rule))
def test_rules_for_who_knows_the_password_do_not_stop_a_reset(make_slapd, order, rule):
    entries = with_ppolicy(**rule)
    dict(entries)[KIM]["pwdChangedTime"] = [moment(-60)]
    slapd = make_slapd(entries, **order)
    for new in (TYPED, None):
        assert reset(sign_in(slapd, PASSWORD_ADMIN), KIM, new)[0] == 0


@pytest.mark.parametrize("new", [TYPED, None], ids=["typed", "drawn"])
def test_a_reset_lifts_a_lock_from_failed_sign_ins(slapd, new):
    lock_out(slapd, LEE)
    generated, _control = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), LEE, new)
    assert slapd.signs_in(LEE, new or generated)


# What becomes of it.


@pytest.mark.parametrize("control", [None, {}, {"must_change": True}], ids=["no-control", "by-default", "asked-for"])
@pytest.mark.parametrize("new", [TYPED, None], ids=["typed", "drawn"])
def test_it_has_to_be_changed(slapd, new, control):
    """Until then its user can do nothing else."""
    generated, answer = wire.password_modify(
        sign_in(slapd, PASSWORD_ADMIN), KIM, new, control=None if control is None else wire.notify(**control))
    user = slapd.connect(KIM, new or generated)
    assert answer is None or answer.must_change
    assert result_of(user.modify_s, KIM, [(MOD_REPLACE, "description", [b"x"])])[0] == 50
    user.passwd_s(KIM, None, "Chosen-by-Kim-1")
    slapd.connect(KIM, "Chosen-by-Kim-1").modify_s(KIM, [(MOD_REPLACE, "description", [b"x"])])
    assert slapd.entry(KIM, "userPassword")["userPassword"][0].startswith(b"{SSHA}")


@pytest.mark.parametrize("new", [TYPED, None], ids=["typed", "drawn"])
def test_it_may_be_meant_to_stay(slapd, new):
    """--no-must-change: then it is a password like any other."""
    generated, answer = wire.password_modify(
        sign_in(slapd, PASSWORD_ADMIN), KIM, new, control=wire.notify(must_change=False))
    assert (answer.must_change, answer.expires) == (False, None)
    assert slapd.entry(KIM, "userPassword")["userPassword"][0].startswith(b"{SSHA}")
    slapd.connect(KIM, new or generated).modify_s(KIM, [(MOD_REPLACE, "description", [b"x"])])


@pytest.mark.parametrize("settings", [{"ppolicy": False}, {"entries": with_ppolicy(pwdMustChange="FALSE")}],
                         ids=["without-ppolicy", "not-asked-by-ppolicy"])
def test_the_answer_says_so_where_nobody_will_ask_for_a_change(make_slapd, settings):
    """The lifetime is then the only limit."""
    slapd = make_slapd(**settings)
    generated, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify())
    assert (answer.must_change, bool(answer.expires)) == (False, True)
    slapd.connect(KIM, generated).modify_s(KIM, [(MOD_REPLACE, "description", [b"x"])])


@pytest.mark.parametrize("lifetime", [300, 86400])
@pytest.mark.parametrize("new", [TYPED, None], ids=["typed", "drawn"])
def test_it_works_for_its_lifetime(slapd, new, lifetime):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyTemporaryLifetime", [str(lifetime).encode()])])
    generated, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, new, control=wire.notify())
    assert moment(lifetime - 30) <= answer.expires <= moment(lifetime)
    stored, = slapd.entry(KIM, "userPassword")["userPassword"]
    assert stored.startswith(f"{{LATCHKEY-TEMP}}{answer.expires}{{SSHA}}".encode())
    assert slapd.signs_in(KIM, new or generated)


def test_then_it_stops_working(make_slapd):
    """By itself, as if it had never been right."""
    entries = organization.entries()
    for dn, until in ((KIM, moment(3600)), (LEE, moment(-1))):
        dict(entries)[dn]["userPassword"] = ["{LATCHKEY-TEMP}" + until + hashed(password_of(dn))]
    slapd = make_slapd(entries)
    assert slapd.signs_in(KIM, password_of(KIM)) and not slapd.signs_in(KIM, "wrong")
    assert not slapd.signs_in(LEE, password_of(LEE)) and not slapd.signs_in(LEE, "wrong")


def test_without_the_module_it_works_for_nobody(make_slapd):
    entries = organization.entries()
    dict(entries)[KIM]["userPassword"] = ["{LATCHKEY-TEMP}" + moment(3600) + hashed(password_of(KIM))]
    slapd = make_slapd(without_latchkey(entries), overlay=None)
    assert not slapd.signs_in(KIM, password_of(KIM))
    assert slapd.signs_in(LEE, password_of(LEE))


@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN])
def test_the_entry_says_who_did_it(slapd, actor):
    for new in (TYPED, None):
        assert reset(sign_in(slapd, actor), KIM, new)[0] == 0
        assert slapd.entry(KIM)["modifiersName"] == [actor.encode()]
    sign_in(slapd, LEE).passwd_s(None, None, "Chosen-by-Lee-1")
    assert slapd.entry(LEE)["modifiersName"] == [LEE.encode()]


# Who is meant.


@pytest.mark.parametrize("user", [KIM, KIM.upper(), "kim", "KIM", "kim@example.org", KIM.replace(",", " , ")])
def test_a_user_is_called_by_dn_or_by_what_they_sign_in_with(slapd, user):
    generated, _control = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), user)
    assert slapd.signs_in(KIM, generated)


NOBODY = ("nobody", f"uid=nobody,{KIM}", "twin", "*", "kim*", "kim)(uid=*", "kim\\2a", "outsider", "mailer", "x" * 1000,
          "kim,", "=", "uid=", "김")


@pytest.mark.parametrize("user", NOBODY)
def test_who_is_nobody_is_told_to_administrators_alone(slapd, user):
    assert reset(sign_in(slapd, PASSWORD_ADMIN), user) == (32, "no single user of this name")
    code, text = reset(sign_in(slapd, LEE), user)
    assert (code, text) == reset(sign_in(slapd, LEE), "another-nobody") and code == 50
