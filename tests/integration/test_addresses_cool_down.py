"""An address that somebody else gave a user counts for recovery only after a cool-down, by whatever write and in however many
steps it came; what the user has given or proven counts at once, and so does what somebody gives who may reset the password."""

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls.simple import ManageDSAITControl

from latchkey_testing import mails, organization, stored, wire
from latchkey_testing.enrolment import address_add, address_prove
from latchkey_testing.entries import container
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, PASSWORD_ADMIN, SELF,
                                           SELF_ADMIN, SELF_POLICY, SONG, person, policy, sign_in)
from latchkey_testing.password_writes import RELAX
from latchkey_testing.recovery import ask_and_wait, reached
from latchkey_testing.replicas import Replicas
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.transactions import change, transact

MINE = "mallory@elsewhere.example"
ADDRESS, MAIL = "latchkeyRecoveryAddress", "mail"
SHORT = f"ou=short,{SELF}"  # self-service only too, without a cool-down
GRACE = 4  # seconds of a cool-down that a test waits for


@pytest.fixture
def slapd(start):
    return start(*short_policy())


def short_policy() -> list:
    return [container(SHORT), policy("short", SHORT, "selfServiceOnly", latchkeyAddressCooldown="0")]


def values(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


def replaces(*changes):
    return lambda c, dn: c.modify_s(dn, list(changes))


def _again(c, dn: str) -> None:
    for _ in range(3):
        c.modify_s(dn, [(MOD_REPLACE, ADDRESS, values(MINE))])
        c.modify_s(dn, [(MOD_DELETE, ADDRESS, None)])
    c.modify_s(dn, [(MOD_ADD, ADDRESS, values(MINE))])


def _in_steps(c, dn: str) -> None:
    c.modify_s(dn, [(MOD_ADD, MAIL, values(MINE))])
    c.modify_s(dn, [(MOD_ADD, ADDRESS, values(MINE))])
    c.modify_s(dn, [(MOD_DELETE, ADDRESS, values("han@example.net"))])


def _by_rename(attribute: str):
    def rename(c, dn: str) -> None:
        c.modify_s(dn, [(MOD_DELETE, ADDRESS, None)])
        c.rename_s(dn, f"{attribute}={MINE}", delold=0)
    return rename


def _in_a_transaction(c, dn: str) -> None:
    assert transact(c, change(dn, (MOD_DELETE, ADDRESS, None)), change(dn, (MOD_ADD, ADDRESS, values(MINE)))) == 0


def _where_there_is_no_cooldown(c, dn: str) -> None:
    c.rename_s(dn, "uid=han", SHORT)
    c.modify_s(f"uid=han,{SHORT}", [(MOD_REPLACE, ADDRESS, values(MINE))])
    c.rename_s(f"uid=han,{SHORT}", "uid=han", SELF)


WRITES = {
    "replaced": replaces((MOD_REPLACE, ADDRESS, values(MINE))),
    "deleted and added": replaces((MOD_DELETE, ADDRESS, None), (MOD_ADD, ADDRESS, values(MINE))),
    "in capitals": replaces((MOD_REPLACE, ADDRESS.upper(), values(MINE.upper()))),
    "object identifier": replaces((MOD_REPLACE, f"{wire.BASE}.1.40", values(MINE))),
    "with others": replaces((MOD_REPLACE, ADDRESS, values("x", "@", MINE, "y@z"))),
    "in mail": replaces((MOD_DELETE, ADDRESS, None), (MOD_REPLACE, MAIL, values(MINE))),
    "mail by object identifier": replaces((MOD_DELETE, ADDRESS, None),
                                          (MOD_REPLACE, "0.9.2342.19200300.100.1.3", values(MINE))),
    "deleted and added again": _again,
    "from attribute to attribute": _in_steps,
    "in a transaction": _in_a_transaction,
    "rename": _by_rename(ADDRESS),
    "rename to a mail": _by_rename(MAIL),
    "without a cool-down elsewhere": _where_there_is_no_cooldown,
    "relax": lambda c, dn: c.modify_ext_s(dn, [(MOD_REPLACE, ADDRESS, values(MINE))], serverctrls=[RELAX]),
    "manageDsaIT": lambda c, dn: c.modify_ext_s(dn, [(MOD_REPLACE, ADDRESS, values(MINE))],
                                                serverctrls=[ManageDSAITControl(True)]),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("actor", [ROOT_DN, LEE], ids=["rootdn", "somebody"])
def test_what_somebody_else_gave_has_yet_to_count(slapd, mailer, actor, write):
    WRITES[write](sign_in(slapd, actor), HAN)
    assert MINE.encode() in slapd.slapcat().lower().encode()
    assert reached(slapd, mailer, "han") == []


def test_the_address_of_before_counts_beside_it(slapd, mailer):
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values("a" + MINE, "han@example.net", MINE))])
    assert reached(slapd, mailer, "han") == ["han@example.net"]


