"""Fixtures: for each test a directory, and a mailer that opens its messages."""

import contextlib

import pytest

from latchkey_testing import organization
from latchkey_testing.mailer import Mailer
from latchkey_testing.settings import Settings
from latchkey_testing.slapd import Slapd


@pytest.fixture
def mailer(tmp_path):
    """A mailer that has keys and a maildir."""
    made = Mailer(tmp_path)
    yield made
    made.check()


@pytest.fixture
def start(mailer):
    """A function that starts a slapd with the organization of the tests: start(**settings)."""
    with contextlib.ExitStack() as stack:

        def started(**settings) -> Slapd:
            wanted = Settings(mailer_keys=(mailer.public_key,), **settings)
            slapd = stack.enter_context(Slapd(organization.entries(), wanted))
            mailer.attach(slapd)
            return slapd

        yield started
