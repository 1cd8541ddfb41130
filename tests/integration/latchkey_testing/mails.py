"""Reading mails as a mail program does."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
TEMPORARY_PASSWORD = re.compile(r"(?<![\w-])[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3}(?![\w-])")


def read(maildir: Path) -> list[EmailMessage]:
    """The mails of MAILDIR, the oldest first."""
    files = sorted((maildir / "new").glob("*"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def to(mails: list[EmailMessage], recipient: str) -> list[EmailMessage]:
    """Those of MAILS that are for RECIPIENT."""
    return [mail for mail in mails if recipient in (address.addr_spec for address in mail["To"].addresses)]


def text(mail: EmailMessage) -> str:
    """What a person reads in MAIL."""
    return mail.get_body(("plain", "html")).get_content()


def code_in(mail: EmailMessage) -> str:
    """The recovery code that MAIL carries."""
    return CODE.search(text(mail)).group()


def temporary_password_in(mail: EmailMessage) -> str:
    """The temporary password that MAIL carries."""
    return TEMPORARY_PASSWORD.search(text(mail)).group()
