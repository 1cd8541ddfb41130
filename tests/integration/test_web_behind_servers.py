"""The pages behind nginx and behind Apache, each with the lines that examples/web gives for it: people get back in, whoever asks is
named to the directory by the address that the server has seen, and no header of theirs changes that, or a link."""

import tempfile
from pathlib import Path

import pytest

from latchkey_testing import mails, recovery
from latchkey_testing.organization import KIM
from latchkey_testing.waiting import wait_for
from latchkey_testing.web import IDENTITY, SITE, Visitor
from latchkey_testing.web_servers import WebBehind, WebServer

NEW = "Kims-Own-Choice-1"


@pytest.fixture(params=["nginx", "apache"])
def server(request):
    """One of them, with nothing behind it yet. Its children are nobody, who may not enter a folder of the tests'."""
    with tempfile.TemporaryDirectory(prefix="latchkey-server-") as folder:
        Path(folder).chmod(0o755)
        with WebServer(request.param, Path(folder)).running() as running:
            yield running


@pytest.fixture
def web(start, server, tmp_path):
    """The pages behind it."""
    made = WebBehind(start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]}), tmp_path, server)
    made.start()
    yield made
    made.stop()


def test_people_get_back_in(web, server, mailer):
    """Whoever says that they are somewhere else, and came by another name."""
    visitor = Visitor(web, address="198.51.100.66")
    page = visitor.open(host="evil.example", X_Forwarded_Host="evil.example", Forwarded="for=198.51.100.66;host=evil.example")
    assert page.status == 200 and page.headers["Strict-Transport-Security"] and page.headers["Content-Security-Policy"]
    assert "evil" not in page.html and not any("evil" in value for value in page.headers.values())
    assert visitor.send(user="kim").status == 200
    wait_for(lambda: recovery.served(web.slapd))
    mailer.once()
    code = mails.code_in(mailer.mails()[-1])
    page = visitor.send(button=("go", "new"), code=code, new=NEW, repeated=NEW)
    assert page.says("Your password was changed.") and web.slapd.signs_in(KIM, NEW)
    line, = [line for line in web.slapd.log.read_text().splitlines() if "event=request" in line and "uid=kim," in line]
    assert 'client="IP=127.0.0.9" via=' in line
    assert code not in server.log() and NEW not in server.log() and "kim" not in server.log()


def test_a_form_that_another_site_sends_is_refused(web):
    visitor = Visitor(web)
    visitor.open()
    for origin, status in ((SITE.removesuffix("/recover/"), 200), ("https://evil.example", 403)):
        assert visitor.send(user="kim", headers={"Origin": origin}).status == status
        visitor.open()


@pytest.mark.parametrize("length", [70_000, 10_000_000])
def test_a_body_that_is_too_long_is_refused(web, server, length):
    """nginx does not pass it on. Apache does, and takes an answer only after the last octet."""
    visitor = Visitor(web)
    form = visitor.open().form
    page = web.ask("POST", form.action, b"user=" + b"x" * length, **visitor.headers(Content_Type="application/x-www-form-urlencoded"))
    assert page.status == 413, server.log()
    assert page.says("That was far too much text.") or "nginx" in page.html
    assert "event=request" not in web.log.read_text()


def test_pages_that_are_away_are_said_to_be(server):
    assert server.ask("GET", "/recover/").status in (502, 503)
    assert server.ask("GET", "/elsewhere").status == 404
