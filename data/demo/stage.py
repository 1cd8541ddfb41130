"""What the story is played on: a directory, a mailer and web pages of their own, and the commands with which people use them."""

import shlex
from email.message import EmailMessage
from pathlib import Path

import ldap

import organization
from latchkey_testing import mails, places
from latchkey_testing.entries import GROUPS
from latchkey_testing.mailer import Mailer
from latchkey_testing.settings import Settings
from latchkey_testing.slapd import Slapd, free_port
from latchkey_testing.waiting import wait_for
from latchkey_testing.web import IDENTITY, Web
from narrator import LANGUAGE, Narrator, StepFailed
from organization import Cast, Person

# As an administrator would set it: people change their own password, administrators write under the rules alone.
ACCESS = (
    f'to attrs=userPassword by self =xw by group="cn=global-admins,{GROUPS}" =xw by anonymous auth',
    "to * by users read by anonymous auth",
)


class Stage:
    """The running directory, mailer and web pages with the people; `with` takes everything down again."""

    def __init__(self, directory: Path):
        self.people = organization.people()
        self.cast: Cast = organization.cast(self.people, is_korean=LANGUAGE == "ko")
        self.narrator = Narrator()
        self.mailer = Mailer(directory, f"latchkey@{organization.INSIDE_DOMAIN}")
        port = free_port()
        # Mails lead to the pages on this machine.
        self.pages = f"http://127.0.0.1:{port}/recover/"
        settings = Settings(mailer_keys=(self.mailer.public_key,), access=ACCESS, latchkey={"olcLatchkeyPortalDN": [IDENTITY]})
        self.slapd = Slapd(organization.entries(self.people, self.cast, self.pages), settings)
        self.web = Web(self.slapd, directory, site={"url": self.pages, "organization": organization.NAME, "language": LANGUAGE},
                       server={"listen": f"127.0.0.1:{port}"})
        self.web.port = port
        self._mails_seen: dict[str, int] = {}

    def __enter__(self) -> "Stage":
        self.slapd.start()
        self.mailer.attach(self.slapd)
        self.mailer.start()
        self.web.start()
        return self

    def __exit__(self, kind, *_rest) -> None:
        if kind is None:
            self.web.stop()
            self.mailer.stop()
            self.slapd.stop()
        for process in (self.web.process, self.mailer.process):
            if process:
                process.kill()
        self.slapd.remove()

    def run(self, name: str, *arguments: str, who: Person | None = None, password: str = "", expect: int = 0) -> None:
        """Runs a client as WHO (or nobody) and shows it as one would type it: without where the directory is, which a
        machine's ldap.conf says, and with secrets in files, where no other user of the machine sees them."""
        done = self.slapd.tool(name, *arguments, dn=who.dn if who else "", password=password, check=False,
                               env=places.environment(LANGUAGE=LANGUAGE))
        signed_in = ["-D", who.dn, "-W"] if who else []
        self.narrator.command([name, *signed_in, *map(self._shown, arguments)], done.stdout + done.stderr)
        if done.returncode != expect:
            raise StepFailed(f"exit status {done.returncode} instead of {expect}")

    def _shown(self, word: str) -> str:
        """An argument as it is shown: of files of ours, what they hold."""
        if word.startswith(str(self.slapd.directory)):
            return Path(word).name.split("-")[0] + ".txt"
        return shlex.quote(word)

    def mail_to(self, person: Person) -> EmailMessage:
        """Waits for the next mail to PERSON's recovery address, and shows it."""
        seen = self._mails_seen.get(person.address, 0)
        mail = self.mailer.wait_for_mail(person.address, seen)
        self._mails_seen[person.address] = seen + 1
        self.narrator.mail(mail)
        return mail

    def notice_to(self, person: Person, kind: str) -> None:
        """Waits for the mail that tells PERSON of what was done, and shows it."""
        def newest() -> EmailMessage | None:
            found = [mail for mail in mails.to(self.mailer.notices(), person.address) if mails.notice(mail) == kind]
            return found[-1] if found else None
        self.narrator.mail(wait_for(newest))

    def file(self, content: str, name: str) -> str:
        """A file that only its owner can read, as programs take codes and passwords."""
        return self.slapd.secret_file(content, name)

    def check_sign_in(self, person: Person, password: str, text: str) -> None:
        """PERSON can sign in with PASSWORD, which TEXT says of {name}."""
        self.narrator.check(self.slapd.signs_in(person.dn, password), text, name=person.name)

    def check_no_sign_in(self, person: Person, password: str, text: str) -> None:
        """PERSON cannot sign in with PASSWORD, which TEXT says of {name}."""
        self.narrator.check(not self.slapd.signs_in(person.dn, password), text, name=person.name)

    def refusal(self, error: type[ldap.LDAPError], operation, *arguments) -> str:
        """Calls OPERATION, which the directory has to refuse with ERROR; returns the directory's words."""
        try:
            operation(*arguments)
        except error as refused:
            return refused.args[0].get("info", "")
        except ldap.LDAPError as other:
            raise StepFailed(f"{error.__name__} was expected, and not {other!r}") from other
        raise StepFailed(f"{error.__name__} was expected, but the directory allowed it")
