"""Debian's OpenSMTPD, unpacked and not installed. Its directories and users are compiled in, so that it runs where it sees its own
ones in the place of the machine's: in a mount namespace that ends with it. It takes mails in the clear: as a server, Debian 12's
fails in each TLS handshake with OpenSSL 3."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import unpacked
from .slapd import free_port
from .waiting import wait_for

READER = "nobody"
# What it is to see: a file or folder of ours, in the place of the machine's.
VIEW = {"passwd": "/etc/passwd", "group": "/etc/group", "run": "/run", "spool": "/var/spool", "lib": "/var/lib"}
USERS = ("opensmtpd", "opensmtpq")

CONFIGURATION = """\
table people {{ "@example.net" = "{reader}" }}
table bounces {{ "@{bounces}" = "{reader}" }}
listen on 127.0.0.1 port {port} hostname mx.example.net
action "mailbox" maildir "{directory}/mail/%{{rcpt.user}}" virtual <people>
action "remote" relay host "smtp+notls://127.0.0.1:{remote}"
action "bounces" mda "{command}" virtual <bounces>
match from any for domain "example.net" action "mailbox"
match from any for domain "remote.example.net" action "remote"
match from any for domain "{bounces}" action "bounces"
"""


class OpenSMTPD:
    """One OpenSMTPD with its files below DIRECTORY, which others must be able to enter. It has the mailboxes of example.net,
    hands what is for remote.example.net to the server at the port REMOTE, and what is for the domain BOUNCES to COMMAND."""

    def __init__(self, directory: Path, remote: int, bounces: str, command: str):
        self.directory = directory
        self.port = free_port()
        self.url = f"smtp://localhost:{self.port}"
        self._package = unpacked.package("opensmtpd")
        self._make_view()
        (directory / "smtpd.conf").write_text(CONFIGURATION.format(
            directory=directory, port=self.port, reader=READER, remote=remote, bounces=bounces, command=command))

    @contextlib.contextmanager
    def running(self) -> Iterator["OpenSMTPD"]:
        """Serves until the end of the block."""
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(self._command(), stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(self._listens)
            yield self
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)

    def mailbox(self, user: str) -> Path:
        """The maildir of USER."""
        return self.directory / "mail" / user

    def log(self) -> str:
        """What it wrote down."""
        return (self.directory / "log").read_text()

    def _make_view(self) -> None:
        for folder in ("run", "lib/opensmtpd/empty", "mail"):
            (self.directory / folder).mkdir(parents=True, mode=0o755)
        (self.directory / "spool/smtpd").mkdir(parents=True)
        (self.directory / "spool/smtpd").chmod(0o711)
        shutil.chown(self.directory / "mail", READER)
        numbers = range(64990, 64990 + len(USERS))
        people = [f"{user}:x:{number}:{number}::/var/lib/opensmtpd/empty:/bin/false\n" for user, number in zip(USERS, numbers)]
        groups = [f"{user}:x:{number}:\n" for user, number in zip(USERS, numbers)]
        (self.directory / "passwd").write_text(Path("/etc/passwd").read_text() + "".join(people))
        (self.directory / "group").write_text(Path("/etc/group").read_text() + "".join(groups))

    def _command(self) -> list[str]:
        """Debian's own programs for deliveries are where it looks for them, too."""
        view = {self.directory / ours: theirs for ours, theirs in VIEW.items()}
        view[self._package / "usr/libexec"] = "/usr/libexec"
        mounts = "".join(f"mount --bind '{ours}' '{theirs}' && " for ours, theirs in view.items())
        server = self._package / "usr/sbin/smtpd"
        return ["unshare", "--mount", "sh", "-c", f"{mounts} exec '{server}' -d -f '{self.directory}/smtpd.conf'"]

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
