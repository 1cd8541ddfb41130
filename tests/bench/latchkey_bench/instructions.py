"""How many instructions slapd executes for a request, counted by valgrind: the one figure that a busy machine leaves as
it is. One connection, once what is needed lies in memory."""

import subprocess
import time

import ldap

from latchkey_testing import places
from latchkey_testing.waiting import wait_for

from .servers import Server

_WARM_UP = 500
# Microseconds before each request, for slapd to be done with the last: a bind that comes too early is put off, with a
# line in the log, and how many are depends on the machine.
_PAUSE = 1000
# Seconds in which Latchkey looks for what is due.
_BEATS = 3
_PATIENCE = 120


def _start(server: Server) -> None:
    slapd = server.slapd
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no",
               f"--callgrind-out-file={slapd.directory}/callgrind.%p", places.private_slapd(), "-d", "0",
               "-h", slapd.uri, "-F", slapd.directory / "slapd.d"]
    with slapd.log.open("ab") as log:
        slapd.process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=places.environment(),
                                         start_new_session=True)
    wait_for(lambda: _answers(server), timeout=_PATIENCE)


def _answers(server: Server) -> bool:
    assert server.slapd.process.poll() is None, server.slapd.log_tail()
    try:
        server.slapd.connect().whoami_s()
    except ldap.SERVER_DOWN:
        return False
    return True


def _control(server: Server, *words: str) -> None:
    subprocess.run(["callgrind_control", *words, str(server.slapd.process.pid)], check=True, capture_output=True,
                   timeout=_PATIENCE)


def _total(server: Server) -> int:
    """What the dumps since the start have counted."""
    dumps = server.slapd.directory.glob("callgrind.*.*")
    lines = [line for dump in dumps for line in dump.read_text(errors="replace").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("totals:"))


def count(server: Server, operations: int, *requests: str, warm_up: int = _WARM_UP,
          admin: bool = False) -> dict[str, float]:
    """The instructions for one of each of REQUESTS, on average over OPERATIONS that follow WARM_UP others, with ADMIN as the
    administrator. SERVER is not running."""
    counted = {}
    _start(server)
    time.sleep(_BEATS)
    try:
        for request in requests:
            server.ask(request, 1, warm_up, admin=admin, pause=_PAUSE)
            before = _total(server)
            _control(server, "-i", "on")
            server.ask(request, 1, operations, admin=admin, first=warm_up, pause=_PAUSE)
            _control(server, "-i", "off")
            _control(server, "-d")
            counted[request] = (_total(server) - before) / operations
    finally:
        server.slapd.kill()
    return counted
