"""latchkey(1) and the way to the directory: no secret in the clear, no waiting for ever, the next server where one is
away."""

import contextlib
import socket
import subprocess
import threading
import time

import ldap
import pytest

from latchkey_testing import places
from latchkey_testing.cli import CREDENTIALS, DONE, REFUSED, UNPROTECTED, UNREACHABLE, USAGE, Cli
from latchkey_testing.organization import PASSWORD_ADMIN, password_of

CODE = "K7QF-2M9X-4TRB\n"
KEEP = ("recover", "complete", "kim", "--keep-password", "--stdin")


@pytest.fixture
def slapd(make_slapd):
    """One that listens on TCP as well."""
    return make_slapd(port=True)


@pytest.fixture
def latchkey(slapd):
    """The command, against the test's slapd; a later -H counts."""
    return Cli(slapd)


@pytest.fixture
def authority(slapd):
    """Gives slapd a certificate for 127.0.0.1, and returns the file with what it is trusted by."""
    key, certificate = slapd.directory / "tls.key", slapd.directory / "tls.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    slapd.config().modify_s("cn=config", [(ldap.MOD_ADD, "olcTLSCertificateFile", str(certificate).encode()),
                                          (ldap.MOD_ADD, "olcTLSCertificateKeyFile", str(key).encode())])
    return certificate


def trusting(authority) -> dict[str, str]:
    """An environment whose libldap trusts AUTHORITY; LDAPNOINIT would leave it out."""
    environment = places.environment(LDAPTLS_CACERT=str(authority), LDAPCONF="/dev/null")
    del environment["LDAPNOINIT"]
    return environment


@contextlib.contextmanager
def silent_server():
    """The URI of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = []
        threading.Thread(target=lambda: taken.append(server.accept()), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("options", [[], ["-Z"]])
@pytest.mark.parametrize("words", [KEEP, ("reset", "kim"), ("status", "kim")])
def test_no_secret_leaves_in_the_clear(latchkey, slapd, options, words):
    who = "" if words == KEEP else PASSWORD_ADMIN
    done = latchkey(*words, "-H", slapd.tcp_uri, *options, who=who, input=CODE, status=UNPROTECTED)
    assert "The connection to the directory is not protected" in done.stderr
    assert not any(word in slapd.log.read_text() for word in ("BIND dn=\"uid", "EXT oid=2.25", "PASSMOD"))


def test_who_insists_is_told_by_the_directory(latchkey, slapd):
    done = latchkey(*KEEP, "-H", slapd.tcp_uri, "--insecure-plain", input=CODE, status=UNPROTECTED)
    assert "The directory wants a protected connection for this." in done.stderr
    latchkey("status", "kim", "-H", slapd.tcp_uri, "--insecure-plain", who=PASSWORD_ADMIN)


def test_a_directory_without_tls(latchkey, slapd):
    done = latchkey("recover", "request", "kim", "-H", slapd.tcp_uri, "-ZZ", status=UNPROTECTED)
    assert "offers no protected connection by StartTLS" in done.stderr


def test_start_tls(latchkey, slapd, authority):
    for option in ("-Z", "-ZZ"):
        latchkey(*KEEP, "-H", slapd.tcp_uri, option, input=CODE, env=trusting(authority), status=CREDENTIALS)
        latchkey("status", "kim", "-H", slapd.tcp_uri, option, who=PASSWORD_ADMIN, env=trusting(authority))


def test_start_tls_is_not_disturbed(latchkey, slapd, authority):
    """slapd refuses StartTLS while anything else is under way, if only for the blink of an eye."""
    for _ in range(30):
        latchkey("recover", "request", "kim", "-H", slapd.tcp_uri, "-ZZ", env=trusting(authority))


@pytest.mark.parametrize("option", ["-Z", "-ZZ"])
def test_a_certificate_that_nobody_vouches_for(latchkey, slapd, authority, option):
    done = latchkey(*KEEP, "-H", slapd.tcp_uri, option, input=CODE, status=UNREACHABLE)
    assert "perhaps its certificate is not trusted here" in done.stderr and authority


@pytest.mark.parametrize("scheme, options", [("ldap", []), ("ldap", ["-ZZ"]), ("ldaps", [])])
def test_silence_is_not_waited_for_for_ever(latchkey, scheme, options):
    with silent_server() as address:
        began = time.monotonic()
        done = latchkey("recover", "request", "kim", "-H", f"{scheme}://{address}", "-o", "nettimeout=1", *options,
                        status=UNREACHABLE)
        assert time.monotonic() - began < 100 and done.stderr.count("\n") <= 2


def test_the_next_server_is_asked(latchkey, slapd):
    with silent_server() as address:
        latchkey("recover", "request", "kim", "-o", "nettimeout=5", "-H",
                 f"ldap://127.0.0.1:1 ldap://{address},ldapi://%2Fnowhere {slapd.uri}")


@pytest.mark.parametrize("uri, status", [
    ("ldapi://%2Fnowhere", UNREACHABLE), ("ldap://127.0.0.1:1", UNREACHABLE),
    ("ldap://no.such.host.invalid", UNREACHABLE),
    ("http://example.com", USAGE), ("nonsense", USAGE), ("", UNREACHABLE),
])
def test_addresses_that_lead_nowhere(latchkey, uri, status):
    done = latchkey("recover", "request", "kim", "-H", uri, status=status)
    assert done.stderr.startswith("latchkey: ")


def test_external_over_ldapi(latchkey):
    latchkey("reset", "kim", "-Y", "EXTERNAL", status=REFUSED)
    latchkey("status", "kim", "-Y", "EXTERNAL")
    assert "does not offer this way" in latchkey("status", "kim", "-Y", "NONSENSE", status=CREDENTIALS).stderr


def test_defaults_of_libldap(slapd):
    """URI, BASE and BINDDN come from ldap.conf."""
    conf = slapd.directory / "ldap.conf"
    conf.write_text(f"URI {slapd.uri}\nBASE dc=example,dc=org\n")
    ldaprc = slapd.directory / "ldaprc"
    ldaprc.write_text(f"BINDDN {PASSWORD_ADMIN}\n")
    environment = places.environment(LDAPCONF=str(conf), LDAPRC="ldaprc")
    del environment["LDAPNOINIT"]
    password = slapd.secret_file(password_of(PASSWORD_ADMIN))
    done = places.run("latchkey", "status", "kim", "-y", password, env=environment, cwd=slapd.directory)
    assert done.returncode == DONE and done.stdout.startswith("김정현 (kim)\n")


def test_a_directory_without_latchkey(make_slapd):
    latchkey = Cli(make_slapd(overlay=None))
    done = latchkey("recover", "request", "kim", status=8)
    assert "perhaps it does not run Latchkey" in done.stderr
    done = latchkey("reset", "kim", who=PASSWORD_ADMIN, status=8)
    assert "does not run Latchkey" in done.stderr
    assert latchkey.json("status", "kim", who=PASSWORD_ADMIN)["messages"] == []
