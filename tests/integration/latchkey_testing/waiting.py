"""Waiting for what comes by itself."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

from . import watching

T = TypeVar("T")

# Seconds. What takes one takes a minute on a slow machine that does four other things; a guard that is left out is waited
# for in vain, so that less will do there.
PATIENCE = watching.patience(float(os.environ.get("LATCHKEY_PATIENCE", 120)))


def wait_for(condition: Callable[[], T], timeout: float = PATIENCE, interval: float = 0.02) -> T:
    """Calls CONDITION until it returns something true, and returns that; AssertionError after TIMEOUT seconds."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            name = getattr(condition, "__qualname__", repr(condition))
            raise AssertionError(f"waited {timeout} s in vain for {name}")
        time.sleep(interval)
    return value


def end(process: subprocess.Popen, how: signal.Signals, timeout: float = PATIENCE) -> int:
    """Asks PROCESS to end by the signal HOW, and returns its exit status; it is killed where it does not in TIMEOUT."""
    process.send_signal(how)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
