"""Providers that take writes at the same time serve one recovery, one reset and one mail between them. What is asked at one
is completed at the other; what both decide while they do not hear of each other ends the same at both, the later write
winning and the owner told of both; and what only claims to be replication gets nothing."""

import time

import ldap
import pytest
from ldap.controls import RequestControl
from ldap.controls.simple import ManageDSAITControl

from latchkey_testing import enrolment, mails, places, recovery, replicas, serving, stored, wire
from latchkey_testing.configuring import warnings
from latchkey_testing.mailer import Mailer
from latchkey_testing.organization import (GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, LOCKED_FOR_GOOD, MANAGED_POLICY,
                                           PASSWORD_ADMIN, password_of, sign_in)
from latchkey_testing.password_writes import RELAX, result_of
from latchkey_testing.replicas import Replicas
from latchkey_testing.settings import ROOT_DN, SUFFIX
from latchkey_testing.waiting import PATIENCE, wait_for

UNWILLING, INSUFFICIENT = 53, 50
KIMS_MAILBOX = "kim@example.net"


class Providers(Replicas):
    """Two providers, and a mailer for either of them."""

    def __init__(self, make_slapd, mailer: Mailer, **settings):
        super().__init__(make_slapd, mailer_keys=(mailer.public_key,), **settings)
        self.mailer = mailer
        self.a, self.b = self.slapds
        self.connect_all()

    def code(self, asked, mailed=None) -> str:
        """A code for Kim that is asked for at one provider and known to all, before its mail goes out."""
        self.mailer.attach(mailed or asked)
        code = recovery.code_for(asked, self.mailer, "kim", KIMS_MAILBOX)
        self.converge()
        return code

    def same(self) -> dict[str, dict[str, list[bytes]]]:
        """What both hold, once each has heard of what the other had to mend."""

        def agree() -> bool:
            self.converge()
            return not self.differences()

        wait_for(agree)
        return self.content()[0]


@pytest.fixture
def providers(make_slapd, mailer):
    return Providers(make_slapd, mailer)


def events(held, dn: str = KIM) -> list[str]:
    """What has happened to an account, in no order."""
    return sorted(wire.message_fields(value)["what"] for value in held[dn].get("latchkeyEvent", []))


@pytest.mark.parametrize("new", [None, "Chosen-by-Kim-1"], ids=["kept", "new"])
def test_a_recovery_asked_at_one_is_completed_at_the_other(providers, new):
    code = providers.code(asked=providers.a)
    assert recovery.complete(providers.b, "kim", recovery.WRONG_CODE, new) is ldap.INVALID_CREDENTIALS
    assert recovery.complete(providers.b, "kim", code, new) is None
    held = providers.same()
    assert not [dn for dn in held if dn.startswith("latchkeyRecoveryOf=")]
    for slapd in providers.slapds:
        assert slapd.signs_in(KIM, new or password_of(KIM))
        assert recovery.complete(slapd, "kim", code, "Chosen-by-thief-1") is ldap.INVALID_CREDENTIALS


# The partition: what is decided on either side while neither hears of the other, and what comes of it.

def carrying(values) -> list[dict[str, str]]:
    """Those of the messages VALUES that carry a password."""
    return [fields for fields in map(wire.message_fields, values) if fields["kind"] not in mails.NOTICES]


LATER = pytest.mark.parametrize("first", ["a", "b"])


def a_second_later() -> None:
    """What is told of an account has the second in it."""
    time.sleep(1.1)


@LATER
def test_one_code_at_two_providers_the_later_wins_at_both(providers, first):
    code = providers.code(asked=providers.a)
    one, other = providers.slapds if first == "a" else reversed(providers.slapds)
    providers.cut()
    assert recovery.complete(one, "kim", code, "Chosen-earlier-1") is None
    a_second_later()
    assert recovery.complete(other, "kim", code, "Chosen-later-1") is None
    assert one.signs_in(KIM, "Chosen-earlier-1") and other.signs_in(KIM, "Chosen-later-1")
    providers.heal()
    held = providers.same()
    for slapd in providers.slapds:
        assert slapd.signs_in(KIM, "Chosen-later-1") and not slapd.signs_in(KIM, "Chosen-earlier-1")
        assert recovery.complete(slapd, "kim", code, "Chosen-by-thief-1") is ldap.INVALID_CREDENTIALS
    assert events(held) == ["recovery", "recovery"]
    # And the owner is told of both, at both addresses.
    told = [wire.message_fields(value)["kind"] for value in held[KIM]["latchkeyMessage"]]
    assert told == ["passwordRecovered"] * 4


