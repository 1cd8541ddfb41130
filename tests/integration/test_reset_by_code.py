"""Where the policy says so, an administrator's reset sends a code: the old password stops working, and the user chooses a new one
that nobody else ever saw. It is one write, and no way is left to give a password."""

import ldap
import pytest
from ldap import MOD_REPLACE

from latchkey_testing import mails, organization, places, stored, wire
from latchkey_testing.cli import Cli
from latchkey_testing.enrolment import complete
from latchkey_testing.organization import (GLOBAL_ADMIN, KIM, LEE, MANAGED, MANAGED_POLICY, NO_ADDRESS, PASSWORD_ADMIN,
                                           password_of, person, sign_in)
from latchkey_testing.password_writes import ALL, try_write
from latchkey_testing.recovery import code_for
from latchkey_testing.settings import ROOT_DN

OWN = "kim@example.net"
CHOSEN = "Chosen-by-myself-1"
WRONG = (49, "the proofs are wrong, or not this user's, or no longer valid")
KEEP = (53, "there is no password to keep: choose one")


def by_code(**more: str) -> list:
    changed = {"latchkeyResetDelivery": ["code"], **{name: [value] for name, value in more.items()}}
    return [(dn, {**attributes, **changed} if dn == MANAGED_POLICY else attributes)
            for dn, attributes in organization.entries()]


@pytest.fixture
def slapd(start):
    return start(entries=by_code())


def reset(slapd, actor: str = PASSWORD_ADMIN, user: str = "kim", **notify):
    return wire.password_modify(sign_in(slapd, actor), user, control=wire.notify(**notify))


def mailed(mailer, to: str = OWN) -> str:
    mailer.once()
    return mails.code_in(mails.to(mailer.mails(), to)[-1])


@pytest.mark.parametrize("actor", [PASSWORD_ADMIN, GLOBAL_ADMIN, ROOT_DN], ids=lambda dn: dn.split(",")[0])
def test_the_user_chooses_the_password(slapd, mailer, actor):
    generated, answer = reset(slapd, actor)
    assert generated is None
    assert stored.moment(86400 - 60) < answer.expires < stored.moment(86400 + 60)
    assert not slapd.signs_in(KIM, password_of(KIM))
    code = mailed(mailer)
    assert complete(slapd, "lee", (wire.MAIL, code), new=CHOSEN) == WRONG
    assert complete(slapd, "kim", (wire.MAIL, code)) == KEEP
    assert complete(slapd, "kim", (wire.MAIL, code), new="short")[0] == ldap.CONSTRAINT_VIOLATION.errnum
    assert complete(slapd, "kim", (wire.MAIL, code), new=CHOSEN) == (0, "")
    user = slapd.connect(KIM, CHOSEN)
    assert user.search_s(KIM, ldap.SCOPE_BASE)  # nothing more is asked of them
    assert complete(slapd, "kim", (wire.MAIL, code), new="Another-one-1") == WRONG
    assert "latchkeyCode" not in slapd.slapcat()


@pytest.mark.parametrize("way", ALL)
def test_no_administrator_gives_a_password(slapd, mailer, way):
    for actor in (PASSWORD_ADMIN, ROOT_DN):
        outcome = try_write(slapd, sign_in(slapd, actor), ALL[way], KIM, password_of(KIM))
        assert not outcome.new_works
        # Password Modify without a password is a reset, for clients that know nothing of the control too.
        assert (outcome.code == 0) == (way == "Password Modify, generated"), outcome
        assert outcome.old_works == (outcome.code != 0)
        mailer.once()  # two mails of one second would come in any order
    if way == "Password Modify, generated":
        assert complete(slapd, "kim", (wire.MAIL, mailed(mailer)), new=CHOSEN) == (0, "")


def test_an_old_client_is_told_no_password(slapd):
    assert wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), "kim") == (None, None)
    assert not slapd.signs_in(KIM, password_of(KIM))


def test_without_an_address_nothing_is_reset(slapd):
    for notify in (None, wire.notify()):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no address is known"):
            wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), "noaddress", control=notify)
    assert slapd.signs_in(NO_ADDRESS, password_of(NO_ADDRESS))


def test_it_goes_where_the_administrator_says(slapd, mailer):
    reset(slapd, user="noaddress", to="private@elsewhere.example", locale="ko")
    code = mailed(mailer, "private@elsewhere.example")
    assert complete(slapd, "noaddress", (wire.MAIL, code), new=CHOSEN) == (0, "")


