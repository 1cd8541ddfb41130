"""Whatever the directory holds is shown as what it is, and whatever its server does the window answers and says what is so."""

import re
import socketserver
import threading

import ldap
import pytest

from latchkey_gui import steps
from latchkey_gui.app import ROW
from latchkey_testing import organization
from latchkey_testing.entries import GROUPS, entry
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, MANAGED, PASSWORD_ADMIN, password_of, person

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
LONG = "가나다라마바사아자차" * 1000
TURNED = "\u202egnp.exe\u2066 <b>bold</b> &amp; \x1b[31m\t\x07"
HARMLESS = "\ufffdgnp.exe\ufffd <b>bold</b> &amp; \ufffd[31m\ufffd\ufffd"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MANY = 20_000


def odd_people() -> list:
    """People as no form would let anybody be."""
    addresses = [f"many{number}@example.net" for number in range(MANY)]
    return [
        person("long", MANAGED, LONG, sn="가", title=LONG, departmentNumber=LONG, employeeNumber="1" * 10_000),
        person("turned", MANAGED, TURNED, sn="t", title=TURNED, departmentNumber=TURNED, telephoneNumber="+82 2 1234"),
        person("many", MANAGED, "Many Values", mail=addresses, latchkeyRecoveryAddress=addresses),
        entry(f"cn=Bare,{MANAGED}", {"objectClass": "person", "cn": "Bare", "sn": "Bare"}),
    ]


def is_harmless(app) -> None:
    """Nothing that a screen reader finds controls anything or has no end."""
    for window in app.windows:
        for node in window.walk():
            assert not CONTROL.search(node.name) and len(node.name) < 4_000, node


def search(app, words: str) -> None:
    app.field(app.say("Search for users")).type(words)


@LANGUAGES
def test_entries_as_nobody_expects_them(start, make_app, language):
    slapd = start(*odd_people())
    slapd.root().modify_s(KIM, [(ldap.MOD_ADD, "jpegPhoto", b"\x00no image\xff" * 1000)])
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    app.find("Bare", "label")
    app.find(re.escape(HARMLESS), "label")
    is_harmless(app)
    app.screenshot("list", narrow=False)
    for name in ("turned", "long", "many"):
        steps.open_user(app, name)
        is_harmless(app)
        app.screenshot(name, narrow=False)
        app.press(app.say("Reset password…"))
        app.find(app.say("Where the user can be reached"))
        is_harmless(app)
        app.screenshot(f"{name}-reset")
        app.press(app.say("Cancel"))
        app.wait(lambda: len(app.windows) == 1)
        app.focus_window()
        app.keys("ctrl+f")
    app.find(".*" + app.say("More recovery addresses: {number}", number=str(MANY - 50)) + ".*", "label")
    search(app, "Bare")
    app.wait(lambda: not app.all(".*@example.org", "label"))
    app.focus_window()
    app.keys("Return")
    app.find(f"cn=Bare,{MANAGED}", "label")
    app.screenshot("bare", narrow=False)


def test_a_group_of_a_hundred_thousand(start, make_app):
    held = organization.entries()
    everybody = [f"uid=member{number:06},{MANAGED}" for number in range(100_000)]
    dict(held)[f"cn=password-admins,{GROUPS}"]["member"] += everybody
    app = make_app(start(entries=held))
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    app.click(app.find("Policies", ROW))
    app.find("managed", "label")
    app.screenshot("policies")


@LANGUAGES
def test_a_server_that_answers_late(slapd, make_app, language):
    app = make_app(slapd, language)
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    with slapd.halted():
        search(app, "lee")
        # The window answers meanwhile, whatever else is asked for.
        app.click(app.find(app.say("My account"), ROW))
        app.wait(lambda: app.find(app.say("My account"), ROW).has("selected"))
        app.screenshot("waiting")
        app.click(app.find(app.say("Active users"), ROW))
        app.wait(lambda: app.find(app.say("Active users"), ROW).has("selected"))
        search(app, "kim")
    app.find("kim@example.org")
    app.wait_gone("lee@example.org")