@LATER
def test_a_reset_and_a_recovery_at_once_the_later_wins_at_both(providers, first):
    """And of the earlier nothing is left but that it happened: neither its password, nor that it must be changed."""
    code = providers.code(asked=providers.a)
    providers.cut()

    def reset() -> str:
        return wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), KIM, control=wire.notify())[0]

    def recover() -> str:
        assert recovery.complete(providers.b, "kim", code, "Chosen-by-Kim-1") is None
        return "Chosen-by-Kim-1"

    steps = (reset, recover) if first == "a" else (recover, reset)
    earlier = steps[0]()
    a_second_later()
    later = steps[1]()
    providers.heal()
    held = providers.same()
    for slapd in providers.slapds:
        assert slapd.signs_in(KIM, later) and not slapd.signs_in(KIM, earlier)
        assert recovery.complete(slapd, "kim", code, "Chosen-by-thief-1") is ldap.INVALID_CREDENTIALS
    assert ("pwdReset" in held[KIM]) == (first == "b")
    assert events(held) == ["recovery", "reset"]
    assert "temporaryPassword" in {wire.message_fields(value)["kind"] for value in held[KIM]["latchkeyMessage"]}


@LATER
def test_two_resets_at_once_the_later_wins_at_both(providers, first):
    """Both mails are there, and the password of the later one is what opens the account."""
    one, other = providers.slapds if first == "a" else reversed(providers.slapds)
    providers.cut()
    earlier, _answer = wire.password_modify(sign_in(one, PASSWORD_ADMIN), KIM, control=wire.notify())
    a_second_later()
    later, _answer = wire.password_modify(sign_in(other, GLOBAL_ADMIN), KIM, control=wire.notify())
    providers.heal()
    held = providers.same()
    for slapd in providers.slapds:
        assert slapd.signs_in(KIM, later) and not slapd.signs_in(KIM, earlier)
    assert events(held) == ["reset", "reset"]
    sent = [wire.message_fields(value)["kind"] for value in held[KIM]["latchkeyMessage"]]
    assert sent.count("temporaryPassword") == 2


@LATER
def test_what_an_administrator_closed_stays_closed(providers, first):
    """Also where the user came back at a provider that had not heard of it: nobody signs in, and the user is not back."""
    code = providers.code(asked=providers.a)
    providers.cut()
    steps = [lambda: wire.exop(sign_in(providers.a, PASSWORD_ADMIN), wire.ACCOUNT_BLOCK, wire.account(KIM)),
             lambda: recovery.complete(providers.b, "kim", code, "Chosen-by-Kim-1")]
    for step in steps if first == "a" else reversed(steps):
        assert step() is None
        a_second_later()
    providers.heal()
    providers.converge()
    for slapd in providers.slapds:
        wait_for(lambda slapd=slapd: b"{LATCHKEY-BLOCKED}" in slapd.entry(KIM, "userPassword")["userPassword"][0])
        assert not slapd.signs_in(KIM, "Chosen-by-Kim-1")
        assert recovery.complete(slapd, "kim", code, "Chosen-by-Kim-2") is ldap.INVALID_CREDENTIALS
    providers.same()
    wire.exop(sign_in(providers.a, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(KIM))
    providers.converge()
    assert providers.b.signs_in(KIM, "Chosen-by-Kim-1") == (first == "a")


def test_a_lock_for_good_outlasts_a_recovery_elsewhere(providers):
    code = providers.code(asked=providers.a)
    providers.cut()
    providers.a.root().modify_s(KIM, [(ldap.MOD_REPLACE, "pwdAccountLockedTime", [LOCKED_FOR_GOOD.encode()])])
    a_second_later()
    assert recovery.complete(providers.b, "kim", code) is None
    providers.heal()
    held = providers.same()
    assert held[KIM]["pwdAccountLockedTime"] == [LOCKED_FOR_GOOD.encode()]
    assert not any(slapd.signs_in(KIM, password_of(KIM)) for slapd in providers.slapds)


def test_a_message_that_was_queued_while_another_was_settled_is_found_again(make_slapd, mailer):
    """By a provider that starts with both."""
    providers = Providers(make_slapd, mailer, overlay=places.KILLABLE_OVERLAY)
    _generated, first = wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), KIM, control=wire.notify())
    providers.converge()
    providers.cut()
    _generated, second = wire.password_modify(sign_in(providers.b, PASSWORD_ADMIN), KIM, control=wire.notify())
    a_second_later()
    assert take(providers.a) == [first.id]
    settle(providers.a, first.id, wire.SENT)
    providers.heal()
    providers.converge()
    wait_for(lambda: all("latchkeyDue" in held[KIM] for held in providers.content()))
    providers.converge()
    assert [states(held).count("queued") for held in providers.content()] == [1, 1]
    providers.b.restart(LATCHKEY_TAKEOVER_SECONDS="0")
    assert wait_for(lambda: take(providers.b)) == [second.id]


