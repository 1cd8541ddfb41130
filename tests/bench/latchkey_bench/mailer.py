"""How fast the mailer sends, how soon, and what it costs while there is nothing to do."""

import contextlib
import re
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from latchkey_testing import places, postfix, wire
from latchkey_testing.mail_servers import MailServer
from latchkey_testing.mailer import Mailer
from latchkey_testing.slapd import free_port
from latchkey_testing.waiting import end, wait_for

from . import population
from .figures import NO_LIMIT, Figures, Limit, at_least, at_most_more, progress
from .servers import Server

CONNECTIONS = 4


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure."""

    rounds: int
    messages: int  # in each round
    resets: int  # of which the delay is taken
    backlog: int  # for which memory is compared with that of a small one
    idle_seconds: int


FULL = Effort(rounds=3, messages=10_000, resets=100, backlog=100_000, idle_seconds=30)
QUICK = Effort(rounds=1, messages=3_000, resets=40, backlog=5_000, idle_seconds=10)
SMALL_BACKLOG = 100


def effort(quick: bool, messages: int | None, backlog: int | None) -> Effort:
    """The usual one, with MESSAGES and BACKLOG in place of its own."""
    usual = QUICK if quick else FULL
    return replace(usual, messages=messages or usual.messages, backlog=backlog or usual.backlog)


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """The port of Postfix's smtp-sink, which takes every mail and throws it away."""
    port = free_port()
    command, environment = postfix.tool("smtp-sink")
    with subprocess.Popen([command, "-u", "nobody", f"127.0.0.1:{port}", "512"], env=environment) as process:
        wait_for(lambda: _listens(port))
        yield port
        process.send_signal(signal.SIGKILL)


def _listens(port: int) -> bool:
    command, environment = postfix.tool("smtp-source")
    return subprocess.run([command, "-m", "1", "-f", "a@example.org", "-t", "b@example.net", f"127.0.0.1:{port}"],
                          env=environment, capture_output=True, check=False).returncode == 0


def source_rate(port: int, messages: int) -> float:
    """How many mails a second Postfix's smtp-source hands to the sink: the limit of SMTP itself."""
    command, environment = postfix.tool("smtp-source")
    began = time.monotonic()
    subprocess.run([command, "-s", str(CONNECTIONS), "-m", str(messages), "-l", "4000", "-f", "a@example.org",
                    "-t", "b@example.net", f"127.0.0.1:{port}"], env=environment, check=True)
    return messages / (time.monotonic() - began)


