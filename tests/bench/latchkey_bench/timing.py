"""What a stranger with a clock learns: whether the time of an answer, or of what is asked next, tells two kinds of
users apart.

The measure is the area under the curve (AUC) of the best that a threshold can do: the probability that a time of one
kind is longer than one of the other, a half for each tie. A half is nothing learnt."""

import math
import random
from itertools import combinations, groupby

from latchkey_testing.settings import SUFFIX

from . import population
from .figures import Figures, around, progress
from .servers import Server, run as run_program

# Which kind a person is of goes by their number, so that each kind lies all over the directory.
KINDS = ("existing", "unknown", "locked", "closed", "addressless", "over-limit")
OVER_LIMIT = KINDS.index("over-limit")
OBSERVED = ("answer", "next-here", "next-elsewhere")
# What is asked, by how many at once, how many a second at most, and its result. A wrong code is answered four milliseconds later,
# of which slapd sleeps nearly all: of four who ask at once, one seldom meets another.
REQUESTS = (("request", 1, 800, 0), ("complete", 4, 1000, 49), ("old-form", 4, 1000, 49))
# What a client may do, times sixteen as from everywhere on this machine: what one of many asks here is below it, and
# what bench-timing sends in advance from the one that is to be throttled is beyond it. It hardly comes back in time.
LIMITS = {"olcLatchkeyClientRequests": ["60/6000"], "olcLatchkeyClientProofs": ["120/6000"],
          "olcLatchkeyAllRequests": ["0"], "olcLatchkeyAllProofs": ["0"]}

_LIVE_CODES_MOST = 10
_NAMES_LEAST = 200
# Of many pairs some are off by chance: by so many standard errors hardly any.
_ERRORS = 4.5


def person(number: int) -> str:
    """The entry of a person of the kind that goes with NUMBER, none for an unknown one."""
    kind, name = KINDS[number % len(KINDS)], population.name_of(number)
    if kind == "unknown":
        return ""
    more = {"locked": "pwdAccountLockedTime: 20260101000000Z\npwdFailureTime: 20260101000000.000001Z\n",
            "closed": "pwdAccountLockedTime: 000001010000Z\n"}
    entry = population.person(name, more.get(kind, ""))
    return entry.replace(f"mail: {name}@mail.example.net\n", "") if kind == "addressless" else entry


def auc(some: list[int], others: list[int]) -> float:
    """The probability that one of SOME is longer than one of OTHERS (Mann and Whitney's U over all pairs)."""
    merged = sorted([(value, 1) for value in some] + [(value, 0) for value in others])
    shorter = wins = 0.0
    for _value, tied in groupby(merged, key=lambda each: each[0]):
        marks = [mark for _value, mark in tied]
        ones, zeros = sum(marks), len(marks) - sum(marks)
        wins += ones * (shorter + zeros / 2)
        shorter += zeros
    return wins / (len(some) * len(others))


def tolerance(count: int) -> float:
    """How far from a half an AUC of COUNT times of each kind may be."""
    standard_error = math.sqrt((2 * count + 1) / (12 * count * count))
    return max(0.02, _ERRORS * standard_error)


def _use_up_codes(server: Server, names: int, live_codes: int) -> None:
    """Asks for as many codes as there may be for each who is to be over the limit."""
    progress(f"{live_codes} codes for each of {names} who are to be over the limit")
    for _code in range(live_codes):
        server.ask("request", 48, names, tcp=True, first=OVER_LIMIT, step=len(KINDS))
        server.wait_until_idle()


def _lines(names: int) -> str:
    """Who is asked about: the kinds and names that bench-timing reads."""
    numbers = list(range(names))
    random.Random(4711).shuffle(numbers)
    lines = [f"{kind}\t{population.name_of(number * len(KINDS) + index)}" for index, kind in enumerate(KINDS)
             for number in numbers]
    lines += [f"throttled\t{population.name_of(number * len(KINDS))}" for number in numbers]
    return "\n".join(lines) + "\n"


def _times(server: Server, names: int, *asking: object) -> dict[str, list[list[int]]]:
    """For each kind, the times of each of OBSERVED. ASKING: what, how often, and the rest of a row of REQUESTS."""
    printed = run_program("bench-timing", server.address(tcp=True), *asking, SUFFIX, population.PEOPLE,
                          text=_lines(names))
    times: dict[str, list[list[int]]] = {}
    for line in printed.splitlines():
        kind, *taken = line.split("\t")
        for column, nanoseconds in zip(times.setdefault(kind, [[] for _each in OBSERVED]), taken):
            column.append(int(nanoseconds))
    return times


def _show(figures: Figures, request: str, times: dict[str, list[list[int]]]) -> None:
    for index, observed in enumerate(OBSERVED):
        for one, other in combinations(times, 2):
            some, others = times[one][index], times[other][index]
            figures.show(f"timing.{request}.{observed}.{one}.{other}", auc(some, others), 0.5,
                         around(0.5, tolerance(len(some))))


def run(figures: Figures, rounds: int) -> None:
    """Asks ROUNDS times about somebody of each kind, and shows how far each two can be told apart."""
    names = max(_NAMES_LEAST, rounds // _LIVE_CODES_MOST)
    live_codes = math.ceil(rounds / names)
    with Server(names * len(KINDS), person, limits=LIMITS, latchkeyLiveCodes=str(live_codes)) as server:
        _use_up_codes(server, names, live_codes)
        for request, *how in REQUESTS:
            progress(f"{request}: {rounds} times about each kind")
            _show(figures, request, _times(server, names, request, rounds, *how))