def test_what_was_allowed_where_a_new_policy_had_not_arrived_stays(providers):
    """And from then on the policy holds at both."""
    providers.cut()
    providers.a.root().modify_s(MANAGED_POLICY, SELF_SERVICE)
    assert result_of(sign_in(providers.a, PASSWORD_ADMIN).passwd_s, KIM, None, "Typed-by-Pia-1")[0] == UNWILLING
    sign_in(providers.b, PASSWORD_ADMIN).passwd_s(KIM, None, "Typed-by-Pia-1")
    providers.heal()
    providers.same()
    for slapd in providers.slapds:
        assert slapd.signs_in(KIM, "Typed-by-Pia-1")
        assert result_of(sign_in(slapd, GLOBAL_ADMIN).passwd_s, KIM, None, "Typed-by-Gil-1")[0] == UNWILLING


@LATER
def test_printed_codes_that_were_used_at_either_are_used_at_both(make_slapd, mailer, first):
    providers = Providers(make_slapd, mailer, managed={"latchkeyMethod": "recoveryCode"})
    codes = enrolment.new_codes(sign_in(providers.a, KIM))
    providers.converge()
    assert enrolment.complete(providers.b, "kim", (wire.PRINTED, codes[9]))[0] == 0
    providers.converge()
    providers.cut()
    for slapd, code in zip(providers.slapds if first == "a" else reversed(providers.slapds), codes):
        for used in (code, codes[2]):
            assert enrolment.complete(slapd, "kim", (wire.PRINTED, used))[0] == 0
            a_second_later()
    providers.heal()
    providers.same()
    for slapd in providers.slapds:
        assert enrolment.method_state(sign_in(slapd, KIM), KIM) == {"recoveryCode 6"}
        for code in (*codes[:3], codes[9]):
            assert enrolment.complete(slapd, "kim", (wire.PRINTED, code))[0] == ldap.INVALID_CREDENTIALS.errnum
    assert enrolment.complete(providers.a, "kim", (wire.PRINTED, codes[3]))[0] == 0


def test_who_asks_at_both_at_once_can_use_the_later_code(providers):
    """Each makes a recovery entry for the same user, and of two entries of one name the later stays."""
    codes = []
    providers.cut()
    for slapd in providers.slapds:
        providers.mailer.attach(slapd)
        codes.append(recovery.code_for(slapd, providers.mailer, "kim", KIMS_MAILBOX))
        a_second_later()
    providers.heal()
    providers.converge()
    assert recovery.complete(providers.a, "kim", codes[-1], "Chosen-by-Kim-1") is None
    held = providers.same()
    assert providers.b.signs_in(KIM, "Chosen-by-Kim-1")
    assert not [dn for dn in held if dn.startswith("latchkeyRecoveryOf=")]


# What decides.

SELF_SERVICE = [(ldap.MOD_REPLACE, "latchkeyResetMode", [b"selfServiceOnly"])]
ADMIN_RESET = [(ldap.MOD_REPLACE, "latchkeyResetMode", [b"adminReset"])]


def resets(slapd, who: str) -> int:
    """The result code of a reset of Lee by WHO."""
    return result_of(sign_in(slapd, who).passwd_s, LEE, None, None)[0]


