"""Promise 5, against power cuts: the mailer, the mail server and slapd are killed at random instants, under a stream of
resets. In the end every message has arrived, and none twice unless a kill fell between the mail server's taking it and the
directory's knowing; then as the same message. Two mailers share the work, and none of it is done twice."""

import collections
import contextlib
import random
import threading
import time

import ldap
import pytest
from latchkey_testing import watching, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.mailed import Mailed
from latchkey_testing.mailer import Mailer
from latchkey_testing.mortal_sink import MortalSink
from latchkey_testing.organization import GLOBAL_ADMIN, MANAGED, entries, password_of, person
from latchkey_testing.sealed import waiting
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import wait_for

KILLS = 200 if not watching.wanted() else 5
SLAPD_KILLS = 60 if not watching.wanted() else 3
PEOPLE = [f"uid=reset{number},{MANAGED}" for number in range(40)]
SHARED = 5_000 if not watching.wanted() else 200


class Stream:
    """Resets, one after another in each of two threads; what was answered is known, what was not may have happened."""

    def __init__(self, mailed: Mailed):
        self.mailed = mailed
        self.answered: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(2)]

    def __enter__(self) -> "Stream":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self) -> None:
        """Waits until one more is answered."""
        before = len(self.answered)
        wait_for(lambda: len(self.answered) > before, interval=0.002)

    def _run(self, number: int) -> None:
        chance = random.Random(number)
        while not self._over.is_set():
            try:
                admin = self.mailed.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
                while not self._over.wait(0.015):
                    self._reset(admin, chance.choice(PEOPLE[number::2]))
            except (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.UNAVAILABLE, ldap.TIMEOUT):
                time.sleep(0.02)

    def _reset(self, admin, user: str) -> None:
        _password, answer = wire.password_modify(admin, user, control=wire.notify())
        self.answered.append(answer.id)


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A slapd with people to be reset, and a mailer."""
    people = [person(dn.split(",")[0].removeprefix("uid="), MANAGED, "Re Set") for dn in PEOPLE]
    made = Mailed(make_slapd, tmp_path, lambda _key: [*entries(latchkeyTell="nothing"), *people])
    yield made
    made.mailer.check()


@pytest.fixture
def sink(mailed, tmp_path):
    """The mail server that the mailer uses, running."""
    made = MortalSink(tmp_path)
    made.start()
    mailed.send_to(made.url)
    yield made
    made.end()


@pytest.fixture
def chance():
    """Chances that pytest shows with a failure."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


def kill_mailer(mailed: Mailed) -> None:
    """As a power cut would."""
    process, mailed.mailer.process = mailed.mailer.process, None
    assert process.poll() is None, mailed.mailer.log.read_text()[-2000:]
    process.kill()
    process.wait()


def make_all_due(mailed: Mailed) -> int:
    """Has what is deferred tried again now; how many that is."""
    found = mailed.slapd.root().search_s(MANAGED, ldap.SCOPE_ONELEVEL, "(latchkeyDue=*)", ["latchkeyMessage"])
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
    states = [(dn, wire.message_fields(value)) for dn, entry in found for value in entry.get("latchkeyMessage", [])]
    items = [wire.settlement(dn, state["id"], wire.DEFERRED, "", now) for dn, state in states
             if state["state"] == "deferred"]
    if items:
        wire.exop(mailed.slapd.connect(MAILER_DN, MAILER_PASSWORD), wire.NOTIFICATION_SETTLE, wire.settle(items))
    return len(items)


def deliver_the_rest(mailed: Mailed) -> None:
    """Everything that is still to be sent. The leases of those who died are in slapd's memory."""
    mailed.slapd.restart()
    mailed.mailer.once(check=False)
    for _ in range(20):
        if not make_all_due(mailed):
            return
        mailed.mailer.once(check=False)
    raise AssertionError("messages are deferred for ever")


def count(stream: Stream, sink: MortalSink, what: str) -> collections.Counter:
    """How often each message arrived, after asserting that all did."""
    arrived = collections.Counter(sink.taken())
    assert not set(stream.answered) - arrived.keys(), f"{len(set(stream.answered) - arrived.keys())} messages are lost"
    again = sum(arrived.values()) - len(arrived)
    print(f"{what}: {len(arrived)} messages, {again} sent again after a kill")
    return arrived


def test_two_hundred_kills_of_the_mailer(mailed, sink, chance):
    lives: list[list[str]] = []
    with Stream(mailed) as stream:
        for _ in range(KILLS):
            before = len(sink.taken())
            mailed.mailer.start()
            stream.goes_on()
            time.sleep(watching.patience(chance.uniform(0.01, 0.15)))
            kill_mailer(mailed)
            lives.append(sink.taken()[before:])
    deliver_the_rest(mailed)
    arrived = count(stream, sink, "mailer")
    assert len(arrived) >= KILLS
    for life in lives:
        assert len(life) == len(set(life)), "one mailer sent a message twice"


def test_two_hundred_kills_of_the_mail_server(mailed, sink, chance):
    mailed.mailer.start()
    with Stream(mailed) as stream:
        for _ in range(KILLS):
            stream.goes_on()
            time.sleep(chance.uniform(0.005, 0.08))
            sink.kill()
            sink.start()
            make_all_due(mailed)
    mailed.mailer.stop()
    deliver_the_rest(mailed)
    arrived = count(stream, sink, "mail server")
    assert len(arrived) >= KILLS


def test_kills_of_slapd(mailed, sink, chance):
    mailed.mailer.start()
    with Stream(mailed) as stream:
        for _ in range(SLAPD_KILLS):
            stream.goes_on()
            time.sleep(chance.uniform(0.02, 0.3))
            mailed.slapd.kill()
            mailed.slapd.start()
    wait_for(lambda: not set(stream.answered) - set(sink.taken()))
    mailed.mailer.stop()
    deliver_the_rest(mailed)
    arrived = count(stream, sink, "slapd")
    assert set(arrived.values()) == {1}, "the mailer lived, and knew what it had sent"
    assert len(arrived) >= SLAPD_KILLS


# Several mailers


@pytest.fixture
def stack():
    """Ends what is entered in it."""
    with contextlib.ExitStack() as entered:
        yield entered


def test_two_mailers_share_the_work_and_do_none_of_it_twice(make_slapd, tmp_path, stack):
    mailers = [Mailer(tmp_path), Mailer(tmp_path)]
    mailers[1].take_key_of(mailers[0])
    messages = [waiting(f"waits{number}", mailers[0].public_key, number + 1) for number in range(SHARED)]
    slapd = make_slapd([*entries(), *messages], mailer_keys=(mailers[0].public_key,))
    sinks = [stack.enter_context(MortalSink(mailer.directory)) for mailer in mailers]
    with slapd.halted():  # none has begun before the other is there
        for mailer, sink in zip(mailers, sinks):
            mailer.attach(slapd, maildir={}, smtp={"url": sink.url, "starttls": "no"})
            mailer.start()
        wait_for(lambda: all("event=started" in mailer.log.read_text() for mailer in mailers))
    wait_for(lambda: sum(len(sink.taken()) for sink in sinks) >= SHARED, interval=0.2)
    for mailer in mailers:
        mailer.stop()
    shares = [sink.taken() for sink in sinks]
    assert len(shares[0]) + len(shares[1]) == len({*shares[0], *shares[1]}) == SHARED
    assert min(map(len, shares)) >= SHARED / 20
