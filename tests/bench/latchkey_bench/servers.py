"""The slapds that are measured, and the programs that ask them."""

import mmap
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from latchkey_testing import entries as make
from latchkey_testing import places
from latchkey_testing.settings import SUFFIX, Entry, Settings
from latchkey_testing.slapd import Slapd
from latchkey_testing.waiting import wait_for

from . import population

_PROGRAMS = places.BUILD / "tests/bench"
_BYTES_AN_ENTRY = 32 << 10
# slapd takes operational attributes from modules alone; without Latchkey, users' own attributes stand for them.
_OPERATIONAL = re.compile(r" NO-USER-MODIFICATION| USAGE \w+")


# Whoever manages passwords, as slapo-ppolicy has it: after a reset of theirs the user has to choose another password, with
# Latchkey and without it.
ACCESS = (f'to attrs=userPassword by dn.exact="{population.ADMIN}" manage by users write by anonymous auth',
          "to * by users write by * read")

# Clients are throttled in none of the figures but for those of throttling.
NO_LIMITS = {"olcLatchkeyClientRequests": ["0"], "olcLatchkeyClientProofs": ["0"], "olcLatchkeyAllRequests": ["0"],
             "olcLatchkeyAllProofs": ["0"]}


def _extents(file: int) -> Iterator[tuple[int, int]]:
    """Where there is data in a file that is mostly holes."""
    size, end = os.fstat(file).st_size, 0
    while end < size:
        try:
            first = os.lseek(file, end, os.SEEK_DATA)
        except OSError:  # nothing but a hole is left
            return
        end = os.lseek(file, first, os.SEEK_HOLE)
        yield first, end


def _copy(source: Path, target: Path) -> None:
    """A file as large as the database may become, and mostly holes."""
    subprocess.run(["cp", "--sparse=always", source, target], check=True)


