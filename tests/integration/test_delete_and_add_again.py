"""Deleting an account and adding it again, or taking its name after a rename, is no way around the rule that nobody gets into the
account of another: for the cool-down, an entry under that name is reached at the addresses of before alone, and no account that
has a password already gets the name.

Everybody here has slapd's own leave for everything, so that a refusal can only be Latchkey's."""

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls import RequestControl
from ldap.controls.simple import ManageDSAITControl

from latchkey_testing import organization, stored
from latchkey_testing.entries import container, hashed
from latchkey_testing.organization import (HAN, KIM, LEE, MANAGED, OUTSIDE, PASSWORD_ADMIN, SELF, SELF_POLICY, SONG,
                                           STRANGER, password_of, person, sign_in)
from latchkey_testing.password_writes import RELAX
from latchkey_testing.recovery import reached
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.transactions import transact
from latchkey_testing.waiting import wait_for

MINE = "mallory@elsewhere.example"
OWN = "han@example.net"
TEAM, OTHER_TEAM = f"ou=team,{SELF}", f"ou=other,{SELF}"
CHO = f"uid=cho,{TEAM}"
MALLORY = SONG  # an account with a password of its own
NOOP = RequestControl("1.3.6.1.4.1.4203.666.5.2", True)
TAKEN = "another account had this name until lately"
EVERYTHING = ("to * by * manage",)


@pytest.fixture
def slapd(start):
    return start(container(TEAM), container(OTHER_TEAM), person("cho", TEAM, "Cho Team"), access=EVERYTHING)


def attributes_of(entry: tuple) -> list:
    return [(name, [value.encode() for value in values]) for name, values in entry[1].items()]


def newcomer(uid: str = "han", base: str = SELF, **more) -> list:
    """An entry for somebody who bears the name; without a password, since an Add carries none here."""
    given = {"mail": None, "latchkeyRecoveryAddress": MINE, "userPassword": None, **more}
    return attributes_of(person(uid, base, "Not Han", **given))


def remembered(slapd) -> int:
    return slapd.slapcat().count("dn: latchkeyFormerId=")


# Steps that end with an entry under the name of another; each returns by what its user is asked for.


def _again(c) -> str:
    c.delete_s(HAN)
    c.add_s(HAN, newcomer())
    return HAN


def _again_by_login(c) -> str:
    c.delete_s(HAN)
    c.add_s(f"uid=han,{TEAM}", newcomer(base=TEAM))
    return "han"


def _under_another_dn(c) -> str:
    c.delete_s(HAN)
    c.add_s(f"cn=new,{SELF}", newcomer(cn=["new", "x"], uid=["x", "HAN"]))
    return "han"


def _by_mail(c) -> str:
    c.delete_s(HAN)
    c.add_s(f"uid=x,{SELF}", newcomer("x", mail="han@example.org"))
    return "han@example.org"


def _after_a_rename(c) -> str:
    c.rename_s(HAN, "uid=gone")
    c.add_s(HAN, newcomer())
    return HAN


def _after_a_move(c) -> str:
    c.rename_s(HAN, "uid=han", TEAM)
    c.add_s(HAN, newcomer())
    return HAN


def _after_two_renames(c) -> str:
    c.rename_s(HAN, "uid=gone")
    c.rename_s(f"uid=gone,{SELF}", "uid=further")
    c.add_s(HAN, newcomer())
    return HAN


def _after_a_rename_above(c) -> str:
    c.rename_s(TEAM, "ou=gone")
    c.add_s(TEAM, attributes_of(container(TEAM)))
    c.add_s(CHO, newcomer("cho", TEAM))
    return CHO


def _the_login_alone(c) -> str:
    c.rename_s(HAN, "uid=gone")
    c.add_s(f"uid=han,{TEAM}", newcomer(base=TEAM))
    return "han"


def _address_later(c) -> str:
    c.delete_s(HAN)
    c.add_s(HAN, newcomer(latchkeyRecoveryAddress=None))
    c.modify_s(HAN, [(MOD_ADD, "latchkeyRecoveryAddress", [MINE.encode()])])
    return HAN


