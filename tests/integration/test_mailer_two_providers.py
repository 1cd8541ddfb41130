"""Two mailers, each at a provider of its own, share the work: what was queued at one provider is sent by the mailer there, and
known at both to be sent; neither does what the other has done."""

import pytest
from latchkey_testing import mails, wire
from latchkey_testing.mailer import Mailer
from latchkey_testing.mortal_sink import MortalSink
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, password_of
from latchkey_testing.replicas import Replicas
from latchkey_testing.waiting import wait_for

EACH = 40


@pytest.fixture
def mailers(tmp_path):
    """Two of them with one key."""
    made = [Mailer(tmp_path), Mailer(tmp_path)]
    made[1].take_key_of(made[0])
    yield made
    for mailer in made:
        mailer.check()


@pytest.fixture
def replicas(make_slapd, mailers):
    """Two providers whose messages both mailers can open."""
    made = Replicas(make_slapd, mailer_keys=(mailers[0].public_key,))
    made.connect_all()
    return made


@pytest.fixture
def sinks(mailers):
    """A mail server for each of them."""
    with MortalSink(mailers[0].directory) as one, MortalSink(mailers[1].directory) as other:
        yield [one, other]


def test_a_pair_at_two_providers(replicas, mailers, sinks):
    for mailer, slapd, sink in zip(mailers, replicas.slapds, sinks):
        mailer.attach(slapd, maildir={}, smtp={"url": sink.url, "starttls": "no"})
        mailer.start()
    ids = [[], []]
    admins = [slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN)) for slapd in replicas.slapds]
    for _ in range(EACH):
        for number, (admin, user) in enumerate(zip(admins, (KIM, LEE))):
            ids[number].append(wire.password_modify(admin, user, control=wire.notify())[1].id)
    wait_for(lambda: all(set(own) <= set(sink.taken()) for own, sink in zip(ids, sinks)))


    def are_settled(slapd) -> bool:
        """All but the news of a change soon after another: that waits some minutes, to be told once."""
        values = [value for user in (KIM, LEE) for value in slapd.entry(user)["latchkeyMessage"]]
        states = [(fields["kind"] in mails.NOTICES, fields["state"]) for fields in map(wire.message_fields, values)]
        return {state for is_notice, state in states if not is_notice} == {"sent"}

    for slapd in replicas.slapds:
        wait_for(lambda slapd=slapd: are_settled(slapd))
    for mailer in mailers:
        mailer.stop()
    replicas.converge()
    assert not replicas.differences()
    shares = [sink.taken() for sink in sinks]
    for share, own in zip(shares, ids):  # and what else a reset has told
        assert set(own) <= set(share)
    assert len(shares[0]) + len(shares[1]) == len({*shares[0], *shares[1]})