def test_a_policy_that_is_changed_at_one_holds_at_the_other_at_once(providers):
    for at, changes, expected in ((providers.a, SELF_SERVICE, UNWILLING), (providers.b, ADMIN_RESET, 0)) * 3:
        at.root().modify_s(MANAGED_POLICY, changes)
        providers.converge()
        assert [resets(slapd, PASSWORD_ADMIN) for slapd in providers.slapds] == [expected] * 2
        providers.converge()


def test_a_role_that_is_given_at_one_counts_at_the_other_at_once(providers):
    """By a group in a group, and taken away again."""
    night_shift = f"cn=night-shift,{GROUPS}"
    for at, how, expected in ((providers.a, ldap.MOD_ADD, 0), (providers.b, ldap.MOD_DELETE, INSUFFICIENT)) * 3:
        at.root().modify_s(night_shift, [(how, "member", [HAN.encode()])])
        providers.converge()
        assert [resets(slapd, HAN) for slapd in providers.slapds] == [expected] * 2
        providers.converge()


# Mail.

def take(slapd) -> list[str]:
    """The ids of the messages that the mailer is given there."""
    return [fields["id"] for fields in carrying(message for _holder, message, _sealed in serving.take(slapd, lease=1))]


def settle(slapd, message_id: str, state: int, retry_at: str | None = None) -> None:
    """What a mailer there says of a message about Kim."""
    assert serving.settle(slapd, wire.settlement(KIM, message_id, state, retry_at=retry_at)) == [0]


def states(held) -> list[str]:
    """What became of the messages about Kim."""
    return [fields["state"] for fields in carrying(held[KIM]["latchkeyMessage"])]


def test_a_mailer_elsewhere_leaves_a_message_alone_for_some_minutes(providers):
    """It is for the mailers where it was queued, also at the next try, and also after a restart of the other."""
    _generated, answer = wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), KIM, control=wire.notify())
    providers.converge()
    assert take(providers.b) == []
    assert take(providers.a) == [answer.id]
    settle(providers.a, answer.id, wire.DEFERRED, retry_at=stored.moment(2))
    providers.converge()
    providers.b.restart()
    wait_for(lambda: take(providers.a) == [answer.id])
    assert take(providers.b) == []


def test_a_mailer_elsewhere_takes_a_message_over_and_it_is_sent_once(make_slapd, mailer):
    """What became of it is seen at both."""
    providers = Providers(make_slapd, mailer, overlay=places.KILLABLE_OVERLAY)
    providers.b.restart(LATCHKEY_TAKEOVER_SECONDS="2")
    generated, _answer = wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), KIM, control=wire.notify())
    providers.converge()
    assert take(providers.b) == []
    mailer.attach(providers.b)
    wait_for(lambda: mailer.once() and mailer.mails())
    assert generated in mails.text(mailer.mails()[0])
    held = providers.same()
    assert states(held) == ["sent"] and held[KIM]["latchkeyDue"] == held[KIM]["latchkeyTemporaryUntil"]
    assert take(providers.a) == take(providers.b) == []


# One that comes back.

def test_one_that_is_killed_loses_nothing(providers):
    """Neither the code nor the mail that was queued there: the other has them, and so has it when it is back."""
    recovery.ask_and_wait(providers.a, "kim")
    generated, _answer = wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), LEE, control=wire.notify())
    providers.converge()
    providers.a.kill()
    sign_in(providers.b, PASSWORD_ADMIN).passwd_s(LEE, None, "Typed-by-Pia-1")
    providers.a.start()
    providers.mailer.attach(providers.a)
    providers.mailer.once()
    assert generated in mails.text(mails.to(providers.mailer.mails(), "lee@example.net")[-1])
    code = mails.code_in(mails.to(providers.mailer.mails(), KIMS_MAILBOX)[-1])
    providers.same()
    assert recovery.complete(providers.b, "kim", code, "Chosen-by-Kim-1") is None
    providers.same()
    assert providers.a.signs_in(KIM, "Chosen-by-Kim-1") and providers.a.signs_in(LEE, "Typed-by-Pia-1")


def test_a_recovery_is_completed_while_the_one_that_was_asked_is_down(providers):
    code = providers.code(asked=providers.a)
    with replicas.stopped(providers.a):
        assert recovery.complete(providers.b, "kim", code, "Chosen-by-Kim-1") is None
    providers.same()
    assert providers.a.signs_in(KIM, "Chosen-by-Kim-1")
    assert recovery.complete(providers.a, "kim", code, "Chosen-by-thief-1") is ldap.INVALID_CREDENTIALS


