"""What travels from clients to a slapd, octet by octet."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from .slapd import Slapd


class Tap(socketserver.ThreadingUnixStreamServer):
    """Passes on what comes to URI, and keeps in SENT what clients have sent."""

    daemon_threads = True

    def __init__(self, slapd: Slapd, path: Path):
        super().__init__(str(path), _Connection)
        self.uri = "ldapi://" + quote(str(path), safe="")
        self.behind = unquote(slapd.uri.removeprefix("ldapi://"))
        self.sent = b""


class _Connection(socketserver.BaseRequestHandler):
    """One of a client's."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as slapd:
            slapd.connect(self.server.behind)
            answers = threading.Thread(target=_pass_on, args=(slapd, self.request, lambda octets: None))
            answers.start()
            _pass_on(self.request, slapd, self._keep)
            slapd.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _keep(self, octets: bytes) -> None:
        self.server.sent += octets


def _pass_on(source: socket.socket, target: socket.socket, keep) -> None:
    with contextlib.suppress(OSError):
        while octets := source.recv(65536):
            keep(octets)
            target.sendall(octets)


@contextlib.contextmanager
def tapped(slapd: Slapd, path: Path) -> Iterator[Tap]:
    """A tap at PATH before SLAPD, until the end of the block."""
    with Tap(slapd, path) as tap:
        thread = threading.Thread(target=tap.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield tap
        finally:
            tap.shutdown()
            thread.join()