def memory_of(pid: int, peak: bool = False) -> int:
    """What the process holds in memory, in KiB; or the most that it ever held."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"^{'VmHWM' if peak else 'RssAnon'}:\s+(\d+)", status, re.MULTILINE).group(1))


class Bench:
    """A slapd with people, and a mailer beside it."""

    def __init__(self, figures: Figures, effort: Effort, server: Server, mailer: Mailer):
        self.figures, self.effort, self.server, self.mailer = figures, effort, server, mailer

    def attach(self, url: str) -> None:
        """Has the mailer send to URL."""
        self.mailer.attach(self.server.slapd, maildir={}, service={"connections": str(CONNECTIONS)},
                           smtp={"url": url, "starttls": "no"})

    def queue(self, messages: int) -> None:
        """Resets as many passwords, each with a message."""
        self.server.ask("reset", CONNECTIONS, messages, admin=True)

    def drain(self) -> tuple[float, int]:
        """Has a mailer send what is queued; how many seconds that takes, and the most memory that it holds."""
        command = [places.program("latchkey-mailer"), "once", "--config", str(self.mailer.config)]
        with open(self.mailer.log, "ab") as log:
            began = time.monotonic()
            process = subprocess.Popen(command, stderr=log, env=places.environment())
            peak = 0
            while process.poll() is None:
                with contextlib.suppress(OSError, AttributeError):
                    peak = max(peak, memory_of(process.pid, peak=True))
                time.sleep(0.01)
        assert process.returncode == 0, self.mailer.log.read_text()[-2000:]
        return time.monotonic() - began, peak

    def rates(self) -> None:
        """Ten thousand messages to one sink, beside plain writes to the same directory."""
        sent, modified, limits = [], [], []
        with sink() as port:
            self.attach(f"smtp://127.0.0.1:{port}")
            for number in range(self.effort.rounds):
                progress(f"round {number + 1} of {self.effort.rounds}")
                modified.append(self.server.ask("modify", CONNECTIONS, self.effort.messages, admin=True))
                self.queue(self.effort.messages)
                sent.append(self.effort.messages / self.drain()[0])
                modified.append(self.server.ask("modify", CONNECTIONS, self.effort.messages, admin=True))
                limits.append(source_rate(port, self.effort.messages))
        value, baseline = statistics.median(sent), statistics.median(modified)
        self.figures.show("mailer.rate", value, baseline, at_least(0.5))
        self.figures.show("mailer.rate.smtp-source", value, statistics.median(limits), NO_LIMIT)

    def delays(self) -> None:
        """From the answer to a reset to the end of the mail, where nothing else is to be done."""
        progress("delays")
        arrived: list[float] = []
        delays = []
        with MailServer(taken=lambda: arrived.append(time.monotonic())).running() as server:
            self.attach(server.url)
            self.mailer.start()
            admin = self.server.slapd.connect(population.ADMIN, population.PASSWORD)
            for number in range(self.effort.resets):
                user = f"uid={population.name_of(number)},{population.PEOPLE}"
                wire.password_modify(admin, user, control=wire.notify())
                committed = time.monotonic()
                wait_for(lambda number=number: len(arrived) > number, timeout=60, interval=0.001)
                delays.append(1000 * (arrived[-1] - committed))
                time.sleep(0.1)
            self.mailer.stop()
        limit = Limit("<=50", lambda value, _baseline: value <= 50)
        self.figures.show("mailer.delay.ms", statistics.median(delays), 50, limit)

    def idle(self) -> None:
        """What a mailer with nothing to do costs slapd, in thousandths of a processor."""
        progress("an idle mailer")
        self.mailer.start()
        time.sleep(2)
        before = self._ticks()
        time.sleep(self.effort.idle_seconds)
        used = (self._ticks() - before) * 10 / self.effort.idle_seconds  # ticks are hundredths of a second
        self.mailer.stop()
        self.figures.show("mailer.idle.permille", used, 10, Limit("<=10", lambda value, _baseline: value <= 10))

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self.server.slapd.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def memory(self) -> None:
        """Of the mailer and of slapd, with a small backlog and with a great one."""
        held = {}
        with sink() as port:
            self.attach(f"smtp://127.0.0.1:{port}")
            for backlog in (SMALL_BACKLOG, self.effort.backlog):
                progress(f"a backlog of {backlog}")
                for _ in range(-(-backlog // self.server.count)):
                    self.queue(min(backlog, self.server.count))
                slapd = self.server.slapd.process.pid
                before = memory_of(slapd)
                _seconds, mailer = self.drain()
                held[backlog] = mailer, max(before, memory_of(slapd))
        small, large = held[SMALL_BACKLOG], held[self.effort.backlog]
        self.figures.show("mailer.memory.KiB", large[0], small[0], at_most_more(2048))
        self.figures.show("mailer.memory.slapd.KiB", large[1], small[1], at_most_more(2048))


def run(figures: Figures, effort: Effort) -> None:
    """Measures everything."""
    with TemporaryDirectory() as directory:
        mailer = Mailer(Path(directory))
        server = Server(effort.messages, mailer_keys=(mailer.public_key,))
        try:
            server.slapd.start()
            bench = Bench(figures, effort, server, mailer)
            bench.rates()
            bench.delays()
            bench.idle()
            bench.memory()
        finally:
            if mailer.process:
                end(mailer.process, signal.SIGTERM, 60)
            server.end()
