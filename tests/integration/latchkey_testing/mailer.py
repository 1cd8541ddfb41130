"""The mailer, with keys and a maildir of its own."""

import contextlib
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from . import entries, mails, places, watching
from .settings import MAILER_DN
from .slapd import Slapd
from .waiting import PATIENCE, end, wait_for


class Mailer:
    """One mailer below DIRECTORY. Its public key comes first, since slapd's configuration names it; attach() tells it
    which slapd it serves."""

    def __init__(self, directory: Path, address: str = "latchkey@example.org"):
        self.directory = Path(tempfile.mkdtemp(prefix="mailer-", dir=directory))
        self.address = address
        self.config = self.directory / "mailer.conf"
        self.maildir = self.directory / "Maildir"
        self.log = self.directory / "mailer.log"
        self.process: subprocess.Popen | None = None
        self.through: list[str] = []  # a program that runs it in its own place
        self._environment: dict[str, str] = {}
        self._key = self.directory / "mailer.key"
        self.public_key = places.run("latchkey-mailer", "keygen", "--out", str(self._key)).stdout.split()[-1]

    def attach(self, slapd: Slapd, **groups: dict[str, str]) -> None:
        """Writes the configuration to serve SLAPD. GROUPS replace some: attach(slapd, smtp={...}, maildir={})."""
        password = self.directory / "password"
        password.write_text(entries.MAILER_PASSWORD)
        password.chmod(0o600)
        wanted = {
            "directory": {"uri": slapd.uri, "bind_dn": MAILER_DN, "password_file": str(password)},
            "keys": {"file": str(self._key)},
            "mail": {"from": self.address, "templates": str(places.ROOT / "data/mail"),
                     "catalogs": str(places.CATALOGS)},
            "maildir": {"path": str(self.maildir)},
            **groups,
        }
        lines = [f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in settings.items())
                 for group, settings in wanted.items() if settings]
        self.config.write_text("\n".join(lines))

    def take_key_of(self, other: "Mailer") -> None:
        """Opens the same messages as OTHER."""
        self._key, self.public_key = other._key, other.public_key

    def once(self, check: bool = True) -> subprocess.CompletedProcess:
        """Sends what is due, and ends."""
        return places.run(*self._command("once"), check=check, timeout=PATIENCE)

    def start(self) -> None:
        """Starts it as a service."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command("run"), stdout=log, stderr=log,
                                            env=places.environment(**self._environment), start_new_session=True)

    @contextlib.contextmanager
    def environment(self, **more: str) -> Iterator[None]:
        """What is started in the block has MORE in its environment."""
        before, self._environment = self._environment, more
        yield
        self._environment = before

    def stop(self) -> None:
        """Ends the service, and asserts that it was alive and went in order."""
        process, self.process = self.process, None
        assert process.poll() is None, f"the mailer had ended by itself\n{self.log.read_text()}"
        status = end(process, signal.SIGTERM)
        assert status == 0, f"the mailer ended with {status}\n{self.log.read_text()}"

    def check(self) -> None:
        """To be called at the end: stops it if it runs, and asserts that nothing was found by what looked on."""
        if self.process and self.process.poll() != 0:  # a test may have ended it in order by itself
            self.stop()
        findings = watching.findings(self.directory)
        assert not findings, "found:\n" + "\n".join(findings)

    def mails(self) -> list[EmailMessage]:
        """The mails in the maildir that carry a code or a password, the oldest first."""
        return [mail for mail in self.everything() if not mails.notice(mail)]

    def notices(self) -> list[EmailMessage]:
        """Those that tell of what was done."""
        return [mail for mail in self.everything() if mails.notice(mail)]

    def everything(self) -> list[EmailMessage]:
        """What lies in the maildir, the oldest first."""
        return mails.read(self.maildir)

    def clear(self) -> None:
        """Empties the maildir."""
        for file in (self.maildir / "new").glob("*"):
            file.unlink()

    def wait_for_mail(self, recipient: str, seen: int = 0) -> EmailMessage:
        """Waits until more than SEEN mails to RECIPIENT are in the maildir, and returns the newest of them."""
        def newest():
            found = mails.to(self.mails(), recipient)
            return found[-1] if len(found) > seen else None
        return wait_for(newest)

    def _command(self, verb: str) -> list[str]:
        command = [places.program("latchkey-mailer"), verb, "--config", str(self.config)]
        return [*self.through, *watching.prefix(self.directory, "mailer"), *command]