class Server:
    """A slapd with COUNT people in it, whose entries ENTRY writes as LDIF, with Latchkey; POLICY adds attributes to the
    people's policy, LIMITS are how much a client may ask, and MAILER_KEYS whom mails are sealed to, DATABASE adds to the
    database's configuration. `with` starts it."""

    def __init__(self, count: int, entry: Callable[[int], str] = population.bare, ppolicy: bool = True,
                 limits: dict[str, list[str]] | None = None, mailer_keys: tuple[str, ...] | None = None,
                 database: dict[str, list[str]] | None = None, log_level: str = "0", **policy: str):
        self.count = count
        self._limits = limits or NO_LIMITS
        self._database, self._log_level = database or {}, log_level
        keys = {"mailer_keys": mailer_keys} if mailer_keys else {}
        self.slapd = Slapd(self._organization(ppolicy, policy), self._settings(ppolicy, **keys))
        people = self.slapd.directory / "people.ldif"
        population.write_people(people, count, entry)
        self._add(1, people)

    def without_latchkey(self) -> "Server":
        """The same slapd without Latchkey, on a copy of the data: octet by octet the same database, so that no
        difference is one of trees that are a little deeper or pages that are a little fuller. This one must not have
        been started."""
        plain = object.__new__(Server)
        plain.count, plain._limits, plain._database, plain._log_level = self.count, {}, self._database, "0"
        settings = self._settings(self.slapd.settings.ppolicy, overlay=None)
        plain.slapd = Slapd([make.top("Example Organization")], settings)
        schema = plain.slapd.directory / "schema.ldif"
        schema.write_text(_OPERATIONAL.sub("", (places.BUILD / "schema/latchkey.ldif").read_text().replace("\n ", "")))
        plain._add(0, schema)
        plain._copy_data(self)
        return plain

    def unconfigured(self) -> "Server":
        """The same slapd with the module loaded, but on no database, on a copy of the data: what the entries cost by
        themselves. This one must not have been started."""
        idle = object.__new__(Server)
        idle.count, idle._limits, idle._database, idle._log_level = self.count, {}, self._database, "0"
        settings = self._settings(self.slapd.settings.ppolicy, overlay=None, modules=(str(places.OVERLAY),))
        idle.slapd = Slapd([make.top("Example Organization")], settings)
        idle._copy_data(self)
        return idle

    def _copy_data(self, other: "Server") -> None:
        """Takes over another's database."""
        _copy(other.data, self.data)

    @property
    def data(self) -> Path:
        """The file of the database."""
        return self.slapd.directory / "data/data.mdb"

    def lay_out_anew(self) -> None:
        """Puts a copy in the place of the database: what is compared with a copy lies on the disk like one."""
        copy = self.data.with_suffix(".copy")
        _copy(self.data, copy)
        copy.replace(self.data)

    def read_page_by_page(self) -> None:
        """Has the kernel forget the database and read it as a slapd does that has run for long, not in the large pieces in
        which it was written, by whose size each write of one page would cost. Once nothing else is copied any more."""
        with self.data.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
                pages.madvise(mmap.MADV_RANDOM)
                for first, end in _extents(file.fileno()):
                    for at in range(first, end, mmap.PAGESIZE):
                        pages[at]

    @staticmethod
    def _organization(ppolicy: bool, policy: dict[str, str]) -> list[Entry]:
        entries = population.organization(**policy)
        return entries if ppolicy else make.without_ppolicy(entries)

    def _settings(self, ppolicy: bool, **more) -> Settings:
        return Settings(ppolicy=ppolicy, log_level=self._log_level, port=True,
                        access=ACCESS, database_bytes=max(1 << 30, self.count * _BYTES_AN_ENTRY),
                        latchkey={"olcLatchkeyMinSSF": ["0"], "olcLatchkeyReader": [population.READER], **self._limits},
                        database={"olcSizeLimit": ["unlimited"], **self._database}, **more)

    def _add(self, database: int, ldif: Path) -> None:
        """Adds the entries of a file, which goes, to the stopped slapd."""
        config = self.slapd.directory / "slapd.d"
        subprocess.run([places.private_slapd(), "-T", "add", "-q", "-F", config, "-n", str(database), "-l", ldif],
                       check=True, env=places.environment())
        ldif.unlink()

    def __enter__(self) -> "Server":
        self.slapd.__enter__()
        return self

    def __exit__(self, *exception) -> None:
        self.slapd.__exit__(*exception)

    def end(self) -> None:
        """Stops it, if it runs, and removes it."""
        if self.slapd.process:
            self.slapd.stop()
        self.slapd.remove()

    def address(self, tcp: bool) -> str:
        """How the programs name it: by its port, or by the path of its socket."""
        return self.slapd.tcp_uri.rsplit(":", 1)[1] if tcp else str(self.slapd.directory / "ldapi")

    def ask(self, request: str, connections: int, operations: int, *, admin: bool = False, tcp: bool = False,
            first: int = 0, step: int = 1, pause: int = 0) -> float:
        """Sends so many requests, and returns how many a second were answered. All must be answered with success."""
        seconds = run("bench-load", self.address(tcp), request, connections, operations, self.count, first, step,
                      *_base(admin), BENCH_PAUSE=str(pause))
        return operations / float(seconds)

    def memory(self) -> int:
        """What slapd holds for itself, in KiB: not what it maps of the database."""
        status = Path(f"/proc/{self.slapd.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("RssAnon:")[1].split()[0])

    def wait_until_idle(self) -> None:
        """Waits until slapd has done nothing to speak of, and written nothing, for longer than a beat."""
        def is_idle() -> bool:
            ticks, writes = self._done()
            time.sleep(1.3)
            ticks_later, writes_later = self._done()
            return ticks_later - ticks <= 2 and writes_later == writes
        wait_for(is_idle, timeout=300)

    def _done(self) -> tuple[int, int]:
        """How much processor time slapd has used, and how often it has written anything."""
        process = Path(f"/proc/{self.slapd.process.pid}")
        fields = (process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        writes = (process / "io").read_text(encoding="ascii").split("syscw:")[1].split()[0]
        return int(fields[11]) + int(fields[12]), int(writes)


def compare(one: Server, other: Server, requests: tuple[str, str], connections: int, pairs: int, milliseconds: int, *,
            admin: bool = False, tcp: bool = False) -> list[tuple[float, float]]:
    """Asks each of two servers in turns, and returns how many requests a second they answered in each pair of turns."""
    counted = run("bench-pairs", f"{one.address(tcp)},{other.address(tcp)}", ",".join(requests), connections, pairs,
                  milliseconds, one.count, *_base(admin))
    rows = [line.split("\t") for line in counted.splitlines()]
    return [(int(mine) * 1000 / milliseconds, int(others) * 1000 / milliseconds) for mine, others in rows]


def _base(admin: bool) -> tuple[str, ...]:
    return (SUFFIX, population.PEOPLE, *([population.ADMIN] if admin else []))


def run(program: str, *arguments: object, text: str | None = None, **environment: str) -> str:
    """Runs one of the benchmarks' programs, and returns what it prints."""
    done = subprocess.run([str(_PROGRAMS / program), *map(str, arguments)], input=text, text=True, capture_output=True,
                          check=False, env={**os.environ, "BENCH_PASSWORD": population.PASSWORD, **environment})
    assert done.returncode == 0, f"{program} {arguments}: {done.stderr}"
    return done.stdout