def test_an_address_that_a_policy_makes_one_of_recovery(slapd, mailer):
    """What was laid in wait in an attribute that held no recovery addresses then."""
    slapd.root().modify_s(HAN, [(MOD_ADD, "description", values(MINE)), (MOD_DELETE, ADDRESS, None)])
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyAddressAttribute", values("description"))])
    assert reached(slapd, mailer, "han") == []


def test_the_order_of_the_policy_does_not_shorten_it(slapd, mailer):
    slapd.root().modify_s(HAN, [(MOD_REPLACE, MAIL, values(MINE))])
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyAddressAttribute", values("{0}mail", f"{{1}}{ADDRESS}"))])
    assert reached(slapd, mailer, "han") == ["han@example.net"]


def test_writing_the_same_again_begins_nothing(slapd, mailer):
    """A tool that replaces what is there by the same, day after day."""
    for _ in range(2):
        slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values("han@example.net")),
                                    (MOD_REPLACE, MAIL, values("han@example.org"))])
    assert "latchkeyAddressSince" not in slapd.entry(HAN)
    assert reached(slapd, mailer, "han") == ["han@example.net"]


def grace(start, seconds: int = GRACE):
    """A slapd whose self-service policy has a cool-down that can be waited for."""
    entries = [(dn, {**attributes, "latchkeyAddressCooldown": [str(seconds)]} if dn == SELF_POLICY else attributes)
               for dn, attributes in organization.entries()]
    return start(entries=entries)


def test_it_counts_when_the_time_is_over(start, mailer):
    slapd = grace(start)
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    since = wire.message_fields(sign_in(slapd, HAN).search_s(
        HAN, ldap.SCOPE_BASE, attrlist=["latchkeyAddressSince"])[0][1]["latchkeyAddressSince"][0])
    assert since["to"] == MINE
    assert reached(slapd, mailer, "han") == []
    while stored.moment(-GRACE) <= since["since"]:
        ask_and_wait(slapd, "nobody")  # a beat
    slapd.root().modify_s(HAN, [(MOD_ADD, MAIL, values(MINE))])  # the same again, and no new beginning
    assert reached(slapd, mailer, "han") == [MINE]


def test_a_note_goes_when_no_policy_asks_for_it(start):
    entries = [(dn, {**attributes, "latchkeyAddressCooldown": ["1"]} if "latchkeyScope" in attributes else attributes)
               for dn, attributes in organization.entries()]
    slapd = start(entries=entries)
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    first, = slapd.entry(HAN, "latchkeyAddressSince")["latchkeyAddressSince"]
    while stored.moment(-2) <= wire.message_fields(first)["since"]:
        ask_and_wait(slapd, "nobody")
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values("b" + MINE))])
    second, = slapd.entry(HAN, "latchkeyAddressSince")["latchkeyAddressSince"]
    assert b"b" + MINE.encode() in second


def test_what_users_give_themselves_counts(slapd, mailer):
    sign_in(slapd, HAN).modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "han") == [MINE]


