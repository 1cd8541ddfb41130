"""latchkey-web, and a visitor without scripts: what a browser makes of its pages and sends from its forms."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from . import places, watching
from .settings import SUFFIX
from .slapd import Slapd, free_port
from .waiting import PATIENCE, end, wait_for

SITE = "https://accounts.example.org/recover/"
# Who we are to slapd where the pages sign in with what their socket proves.
IDENTITY = f"gidNumber={os.getegid()}+uidNumber={os.geteuid()},cn=peercred,cn=external,cn=auth"


class Web:
    """One server of the pages for SLAPD. GROUPS add and replace settings; None removes one."""

    def __init__(self, slapd: Slapd, below: Path, /, **groups: dict[str, str | None]):
        self.slapd = slapd
        self.directory = Path(tempfile.mkdtemp(prefix="web-", dir=below))
        self.config = self.directory / "web.conf"
        self.log = self.directory / "web.log"
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self._groups = {
            "site": {"url": SITE, "organization": "Example Organization", "language": "en"},
            "server": {"listen": f"127.0.0.1:{self.port}"},
            "directory": {"uri": slapd.uri, "mech": "EXTERNAL", "base": SUFFIX},
            "pages": {"change": "yes", "catalogs": str(places.CATALOGS)},
        }
        for group, settings in groups.items():
            self._groups.setdefault(group, {}).update(settings)
        self.write()

    def write(self) -> None:
        """Writes the configuration."""
        lines = [f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in settings.items() if value is not None)
                 for group, settings in self._groups.items()]
        self.config.write_text("\n".join(lines))

    @property
    def here(self) -> str:
        """Where a browser on this machine finds the first page, if [site] url says so."""
        return f"http://127.0.0.1:{self.port}/recover/"

    def reach_directly(self) -> "Web":
        """People come without a web server in between."""
        self._groups["site"]["url"] = self.here
        self.write()
        return self

    def start(self) -> "Web":
        """Starts it, and waits until it answers."""
        command = [*watching.prefix(self.directory, "latchkey-web"), places.program("latchkey-web"), "run", "--config",
                   str(self.config)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=places.environment(), start_new_session=True)
        wait_for(self._answers)
        return self

    def stop(self) -> None:
        """Ends it, and asserts that it was alive, went in order, and that nothing was found by what looked on."""
        process, self.process = self.process, None
        assert process.poll() is None, f"latchkey-web had ended by itself\n{self.log.read_text()}"
        status = end(process, signal.SIGTERM)
        assert status == 0, f"latchkey-web ended with {status}\n{self.log.read_text()}"
        assert not (found := watching.findings(self.directory)), "\n".join(found)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"latchkey-web did not start\n{self.log.read_text()}"
        try:
            return self.ask("GET", "/health").status == 200
        except OSError:
            return False

    def connect(self) -> socket.socket:
        """A connection on which nothing was sent yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, method: str, path: str, body: str | bytes | None = None, **headers: str) -> "Page":
        """Sends one request, and returns what came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Page(answer.status, answer.msg, answer.read().decode())
        finally:
            connection.close()


@dataclass
class Form:
    """A form as a page shows it: where it goes, what is filled in, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


_BLOCKS = {"header", "nav", "main", "footer", "h1", "h2", "p", "label", "li", "form", "button", "details", "summary", "div"}


class _Reader(HTMLParser):
    """Collects forms, links, text and what a screen reader would name."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.language = ""
        self.main = 0
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        if tag in _BLOCKS:
            self.words.append("\n")
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag == "main":
            self.main = len(self.words)
        elif tag == "form":
            self.forms.append(Form(attributes["action"]))
        elif tag == "input":
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
        elif tag == "button":
            self.forms[-1].buttons.append((attributes.get("name", ""), attributes.get("value", "")))
        elif tag == "a":
            self.links.append(attributes["href"])
        elif tag in ("style", "script"):
            self._silent += 1

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self._silent -= 1

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)


class Page:
    """What came back."""

    def __init__(self, status: int, headers, html: str):
        self.status, self.headers, self.html = status, headers, html
        self._reader = _Reader()
        self._reader.feed(html)
        self.forms, self.links, self.tags = self._reader.forms, self._reader.links, self._reader.tags
        self.language = self._reader.language
        self.text = " ".join(" ".join(self._reader.words).split())
        self.lines = "".join(self._reader.words[self._reader.main:]).strip().split("\n")  # of what is not on every page

    @property
    def form(self) -> Form:
        """The form of the page; that of the other language stands before it."""
        return self.forms[-1]

    def says(self, sentence: str) -> bool:
        """Whether SENTENCE stands there."""
        return sentence in self.text


class Visitor:
    """A browser: it keeps its cookie, and follows where it is sent."""

    def __init__(self, web: Web, language: str = "en", address: str = "198.51.100.7", site: str = SITE):
        self.web, self.language, self.address, self.site = web, language, address, site
        self.cookie = ""
        self.page: Page | None = None

    def headers(self, **more: str) -> dict[str, str]:
        """Those of this browser, and MORE."""
        ours = {"Accept_Language": self.language, "X_Forwarded_For": self.address, **more}
        return {**ours, "Cookie": self.cookie} if self.cookie else ours

    def open(self, path: str = "", **headers: str) -> Page:
        """Goes to the page at PATH."""
        return self._came(self.web.ask("GET", "/recover/" + path, **self.headers(**headers)))

    def send(self, form: Form | None = None, button: tuple[str, str] = ("", ""), headers: dict[str, str] | None = None,
             **values: str) -> Page:
        """Fills VALUES into a form of the page, and presses BUTTON."""
        form = form or self.page.form
        fields = {**form.fields, **values, **({button[0]: button[1]} if button[0] else {})}
        body = urllib.parse.urlencode(fields)
        ours = self.headers(Content_Type="application/x-www-form-urlencoded", **(headers or {}))
        return self._came(self.web.ask("POST", form.action, body, **ours))

    def _came(self, page: Page) -> Page:
        if cookie := page.headers["Set-Cookie"]:
            self.cookie = cookie.split(";")[0]
        if page.status == 303:
            return self._came(self.web.ask("GET", page.headers["Location"], **self.headers()))
        self.page = page
        return page
