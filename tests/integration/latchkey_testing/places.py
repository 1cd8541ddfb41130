"""Where the parts of the build are, and the environment in which programs are run."""

import filecmp
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("LATCHKEY_BUILD", ROOT / "build"))

CATALOGS = BUILD / "po"

SYSTEM_SLAPD = Path("/usr/sbin/slapd")
SYSTEM_MODULES = Path("/usr/lib/ldap")
SYSTEM_SCHEMA = Path("/etc/ldap/schema")

OVERLAY = Path(os.environ.get("LATCHKEY_OVERLAY", BUILD / "plugin/overlay/latchkey.so"))
# The same overlay with named points at which LATCHKEY_KILL_AT ends slapd.
KILLABLE_OVERLAY = BUILD / "plugin/overlay/killable/latchkey.so"

PROGRAMS = {
    "latchkey": BUILD / "plugin/client/latchkey",
    "latchkey-mailer": BUILD / "plugin/mailer/latchkey-mailer",
    "latchkey-web": BUILD / "plugin/web/latchkey-web",
}


def program(name: str) -> str:
    """The path of one of our programs, or the name itself for the system's."""
    return str(PROGRAMS.get(name, name))


def private_slapd() -> Path:
    """A copy of the system's slapd in the build directory: AppArmor confines the original by its path."""
    copy = BUILD / "sandbox" / "slapd"
    if copy.exists() and filecmp.cmp(SYSTEM_SLAPD, copy):
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=copy.parent)
    os.close(descriptor)
    shutil.copy(SYSTEM_SLAPD, fresh)
    os.replace(fresh, copy)
    return copy


def environment(**more: str) -> dict[str, str]:
    """The environment of every program that is run: no LDAP defaults of the machine, English, UTF-8."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LATCHKEY_VALGRIND") if name in os.environ}
    ours = {"LDAPNOINIT": "1", "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "LATCHKEY_CATALOGS": str(CATALOGS)}
    return {**kept, **ours, **more}


def run(*command: str, check: bool = True, timeout: float = 120, **options) -> subprocess.CompletedProcess:
    """Runs a program of ours or the system's and returns what it said as text; raises with both outputs if it fails."""
    options.setdefault("env", environment())
    words = [program(command[0]), *map(str, command[1:])]
    done = subprocess.run(words, text=True, capture_output=True, timeout=timeout, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done