def _in_a_transaction(c) -> str:
    assert transact(c, lambda c, controls: c.delete_ext_s(HAN, serverctrls=controls),
                    lambda c, controls: c.add_ext_s(HAN, newcomer(), serverctrls=controls)) == 0
    return HAN


def _twice(c) -> str:
    c.delete_s(HAN)
    c.add_s(HAN, newcomer())
    return _again(c)


def _with(control: RequestControl):
    def again(c) -> str:
        c.delete_ext_s(HAN, serverctrls=[control])
        c.add_ext_s(HAN, newcomer(), serverctrls=[control])
        return HAN
    return again


NEW_ENTRIES = {
    "again": _again, "again, by login": _again_by_login, "under another DN": _under_another_dn, "by mail": _by_mail,
    "after a rename": _after_a_rename, "after a move": _after_a_move, "after two renames": _after_two_renames,
    "after a rename above": _after_a_rename_above, "the login alone": _the_login_alone, "address later": _address_later,
    "in a transaction": _in_a_transaction, "twice": _twice, "relax": _with(RELAX),
    "manageDsaIT": _with(ManageDSAITControl(True)),
}


@pytest.mark.parametrize("steps", NEW_ENTRIES)
@pytest.mark.parametrize("actor", [ROOT_DN, PASSWORD_ADMIN, LEE], ids=["rootdn", "administrator", "somebody"])
def test_a_new_entry_is_not_reached_at_a_new_address(slapd, mailer, actor, steps):
    assert reached(slapd, mailer, NEW_ENTRIES[steps](sign_in(slapd, actor))) == []


# Steps by which somebody who has a password gets the name.


def _rename(c) -> None:
    c.delete_s(HAN)
    c.rename_s(MALLORY, "uid=han")


def _rename_of_the_living(c) -> None:
    c.rename_s(HAN, "uid=gone")
    c.rename_s(MALLORY, "uid=han")


def _login(c) -> None:
    c.delete_s(HAN)
    c.modify_s(MALLORY, [(MOD_ADD, "uid", [b"Han"])])


def _login_of_the_living(c) -> None:
    c.modify_s(HAN, [(MOD_REPLACE, "mail", [b"other@example.org"])])
    c.modify_s(MALLORY, [(MOD_REPLACE, "mail", [b"han@example.org"])])


def _by_another_attribute(c) -> None:
    c.delete_s(HAN)
    c.rename_s(MALLORY, "mail=han@example.org", delold=0)


def _from_elsewhere(c) -> None:
    c.delete_s(HAN)
    c.rename_s(STRANGER, "uid=han", SELF)


def _from_elsewhere_under_its_own_name(c) -> None:
    c.modify_s(STRANGER, [(MOD_ADD, "uid", [b"han"])])
    c.delete_s(HAN)
    c.rename_s(STRANGER, "uid=outsider", SELF)


def _from_elsewhere_with_others(c) -> None:
    c.modify_s(STRANGER, [(MOD_ADD, "uid", [b"han"])])
    c.delete_s(HAN)
    c.rename_s(OUTSIDE, "ou=outside", SELF)


def _renamed_above(c) -> None:
    c.delete_s(CHO)
    c.delete_s(TEAM)
    c.rename_s(MALLORY, "cn=Jo Song", OTHER_TEAM)
    c.rename_s(OTHER_TEAM, "ou=team")


def _empty_first(c) -> None:
    c.delete_s(HAN)
    c.add_s(f"uid=temp,{SELF}", newcomer("temp"))
    c.rename_s(f"uid=temp,{SELF}", "uid=han")


TAKEN_BY = {
    "rename": _rename, "rename of the living": _rename_of_the_living, "login": _login,
    "login of the living": _login_of_the_living, "another attribute": _by_another_attribute,
    "from elsewhere": _from_elsewhere, "from elsewhere, under its own name": _from_elsewhere_under_its_own_name,
    "from elsewhere, with others": _from_elsewhere_with_others, "renamed above": _renamed_above, "an empty entry first": _empty_first,
}


