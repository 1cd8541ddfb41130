"""A slapd with a mailer beside it, for the tests of the mailer."""

from pathlib import Path

from . import wire
from .mailer import Mailer
from .organization import GLOBAL_ADMIN, KIM, password_of
from .slapd import Slapd

LOGIN = {"user": "latchkey", "password": "relay-password"}


class Mailed:
    """SLAPD, and a mailer in DIRECTORY that serves it."""

    def __init__(self, make_slapd, directory: Path):
        self.mailer = Mailer(directory)
        self.slapd: Slapd = make_slapd(mailer_keys=(self.mailer.public_key,))
        self.mailer.attach(self.slapd)

    def send_to(self, url: str, **smtp: str) -> None:
        """Has the mailer hand its mails to the server at URL; SMTP adds settings, `password` becomes a file."""
        if "password" in smtp:
            smtp["password_file"] = self.slapd.secret_file(smtp.pop("password"))
        self.mailer.attach(self.slapd, maildir={}, smtp={"url": url, "starttls": "no", **smtp})

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