def test_a_server_that_stalls_at_the_sign_in(make_slapd, make_app):
    slapd = make_slapd()
    app = make_app(slapd)
    with slapd.halted():
        steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
        app.find("Cancel", "push button")
        app.find("The directory did not answer in time.")
        app.screenshot("stalled")
    app.press("Sign in")
    app.find("김정현")


@LANGUAGES
@pytest.mark.parametrize("by", ["button", "Escape"])
def test_a_sign_in_is_cancelled(slapd, make_app, language, by):
    app = make_app(slapd, language)
    before = len(slapd.log.read_text())
    with slapd.halted():
        steps.sign_in(app, "padmin", "not this one, as is seen too late")
        cancel = app.find(app.say("Cancel"), "push button")
        app.screenshot("trying")
        if by == "button":
            cancel.press()
        else:
            app.focus_window()
            app.keys("Escape")
        app.wait(lambda: app.find(app.say("Sign in"), "push button").has("sensitive"))
        assert not app.all(app.say("Cancel"), "push button")
        password = app.field(app.say("Password"))
        assert (password.text, app.field(app.say("User name, mail address or DN")).text) == ("not this one, as is seen too late", "padmin")
        app.screenshot("cancelled")
        app.focus_window()
        app.write("another")  # the keyboard is where one goes on
        app.wait(lambda: password.text == "another")
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find("김정현")
    # What was cancelled got no further: a wrong password would count.
    said = slapd.log.read_text()[before:]
    assert "err=49" not in said and said.count("RESULT tag=97 err=0") == 1, said


class Odd(socketserver.BaseRequestHandler):
    """Reads what comes, says what no directory says, and hangs up."""

    says = b""

    def handle(self) -> None:
        self.request.recv(100)
        self.request.sendall(self.says)


ODD = {
    "closes": (b"", "The directory cannot be reached."),
    "no-ldap": (b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3, "The directory cannot be reached."),
    "no-end": (b"\x30\x84\x7f\xff\xff\xff\x02\x01\x01", "The directory cannot be reached."),
    "empty": (b"\x30\x00" * 10, "The directory cannot be reached."),
}


@pytest.mark.parametrize("way", ["ldaps", "StartTLS"])
def test_a_server_that_is_no_directory(slapd, make_app, way):
    app = make_app(slapd)
    for says, sentence in ODD.values():
        handler = type("Handler", (Odd,), {"says": says})
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            uri = f"{'ldaps' if way == 'ldaps' else 'ldap'}://127.0.0.1:{server.server_address[1]}"
            app.stop()
            app.write_profile(uris=uri, base="", **{"start-tls": str(way == "StartTLS").lower()})
            app.start()
            steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
            app.find(sentence)
            server.shutdown()


def limits(what: str) -> dict[str, list[str]]:
    return {"olcLimits": [f'{{0}}dn.exact="{PASSWORD_ADMIN}" {what}']}


REFUSED = "The directory does not let you read that many entries. Search for a user, or ask whoever runs it."
LIMITED = {
    "in all": ({"olcSizeLimit": ["3"]}, "The first 3 users. The directory shows you no more: search for those you need."),
    "large pages": (limits("size.pr=5"), REFUSED),
    "pages": (limits("size.prtotal=disabled"), REFUSED),
}


@pytest.mark.parametrize("limited", LIMITED)
def test_a_server_that_refuses_sizes(start, make_app, limited):
    settings, said = LIMITED[limited]
    app = make_app(start(database=settings))
    steps.sign_in(app, "padmin", password_of(PASSWORD_ADMIN))
    app.find(said)
    app.screenshot("limited")
    assert said != REFUSED or app.find("Try again", "push button")


@LANGUAGES
def test_a_server_that_sends_one_elsewhere(make_slapd, make_app, language):
    slapd = make_slapd(server={"olcReferral": ["ldap://127.0.0.1:1"]})
    app = make_app(slapd, language, base="dc=elsewhere")
    steps.sign_in(app, GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    app.find(app.say("What you look for is on another server than this one. Compare what is searched below under “Directories…”."))
    app.screenshot("referral")