def test_a_user_takes_over_what_another_gave(slapd, mailer):
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    slapd.root().modify_s(HAN, [(MOD_DELETE, ADDRESS, None)])
    sign_in(slapd, HAN).modify_s(HAN, [(MOD_ADD, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "han") == [MINE]


def test_a_proof_ends_the_cool_down(slapd, mailer):
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    user = sign_in(slapd, HAN)
    address_add(user, MINE)
    mailer.once()
    address_prove(user, mails.code_in(mails.to(mailer.mails(), MINE)[-1]))
    assert "latchkeyAddressSince" not in slapd.entry(HAN)
    assert reached(slapd, mailer, "han") == [MINE]


@pytest.mark.parametrize("actor,target,counts", [
    (PASSWORD_ADMIN, KIM, True), (GLOBAL_ADMIN, KIM, True), (ROOT_DN, KIM, True), (LEE, KIM, False),
    (PASSWORD_ADMIN, GLOBAL_ADMIN, False), (SELF_ADMIN, HAN, False), (SONG, HAN, False)],
    ids=lambda value: value if isinstance(value, bool) else value.split(",")[0])
def test_who_may_reset_gives_addresses_that_count(slapd, mailer, actor, target, counts):
    sign_in(slapd, actor).modify_s(target, [(MOD_REPLACE, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, target) == ([MINE] if counts else [])


def test_who_may_reset_confirms_what_another_gave(slapd, mailer):
    sign_in(slapd, LEE).modify_s(KIM, [(MOD_REPLACE, ADDRESS, values(MINE))])
    admin = sign_in(slapd, PASSWORD_ADMIN)
    admin.modify_s(KIM, [(MOD_DELETE, ADDRESS, None)])
    admin.modify_s(KIM, [(MOD_ADD, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "kim") == [MINE]


def test_a_temporary_password_does_not_go_there(slapd):
    sign_in(slapd, LEE).modify_s(KIM, [(MOD_REPLACE, ADDRESS, values(MINE))])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no address is known"):
        wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), "kim", control=wire.notify())


@pytest.mark.parametrize("base,actor,counts", [
    (MANAGED, PASSWORD_ADMIN, True), (MANAGED, ROOT_DN, True), (MANAGED, LEE, False),
    (SELF, PASSWORD_ADMIN, True), (SELF, SELF_ADMIN, True), (SELF, ROOT_DN, True), (SELF, SONG, False)],
    ids=lambda value: value if isinstance(value, bool) else value.split(",")[0])
def test_a_new_user_is_given_addresses_by_administrators(slapd, mailer, base, actor, counts):
    dn, attributes = person("new", base, "Neu Newcomer", userPassword=None)
    sign_in(slapd, actor).add_s(dn, [(name, values(*given)) for name, given in attributes.items()])
    assert reached(slapd, mailer, "new") == (["new@example.net"] if counts else [])


def test_a_policy_does_not_shorten_it_where_the_configuration_has_the_word(start, mailer):
    slapd = start(latchkey={"olcLatchkeySelfServiceOnly": [SELF]})
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyAddressCooldown", [b"0"])])
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "han") == []


def test_a_policy_may_do_without(start, mailer):
    slapd = grace(start, 0)
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "han") == [MINE]


def test_nobody_writes_since_when(slapd):
    value = f"1 since={stored.moment()} to={MINE}".encode()
    for actor in (ROOT_DN, HAN, LEE):
        with pytest.raises((ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION)):
            sign_in(slapd, actor).modify_s(HAN, [(MOD_ADD, "latchkeyAddressSince", [value])])
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    for controls in ([], [RELAX]):
        with pytest.raises((ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION)):
            slapd.root().modify_ext_s(HAN, [(MOD_DELETE, "latchkeyAddressSince", None)], serverctrls=controls)


def test_what_is_damaged_is_passed_over(start, mailer):
    entries = [(dn, {**attributes, "latchkeyAddressSince": ["1 to=x", "2", "1 since=20991231000000Z to=x@y.example"]}
                if dn == HAN else attributes) for dn, attributes in organization.entries()]
    slapd = start(entries=entries)
    assert reached(slapd, mailer, "han") == ["han@example.net"]
    slapd.root().modify_s(HAN, [(MOD_REPLACE, ADDRESS, values(MINE))])
    assert reached(slapd, mailer, "han") == []


def test_an_address_that_a_rename_gives_harms_no_consumer(make_slapd):
    """slapd's consumers (2.5.13) take what comes with a rename as it is, not normalized, and would end themselves."""
    providers = Replicas(make_slapd, access=("to * by * manage",))
    here, there = providers.slapds
    providers.connect_all()
    somebody = sign_in(here, LEE)
    for number in range(3):
        somebody.modify_s(HAN, [(MOD_REPLACE, "mail", values(f"new{number}@example.net"))])
        somebody.rename_s(HAN, f"uid=han+mail=rdn{number}@example.net")
        somebody.rename_s(f"uid=han+mail=rdn{number}@example.net,{HAN.split(',', 1)[1]}", "uid=han")
    providers.converge()
    assert not providers.differences()
    assert there.entry(HAN)["latchkeyAddressSince"] == here.entry(HAN)["latchkeyAddressSince"]
