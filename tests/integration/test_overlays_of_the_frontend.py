"""An overlay on the frontend, where slapo-chain usually stands, changes nothing: slapd answers as before, its ACLs hold, and
nobody reads what Latchkey stores."""

import ldap
import pytest

from latchkey_testing import recovery, wire
from latchkey_testing.entries import entry
from latchkey_testing.organization import KIM, LEE, PASSWORD_ADMIN, password_of
from latchkey_testing.settings import CONFIG_DN, OPEN_ACCESS, SUFFIX

FRONTEND = f"olcDatabase={{-1}}frontend,{CONFIG_DN}"
ACCESS = ("to attrs=displayName by * none", *OPEN_ACCESS)
OVERLAYS = {"auditlog": {"olcAuditlogFile": "audit.log"}, "chain": {}}
CLASSES = {"auditlog": "olcAuditlogConfig", "chain": "olcChainConfig"}


@pytest.fixture(params=OVERLAYS)
def overlay(request):
    """The name of an overlay for the frontend."""
    return request.param


@pytest.fixture
def slapd(make_slapd, overlay):
    """A slapd that has loaded it, with an ACL that hides displayName from everybody, and a message about Kim."""
    module = {"chain": "back_ldap"}.get(overlay, overlay)
    slapd = make_slapd(access=ACCESS, modules=(module,))
    admin = slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
    wire.password_modify(admin, KIM, "Reset-For-Kim-1", control=wire.notify())
    return slapd


def put_on_frontend(slapd, overlay: str) -> None:
    """Adds OVERLAY to the frontend while slapd runs."""
    values = {"objectClass": ["olcOverlayConfig", CLASSES[overlay]], "olcOverlay": overlay}
    values |= {name: str(slapd.directory / value) for name, value in OVERLAYS[overlay].items()}
    dn, attributes = entry(f"olcOverlay={overlay},{FRONTEND}", values)
    slapd.config().add_s(dn, [(name, [value.encode() for value in values]) for name, values in attributes.items()])


def remove_from_frontend(slapd, overlay: str) -> None:
    """Takes it away again."""
    slapd.config().delete_s(f"olcOverlay={{0}}{overlay},{FRONTEND}")


def seen(slapd, who: str, password: str) -> set[str]:
    """What WHO is shown of Kim's entry."""
    found = slapd.connect(who, password).search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(uid=kim)", ["*", "+"])
    return set(found[0][1])


def check(slapd) -> None:
    """Asserts that all is as it should be."""
    theirs = {"latchkeyMessage", "latchkeySealed", "latchkeyEvent"}
    for who, password, state in ((LEE, password_of(LEE), set()), ("", "", set()),
                                 (PASSWORD_ADMIN, password_of(PASSWORD_ADMIN), {"latchkeyMessage", "latchkeyEvent"})):
        shown = seen(slapd, who, password)
        assert "cn" in shown and "displayName" not in shown
        assert shown & theirs == state
    recovery.ask_and_wait(slapd, "lee")
    assert slapd.connect(LEE, password_of(LEE)).search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(latchkeyRecoveryOf=*)") == []


def test_an_overlay_comes_to_the_frontend_while_slapd_runs(slapd, overlay):
    put_on_frontend(slapd, overlay)
    check(slapd)
    remove_from_frontend(slapd, overlay)
    check(slapd)


def test_an_overlay_stands_on_the_frontend_before_latchkey_comes(slapd, overlay):
    put_on_frontend(slapd, overlay)
    slapd.restart()
    check(slapd)
    remove_from_frontend(slapd, overlay)
    check(slapd)
