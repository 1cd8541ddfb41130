"""What Latchkey costs the directory: searches, binds, resets, requests for a code, memory."""

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import ldap

from latchkey_testing.settings import SUFFIX

from . import instructions, population
from .figures import NO_LIMIT, Figures, at_least, at_most, at_most_more, progress
from .servers import Server, compare

SMALL = 10_000
# Of the instructions of slapd without Latchkey, on the same entries; and, which is what slapd itself takes for values that
# nobody asked for, on entries that hold nothing of Latchkey's.
LIMITS = {"bare": {"search": at_most(1.005), "bind": at_most(1.02)},
          "full": {"search": at_most(1.01), "bind": at_most(1.02)},
          "full.stored": {"search": NO_LIMIT, "bind": NO_LIMIT}}
CODES = f"cn=latchkey,{SUFFIX}"


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure."""

    rounds: int  # of reads, resets, requests; in between, what they caused is settled
    turns: int  # pairs of turns in each round
    counted: int  # operations of which instructions are counted
    burst: int  # of requests for a code


FULL = Effort(rounds=7, turns=20, counted=10_000, burst=1_400)
QUICK = Effort(rounds=3, turns=8, counted=2_000, burst=600)
# Clients are throttled as they are where nothing is configured; all together ask for more codes than people do.
THROTTLING = {"olcLatchkeyAllRequests": ["0"]}
# Of one turn: long enough for many answers.
READ_MILLISECONDS = 50
WRITE_MILLISECONDS = 250


def medians(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Of the values, of the baselines, and of the ratio of each pair. A turn without any answer is one in which the machine
    did something else."""
    pairs = [pair for pair in pairs if all(pair)]
    values, baselines = zip(*pairs)
    return (statistics.median(values), statistics.median(baselines),
            statistics.median(value / baseline for value, baseline in pairs))


