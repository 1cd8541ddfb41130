"""What looks on while the programs of a test run (valgrind, the sanitizers that the build was made with, or nothing),
and what of its findings is ours."""

from pathlib import Path

from . import sanitizers, valgrind


def wanted() -> bool:
    """Whether anything looks on, so that times say nothing."""
    return valgrind.wanted() or bool(sanitizers.NAMES)


def prefix(directory: Path, name: str) -> list[str]:
    """The words to put before a command; each process reports into a file of its own in DIRECTORY."""
    return valgrind.prefix(directory, name) if valgrind.wanted() else sanitizers.prefix(directory, name)


def findings(directory: Path) -> list[str]:
    """What was reported in DIRECTORY and has a frame of Latchkey's in it."""
    return valgrind.findings(directory) + sanitizers.findings(directory)


def patience(seconds: float) -> float:
    """SECONDS, or what they become where everything runs slower."""
    return seconds * (valgrind.SLOWER if valgrind.wanted() else sanitizers.SLOWER)
