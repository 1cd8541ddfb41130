"""Mail servers on loopback that do as they are told, and certificates for them."""

import asyncio
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from . import places
from .slapd import free_port

ACCEPTED = "250 2.0.0 taken, thank you"


def certificate(directory: Path, host: str = "localhost") -> tuple[Path, Path]:
    """Makes a certificate for HOST in DIRECTORY that is its own authority, and its key."""
    certificate_file, key_file = directory / f"{host}.pem", directory / f"{host}.key"
    places.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={host}",
               "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key_file), "-out", str(certificate_file))
    return certificate_file, key_file


@dataclass
class MailServer:
    """A server of aiosmtpd's. What it answers may be changed while it runs."""

    port: int = field(default_factory=free_port)
    recipient_answer: str | None = None  # None: as a server does that takes the mail
    content_answer: str | None = None
    refused: str | None = None  # a recipient that is not known here
    repeats_content: bool = False  # the answer to a mail quotes the mail
    delay: float = 0  # seconds before a mail is taken
    taken: Callable[[], None] | None = None  # called when a mail has been taken and nobody has been told yet
    users: dict[str, str] = field(default_factory=dict)  # and their passwords; if any, they have to sign in
    tls: tuple[Path, Path] | None = None  # certificate and key: mails are only taken after STARTTLS
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    under_way: threading.Event = field(default_factory=threading.Event)  # a mail has begun to arrive

    @property
    def url(self) -> str:
        """Where it is to be found."""
        return f"smtp://localhost:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator["MailServer"]:
        """Serves until the end of the block; it can be entered again."""
        controller = _Controller(self)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    # What aiosmtpd asks

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        """Takes or refuses a recipient."""
        self.under_way.set()
        if self.recipient_answer:
            return self.recipient_answer
        if address == self.refused:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 known"

    async def handle_DATA(self, _server, _session, envelope):
        """Takes or refuses a mail."""
        await asyncio.sleep(self.delay)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if self.repeats_content:
            return "554 5.7.1 not with these words: " + " ".join(mail.get_body(("plain",)).get_content().split())
        if self.content_answer:
            return self.content_answer
        self.senders.append(envelope.mail_from)
        self.recipients += envelope.rcpt_tos
        self.mails.append(mail)
        if self.taken:
            self.taken()
        return ACCEPTED

    def authenticate(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        """Checks a user's password."""
        return AuthResult(success=self.users.get(data.login.decode()) == data.password.decode(), handled=False)


class _Controller(Controller):
    """Serves for a MailServer, and counts connections."""

    def __init__(self, mail_server: MailServer):
        self.mail_server = mail_server
        super().__init__(mail_server, hostname="localhost", port=mail_server.port)

    def factory(self) -> SMTP:
        wanted = self.mail_server
        wanted.connections += 1
        options = {}
        if wanted.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*wanted.tls)
            options |= {"tls_context": context, "require_starttls": True}
        if wanted.users:
            options |= {"authenticator": wanted.authenticate, "auth_required": True}
        return SMTP(wanted, hostname="mx.example.net", enable_SMTPUTF8=True, **options)


@contextlib.contextmanager
def silent_server() -> Iterator[str]:
    """The URL of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listener:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