class Directory:
    """One run of this benchmark over COUNT people."""

    def __init__(self, figures: Figures, effort: Effort, count: int):
        self.figures = figures
        self.effort = effort
        self.count = count
        progress("making what a long use leaves with an entry")
        self.state = population.full_state()

    def run(self) -> None:
        """Measures everything, first with entries of which Latchkey knows nothing, then with full state on each."""
        self._count_alone()
        self._count_resets()
        with ExitStack() as stack:
            bare, plain = self._pair(stack, "of whom Latchkey knows nothing", population.bare, population.bare)
            counted = self._count("bare", bare, plain)
            if self.count > SMALL:
                self._count_growth(counted)
            self._start(bare, plain)
            self._memory(plain, bare)
            self._reads("bare", bare, plain)
            self._codes(bare, plain)
            self._answers(bare, plain)
            self._resets(bare, plain)
        with ExitStack() as stack:
            full, plain = self._pair(stack, "with full state", self._with_state, self._without_state)
            idle = self._idle(stack, full)
            self._count_same(idle, self._count("full.stored", full, plain))
            plain.end()
            self._start(full, idle)
            self._reads("full", full, idle)

    def _pair(self, stack: ExitStack, what: str, entry: Callable[[int], str],
              plain_entry: Callable[[int], str]) -> tuple[Server, Server]:
        """With Latchkey and without it, not running; slapo-ppolicy is in both. What a search answers is the same."""
        progress(f"making two directories of {self.count} people {what}")
        server = Server(self.count, entry, limits=THROTTLING)
        stack.callback(server.end)
        source = server if plain_entry is entry else Server(self.count, plain_entry)
        plain = source.without_latchkey()
        stack.callback(plain.end)
        if source is not server:
            source.end()
        server.lay_out_anew()
        return server, plain

    @staticmethod
    def _start(*servers: Server) -> None:
        for server in servers:
            server.read_page_by_page()
        for server in servers:
            server.slapd.start()

    def _with_state(self, number: int) -> str:
        """A person with everything; the mail of one of a hundred is still to be sent."""
        state = self.state.deferred if number % 100 == 0 else self.state.settled
        return population.person(population.name_of(number), state)

    def _without_state(self, number: int) -> str:
        return population.person(population.name_of(number), self.state.shown)

    def _compare(self, name: str, server: Server, plain: Server, limit: float, requests: tuple[str, str],
                 connections: int, milliseconds: int, after: Callable[[], None] = lambda: None, **how) -> None:
        pairs = []
        for _round in range(self.effort.rounds):
            pairs += compare(server, plain, requests, connections, self.effort.turns, milliseconds, **how)
            after()
        value, baseline, ratio = medians(pairs)
        self.figures.show(f"{name}.{connections}", value, baseline, at_least(limit), ratio)

    def _count(self, name: str, server: Server, plain: Server) -> dict[str, float]:
        progress(f"counting instructions, {name}")
        plainly, counted = self._count_reads(plain), self._count_reads(server)
        for request, value in counted.items():
            self.figures.show(f"{request}.instructions.{name}", value, plainly[request], LIMITS[name][request])
        return counted

    @staticmethod
    def _idle(stack: ExitStack, full: Server) -> Server:
        """With the same entries, and the module loaded, but on no database: not running."""
        idle = full.unconfigured()
        stack.callback(idle.end)
        return idle

    def _count_same(self, idle: Server, counted: dict[str, float]) -> None:
        for request, value in self._count_reads(idle).items():
            self.figures.show(f"{request}.instructions.full", counted[request], value, LIMITS["full"][request])

    def _count_resets(self) -> None:
        """Of people with two addresses, each beside a plain Password Modify, and telling the other address beside not."""
        progress("counting instructions of resets")
        counted = {}
        with ExitStack() as stack:
            for tell in ("nothing", "passwordChanged"):
                server = Server(min(self.count, SMALL), population.reached_twice, latchkeyTell=tell)
                stack.callback(server.end)
                if not counted:
                    plain = server.without_latchkey()
                    stack.callback(plain.end)
                    counted["plain"] = self._count_write(plain, "password")
                counted[tell] = self._count_write(server, "reset")
        self.figures.show("reset.instructions", counted["nothing"], counted["plain"], NO_LIMIT)
        self.figures.show("reset.instructions.told", counted["passwordChanged"], counted["nothing"], NO_LIMIT)

    def _count_write(self, server: Server, request: str) -> float:
        return instructions.count(server, self.effort.counted // 10, request, warm_up=100, admin=True)[request]

    def _count_reads(self, server: Server) -> dict[str, float]:
        return instructions.count(server, self.effort.counted, "search", "bind")

    def _count_growth(self, large: dict[str, float]) -> None:
        """Of what an operation costs with Latchkey: here, beside a small directory."""
        progress(f"counting instructions among {SMALL} people")
        with ExitStack() as stack:
            server = Server(SMALL)
            stack.callback(server.end)
            small = self._count_reads(server)
        for request, value in large.items():
            self.figures.show(f"{request}.instructions.growth", value, small[request], at_most(1.1))

    def _count_alone(self) -> None:
        """As the only overlay of the database: then what slapd spends on having one at all is counted too."""
        progress("counting instructions without slapo-ppolicy")
        with ExitStack() as stack:
            bare = Server(min(self.count, SMALL), ppolicy=False)
            stack.callback(bare.end)
            plain = bare.without_latchkey()
            stack.callback(plain.end)
            barely, plainly = self._count_reads(bare), self._count_reads(plain)
        for request, value in barely.items():
            self.figures.show(f"{request}.instructions.alone", value, plainly[request], NO_LIMIT)

    def _memory(self, plain: Server, bare: Server) -> None:
        progress("memory")
        for server in (plain, bare):
            for request in ("search", "bind", "search"):
                server.ask(request, 16, 20_000)
        self.figures.show("memory.bare", bare.memory(), plain.memory(), at_most_more(2048))

    def _reads(self, name: str, server: Server, plain: Server) -> None:
        progress(f"searches and binds, {name}")
        for request in ("search", "bind"):
            for connections in (1, 4, 16):
                self._compare(f"{request}.rate.{name}", server, plain, 0.97, (request, request), connections,
                              READ_MILLISECONDS)

    def _resets(self, server: Server, plain: Server) -> None:
        progress("resets")
        for connections in (4, 16):
            self._compare("reset.rate", server, plain, 0.75, ("reset", "password"), connections, WRITE_MILLISECONDS,
                          after=lambda: population.settle_all(server.slapd), admin=True)

    def _answers(self, server: Server, plain: Server) -> None:
        """Over TCP, each connection from an address of its own, since each client has a share."""
        progress("requests for a code")
        for connections in (4, 16, 64):
            self._compare("request.rate", server, plain, 0.9, ("request", "whoami"), connections, READ_MILLISECONDS,
                          after=server.wait_until_idle, tcp=True)

    def _codes(self, server: Server, plain: Server) -> None:
        """What the beat writes for each request, an entry each but many in one transaction, beside plain writes."""
        progress("codes")
        burst = min(self.effort.burst, self.count // self.effort.rounds)
        pairs = [(_code_rate(server, burst, number * burst), plain.ask("modify", 4, burst, admin=True))
                 for number in range(self.effort.rounds)]
        value, baseline, ratio = medians(pairs)
        self.figures.show("request.codes", value, baseline, at_least(0.8), ratio)


def _written(server: Server) -> list[float]:
    """When each of the recovery entries was written, in seconds."""
    connection = server.slapd.connect(population.READER, population.PASSWORD)
    try:
        found = connection.search_s(CODES, ldap.SCOPE_ONELEVEL, "(objectClass=*)", ["entryCSN"])
    except ldap.NO_SUCH_OBJECT:
        found = []
    connection.unbind_s()
    return sorted(_seconds(attributes["entryCSN"][0].decode()) for _dn, attributes in found)


def _seconds(csn: str) -> float:
    stamp = csn.split("#")[0]
    return float(stamp[8:10]) * 3600 + float(stamp[10:12]) * 60 + float(stamp[12:].rstrip("Z"))


def _code_rate(server: Server, burst: int, first: int) -> float:
    """How many codes a second the beat writes, of BURST asked for at once. From one beat to the next is no work."""
    began = _written(server)
    server.ask("request", 64, burst, tcp=True, first=first)
    server.wait_until_idle()
    times = [each for each in _written(server) if not began or each > began[-1]]
    assert len(times) >= 0.9 * burst, f"{len(times)} codes of {burst} were written"
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    return len(gaps) / sum(gap for gap in gaps if gap < 0.2)
