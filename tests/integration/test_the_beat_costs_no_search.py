"""While Latchkey has nothing to do, slapd waits for requests as it does without it: the kernel sets no timer each time."""

from pathlib import Path

from latchkey_testing import watching
from latchkey_testing.waiting import wait_for

# How many events slapd's listener asks of epoll_wait(2), by which its call is told from those of other threads.
EVENTS = 20_000
FOR_EVER = 0xFFFFFFFF


def timeouts(pid: int) -> set[int]:
    """In milliseconds, those with which slapd waits for requests just now. A call is its number and then its arguments, or
    a word where the thread is not in one: proc(5), /proc/pid/syscall."""
    calls = [path.read_text(encoding="ascii").split() for path in Path(f"/proc/{pid}/task").glob("*/syscall")]
    return {int(call[4], 16) & FOR_EVER for call in calls if len(call) > 4 and int(call[3], 16) == EVENTS}


def test_slapd_waits_without_a_timeout(slapd):
    connection = slapd.root()

    def waits_for_ever() -> bool:
        connection.whoami_s()  # from here on slapd waits anew
        return timeouts(slapd.process.pid) == {FOR_EVER}

    wait_for(waits_for_ever, timeout=watching.patience(10))