@pytest.mark.parametrize("log", ["warm", "cold"])
def test_one_that_was_away_has_missed_nothing(providers, log):
    """Whether it can read in the log what it has missed, or has to read the directory itself."""
    with replicas.stopped(providers.b):
        recovery.ask_and_wait(providers.a, "kim")
        wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), LEE, control=wire.notify())
        providers.a.root().modify_s(f"cn=password-admins,{GROUPS}", [(ldap.MOD_ADD, "member", [HAN.encode()])])
        providers.mailer.attach(providers.a)
        if log == "cold":
            replicas.forget_log(providers.a)
        providers.mailer.once()
        code = mails.code_in(mails.to(providers.mailer.mails(), KIMS_MAILBOX)[-1])
    held = providers.same()
    assert [fields["state"] for fields in carrying(held[LEE]["latchkeyMessage"])] == ["sent"]
    assert resets(providers.b, HAN) == 0
    assert recovery.complete(providers.b, "kim", code, "Chosen-by-Kim-1") is None
    held = providers.same()
    assert not [dn for dn in held if dn.startswith("latchkeyRecoveryOf=")]


# What only claims to be replication.

def log_record(dn: str, change: bytes) -> tuple[str, list]:
    """What slapo-accesslog would write of a change of DN."""
    start = stored.moment().replace("Z", ".000001Z").encode()
    csn = start[:-1] + b"#000000#003#000000"
    operational = [b"entryCSN:= " + csn, b"modifiersName:= " + ROOT_DN.encode(), b"modifyTimestamp:= " + start[:14] + b"Z"]
    return f"reqStart={start.decode()},{replicas.LOG}", [
        ("objectClass", [b"auditModify"]), ("reqStart", [start]), ("reqEnd", [start]), ("reqType", [b"modify"]),
        ("reqSession", [b"1"]), ("reqAuthzID", [ROOT_DN.encode()]), ("reqDN", [dn.encode()]), ("reqResult", [b"0"]),
        ("reqMod", [change, *operational])]


LOOKALIKE = f"cn=replica2,ou=services,{SUFFIX}"
BELOW_IT = f"cn=replica,{replicas.REPLICA}"
COOKIE = b"rid=001,sid=002,csn=20200101000000.000000Z#000000#002#000000"


def synchronize(mode: int) -> RequestControl:
    """What a consumer sends with its search (RFC 4533): 1 refreshes only, 3 persists."""
    value = wire.sequence(wire.integer(mode, wire.ENUMERATED), wire.element(wire.OCTETS, COOKIE))
    return RequestControl("1.3.6.1.4.1.4203.1.9.1.1", True, value)


def forgers(providers) -> list:
    """Connections of those who might pass for a consumer, and of the consumer's identity itself."""
    root = providers.a.root()
    for dn in (LOOKALIKE, BELOW_IT):
        root.add_s(dn, [("objectClass", [b"applicationProcess", b"simpleSecurityObject"]),
                        ("cn", [dn.split(",")[0][3:].encode()]), ("userPassword", [b"forger-password"])])
    return [sign_in(providers.a, LEE), root, *(providers.a.connect(dn, "forger-password") for dn in (LOOKALIKE, BELOW_IT)),
            providers.a.connect(replicas.REPLICA, replicas.REPLICA_PASSWORD)]


FORGED = {
    "password": [(ldap.MOD_REPLACE, "userPassword", [b"chosen by a forger"])],
    "state": [(ldap.MOD_REPLACE, "latchkeySerial", [b"7"])],
    "as in the log": [(ldap.MOD_REPLACE, "userPassword", [b"chosen by a forger"]),
                      (ldap.MOD_REPLACE, "entryCSN", [b"20991231000000.000000Z#000000#002#000000"]),
                      (ldap.MOD_REPLACE, "modifiersName", [replicas.REPLICA.encode()])],
}


