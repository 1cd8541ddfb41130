"""What lists are filtered by stands under an index, with the indexes that the manual recommends; and nobody finds by a filter what
they may not read."""

import ldap
import pytest

from latchkey_testing import wire
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, KIM, LEE, PASSWORD_ADMIN, STRANGER,
                                           sign_in)
from latchkey_testing.settings import ROOT_DN, SUFFIX

BLOCKED, RESET = "(latchkeyBlocked=*)", "(pwdReset=TRUE)"
NO_INDEX = "not indexed"
STATS, FILTER = 0x100, 0x20  # of slapd's log


@pytest.fixture
def slapd(make_slapd):
    """Kim and Han are blocked, and Lee has a temporary password."""
    slapd = make_slapd(log_level=str(STATS | FILTER))
    admin = sign_in(slapd, GLOBAL_ADMIN)
    for user in (KIM, HAN):
        wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(user))
    wire.password_modify(admin, LEE)
    return slapd


def found(connection, query: str) -> set[str]:
    return {dn for dn, _attributes in connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, query, ["1.1"])}


@pytest.mark.parametrize("who,finds", [
    (ROOT_DN, {KIM, HAN}), (GLOBAL_ADMIN, {KIM, HAN}), (PASSWORD_ADMIN, {KIM, HAN}), (AUDITOR, {KIM, HAN}),
    (STRANGER, set())], ids=lambda value: value.split(",")[0] if isinstance(value, str) else "")
def test_the_blocked_are_found_by_who_may_read_it(slapd, who, finds):
    assert found(sign_in(slapd, who), BLOCKED) == finds
    assert found(slapd.connect(), BLOCKED) == set()


def test_temporary_passwords_are_found(slapd):
    assert found(sign_in(slapd, GLOBAL_ADMIN), RESET) == {LEE}


def test_an_index_serves_each_filter(slapd):
    connection = sign_in(slapd, GLOBAL_ADMIN)
    before = len(slapd.log.read_text())
    for query in (BLOCKED, RESET, f"(member={PASSWORD_ADMIN})", "(latchkeyDue=*)", f"(&{BLOCKED}(uid=kim))"):
        connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, query, ["1.1"])
    assert NO_INDEX not in slapd.log.read_text()[before:]
    connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(sn=x)", ["1.1"])
    assert NO_INDEX in slapd.log.read_text()[before:]  # slapd would have said so
