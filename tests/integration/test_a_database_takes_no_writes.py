"""A database that takes nothing of what Latchkey writes: slapd's log says when that begins, once for each reason, and when it is
over; by then all goes on by itself."""

from latchkey_testing import organization, recovery, watching
from latchkey_testing.configuring import make_room, recovers, resets, warnings
from latchkey_testing.organization import SELF
from latchkey_testing.waiting import wait_for

BEGINS, ENDS = "takes nothing that Latchkey writes", "takes again what Latchkey writes"
NAMES = [f"many{number}" for number in range(40)]


def said(slapd, *words: str) -> int:
    return sum(all(word in line for word in words) for line in warnings(slapd))


def test_full_for_a_while(make_slapd):
    """So many codes are asked for that there is room for some."""
    slapd = make_slapd([*organization.entries(), *(organization.person(name, SELF, name) for name in NAMES)])
    assert recovers(slapd)  # what comes with the first write
    make_room(slapd, 16 << 10)
    recovery.ask_and_wait(slapd, *NAMES)
    refused = len(slapd.log_lines("event=request", " result=80 "))
    assert 1 <= said(slapd, BEGINS, "result 80") == said(slapd, BEGINS) < refused
    make_room(slapd, 4 << 20)
    assert resets(slapd)
    # It is said when some seconds have gone by without a refusal; and so it may have been before, where all takes its time.
    wait_for(lambda: said(slapd, ENDS) == said(slapd, BEGINS), timeout=watching.patience(60))
