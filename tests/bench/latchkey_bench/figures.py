"""The lines that a benchmark prints: name, value, baseline, ratio, limit and "ok" or "short", separated by tabs."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


_BEGAN = time.monotonic()


@dataclass(frozen=True)
class Limit:
    """What a figure must keep to: TEXT says it, KEEPS(value, baseline) tells whether it does."""

    text: str
    keeps: Callable[[float, float], bool]


def at_most(ratio: float) -> Limit:
    """At most so many times the baseline."""
    return Limit(f"<={ratio}", lambda value, baseline: value <= ratio * baseline)


def at_least(ratio: float) -> Limit:
    """At least so many times the baseline."""
    return Limit(f">={ratio}", lambda value, baseline: value >= ratio * baseline)


def at_most_more(difference: float) -> Limit:
    """At most so much more than the baseline."""
    return Limit(f"<=+{difference:g}", lambda value, baseline: value <= baseline + difference)


def around(middle: float, distance: float) -> Limit:
    """No farther from MIDDLE than DISTANCE, whatever the baseline."""
    return Limit(f"{middle - distance:.3g}-{middle + distance:.3g}",
                 lambda value, _baseline: abs(value - middle) <= distance)


# For what nothing is promised of.
NO_LIMIT = Limit("-", lambda _value, _baseline: True)


class Figures:
    """Prints figures as they come, and remembers whether one fell short."""

    def __init__(self):
        self.short = 0

    def show(self, name: str, value: float, baseline: float, limit: Limit, ratio: float | None = None) -> None:
        """Prints one. RATIO is given where it is not that of VALUE and BASELINE, but of pairs of measurements."""
        if ratio is None:
            ratio, kept = value / baseline, limit.keeps(value, baseline)
        else:
            kept = limit.keeps(ratio, 1)
        self.short += not kept
        print(name, f"{value:.6g}", f"{baseline:.6g}", f"{ratio:.4f}", limit.text, "ok" if kept else "short", sep="\t",
              flush=True)


def progress(text: str) -> None:
    """Says on standard error what is being done and how long it has been going on, since some of it takes minutes."""
    seconds = time.monotonic() - _BEGAN
    print(f"bench: {seconds:6.0f} s  {text}", file=sys.stderr, flush=True)
