"""Promise 1: no LDAP request of any form gets past a rule.

Who may reset whom is the table of the two modes; each cell is tried by every way in which a client can write a
password. Where a rule allows a Modify, slapd has to answer exactly as it would without Latchkey."""

import pytest

from latchkey_testing import organization, wire
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, GROUPS, LEE, MANAGED, NIGHT_ADMIN, OUTSIDE,
                                           PASSWORD_ADMIN, SECOND_GLOBAL_ADMIN, SELF, SELF_ADMIN, SONG, STRANGER,
                                           password_of, person, sign_in)
from latchkey_testing.password_writes import ALL, MODIFY, PASSWORD_MODIFY, Outcome, result_of, try_write
from latchkey_testing.settings import ROOT_DN

UNWILLING = 53
INSUFFICIENT = 50

RANK_GROUPS = {"password-administrator": f"cn=password-admins,{GROUPS}",
               "global-administrator": f"cn=global-admins,{GROUPS}"}
RANKS = ("user", *RANK_GROUPS)
ADMINISTRATORS = (PASSWORD_ADMIN, NIGHT_ADMIN)
GLOBAL_ADMINISTRATORS = (GLOBAL_ADMIN, SECOND_GLOBAL_ADMIN, SELF_ADMIN, ROOT_DN)
EVERYBODY = (*GLOBAL_ADMINISTRATORS, *ADMINISTRATORS, AUDITOR, SONG, LEE, STRANGER)

# Every rule has to hold wherever slapo-ppolicy stands.
ARRANGEMENTS = {
    "before-ppolicy": {},
    "after-ppolicy": {"latchkey_first": False},
    "without-ppolicy": {"ppolicy": False},
}


def target(rank: str, write: str, base: str) -> str:
    """Whoever is written to by WRITE: each write has somebody of its own."""
    return f"uid={rank}-{list(ALL).index(write)},{base}"


def with_targets() -> list:
    """The organization, and for each rank and subtree somebody for each write."""
    entries = organization.entries()
    attributes = dict(entries)
    for base in (MANAGED, SELF, OUTSIDE):
        for rank in RANKS:
            dns = [target(rank, write, base) for write in ALL]
            entries += [person(dn.split(",")[0][4:], base, "Tara Get") for dn in dns]
            if rank in RANK_GROUPS:
                attributes[RANK_GROUPS[rank]]["member"] += dns
    return entries


@pytest.fixture
def directory(make_slapd):
    """A function that starts the organization with its targets: directory(**settings)."""
    return lambda **settings: make_slapd(with_targets(), **settings)


def try_all(slapd, actor: str | None, rank: str, base: str, writes=ALL) -> dict[str, Outcome]:
    """What comes of each write by ACTOR, or by the targets themselves where that is None."""
    outcomes = {}
    for name, write in writes.items():
        dn = target(rank, name, base)
        outcomes[name] = try_write(slapd, sign_in(slapd, actor or dn), write, dn, password_of(dn))
    return outcomes


def assert_refused(outcomes: dict[str, Outcome], code: int, text: str, earlier: tuple[str, ...] = ()) -> None:
    """Every write got CODE with TEXT in the answer, and changed nothing. What somebody else has refused EARLIER may
    have another reason; slapd itself increments no password."""
    def is_right(name: str, outcome: Outcome) -> bool:
        said = outcome.code == code and text in outcome.text
        may_differ = name in (*earlier, "Modify, increment") and outcome.code
        return (said or may_differ) and outcome.old_works and not outcome.new_works
    assert not {name: outcome for name, outcome in outcomes.items() if not is_right(name, outcome)}


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
@pytest.mark.parametrize("rank", RANKS)
def test_self_service_only_is_for_everybody(directory, arrangement, rank):
    slapd = directory(**ARRANGEMENTS[arrangement])
    earlier = ("Modify, a hash",) if arrangement == "after-ppolicy" else ()  # whose quality nobody can check
    for actor in EVERYBODY:
        assert_refused(try_all(slapd, actor, rank, SELF), UNWILLING, "self-service only", earlier)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("actor", EVERYBODY)
def test_admin_reset_by_the_table(directory, actor, rank):
    slapd = directory()
    if actor in GLOBAL_ADMINISTRATORS or (actor in ADMINISTRATORS and rank != "global-administrator"):
        resets = try_all(slapd, actor, rank, MANAGED, PASSWORD_MODIFY)
        assert [(outcome.code, outcome.old_works) for outcome in resets.values()] == [(0, False)] * len(resets)
        assert resets["Password Modify, typed"].new_works
        plain = directory(overlay=None)
        assert try_all(slapd, actor, rank, MANAGED, MODIFY) == try_all(plain, actor, rank, MANAGED, MODIFY)
    else:
        text = "global administrator" if actor in ADMINISTRATORS else "needs the role"
        assert_refused(try_all(slapd, actor, rank, MANAGED), INSUFFICIENT, text)


@pytest.mark.parametrize("base", [MANAGED, SELF, OUTSIDE])
@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_ones_own_password_is_slapds_matter(directory, arrangement, base):
    settings = ARRANGEMENTS[arrangement]
    slapd, plain = directory(**settings), directory(overlay=None, **settings)
    for rank in RANKS:
        assert try_all(slapd, None, rank, base) == try_all(plain, None, rank, base)


@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN, LEE])
def test_under_no_policy_slapd_is_as_without_latchkey(directory, actor):
    assert try_all(directory(), actor, "user", OUTSIDE) == try_all(directory(overlay=None), actor, "user", OUTSIDE)


def test_a_critical_control_that_nobody_heeds_is_refused(make_slapd):
    """As by a slapd that does not know it; where it is not critical, it is ignored."""
    def results(slapd) -> list[int]:
        control, codes = wire.notify(), []
        for control.criticality in (True, False):
            codes.append(result_of(slapd.root().passwd_s, STRANGER, None, "A-new-password-9", serverctrls=[control])[0])
        return codes
    assert results(make_slapd()) == results(make_slapd(overlay=None))