@pytest.mark.parametrize("steps", TAKEN_BY)
@pytest.mark.parametrize("actor", [ROOT_DN, LEE], ids=["rootdn", "somebody"])
def test_nobody_with_a_password_takes_the_name(slapd, actor, steps):
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=TAKEN):
        TAKEN_BY[steps](sign_in(slapd, actor))


# By its entryUUID an account is known to be the one whose name it was. Others may choose theirs.


def _chosen_in_an_add(c, uuid: bytes) -> None:
    c.add_ext_s(f"uid=x,{OUTSIDE}", attributes_of(person("x", OUTSIDE, "Not Han")) + [("entryUUID", [uuid])], serverctrls=[RELAX])


def _chosen_in_a_modify(c, uuid: bytes) -> None:
    c.modify_ext_s(STRANGER, [(MOD_REPLACE, "entryUUID", [uuid])], serverctrls=[RELAX])


@pytest.mark.parametrize("spelling", [bytes.lower, bytes.upper])
@pytest.mark.parametrize("living", [False, True], ids=["deleted", "living"])
@pytest.mark.parametrize("choose", [_chosen_in_an_add, _chosen_in_a_modify])
def test_nobody_is_given_the_identity_of_another(slapd, choose, living, spelling):
    root = slapd.root()
    uuid, = slapd.entry(HAN, "entryUUID")["entryUUID"]
    if not living:
        root.delete_s(HAN)
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="another account has this entryUUID"):
        choose(root, spelling(uuid))


def test_identities_of_ones_own_are_free(slapd):
    """Of who is there already, of who is back where that is nobody's business, and of what nobody had."""
    root = slapd.root()
    kim, stranger = (slapd.entry(dn, "entryUUID")["entryUUID"][0] for dn in (KIM, STRANGER))
    _chosen_in_a_modify(root, stranger)
    root.delete_s(KIM)
    root.add_ext_s(KIM, attributes_of(person("kim", MANAGED, "Kim")) + [("entryUUID", [kim])], serverctrls=[RELAX])
    _chosen_in_a_modify(root, b"11111111-2222-4333-8444-555555555555")


def test_the_addresses_of_before_count(slapd, mailer):
    """Who was deleted by mistake is back at once."""
    slapd.root().delete_s(HAN)
    slapd.root().add_s(HAN, newcomer(latchkeyRecoveryAddress=[MINE, OWN.upper(), "another" + MINE]))
    assert reached(slapd, mailer, "han") == [OWN.upper()]


def test_an_address_that_did_not_count_does_not_count_again(slapd, mailer):
    slapd.root().modify_s(HAN, [(MOD_ADD, "latchkeyRecoveryAddress", [MINE.encode()])])
    slapd.root().delete_s(HAN)
    slapd.root().add_s(HAN, newcomer())
    assert reached(slapd, mailer, "han") == []


def test_an_account_has_its_name_back(slapd):
    for actor in (LEE, ROOT_DN):
        connection = sign_in(slapd, actor)
        connection.rename_s(HAN, "uid=gone")
        connection.rename_s(f"uid=gone,{SELF}", "uid=han")
        connection.rename_s(TEAM, "ou=gone")
        connection.rename_s(f"ou=gone,{SELF}", "ou=team")
        connection.modify_s(HAN, [(MOD_DELETE, "mail", None)])
        connection.modify_s(HAN, [(MOD_ADD, "mail", [b"han@example.org"])])
    assert slapd.signs_in(HAN, password_of(HAN))


def test_names_that_nobody_had_are_free(slapd, mailer):
    slapd.root().delete_s(HAN)
    slapd.root().add_s(f"uid=new,{SELF}", newcomer("new"))
    slapd.root().rename_s(MALLORY, "uid=song2")
    slapd.root().modify_s(f"uid=song2,{SELF}", [(MOD_ADD, "uid", [b"song3"])])
    assert reached(slapd, mailer, "new") == [MINE]


def test_where_administrators_reset_they_may_add_again(slapd, mailer):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    admin.delete_s(KIM)
    admin.add_s(KIM, newcomer("kim", MANAGED, userPassword=hashed("Chosen-by-an-administrator-1")))
    assert slapd.signs_in(KIM, "Chosen-by-an-administrator-1")
    assert reached(slapd, mailer, "kim") == [MINE]