def test_another_reset_ends_the_code_of_the_first(slapd, mailer):
    reset(slapd)
    first = mailed(mailer)
    reset(slapd)
    second = mailed(mailer)
    assert complete(slapd, "kim", (wire.MAIL, first), new=CHOSEN) == WRONG
    assert complete(slapd, "kim", (wire.MAIL, second), new=CHOSEN) == (0, "")


def test_a_changed_address_ends_it(slapd, mailer):
    reset(slapd)
    code = mailed(mailer)
    slapd.root().modify_s(KIM, [(MOD_REPLACE, "latchkeyRecoveryAddress", [b"right@example.net"])])
    assert complete(slapd, "kim", (wire.MAIL, code), new=CHOSEN) == WRONG


def test_a_code_that_the_user_asked_for_does_too(slapd, mailer):
    """Codes from before are void; one from after is as good, for a new password."""
    before = code_for(slapd, mailer, "kim", OWN)
    reset(slapd)
    mailer.once()
    assert complete(slapd, "kim", (wire.MAIL, before), new=CHOSEN) == WRONG
    after = code_for(slapd, mailer, "kim", OWN)
    assert complete(slapd, "kim", (wire.MAIL, after)) == KEEP
    assert complete(slapd, "kim", (wire.MAIL, after), new=CHOSEN) == (0, "")


def test_after_the_policy_changed_back(slapd, mailer):
    reset(slapd)
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyResetDelivery", None)])
    generated, _answer = reset(slapd)
    slapd.connect(KIM, generated).passwd_s(KIM, generated, CHOSEN)
    assert "latchkeyCode" not in slapd.slapcat()
    mailer.once()
    code = code_for(slapd, mailer, "kim", OWN)
    assert complete(slapd, "kim", (wire.MAIL, code)) == (0, "")
    assert slapd.signs_in(KIM, CHOSEN)


def test_where_a_code_is_not_enough(start):
    for more in ({"latchkeyMethod": "recoveryCode"}, {"latchkeyMethodsRequired": "2"}):
        slapd = start(entries=by_code(**more))
        with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="not enough for this user"):
            reset(slapd)
        assert slapd.signs_in(KIM, password_of(KIM))


def test_who_may_not_reset_does_not(slapd):
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        reset(slapd, LEE)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        reset(slapd, PASSWORD_ADMIN, "gadmin")
    assert slapd.signs_in(KIM, password_of(KIM))


def test_users_change_their_own(slapd):
    sign_in(slapd, KIM).passwd_s(KIM, password_of(KIM), CHOSEN)
    assert slapd.signs_in(KIM, CHOSEN)


def test_the_verdict_is_the_same(slapd):
    entry = sign_in(slapd, PASSWORD_ADMIN).search_s(KIM, ldap.SCOPE_BASE, attrlist=["latchkeyResetVerdict"])[0][1]
    assert entry["latchkeyResetVerdict"] == [b"allowed"]


def test_new_users_get_a_code_too(slapd, mailer):
    dn, attributes = person("new", MANAGED, "Neu Newcomer", userPassword=None)
    sign_in(slapd, PASSWORD_ADMIN).add_ext_s(
        dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()],
        serverctrls=[wire.notify()])
    assert complete(slapd, "new", (wire.MAIL, mailed(mailer, "new@example.net")), new=CHOSEN) == (0, "")


@pytest.mark.parametrize("language,words", [("en", "no longer works"), ("ko", "더 이상 사용할 수 없습니다")])
def test_the_command_says_so(slapd, mailer, language, words):
    latchkey = Cli(slapd)
    assert words in latchkey("reset", "kim", who=PASSWORD_ADMIN, env=places.environment(LANGUAGE=language)).stdout
    mailer.once()  # two mails of one second would come in any order
    answer = latchkey.json("reset", "kim", who=PASSWORD_ADMIN)
    assert answer["code"] is True and answer["password"] is None and answer["expires"]
    assert complete(slapd, "kim", (wire.MAIL, mailed(mailer)), new=CHOSEN) == (0, "")


def test_a_code_is_always_sent(slapd):
    """Without one the user would have neither the old password nor a way to a new one."""
    with pytest.raises(ldap.UNWILLING_TO_PERFORM):
        reset(slapd, no_message=True, reason="stands at the desk")
    assert slapd.signs_in(KIM, password_of(KIM))
