"""Whom the app takes for the directory: over ldaps:// and StartTLS it speaks to a server whose certificate an authority vouches for that
is trusted, for this address and today, and to no other. What is wrong is said, and nobody has heard a password."""

import pytest

from latchkey_gui import steps
from latchkey_testing.authority import Authority
from latchkey_testing.organization import PASSWORD_ADMIN, password_of

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
WAYS = pytest.mark.parametrize("way", ["ldaps", "StartTLS"])

# What the certificate is like, and what is said of it.
FAULTS = {
    "expired": ({"days": -1}, "The certificate of the directory has expired, so nothing was sent to it. Whoever runs the directory has "
                              "to renew it."),
    "other-name": ({"name": "DNS:ldap.example.com"}, "The server shows the certificate of another one, so nothing was sent to it. Compare "
                                                     "its address under “Directories…”."),
    "untrusted": ({}, "The certificate of the directory comes from nobody whom this computer trusts, so nothing was sent to it. The file "
                      "of the certificates that your organization trusts can be given under “Directories…”."),
}


@pytest.fixture
def protected(make_slapd, tmp_path):
    """A function that starts a slapd with a certificate, and returns the profile for one WAY to it: protected(way, days=-1)."""
    trusted = Authority(tmp_path)

    def make(way: str, authority: Authority | None = None, **certificate):
        slapd = make_slapd(port=True, tls_port=True, server=(authority or trusted).certify(**certificate))
        uri = slapd.tls_uri if way == "ldaps" else slapd.tcp_uri
        return slapd, {"uris": uri, "start-tls": str(way == "StartTLS").lower(), "ca-file": str(trusted.file)}

    return make


@WAYS
def test_a_certificate_that_is_in_order(protected, make_app, way):
    slapd, profile = protected(way)
    app = make_app(slapd, **profile)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    assert ("STARTTLS" in slapd.log.read_text()) == (way == "StartTLS")


def is_refused(app, slapd, sentence: str) -> None:
    """Whether the app says SENTENCE, and has sent nothing that is for the directory alone."""
    before = slapd.log.read_text()
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find(app.say(sentence))
    app.screenshot("refused")
    said = slapd.log.read_text()[len(before):]
    assert "TLS established" in said and " BIND " not in said and "padmin" not in said
    assert app.find(app.say("Sign in"), "push button").has("sensitive")


@LANGUAGES
@pytest.mark.parametrize("fault", FAULTS)
def test_one_that_is_not(protected, make_app, tmp_path, fault, language):
    certificate, sentence = FAULTS[fault]
    other = Authority(tmp_path, "other") if fault == "untrusted" else None
    way = "ldaps" if language == "en" else "StartTLS"
    slapd, profile = protected(way, other, **certificate)
    is_refused(make_app(slapd, language, **profile), slapd, sentence)


def test_the_next_server_is_asked(protected, make_app):
    slapd, profile = protected("ldaps", days=-1)
    app = make_app(slapd, **profile | {"uris": f"{slapd.tls_uri} {slapd.uri}"})
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")


def test_one_that_is_away_says_less(protected, make_app):
    slapd, profile = protected("ldaps", days=-1)
    is_refused(make_app(slapd, **profile | {"uris": f"{slapd.tls_uri} ldaps://127.0.0.1:1"}), slapd, FAULTS["expired"][1])


def test_a_directory_without_a_certificate(make_slapd, make_app):
    slapd = make_slapd(port=True)
    app = make_app(slapd, **{"uris": slapd.tcp_uri, "start-tls": "true"})
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("The directory offers no protected connection by StartTLS.")
    assert "padmin" not in slapd.log.read_text()
