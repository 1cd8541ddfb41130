"""How many pages a second the web pages serve, how long one takes, what they hold in memory, and whether the time of a page tells
users from names that are nobody's."""

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
# In a while of steady requests some are late at its end, on whatever machine.
STEADY_LEAST = 0.99 * LEAST_A_SECOND


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure."""

    people: int
    requests: int
    steady: int  # seconds
    pairs: int  # of a user and nobody


# Of so many pairs an AUC is off by more than 0.02 by chance once in a million times.
FULL = Effort(people=2_000, requests=5_000, steady=180, pairs=10_000)
QUICK = Effort(people=500, requests=1_000, steady=20, pairs=1_000)


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
    return _send(web, lambda client, number: client.send(make(client, number), status), count)


def _send(web: Web, send, count: int) -> tuple[float, list[float]]:
    """The same with what SEND(client, number) sends, which returns how long that took."""
    clients, times, failures = [Client(web, which) for which in range(CLIENTS)], [], []

    def work(which: int) -> None:
        try:
            times.extend([send(clients[which], number) for number in range(which, count, CLIENTS)])
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


def _kinds(effort: Effort) -> dict:
    """What is asked for: how a client makes the request numbered so, and the status of its answer."""
    return {
        "page": (lambda client, _number: client.get("/recover/"), 200),
        "request": (lambda client, number: client.ask(population.name_of(number % effort.people)), 200),
        "complete": (lambda client, number: client.complete(population.name_of(number % effort.people)), 422),
    }


def _loads(figures: Figures, effort: Effort, web: Web) -> None:
    """Each kind of page beside a fixed text of the same server."""
    enough = Limit(f">={LEAST_A_SECOND}", lambda value, _baseline: value >= LEAST_A_SECOND)
    for name, (make, status) in _kinds(effort).items():
        progress(f"{effort.requests} times: {name}")
        rate, times = _load(web, make, status, effort.requests)
        still, still_times = _load(web, lambda client, _number: client.get("/health"), 200, effort.requests)
        figures.show(f"web.{name}.rate", rate, still, enough)
        figures.show(f"web.{name}.p99.ms", _last_percent(times), _last_percent(still_times), NO_LIMIT)


def _steady(figures: Figures, effort: Effort, web: Web) -> None:
    """LEAST_A_SECOND of all kinds for a while, each at its time: what memory is held in the last quarter, beside the first."""
    progress(f"{LEAST_A_SECOND} a second for {effort.steady} s")
    kinds, count, held = list(_kinds(effort).values()), effort.steady * LEAST_A_SECOND, []
    began = time.monotonic()

    def send(client: Client, number: int) -> float:
        time.sleep(max(0, began + number / LEAST_A_SECOND - time.monotonic()))
        make, status = kinds[number % len(kinds)]
        if number % LEAST_A_SECOND == 0:
            held.append(_memory(web))
        return client.send(make(client, number), status)

    rate, times = _send(web, send, count)
    quarter = len(held) // 4
    figures.show("web.steady.rate", rate, LEAST_A_SECOND, Limit(f">={STEADY_LEAST:g}", lambda value, _baseline: value >= STEADY_LEAST))
    figures.show("web.steady.p99.ms", _last_percent(times), statistics.median(times), NO_LIMIT)
    figures.show("web.steady.memory.KiB", max(held[-quarter:]), max(held[:quarter]), at_most_more(MEMORY_KIB))


def _learn(figures: Figures, effort: Effort, web: Web) -> None:
    """Pages about users and about nobody, in pairs of any order."""
    client, order = Client(web), random.Random(4711)
    # A batch of threads at once before has left its traces; these are alone.
    for name, make, status in (("request", client.ask, 200), ("complete", client.complete, 422)):
        progress(f"{2 * effort.pairs} times: {name}, somebody or nobody")
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(effort.pairs):
            known = population.name_of(number % effort.people)
            # What else the machine does falls on both alike.
            for is_user in order.sample([True, False], 2):
                times[is_user].append(client.send(make(known if is_user else "x" + known[1:]), status))
        figures.show(f"web.{name}.somebody.nobody", auc(times[True], times[False]), 0.5,
                     around(0.5, tolerance(effort.pairs)))


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
            _steady(figures, effort, web)
            figures.show("web.memory.KiB", _memory(web), before, at_most_more(MEMORY_KIB))
            _learn(figures, effort, web)
        finally:
            web.stop()
