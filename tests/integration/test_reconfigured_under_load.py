"""The overlay is added, reconfigured and removed by cn=config while slapd is under load and its queue is full: slapd lives, no
queued message is lost, nobody waits for ever, and the rules hold from the answer to the change on."""

import threading
import time
from collections import Counter

import ldap
import pytest

from latchkey_testing import organization, recovery, stored, wire
from latchkey_testing.configuring import DATABASE, OVERLAY, configure, overlay_entry
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED, PASSWORD_ADMIN, SELF, SONG, password_of,
                                           sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import MAILER_DN, POLICIES_DN, random_key
from latchkey_testing.waiting import PATIENCE, wait_for

UNWILLING, INSUFFICIENT = 53, 50
QUEUED = 150  # messages that wait while all this happens
PEOPLE = 40


def load_person(number: int) -> str:
    """Somebody whose password is reset again and again."""
    return f"uid=load{number},{MANAGED}"


class Load:
    """Clients that do everything at once; what goes wrong but for what a change of the configuration explains is kept."""

    # No instance for a moment: the rules' own answers, and slapd's to whoever is no administrator of its own.
    EXPLAINED = (ldap.BUSY, ldap.UNWILLING_TO_PERFORM, ldap.INSUFFICIENT_ACCESS, ldap.INVALID_CREDENTIALS,
                 ldap.UNAVAILABLE_CRITICAL_EXTENSION, ldap.CONFIDENTIALITY_REQUIRED)

    def __init__(self, slapd):
        self.slapd, self.done, self.wrong = slapd, Counter(), []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(name,)) for name in (
            "search", "bind", "modify", "request", "reset", "take", "complete")]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads), "a client waits for ever"
        assert not self.wrong, self.wrong[:3]

    def _repeat(self, name: str) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            try:
                getattr(self, name)(number)
                self.done[name] += 1
            except self.EXPLAINED:
                self.done[f"{name}, refused"] += 1
            except Exception as error:  # pylint: disable=broad-except
                self.wrong.append((name, error))
            time.sleep(0.002)

    def search(self, number: int) -> None:
        connection = sign_in(self.slapd, LEE)
        connection.search_s(MANAGED, ldap.SCOPE_SUBTREE, f"(uid=load{number % PEOPLE})", ["*", "+", "latchkeyResetVerdict"])
        connection.unbind_s()

    def bind(self, _number: int) -> None:
        assert self.slapd.signs_in(KIM, password_of(KIM))

    def modify(self, number: int) -> None:
        connection = sign_in(self.slapd, LEE)
        connection.modify_s(SONG, [(ldap.MOD_REPLACE, "description", [str(number).encode()])])
        connection.unbind_s()

    def request(self, number: int) -> None:
        recovery.ask(self.slapd, f"load{number % PEOPLE}")

    def reset(self, number: int) -> None:
        connection = sign_in(self.slapd, PASSWORD_ADMIN)
        wire.password_modify(connection, load_person(number % PEOPLE), control=wire.notify())
        connection.unbind_s()

    def take(self, _number: int) -> None:
        connection = self.slapd.connect(MAILER_DN, MAILER_PASSWORD)
        wire.exop(connection, wire.NOTIFICATION_TAKE, wire.take(most=5, lease=1))
        connection.unbind_s()

    def complete(self, number: int) -> None:
        assert recovery.complete(self.slapd, f"load{number % PEOPLE}", recovery.WRONG_CODE) in (
            ldap.INVALID_CREDENTIALS, ldap.UNWILLING_TO_PERFORM, ldap.BUSY, ldap.CONFIDENTIALITY_REQUIRED)


def entries() -> list:
    """The organization, and people who are only there for load and for what is queued."""
    people = [organization.person(f"load{number}", MANAGED, f"Lo Ad {number}") for number in range(PEOPLE)]
    waiting = [organization.person(f"waiting{number}", MANAGED, "Wai Ting", latchkeyDue=stored.moment(),
                                   latchkeyMessage=stored.message(number + 1, "queued"),
                                   latchkeySealed=[stored.sealed(number + 1)]) for number in range(QUEUED)]
    return [*organization.entries(), *people, *waiting]


