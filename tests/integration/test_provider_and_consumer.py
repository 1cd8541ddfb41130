"""One server takes writes, and others follow it by plain syncrepl. A follower answers everybody who wants something written
with the same referral, whoever they ask for, writes nothing by itself, and applies the provider's rules from the moment at
which it has them."""

import ldap
import pytest

from latchkey_testing import enrolment, mails, raw, recovery, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import (CLOSED, GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, MANAGED_POLICY, NO_ADDRESS,
                                           PASSWORD_ADMIN, password_of, sign_in)
from latchkey_testing.password_writes import ALL, RELAX, result_of
from latchkey_testing.replicas import REPLICA, REPLICA_PASSWORD, Replicas
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for

REFERRAL = 10
PROVIDER = "ldaps://provider.example.org"


@pytest.fixture
def pair(make_slapd, mailer):
    """A provider and its consumer, and a mailer at the provider."""
    replicas = Replicas(make_slapd, delta=False, mailer_keys=(mailer.public_key,)).follow(PROVIDER)
    mailer.attach(replicas.slapds[0])
    return replicas


ANONYMOUS = {
    "RecoveryRequest": lambda user: raw.extended(wire.RECOVERY_REQUEST, wire.recovery_request(user)),
    "RecoveryComplete": lambda user: raw.extended(wire.RECOVERY_COMPLETE,
                                                  wire.recovery_complete(user, recovery.WRONG_CODE)),
    "Password Modify": lambda user: raw.password_modify(user, recovery.WRONG_CODE, "Chosen-by-nobody-1"),
}


@pytest.mark.parametrize("operation", ANONYMOUS)
def test_strangers_get_one_referral_whoever_they_ask_for(pair, operation):
    consumer = pair.slapds[1]
    people = [KIM, HAN, CLOSED, NO_ADDRESS, f"uid=nobody,{MANAGED}"]
    if operation != "Password Modify":  # a name that is no DN is Latchkey's own
        people += ["kim", "nobody"]
    answers = {raw.ask_alone(consumer, ANONYMOUS[operation](user)).messages[-1] for user in people}
    assert len(answers) == 1
    answer = raw.ask_alone(consumer, ANONYMOUS[operation](KIM))
    assert answer.result == REFERRAL and PROVIDER.encode() in answer.messages[-1]


def test_whoever_is_signed_in_gets_it_too(pair):
    consumer = pair.slapds[1]
    pair.converge()
    admin = sign_in(consumer, GLOBAL_ADMIN)
    operations = [(admin.passwd_s, KIM, None, None), (admin.passwd_s, HAN, None, None),
                  *((wire.exop, admin, oid, wire.account(KIM)) for oid in (wire.ACCOUNT_BLOCK, wire.ACCOUNT_UNLOCK)),
                  (wire.exop, consumer.connect(MAILER_DN, MAILER_PASSWORD), wire.NOTIFICATION_TAKE, wire.take())]
    assert [result_of(*operation)[0] for operation in operations] == [REFERRAL] * len(operations)
    for write in ALL.values():
        for actor in (admin, consumer.root(), consumer.connect(REPLICA, REPLICA_PASSWORD)):
            assert result_of(write, actor, KIM, "A-new-password-9")[0] != 0
    assert consumer.signs_in(KIM, password_of(KIM))


def test_what_is_asked_at_the_provider_is_seen_at_the_consumer(pair, mailer):
    provider, consumer = pair.slapds
    code = recovery.code_for(provider, mailer, "kim", "kim@example.net")
    generated, _answer = wire.password_modify(sign_in(provider, PASSWORD_ADMIN), LEE, control=wire.notify())
    pair.converge()
    assert not pair.differences()
    assert consumer.signs_in(LEE, generated)
    assert recovery.complete(provider, "kim", code, "Chosen-by-Kim-1") is None
    mailer.once()
    assert generated in mails.text(mails.to(mailer.mails(), "lee@example.net")[-1])
    wait_for(lambda: consumer.signs_in(KIM, "Chosen-by-Kim-1"))
    pair.converge()
    assert not pair.differences()


def test_what_is_computed_is_not_stored_by_a_consumer(make_slapd):
    pair = Replicas(make_slapd, delta=False, managed={"latchkeyMethod": "recoveryCode"}).follow(PROVIDER)
    enrolment.new_codes(sign_in(pair.slapds[0], KIM))
    pair.converge()
    wait_for(lambda: "latchkeyPrintedCodes" in pair.content()[1][KIM])
    assert not pair.differences()
    assert enrolment.method_state(sign_in(pair.slapds[1], KIM), KIM) == {"recoveryCode 10"}


def test_a_consumer_writes_nothing_by_itself(pair):
    """Not when a user is deleted, nor when a code is over: the provider sweeps, and the consumer hears of it."""
    provider, consumer = pair.slapds
    recovery.ask_and_wait(provider, "kim", "lee")
    pair.converge()
    assert consumer.slapcat().count("dn: latchkeyRecoveryOf=") == 2
    with_line_cut = pair.lines[0, 1]
    with_line_cut.cut()
    provider.root().delete_s(KIM)
    wait_for(lambda: provider.slapcat().count("dn: latchkeyRecoveryOf=") == 1)
    assert consumer.slapcat().count("dn: latchkeyRecoveryOf=") == 2
    with_line_cut.heal()
    pair.converge()
    wait_for(lambda: not pair.differences())


def test_rules_that_change_at_the_provider_hold_at_the_consumer(pair):
    """As the verdict for an administrator shows."""
    provider, consumer = pair.slapds

    def verdict() -> list[bytes]:
        admin = sign_in(consumer, PASSWORD_ADMIN)
        return admin.search_s(KIM, ldap.SCOPE_BASE, attrlist=["latchkeyResetVerdict"])[0][1]["latchkeyResetVerdict"]

    pair.converge()
    allowed = verdict()
    for mode in (b"selfServiceOnly", b"adminReset") * 2:
        provider.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyResetMode", [mode])])
        pair.converge()
        assert (verdict() == allowed) == (mode == b"adminReset")


@pytest.mark.parametrize("actor", [LEE, PASSWORD_ADMIN])
def test_an_updatedn_is_no_replication(make_slapd, actor):
    """slapd lets it past the referral, as what pushed changes before syncrepl. Here it is anybody, and writes no state."""
    slapd = make_slapd(database={"olcUpdateDN": [actor], "olcUpdateRef": [PROVIDER]},
                       access=("to * by * manage",))
    update = sign_in(slapd, actor)
    before = slapd.slapcat()
    for dn in (HAN, GLOBAL_ADMIN):
        assert not [name for name, write in ALL.items() if result_of(write, update, dn, "A-new-password-9")[0] == 0]
        for name, value in (("latchkeySerial", b"7"), ("latchkeyBlocked", b"20261121050200Z")):
            for controls in ([], [RELAX]):
                change = [(ldap.MOD_REPLACE, name, [value])]
                assert result_of(update.modify_ext_s, dn, change, serverctrls=controls)[0] != 0
    update.modify_s(HAN, [(ldap.MOD_REPLACE, "description", [b"what it may write"])])
    assert slapd.slapcat() != before
    assert all(slapd.signs_in(dn, password_of(dn)) for dn in (HAN, GLOBAL_ADMIN))
