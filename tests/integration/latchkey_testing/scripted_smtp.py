"""A mail server that keeps to SMTP up to one stage, and does there what no mail server should."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STAGES = ("greeting", "ehlo", "starttls", "handshake", "auth", "mail", "rcpt", "data", "content")
PLAIN = {
    "greeting": b"220 mx.example.net ESMTP\r\n",
    "ehlo": b"250-mx.example.net\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
    "starttls": b"220 2.0.0 go ahead\r\n",
    "auth": b"235 2.7.0 welcome\r\n",
    "mail": b"250 2.1.0 ok\r\n",
    "rcpt": b"250 2.1.5 ok\r\n",
    "data": b"354 go ahead\r\n",
    "content": b"250 2.0.0 taken\r\n",
}
WORDS = {b"EHLO": "ehlo", b"HELO": "ehlo", b"STARTTLS": "starttls", b"AUTH": "auth", b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data"}
SILENCE, DROP, HALF_A_HANDSHAKE = object(), object(), object()


class _End(Exception):
    """The conversation is over."""


@dataclass
class ScriptedServer:
    """Does ACTION at STAGE: sends octets, is silent, or hangs up. With `tls` it speaks it after STARTTLS."""

    stage: str | None = None
    action: object = None
    tls: tuple[Path, Path] | None = None
    offers: bytes = PLAIN["ehlo"]
    mails: int = 0
    connections: int = 0
    port: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is to be found."""
        return f"smtp://localhost:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator["ScriptedServer"]:
        """Serves until the end of the block."""
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            self.port = listener.getsockname()[1]
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
            yield self
            self._over.set()
            listener.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, _End), connection:
            self._answer(connection, "greeting")
            self._listen(connection)

    def _listen(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        while line := lines.readline():
            stage = WORDS.get(line.split()[0].upper() if line.split() else b"")
            if stage is None:
                connection.sendall(b"221 2.0.0 bye\r\n" if line.startswith(b"QUIT") else b"250 2.0.0 ok\r\n")
                continue
            if stage == "auth":
                connection.sendall(b"334 \r\n")
                lines.readline()
            self._answer(connection, stage)
            if stage == "starttls":
                lines, connection = self._begin_tls(connection)
            if stage == "data":
                while lines.readline() != b".\r\n":
                    continue
                self._answer(connection, "content")
                self.mails += 1

    def _begin_tls(self, connection: socket.socket):
        if self.stage == "handshake":
            self._misbehave(connection)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.tls)
        secure = context.wrap_socket(connection, server_side=True)
        return secure.makefile("rb"), secure

    def _answer(self, connection: socket.socket, stage: str) -> None:
        if stage == self.stage:
            self._misbehave(connection)
        else:
            connection.sendall(self.offers if stage == "ehlo" else PLAIN[stage])

    def _misbehave(self, connection: socket.socket) -> None:
        if self.action is SILENCE:
            self._over.wait(60)
        elif self.action is HALF_A_HANDSHAKE:
            connection.recv(4096)
            connection.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(20))
            self._over.wait(60)
        elif self.action is not DROP:
            connection.sendall(self.action)
            # What comes after a refusal is the client's to decide; it is listened to, and nothing more is said.
            connection.settimeout(60)
            if self.stage not in ("greeting", "handshake") and self.action[:1] in b"45" and self.action[:3] != b"421":
                return
            while connection.recv(4096):
                continue
        raise _End
