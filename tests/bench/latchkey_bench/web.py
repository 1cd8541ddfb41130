"""How many pages a second the web pages serve, how long one takes, what they hold in memory, and whether the time of a page tells
users from names that are nobody's."""

import math
import random
import socket
import statistics
import threading
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from latchkey_testing.web import IDENTITY, Visitor, Web

from . import population
from .figures import NO_LIMIT, Figures, Limit, around, at_most_more, progress
from .servers import NO_LIMITS, Server
from .timing import auc, tolerance

CLIENTS = 8
LEAST_A_SECOND = 100
MEMORY_KIB = 2048


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure."""

    people: int
    requests: int
    pairs: int  # of a user and nobody


FULL = Effort(people=2_000, requests=5_000, pairs=2_000)
QUICK = Effort(people=500, requests=1_000, pairs=400)


class Client:
    """A browser that has the forms already, as octets."""

    def __init__(self, web: Web, number: int = 0):
        # Of one client the directory takes two attempts at once.
        self.visitor = Visitor(web, address=f"203.0.113.{number}")
        self._start = self.visitor.open().form
        self._code = self.visitor.open("code").form
        self._port = web.port

    def get(self, path: str) -> bytes:
        """A request for the page at PATH."""
        return f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {self.visitor.cookie}\r\n\r\n".encode()

    def ask(self, name: str) -> bytes:
        """The first form, for NAME."""
        return self._post(self._start.action, {"token": self._start.fields["token"], "user": name})

    def complete(self, name: str) -> bytes:
        """The second one, with a code that is wrong."""
        return self._post(self._code.action, {"token": self._code.fields["token"], "user": name, "code": "K7QF-2M9X-4TRB",
                                              "go": "keep"})

    def send(self, request: bytes, status: int) -> float:
        """Sends REQUEST and takes the whole answer; how many milliseconds that takes."""
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        taken = time.monotonic() - began
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
        return 1000 * taken

    def _post(self, path: str, fields: dict[str, str]) -> bytes:
        body = urllib.parse.urlencode(fields)
        return (f"POST {path} HTTP/1.1\r\nHost: x\r\nCookie: {self.visitor.cookie}\r\nX-Forwarded-For: "
                f"{self.visitor.address}\r\nContent-Length: {len(body)}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}").encode()


def _load(web: Web, make, status: int, count: int) -> tuple[float, list[float]]:
    """CLIENTS at once send what MAKE(client, number) makes: how many a second were answered, and how long each took."""
    clients, times, failures = [Client(web, which) for which in range(CLIENTS)], [], []

    def work(which: int) -> None:
        try:
            taken = [clients[which].send(make(clients[which], number), status) for number in range(which, count, CLIENTS)]
            times.extend(taken)
        except (AssertionError, OSError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(CLIENTS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return count / (time.monotonic() - began), times


def _last_percent(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _memory(web: Web) -> int:
    status = Path(f"/proc/{web.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("RssAnon:")[1].split()[0])


def _loads(figures: Figures, effort: Effort, web: Web) -> None:
    """Each kind of page beside a fixed text of the same server."""
    asked = {
        "page": (lambda client, _number: client.get("/recover/"), 200),
        "request": (lambda client, number: client.ask(population.name_of(number % effort.people)), 200),
        "complete": (lambda client, number: client.complete(population.name_of(number % effort.people)), 422),
    }
    enough = Limit(f">={LEAST_A_SECOND}", lambda value, _baseline: value >= LEAST_A_SECOND)
    for name, (make, status) in asked.items():
        progress(f"{effort.requests} times: {name}")
        rate, times = _load(web, make, status, effort.requests)
        still, still_times = _load(web, lambda client, _number: client.get("/health"), 200, effort.requests)
        figures.show(f"web.{name}.rate", rate, still, enough)
        figures.show(f"web.{name}.p99.ms", _last_percent(times), _last_percent(still_times), NO_LIMIT)


def _learn(figures: Figures, effort: Effort, web: Web) -> None:
    """Pages about users and about nobody, one after the other in any order."""
    client = Client(web)
    # A batch of threads at once before has left its traces; these are alone.
    for name, make, status in (("request", client.ask, 200), ("complete", client.complete, 422)):
        progress(f"{2 * effort.pairs} times: {name}, somebody or nobody")
        times: dict[bool, list[float]] = {True: [], False: []}
        kinds = [True, False] * effort.pairs
        random.Random(4711).shuffle(kinds)
        for number, is_user in enumerate(kinds):
            known = population.name_of(number % effort.people)
            times[is_user].append(client.send(make(known if is_user else "x" + known[1:]), status))
        figures.show(f"web.{name}.somebody.nobody", auc(times[True], times[False]), 0.5,
                     around(0.5, tolerance(math.floor(effort.pairs))))


def run(figures: Figures, effort: Effort) -> None:
    """Measures everything."""
    with TemporaryDirectory() as directory, Server(
            effort.people, limits={**NO_LIMITS, "olcLatchkeyPortalDN": [IDENTITY]}) as server:
        web = Web(server.slapd, Path(directory)).start()
        try:
            _load(web, lambda client, _number: client.get("/recover/"), 200, 200)
            _load(web, lambda client, number: client.complete(population.name_of(number % 10)), 422, 200)
            before = _memory(web)
            _loads(figures, effort, web)
            figures.show("web.memory.KiB", _memory(web), before, at_most_more(MEMORY_KIB))
            _learn(figures, effort, web)
        finally:
            web.stop()
