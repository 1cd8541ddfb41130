"""What lists are filtered by stands under an index, with the indexes that the manual recommends; and nobody finds by a
filter what they may not read, nor hears it from what slapd looks at."""

import re
import time

import ldap
import pytest

from latchkey_testing import places, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, HAN, INSIDE_ONLY, KIM, LEE, PASSWORD_ADMIN,
                                           STRANGER, sign_in)
from latchkey_testing.settings import MAILER_DN, ROOT_DN, SUFFIX

BLOCKED, FAILED = "(latchkeyBlocked=*)", "(latchkeyFailedMessage=*)"
DUE, TEMPORARY = "(latchkeyDue=*)", "(&(latchkeyDue=*)(latchkeyTemporaryUntil=*))"
WITHOUT_DAY = "(&(latchkeyDue=*)(latchkeyEvent=*)(!(latchkeyEventDay=*)))"
EVERY_ENTRY = "mdb_search_candidates: id=-1 "  # is looked at
STATS, FILTER, TRACE = 0x100, 0x20, 0x1  # of slapd's log


def recommended() -> list[str]:
    """The indexes as the manual has them."""
    return re.findall(r"^olcDbIndex: (.*)$", (places.ROOT / "data/man/slapo-latchkey.5").read_text(), re.MULTILINE)


@pytest.fixture
def slapd(make_slapd):
    """Kim and Han are blocked, and Lee has a temporary password, the mail with which has failed."""
    slapd = make_slapd(log_level=str(STATS | FILTER | TRACE), database={"olcDbIndex": recommended()})
    admin = sign_in(slapd, GLOBAL_ADMIN)
    for user in (KIM, HAN):
        wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(user))
    _generated, answer = wire.password_modify(admin, LEE, control=wire.notify())
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle([wire.settlement(LEE, answer.id, wire.FAILED, "550 no")]))
    return slapd


def found(connection, query: str) -> set[str]:
    return {dn for dn, _attributes in connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, query, ["1.1"])}


TODAY = f"(latchkeyEventDay={time.strftime('%Y%m%d', time.gmtime())})"
EVERYBODY = {BLOCKED: {KIM, HAN}, DUE: {LEE}, TEMPORARY: {LEE}, FAILED: {LEE}}


@pytest.mark.parametrize("who,finds", [
    (ROOT_DN, EVERYBODY), (GLOBAL_ADMIN, EVERYBODY), (PASSWORD_ADMIN, EVERYBODY), (AUDITOR, EVERYBODY),
    (STRANGER, dict.fromkeys(EVERYBODY, set()))], ids=lambda value: value.split(",")[0] if isinstance(value, str) else "")
def test_a_list_has_what_one_may_read(slapd, who, finds):
    connection = sign_in(slapd, who)
    for query, expected in finds.items():
        assert found(connection, query) == expected
        assert found(connection, f"(&(objectClass=person){query})") == expected
        assert found(slapd.connect(), query) == set()


def test_an_index_serves_each_filter(slapd):
    connection = sign_in(slapd, GLOBAL_ADMIN)
    before = len(slapd.log.read_text())
    for query in (*EVERYBODY, f"(member={PASSWORD_ADMIN})", WITHOUT_DAY, TODAY, f"(&{BLOCKED}(uid=kim))"):
        connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, query, ["1.1"])
    assert EVERY_ENTRY not in slapd.log.read_text()[before:]
    connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(sn=x)", ["1.1"])
    assert EVERY_ENTRY in slapd.log.read_text()[before:]  # slapd would have said so


# How a filter can ask for an attribute, so that slapd looks at its index.
FORMS = ["({0}=*)", "({0}=20261121050200Z)", "(&(uid=lee)({0}=*))", "(|(uid=nobody)(&({0}=*)))"]
NAMES = ("latchkeyBlocked", "latchkeyDue", "latchkeyTemporaryUntil", "latchkeyFailedMessage", "latchkeyEventDay")


@pytest.mark.parametrize("form", FORMS)
def test_for_who_has_no_role_no_index_is_asked(slapd, form):
    """How long that takes would tell for whom something is stored. Two of them have signed in."""
    def looked(connection) -> bool:
        before = len(slapd.log.read_text())
        for name in NAMES:
            connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, form.format(name), ["1.1"])
        lines = [line for line in slapd.log.read_text()[before:].splitlines() if " SRCH " not in line]
        return any(re.search(rf"candidates.*({'|'.join(NAMES)})", line) for line in lines)

    for unprivileged in (slapd.connect(), sign_in(slapd, STRANGER), sign_in(slapd, INSIDE_ONLY)):
        assert not looked(unprivileged)
    for who in (GLOBAL_ADMIN, PASSWORD_ADMIN, AUDITOR):
        assert looked(sign_in(slapd, who))


def test_one_finds_oneself(slapd):
    """A filter on the own entry is answered, as what it asks for may be read there."""
    wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), INSIDE_ONLY, "A-new-password-1",
                         control=wire.notify(no_message=True, must_change=False))
    user = slapd.connect(INSIDE_ONLY, "A-new-password-1")
    for query, expected in ((BLOCKED, []), (TODAY, [INSIDE_ONLY])):
        found_there = user.search_s(INSIDE_ONLY, ldap.SCOPE_BASE, query, ["1.1"])
        assert [dn for dn, _attributes in found_there] == expected
