"""Debian packages that are unpacked in the build directory and not installed: two mail servers cannot be, side
by side, and web servers would begin to serve."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

from . import places


def package(name: str) -> Path:
    """Where the package is unpacked; fetched once."""
    place = places.BUILD / "sandbox" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            _fetch(name, place)
    return place


def _fetch(name: str, place: Path) -> None:
    work = place.with_name(f"{name}.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    fetched = subprocess.run(["apt-get", "-q", "download", name], cwd=work, capture_output=True, text=True, check=False)
    if fetched.returncode != 0:
        pytest.skip(f"Debian's {name} cannot be had: {fetched.stderr.strip()}")
    archive, = work.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", str(archive), str(work)], check=True)
    archive.unlink()
    work.rename(place)
