"""Debian's Postfix, unpacked and not installed, with all that it writes in a directory of its own.

Its master insists on root; it hands its work to users that every Debian has."""

import base64
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from . import unpacked
from .slapd import free_port
from .waiting import wait_for

OWNER = "daemon"
GROUP = "mail"  # of what Debian's package installs for it; here nobody uses it
READER = "nobody"
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private",
          "public", "saved", "trace")

MAIN = """\
compatibility_level = 3.6
myhostname = mx.example.net
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
config_directory = {directory}/conf
queue_directory = {directory}/queue
data_directory = {directory}/data
meta_directory = {directory}/conf
maillog_file = {directory}/queue/log
maillog_file_prefixes = {directory}
daemon_directory = {package}/usr/lib/postfix/sbin
command_directory = {package}/usr/sbin
shlib_directory = {package}/usr/lib/postfix
import_environment = MAIL_CONFIG={directory}/conf LD_LIBRARY_PATH={package}/usr/lib/postfix
export_environment = MAIL_CONFIG={directory}/conf LD_LIBRARY_PATH={package}/usr/lib/postfix
mail_owner = {owner}
setgid_group = {group}
default_privs = {reader}
virtual_mailbox_domains = example.net
virtual_mailbox_base = {directory}/mail
virtual_mailbox_maps = inline:{{ {{ kim@example.net = kim/ }}, {{ lee@example.net = lee/ }} }}
virtual_uid_maps = static:{reader_id}
virtual_gid_maps = static:{reader_id}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {directory}/users
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


# "I speak version 1.1, and take the mechanism PLAIN", with the numbers that the protocol wants.
HELLO = b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t" + b"0" * 32 + b"\nDONE\n"


def tool(name: str) -> tuple[str, dict[str, str]]:
    """One of its programs that run by themselves (smtp-sink, smtp-source), and their environment."""
    place = unpacked.package("postfix")
    return (str(place / "usr/sbin" / name),
            {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(place / "usr/lib/postfix")})


def _ask_for_users(directory: Path, users: dict[str, str]) -> None:
    """Answers Postfix's questions for passwords, in the protocol that it speaks with Dovecot."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(directory / "users"))
    (directory / "users").chmod(0o666)
    listener.listen()

    def answer(connection: socket.socket) -> None:
        connection.sendall(HELLO)
        for line in connection.makefile("rb"):
            command, *fields = line.rstrip(b"\n").split(b"\t")
            if command == b"AUTH":  # PLAIN begins with an empty question
                connection.sendall(b"CONT\t%s\t\n" % fields[0])
            elif command == b"CONT":
                _as, user, password = base64.b64decode(fields[1]).decode().split("\0")
                verdict = b"OK" if users.get(user) == password else b"FAIL"
                connection.sendall(b"%s\t%s\tuser=%s\n" % (verdict, fields[0], user.encode()))

    def serve() -> None:
        while True:
            connection, _address = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


class Postfix:
    """One Postfix with its files below DIRECTORY, which others must be able to enter. SETTINGS and SERVICES are lines more
    for main.cf and master.cf."""

    def __init__(self, directory: Path, tls: tuple[Path, Path], users: dict[str, str], settings: str = "",
                 services: str = ""):
        self.directory = directory
        self._more = settings, services
        self.port = free_port()
        self.url = f"smtp://localhost:{self.port}"
        self._package = unpacked.package("postfix")
        self._configure(tls)
        _ask_for_users(directory, users)

    @contextlib.contextmanager
    def running(self) -> Iterator["Postfix"]:
        """Serves until the end of the block."""
        environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(self._package / "usr/lib/postfix")}
        command = [str(self._package / "usr/lib/postfix/sbin/master"), "-c", str(self.directory / "conf"), "-d"]
        process = subprocess.Popen(command, env=environment, start_new_session=True)
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
        return (self.directory / "queue/log").read_text()

    def _configure(self, tls: tuple[Path, Path]) -> None:
        for folder in ("conf", "queue", "queue/pid", "data", "mail"):
            (self.directory / folder).mkdir(mode=0o755)
        for folder in QUEUES:
            (self.directory / "queue" / folder).mkdir(mode=0o700)
            shutil.chown(self.directory / "queue" / folder, OWNER)
        shutil.chown(self.directory / "data", OWNER)
        shutil.chown(self.directory / "mail", READER)
        values = {"directory": self.directory, "package": self._package, "owner": OWNER, "group": GROUP,
                  "reader": READER, "reader_id": pwd.getpwnam(READER).pw_uid, "certificate": tls[0], "key": tls[1], "port": self.port}
        (self.directory / "conf/main.cf").write_text(MAIN.format(**values) + self._more[0])
        (self.directory / "conf/master.cf").write_text(MASTER.format(**values) + self._more[1])

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