@pytest.fixture
def slapd(make_slapd):
    return make_slapd(entries())


def fill_queue(slapd) -> None:
    """As many wishes wait for the next beat as one client may have there."""
    connection = slapd.connect()
    for number in range(recovery.AT_ONCE + 10):
        wire.exop(connection, wire.RECOVERY_REQUEST, wire.recovery_request(f"nobody{number}"))
    connection.unbind_s()


def assert_rules_hold(slapd) -> None:
    """Right now, for everybody."""
    for actor in (GLOBAL_ADMIN, PASSWORD_ADMIN):
        assert result_of(sign_in(slapd, actor).passwd_s, HAN, None, "Typed-by-admin-1")[0] == UNWILLING
    write = [(ldap.MOD_REPLACE, "userPassword", [b"Typed-by-root-1"])]
    assert result_of(slapd.root().modify_s, HAN, write)[0] == UNWILLING
    assert result_of(sign_in(slapd, LEE).modify_s, GLOBAL_ADMIN, write)[0] == INSUFFICIENT
    assert slapd.signs_in(HAN, password_of(HAN))


def assert_nothing_is_lost(slapd) -> None:
    """Every message that waited is still open, and is handed to the mailer."""
    wanted = {f"{number + 1:032x}" for number in range(QUEUED)}
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)

    def taken() -> bool:
        answer = wire.taken(wire.exop(mailer, wire.NOTIFICATION_TAKE, wire.take(most=100, lease=60)))
        wanted.difference_update(wire.message_fields(message)["id"] for _holder, message, _sealed in answer)
        return not wanted

    wait_for(taken)


def test_it_comes_and_goes_under_load(slapd):
    with Load(slapd) as load:
        for _ in range(12):
            fill_queue(slapd)
            slapd.config().delete_s(OVERLAY)
            time.sleep(0.05)
            slapd.config().add_s(*overlay_entry(DATABASE))
            assert_rules_hold(slapd)
            time.sleep(0.1)
        wait_for(lambda: {"search", "bind", "request", "reset", "take", "modify"} <= set(load.done))
    assert_nothing_is_lost(slapd)


# Each attribute, there and back.
CHANGES = {
    "olcLatchkeyPolicyBase": ([f"ou=none,{POLICIES_DN}"], [POLICIES_DN]),
    "olcLatchkeyMailerKey": ([random_key(), random_key()], [random_key()]),
    "olcLatchkeyMailer": ([MAILER_DN, LEE], [MAILER_DN]),
    "olcLatchkeyReader": ([LEE], []),
    "olcLatchkeySelfServiceOnly": ([SELF], []),
    "olcLatchkeyMinSSF": (["128"], []),
    "olcLatchkeyPasswordAttribute": (["description"], []),
}


def test_every_setting_changes_under_load(slapd, tmp_path):
    """The rules hold after the way back; and where users are named in cn=config, before it."""
    key = tmp_path / "key"
    key.write_text(random_key())
    key.chmod(0o600)
    with Load(slapd):
        for _ in range(2):
            fill_queue(slapd)
            for attribute, (there, back) in {**CHANGES, "olcLatchkeyKeyFile": ([str(key)], [])}.items():
                assert configure(slapd, attribute, *there) == ""
                time.sleep(0.03)
                assert configure(slapd, attribute, *back) == ""
                assert_rules_hold(slapd)
    assert_nothing_is_lost(slapd)


def test_a_scope_named_in_cn_config_holds_at_once_under_load(slapd):
    with Load(slapd):
        for _ in range(8):
            assert configure(slapd, "olcLatchkeySelfServiceOnly", MANAGED) == ""
            assert result_of(sign_in(slapd, GLOBAL_ADMIN).passwd_s, LEE, None, "Typed-by-Gil-1")[0] == UNWILLING
            assert configure(slapd, "olcLatchkeySelfServiceOnly") == ""
            assert result_of(sign_in(slapd, GLOBAL_ADMIN).passwd_s, load_person(0), None, None)[0] == 0
    assert_nothing_is_lost(slapd)
