"""Reading mails as a mail program does."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
# Those that tell of what was done, without a secret.
NOTICES = {
    "passwordChanged": ("Your password was changed", "암호 변경 알림"),
    "passwordRecovered": ("Your account was recovered", "계정 복구 알림"),
    "accountUnlocked": ("Your account was unlocked", "계정 잠금 해제 알림"),
    "credentialChanged": ("A key to your account was changed", "계정 로그인 수단 변경 알림"),
    "addressChanged": ("Your recovery addresses were changed", "복구 이메일 주소 변경 알림"),
    "resentElsewhere": ("Your password was sent to another address", "암호 메일을 다른 주소로 보냄"),
    "administratorReset": ("The password of an administrator was reset", "관리자 암호 다시 설정"),
    "misuseReported": ("A user reports misuse of their account", "사용자의 계정 도용 신고"),
    "deliveryFailed": ("Mails could not be delivered", "보내지 못한 메일 알림"),
    "passwordExpiring": ("Your password expires soon", "암호 만료 예정 안내"),
}
_KINDS = {subject: kind for kind, subjects in NOTICES.items() for subject in subjects}
TEMPORARY_PASSWORD = re.compile(r"(?<![\w-])[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3}(?![\w-])")


def read(maildir: Path) -> list[EmailMessage]:
    """The mails of MAILDIR, the oldest first."""
    files = sorted((maildir / "new").glob("*"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def to(mails: list[EmailMessage], recipient: str) -> list[EmailMessage]:
    """Those of MAILS that are for RECIPIENT."""
    return [mail for mail in mails if recipient in (address.addr_spec for address in mail["To"].addresses)]


def notice(mail: EmailMessage) -> str:
    """The kind of a mail that only tells of something; "" for one that carries a code or a password."""
    return _KINDS.get(mail["Subject"], "")


def text(mail: EmailMessage) -> str:
    """What a person reads in MAIL."""
    return mail.get_body(("plain", "html")).get_content()


def code_in(mail: EmailMessage) -> str:
    """The recovery code that MAIL carries."""
    return CODE.search(text(mail)).group()


def temporary_password_in(mail: EmailMessage) -> str:
    """The temporary password that MAIL carries."""
    return TEMPORARY_PASSWORD.search(text(mail)).group()