def test_who_only_looks_like_a_consumer_changes_nothing(providers):
    """Nor does the consumer's identity: it reads, and writes nothing here."""
    everybody = forgers(providers)
    before = providers.same()[HAN]
    controls = [[], [RELAX], [synchronize(1)], [ManageDSAITControl(criticality=True), RELAX]]
    for connection in everybody:
        for changes in FORGED.values():
            assert 0 not in [result_of(connection.modify_ext_s, HAN, changes, serverctrls=each)[0] for each in controls]
    after = providers.same()[HAN]
    trail = ("latchkeyEvent", "latchkeyEventDay", "entryCSN", "modifyTimestamp", "modifiersName")  # that they were refused
    assert all(after.get(name) == before.get(name) for name in {*before, *after} if name not in trail)


def test_who_only_looks_like_a_consumer_reads_nothing(providers):
    everybody = forgers(providers)
    recovery.ask_and_wait(providers.a, "kim")
    wire.password_modify(sign_in(providers.a, PASSWORD_ADMIN), LEE, control=wire.notify())
    secret = ("latchkeyCode", "latchkeySealed", "latchkeyRecoveryOf")

    def seen(connection, mode: int) -> set[str]:
        number = connection.search_ext(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["*", "+"], serverctrls=[synchronize(mode)])
        found, kind = [], None
        while kind != ldap.RES_SEARCH_RESULT:
            try:
                kind, entries = connection.result(number, all=0, timeout=1 if mode == 3 else PATIENCE)
            except ldap.TIMEOUT:  # all has come that there was; what is persistent goes on
                break
            found += entries
        return {name for _dn, attributes, *_controls in found for name in attributes if name in secret}

    *others, consumer = everybody
    assert [seen(connection, mode) for connection in others for mode in (1, 3)] == [set()] * 2 * len(others)
    assert seen(consumer, 1) == set(secret)


@pytest.mark.parametrize("relax", [False, True])
def test_nobody_writes_into_the_log(providers, relax):
    """It is what the other provider does; so the rootdn, who may change nobody's password, may not write there either."""
    for change in (b"userPassword:= chosen by the rootdn", b"latchkeyBlocked:= 20261121050200Z"):
        dn, attributes = log_record(HAN, change)
        code, _text = result_of(providers.a.root().add_ext_s, dn, attributes, serverctrls=[RELAX] if relax else [])
        assert code == UNWILLING
    recovery.ask_and_wait(providers.a, "kim")
    last = providers.a.root().search_s(replicas.LOG, ldap.SCOPE_ONELEVEL, attrlist=["1.1"])[-1][0]
    assert result_of(providers.a.root().modify_s, last, [(ldap.MOD_REPLACE, "reqDN", [HAN.encode()])])[0] == UNWILLING
    assert result_of(providers.a.root().rename_s, last, "reqStart=20261121050200.000001Z")[0] == UNWILLING
    assert result_of(providers.a.root().delete_s, last)[0] == UNWILLING
    providers.same()
    for slapd in providers.slapds:
        assert slapd.signs_in(HAN, password_of(HAN))


# What the administrator is warned of.

def test_no_warning_where_changes_are_not_lost(providers):
    recovery.ask_and_wait(providers.a, "nobody")
    assert not [line for line in warnings(providers.a) if "several providers" in line]


@pytest.mark.parametrize("restart", [False, True])
def test_plain_syncrepl_with_two_writers_is_warned_of(make_slapd, restart):
    """As soon as it is configured and whenever slapd starts, once."""
    slapd = Replicas(make_slapd, delta=False).connect_all().slapds[0]
    if restart:
        slapd.stop()
        slapd.log.write_text("")
        slapd.start()
    text = "takes writes at several providers: use delta-syncrepl (syncdata=accesslog)"
    wait_for(lambda: any(text in line for line in warnings(slapd)))
    for _ in range(2):
        recovery.ask_and_wait(slapd, "nobody")
    assert sum(text in line for line in warnings(slapd)) == 1


def test_a_log_that_syncrepl_cannot_read_is_warned_of(make_slapd):
    """It would take each belated write for new."""
    pair = Replicas(make_slapd)
    pair.slapds[0].config().modify_s("olcDatabase={2}mdb,cn=config", [
        (ldap.MOD_REPLACE, "olcRootDN", [replicas.LOG.encode()])])
    pair.connect_all()
    wait_for(lambda: any("give the database of its log the same olcRootDN" in line for line in warnings(pair.slapds[0])))
