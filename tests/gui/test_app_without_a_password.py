"""Signing in as who one is already: with a Kerberos ticket (SASL GSSAPI), and over ldapi:// as the account on this machine."""

import os

import pytest

from latchkey_gui import steps
from latchkey_gui.app import ROW
from latchkey_testing.kerberos import REALM, Realm
from latchkey_testing.organization import KIM, MANAGED, PASSWORD_ADMIN

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
TICKETS = rf"uid=([^,]+),(cn={REALM},)?cn=gssapi,cn=auth uid=$1,{MANAGED}".lower()


@pytest.fixture
def realm(tmp_path):
    """A realm with a ticket for the password administrator."""
    directory = tmp_path / "realm"
    directory.mkdir()
    made = Realm(directory)
    made.add_user("padmin")
    yield made
    made.remove()


@pytest.fixture
def kerberized(make_slapd, realm):
    """A function that starts a slapd of the realm that listens on TCP without TLS: kerberized(attributes of cn=config)."""
    return lambda **server: make_slapd(port=True, wrapper=realm.service,
                                       server={"olcAuthzRegexp": [TICKETS], "olcSaslHost": ["localhost"], **server})


def sign_in(app) -> None:
    """There is nothing to type."""
    assert not app.all(app.say("Password"), "password text")
    app.press(app.say("Sign in"))


def with_tickets(make_app, slapd, realm, language="en"):
    return make_app(slapd, language, environment=realm.client, uris=slapd.tcp_uri, auth="kerberos")


def test_a_ticket(kerberized, make_app, realm):
    slapd = kerberized()
    realm.get_ticket("padmin")
    app = with_tickets(make_app, slapd, realm)
    app.screenshot("sign-in")
    sign_in(app)
    steps.open_user(app, "kim")
    app.press("Reset password…")
    app.press("Reset")
    app.find("[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){3}", "label")
    # Kerberos encrypted what TLS did not.
    assert f'dn="{PASSWORD_ADMIN}" mech=GSSAPI bind_ssf=256 ssf=256' in slapd.log.read_text()


@LANGUAGES
def test_no_ticket_and_one_that_has_expired(kerberized, make_app, realm, language):
    slapd = kerberized()
    app = with_tickets(make_app, slapd, realm, language)
    sign_in(app)
    app.find(app.say("You have no Kerberos ticket. Get one, by signing in to the desktop again or with kinit, and try again."))
    app.screenshot("none")
    realm.get_ticket("padmin", "1s")
    realm.wait_for_expiry()
    sign_in(app)
    app.find(app.say("Your Kerberos ticket has expired. Get a new one, by signing in to the desktop again or with kinit, and try again."))
    app.screenshot("expired")
    realm.get_ticket("padmin")
    sign_in(app)
    app.find("김정현")


def test_nobody_vouches(kerberized, make_app, realm):
    slapd = kerberized()
    realm.get_ticket("padmin")
    realm.end()
    app = with_tickets(make_app, slapd, realm)
    sign_in(app)
    app.find("The Kerberos server cannot be reached, which has to vouch for you to the directory.")


def test_kerberos_protects_or_there_is_no_connection(kerberized, make_app, realm):
    slapd = kerberized(olcSaslSecProps=["none,maxssf=0"])
    realm.get_ticket("padmin")
    app = with_tickets(make_app, slapd, realm)
    sign_in(app)
    app.find("This way of signing in would leave the connection to the directory unprotected. Use ldaps://, or StartTLS.")
    app.screenshot("unprotected")
    assert PASSWORD_ADMIN not in slapd.log.read_text()


def peer(dn: str) -> str:
    """The mapping of whoever runs the tests to DN."""
    return f"gidNumber={os.getgid()}\\+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth {dn}"


@LANGUAGES
def test_the_account_on_this_machine(make_slapd, make_app, language):
    slapd = make_slapd(server={"olcAuthzRegexp": [peer(PASSWORD_ADMIN)]})
    app = make_app(slapd, language, auth="external")
    sign_in(app)
    app.find("김정현")
    app.find(app.say("Active users"), ROW)
    app.screenshot("users")
    assert f'dn="{PASSWORD_ADMIN}" mech=EXTERNAL' in slapd.log.read_text()


def test_one_without_a_role(make_slapd, make_app):
    slapd = make_slapd(server={"olcAuthzRegexp": [peer(KIM)]})
    app = make_app(slapd, auth="external")
    sign_in(app)
    app.find("Change password…")
    assert not app.all("Active users", ROW)


def test_one_that_is_nobody_in_the_directory(make_slapd, make_app):
    """It may be the rootdn, which has no entry either: what it may do is for the directory to say."""
    app = make_app(make_slapd(), auth="external")
    sign_in(app)
    steps.open_user(app, "kim")
    app.find("You may not reset the password of this user.*")
    assert not app.find("Reset password…", "push button").has("sensitive")
