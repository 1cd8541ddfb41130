"""Mails that come back, as mail servers write them (RFC 3464), and the program that reads them."""

import shutil
import subprocess
from pathlib import Path

from . import places, watching
from .mailed import Mailed
from .waiting import PATIENCE

DOMAIN = "bounces.example.org"


def report(action: str = "failed", words: str | None = "550 5.1.1 no such mailbox", status: str = "5.1.1",
           host: str | None = "mx.example.net", returned: str = "Subject: x\r\n\r\nthe mail\r\n") -> bytes:
    """A delivery status notification about one recipient."""
    fields = ["Final-Recipient: rfc822; kim@example.net", f"Action: {action}", f"Status: {status}"]
    fields += [f"Remote-MTA: dns; {host}"] if host else []
    fields += [f"Diagnostic-Code: smtp; {words}"] if words else []
    status_part = "\r\n".join(["Reporting-MTA: dns; relay.example.org", "", *fields, ""])
    parts = [("text/plain", "I'm sorry to have to inform you...\r\n"), ("message/delivery-status", status_part),
             ("message/rfc822", returned)]
    body = "".join(f"--B\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    head = ("From: MAILER-DAEMON@relay.example.org\r\nTo: somebody@example.org\r\nSubject: Undelivered\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n")
    return (head + body + "--B--\r\n").encode()


def bounce_key(mailed: Mailed, name: str = "bounce.key") -> Path:
    """A new key for bounce addresses."""
    file = mailed.mailer.directory / name
    places.run("latchkey-mailer", "keygen", "--for", "bounces", "--out", str(file))
    return file


def take_back(mailed: Mailed, mail: bytes, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """Hands MAIL to `latchkey-mailer bounce`, as a mail server's pipe does."""
    command = [*watching.prefix(mailed.mailer.directory, "bounce"), places.program("latchkey-mailer"), "bounce",
               "--config", str(mailed.mailer.config), *options]
    return subprocess.run(command, input=mail, capture_output=True, env=places.environment(**environment), check=False,
                          timeout=PATIENCE)


def hand_over(mailed: Mailed, command: Path, user: str) -> None:
    """Writes to COMMAND a program that USER can run as mail servers run it: `latchkey-mailer bounce` with the mailer's settings.
    Beside it go what it needs, where USER can read it."""
    place = command.parent
    for file in (Path(places.program("latchkey-mailer")), places.PROGRAMS["latchkey"].with_name("liblatchkey.so.0")):
        shutil.copy(file, place)
    settings = mailed.mailer.config.read_text()
    for name in ("password", "bounce.key"):
        shutil.copy(mailed.mailer.directory / name, place)
        shutil.chown(place / name, user)
        settings = settings.replace(str(mailed.mailer.directory / name), str(place / name))
    (place / "mailer.conf").write_text(settings)
    mailed.slapd.directory.chmod(0o711)
    command.write_text(f"#!/bin/sh\nLD_LIBRARY_PATH={place} exec {place}/latchkey-mailer bounce "
                       f'--config {place}/mailer.conf "$@"\n')
    command.chmod(0o755)
