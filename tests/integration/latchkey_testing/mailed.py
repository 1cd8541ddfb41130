"""A slapd with a mailer beside it, for the tests of the mailer."""

from collections.abc import Callable
from pathlib import Path

from . import organization, wire
from .mailer import Mailer
from .organization import GLOBAL_ADMIN, KIM, password_of
from .settings import Entry
from .slapd import Slapd

LOGIN = {"user": "latchkey", "password": "relay-password"}


class Mailed:
    """A slapd, and a mailer in DIRECTORY that serves it. ENTRIES makes the slapd's entries, given the mailer's key. Nobody is
    told of what is done, so that a reset is one mail."""

    def __init__(self, make_slapd, directory: Path, entries: Callable[[str], list[Entry]] | None = None):
        self.mailer = Mailer(directory)
        key = self.mailer.public_key
        held = entries(key) if entries else organization.entries(latchkeyTell="nothing")
        self.slapd: Slapd = make_slapd(held, mailer_keys=(key,))
        self.mailer.attach(self.slapd)

    def send_to(self, url: str, service: dict[str, str] | None = None, bounces: dict[str, str] | None = None,
                **smtp: str) -> None:
        """Has the mailer hand its mails to the server at URL; SMTP adds settings, `password` becomes a file; SERVICE and
        BOUNCES are the groups of these names."""
        if "password" in smtp:
            smtp["password_file"] = self.slapd.secret_file(smtp.pop("password"))
        self.mailer.attach(self.slapd, maildir={}, service=service or {}, bounces=bounces or {},
                           smtp={"url": url, "starttls": "no", **smtp})

    def reset(self, user: str = KIM, **notify) -> str:
        """Resets the password of USER as a global administrator does, and returns the temporary one."""
        admin = self.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
        generated, _answer = wire.password_modify(admin, user, control=wire.notify(**notify))
        admin.unbind_s()
        return generated

    def messages(self, user: str = KIM) -> list[dict[str, str]]:
        """The messages about USER as the directory has them, the oldest first."""
        values = self.slapd.entry(user, "latchkeyMessage").get("latchkeyMessage", [])
        return [wire.message_fields(value) for value in values]

    def message(self, user: str = KIM) -> dict[str, str]:
        """The newest of them."""
        return self.messages(user)[-1]