@pytest.mark.parametrize("step", ["deleted", "renamed"])
def test_who_may_not_reset_adds_nobody_again(slapd, mailer, step):
    somebody = sign_in(slapd, LEE)
    if step == "deleted":
        somebody.delete_s(KIM)
    else:
        somebody.rename_s(KIM, "uid=gone")
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=TAKEN):
        somebody.add_s(KIM, newcomer("kim", MANAGED, userPassword=hashed("Chosen-by-somebody-1")))
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=TAKEN):
        somebody.rename_s(LEE, "uid=kim")
    somebody.add_s(KIM, newcomer("kim", MANAGED))
    assert reached(slapd, mailer, KIM) == []


def short(start, seconds: int = 2, **more: str):
    """A slapd whose self-service policy has a cool-down that can be waited for."""
    attributes = {"latchkeyAddressCooldown": [str(seconds)], **{name: [value] for name, value in more.items()}}
    return start(entries=[(dn, {**entry, **attributes} if dn == SELF_POLICY else entry)
                          for dn, entry in organization.entries()], access=EVERYTHING)


def test_the_name_is_free_when_the_time_is_over(start):
    slapd = short(start)
    slapd.root().delete_s(HAN)
    assert remembered(slapd) == 1

    def renamed() -> bool:
        try:
            slapd.root().rename_s(MALLORY, "uid=han")
        except ldap.UNWILLING_TO_PERFORM:
            return False
        return True

    assert not renamed()
    wait_for(renamed)
    wait_for(lambda: remembered(slapd) <= 1)  # swept; what is left is the name of the one who was renamed


@pytest.mark.parametrize("more", [{"latchkeyEnforcement": "observe"}, {"latchkeyAddressCooldown": "0"}])
def test_where_nothing_is_refused_nothing_is_remembered(start, more):
    slapd = short(start, 60, **more)
    slapd.root().delete_s(HAN)
    slapd.root().rename_s(MALLORY, "uid=han")
    assert remembered(slapd) == 0


def test_what_is_not_done_is_not_remembered(start):
    slapd = start(access=("to attrs=userPassword by anonymous auth", "to attrs=mail by users write", "to * by users read"))
    for attempt in (lambda c: c.delete_s(HAN), lambda c: c.rename_s(HAN, "uid=gone"),
                    lambda c: c.modify_s(HAN, [(MOD_DELETE, "uid", None)])):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS):
            attempt(sign_in(slapd, LEE))
    sign_in(slapd, LEE).modify_s(HAN, [(MOD_REPLACE, "mail", [b"HAN@example.org"])])  # the same name
    assert remembered(slapd) == 0


def test_an_account_is_not_renamed_for_ever(slapd):
    """So that what is remembered of one account is bounded."""
    name = "han"
    with pytest.raises(ldap.ADMINLIMIT_EXCEEDED):
        for number in range(40):
            slapd.root().rename_s(f"uid={name},{SELF}", f"uid=han{number}")
            name = f"han{number}"
    assert remembered(slapd) == 16
    slapd.root().delete_s(f"uid={name},{SELF}")


def test_nobody_sees_what_is_remembered(slapd):
    slapd.root().delete_s(HAN)
    assert remembered(slapd) == 1
    for actor in (ROOT_DN, PASSWORD_ADMIN, LEE):
        connection = sign_in(slapd, actor)
        for query in ("(objectClass=latchkeyFormer)", "(latchkeyFormerName=*)", "(!(objectClass=person))"):
            found = connection.search_s(SELF.split(",", 1)[1], ldap.SCOPE_SUBTREE, query, ["*", "+"])
            assert not [dn for dn, _attributes in found if "latchkey" in dn.lower()]
        with pytest.raises(ldap.NO_SUCH_OBJECT):
            connection.search_s(stored.CONTAINER, ldap.SCOPE_ONELEVEL)


def test_a_restart_forgets_nothing(slapd, mailer):
    slapd.root().delete_s(HAN)
    slapd.restart()
    slapd.root().add_s(HAN, newcomer())
    assert reached(slapd, mailer, HAN) == []
