"""A mail server in a process of its own, to be killed: it writes down each mail before it says that it has taken it."""

import contextlib
import ctypes
import os
import re
import signal
import socket
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1
MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n )?<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)


class MortalSink:
    """Listens all the time, so that its port stays; whoever serves may be killed, and another one begin."""

    def __init__(self, directory: Path):
        self._log = directory / "taken"
        self._log.touch()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.pid = 0

    def taken(self) -> list[str]:
        """The ids of the messages that were taken, in order, each as often as it was."""
        return self._log.read_text().split()

    def start(self) -> None:
        """Serves in another process."""
        self.pid = os.fork()
        if self.pid == 0:
            with contextlib.suppress(BaseException):
                self._serve()
            os._exit(1)

    def kill(self) -> None:
        """Ends that process as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.pid = 0

    def end(self) -> None:
        """Ends all."""
        if self.pid:
            self.kill()
        self._listener.close()

    def __enter__(self) -> "MortalSink":
        self.start()
        return self

    def __exit__(self, *_exception) -> None:
        self.end()

    def _serve(self) -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # whoever made it may be killed as well
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (1, 2):
            os.dup2(nowhere, descriptor)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        log = os.open(self._log, os.O_WRONLY | os.O_APPEND)
        while True:
            connection, _address = self._listener.accept()
            threading.Thread(target=self._talk, args=(connection, log), daemon=True).start()

    @staticmethod
    def _talk(connection: socket.socket, log: int) -> None:
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines = connection.makefile("rb")
            connection.sendall(b"220 mx.example.net ESMTP\r\n")
            while line := lines.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    connection.sendall(b"354 go ahead\r\n")
                    mail = b""
                    while (line := lines.readline()) != b".\r\n":
                        mail += line
                    os.write(log, MESSAGE_ID.search(mail).group(1) + b"\n")
                connection.sendall(b"250 2.0.0 ok\r\n")
                if word == b"QUIT":
                    return
