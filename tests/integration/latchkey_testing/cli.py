"""latchkey(1) as people and programs run it: with files, with pipes, and on a terminal."""

import errno
import json
import os
import pty
import signal
import subprocess
import termios
import time

from . import places, watching
from .organization import password_of
from .slapd import Slapd
from .waiting import PATIENCE

DONE, REFUSED, USAGE, UNREACHABLE, CREDENTIALS, POLICY, NO_SUCH_USER, UNPROTECTED, FAILED = range(9)


class Cli:
    """latchkey, run against one slapd."""

    def __init__(self, slapd: Slapd):
        self.slapd = slapd

    def __call__(self, *words: str, who: str = "", status: int = DONE, **options) -> subprocess.CompletedProcess:
        """Runs it as WHO (a person of the organization, or nobody), and asserts that it ends with STATUS."""
        password = password_of(who) if who else ""
        done = self.slapd.tool("latchkey", *words, dn=who, password=password, check=False, **options)
        assert done.returncode == status, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        assert not watching.findings(self.slapd.directory)
        return done

    def json(self, *words: str, **options) -> dict:
        """The same with --json: the object that it printed."""
        return json.loads(self(*words, "--json", **options).stdout)


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *command: str):
        self.seen = ""
        self.process, self._master = pty.fork()
        if self.process == 0:
            # A runner in the background of a shell has these ignored, and so would the program.
            for number in (signal.SIGINT, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            os.execvpe(places.program(command[0]), command, places.environment())

    def expect(self, text: str, timeout: float = PATIENCE) -> None:
        """Waits until TEXT is on the screen, after what was waited for before, and until the echo is off."""
        deadline = time.monotonic() + timeout
        while text not in self.seen or self._echoes():
            assert time.monotonic() < deadline, f"no {text!r} in {self.seen!r}"
            self._read()
        self.seen = self.seen.split(text, 1)[1]

    def type(self, text: str) -> None:
        """Types TEXT."""
        os.write(self._master, text.encode())

    def end(self) -> tuple[int, str]:
        """Waits for the end: the exit status (or minus the signal), and what was shown since the last expect()."""
        while self._read():
            pass
        _pid, status = os.waitpid(self.process, 0)
        os.close(self._master)
        return os.waitstatus_to_exitcode(status), self.seen

    def _echoes(self) -> bool:
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    def _read(self) -> bool:
        try:
            got = os.read(self._master, 1024)
        except OSError as error:
            if error.errno == errno.EIO:  # nobody is at the other end any more
                return False
            raise
        self.seen += got.decode()
        return bool(got)
