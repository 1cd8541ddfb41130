"""Nothing to steal: what the directory stores of a code or a temporary password is useless to whoever reads the whole
database with its free pages, slapd's log, an access log or the mailer's log, and no command line carries one.

Everything that handles a secret is done once, the secrets are collected where they belong (the answer to the
administrator, the user's mailbox), and then looked for everywhere else; latchkey_testing/traces.py says in which
encodings, and the control at the end that they would have been found. The mailbox itself is not searched: a mail says
the code to whoever may read it. Nor is slapd's packet trace, which shows what travels to anyone who turns it on."""

import base64
import contextlib
import os
import re
import subprocess
import threading
import time
from pathlib import Path

import ldap
import pytest

from latchkey_testing import mails, organization, places, recovery, stored, traces, wire
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, PASSWORD_ADMIN, SONG, password_of)
from latchkey_testing.settings import CONFIG_DN, SUFFIX
from latchkey_testing.waiting import wait_for

ACCESS_LOG = "cn=accesslog"


class Everything:
    """Does all that handles a secret, and knows the secrets."""

    def __init__(self, slapd, mailer):
        self.slapd, self.mailer = slapd, mailer
        self.secrets: list[str] = []
        self.output: list[str] = []  # of our programs, apart from what they print for the one who asked
        self.looked_at = 0  # commands whose arguments somebody saw

    def secret(self, text: str) -> str:
        """Remembers TEXT."""
        self.secrets.append(text)
        return text

    def code(self, user: str, address: str) -> str:
        """A code for USER, out of the mailbox."""
        return self.secret(recovery.code_for(self.slapd, self.mailer, user, address))

    def recoveries(self) -> None:
        """Codes that are used, that are void, that were typed wrongly, and passwords that were refused."""
        spare = self.code("kim", "kim@example.net")
        code = self.code("kim", "kim@example.net")
        assert recovery.complete(self.slapd, "kim", recovery.WRONG_CODE, self.secret("Never-Set-4711"))
        assert recovery.complete(self.slapd, "kim", code, "short") == ldap.CONSTRAINT_VIOLATION
        assert recovery.complete(self.slapd, "kim", code, password_of(KIM)) == ldap.CONSTRAINT_VIOLATION
        assert recovery.complete(self.slapd, "kim", code.lower(), self.secret("Kims-Own-Choice-1")) is None
        assert recovery.complete(self.slapd, "kim", spare, self.secret("Kims-Other-Choice-2"))
        for _ in range(3):
            self.slapd.signs_in(LEE, self.secret("Lee-mistyped-this"))
        assert recovery.complete(self.slapd, "lee", self.code("lee", "lee@example.net")) is None

    def old_clients(self) -> None:
        """ldappasswd with a code for the old password: one typed, one generated."""
        new = self.secret("Songs-Own-Choice-3")
        self._ldappasswd("-t", self.code("song", "song@example.net"), "-T", new, SONG)
        done = self._ldappasswd("-t", self.code("han", "han@example.net"), HAN)
        self.secret(done.stdout.split()[-1])
        assert self.slapd.signs_in(SONG, new) and self.slapd.signs_in(HAN, self.secrets[-1])

    def resets(self) -> None:
        """By an administrator: generated and typed, with and without a mail, shown and concealed, done and refused."""
        admin = self.slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
        elsewhere = wire.notify(to="lee@example.com", reason="lost")
        for control in (None, wire.notify(), wire.notify(conceal=True), elsewhere):
            generated, _answer = wire.password_modify(admin, "lee", control=control)
            if generated:
                self.secret(generated)
        for control in (None, wire.notify(), wire.notify(must_change=False, ticket="T-1")):
            wire.password_modify(admin, "lee", self.secret(f"Typed-For-Lee-{len(self.secrets)}"), control=control)
        for user in (GLOBAL_ADMIN, HAN, "lee@", KIM):
            with contextlib.suppress(ldap.LDAPError):
                refused = self.secret(f"Refused-{len(self.secrets)}")
                wire.password_modify(admin, user, refused, control=wire.notify(to="x"))
        self.mailer.once()
        for mail in self.mailer.mails():
            with contextlib.suppress(AttributeError):
                self.secret(mails.temporary_password_in(mail))

    def change_of_a_temporary_password(self) -> None:
        """The user signs in with it and chooses another."""
        admin = self.slapd.connect(PASSWORD_ADMIN, password_of(PASSWORD_ADMIN))
        temporary = self.secret(wire.password_modify(admin, "lee", control=wire.notify())[0])
        user = self.slapd.connect(LEE, temporary)
        user.modify_s(LEE, [(ldap.MOD_REPLACE, "userPassword", [self.secret("Lees-Own-Choice-5").encode()])])

    def command(self, *words: str, say: str = "", who: str = "") -> str:
        """latchkey, watched: what it has for arguments and environment is searched as well."""
        given = ["-D", who, "-y", self.slapd.secret_file(password_of(who))] if who else []
        command = [places.program("latchkey"), *words, "-H", self.slapd.uri, *given]
        with contextlib.ExitStack() as stack:
            with self.slapd.halted():  # so that it does not end before anybody looks
                process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                           env=places.environment())
                seen = stack.enter_context(watched(process.pid))
                process.stdin.write(say[:1].encode())
                process.stdin.flush()
                time.sleep(0.05)
            out, err = process.communicate(say[1:].encode())
        assert process.returncode == 0, err
        self.looked_at += any("latchkey" in each for each in seen)
        self.output += [err.decode(), *seen]
        return out.decode()

    def commands(self) -> None:
        """The command line's way of all the above."""
        before = recovery.served(self.slapd)
        self.command("recover", "request", "kim")
        wait_for(lambda: recovery.served(self.slapd) > before)
        self.mailer.once()
        code = self.secret(mails.code_in(mails.to(self.mailer.mails(), "kim@example.net")[-1]))
        new = self.secret("Kims-Third-Choice-6")
        self.output.append(self.command("recover", "complete", "kim", "--stdin", say=f"{code}\n{new}\n"))
        shown = self.command("reset", "kim", "--to", "kim@example.com", who=PASSWORD_ADMIN)
        self.secret(mails.TEMPORARY_PASSWORD.search(shown).group())
        typed = self.secret("Typed-For-Kim-7")
        self.output.append(self.command("reset", "kim", "--stdin", who=PASSWORD_ADMIN, say=f"{typed}\n"))
        self.output.append(self.command("status", "kim", "--json", who=PASSWORD_ADMIN))
        assert self.looked_at == 5

    def all(self) -> None:
        """All of it, with the mailer running as a service in the end."""
        self.recoveries()
        self.old_clients()
        self.resets()
        self.change_of_a_temporary_password()
        self.commands()
        self.mailer.start()
        recovery.ask_and_wait(self.slapd, "song")
        self.secret(mails.code_in(self.mailer.wait_for_mail("song@example.net", seen=1)))
        self.mailer.stop()
        self.output.append(self.mailer.log.read_text() + self.mailer.once().stderr)
        assert len(set(self.secrets)) > 25

    def _ldappasswd(self, *words: str) -> subprocess.CompletedProcess:
        files = [self.slapd.secret_file(word) if before in ("-t", "-T") else word
                 for before, word in zip(("", *words), words)]
        return self.slapd.tool("ldappasswd", *files)


@contextlib.contextmanager
def watched(pid: int):
    """Collects what anyone on the machine could read of the process: its arguments, and its owner its environment."""
    seen: set[str] = set()
    over = threading.Event()

    def look():
        with contextlib.suppress(OSError):
            for name in ("cmdline", "environ"):
                seen.add(Path(f"/proc/{pid}/{name}").read_text(errors="replace").replace("\0", " "))

    def watch():
        while not over.is_set():
            look()
            time.sleep(0.001)

    look()  # it may have ended before another thread gets its turn
    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def left_behind(slapd, *more: str) -> dict[str, bytes]:
    """All that somebody could have got hold of: the files below slapd's directory and its database as LDIF. The files
    that the tests themselves write for -y and -T are none of it."""
    found = {name: content for name, content in traces.files_below(slapd.directory).items()
             if not name.startswith(("secret-", "slapd.d/"))}
    assert any(name.endswith("data.mdb") for name in found) and "slapd.log" in found
    return {**found, "slapcat": slapd.slapcat().encode(), "output": "\n".join(more).encode()}


@pytest.fixture
def chatty(make_slapd, mailer):
    """A slapd whose log says as much as logs in production do."""
    slapd = make_slapd(mailer_keys=(mailer.public_key,), log_level="stats,sync", modules=("accesslog", "syncprov"),
                       overlays=(("syncprov", {"objectClass": ["olcSyncProvConfig"]}),))
    mailer.attach(slapd)
    return slapd


def change(slapd, _mailer, temporary: str) -> None:
    slapd.connect(KIM, temporary).passwd_s(KIM, temporary, "Chosen-by-Kim-1")


def recover(slapd, mailer, _temporary: str) -> None:
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    assert recovery.complete(slapd, "kim", code, "Chosen-by-Kim-1") is None


def overwrite(slapd, _mailer, _temporary: str) -> None:
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "userPassword", [b"Chosen-for-Kim-1"])])


def lapse(slapd, _mailer, _temporary: str) -> None:
    """As if it had been a day ago."""
    entry = slapd.entry(KIM)
    past = stored.moment(-60).encode()
    slapd.stop()
    changes = []
    for name, values in (("latchkeyMessage", entry["latchkeyMessage"]), ("userPassword", entry["userPassword"])):
        changed = [re.sub(rb"(expires=|{LATCHKEY-TEMP})\d{14}Z", rb"\g<1>" + past, value) for value in values]
        changes += [f"replace: {name}", *(f"{name}:: {base64.b64encode(value).decode()}" for value in changed), "-"]
    changes += ["replace: latchkeyTemporaryUntil", f"latchkeyTemporaryUntil: {past.decode()}"]
    slapd.offline("modify", "\n".join([f"dn: {KIM}", "changetype: modify", *changes, ""]))
    slapd.start()


@pytest.mark.parametrize("happen", [change, recover, overwrite, lapse],
                         ids=["the user changes it", "they recover", "a plain write", "it lapses"])
def test_a_sealed_text_goes_with_its_secret(start, mailer, happen):
    """Of a temporary password that was sent: it could be sent again, until it opens nothing."""
    slapd = start(entries=organization.entries(latchkeyTell="nothing"))
    temporary, _answer = wire.password_modify(slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN)), KIM,
                                              control=wire.notify())
    mailer.once()
    assert slapd.slapcat().count("\nlatchkeySealed:") == 1
    happen(slapd, mailer, temporary)
    wait_for(lambda: "\nlatchkeySealed:" not in slapd.slapcat())
    assert [wire.message_fields(value)["state"] for value in slapd.entry(KIM)["latchkeyMessage"]] == ["sent"]


def test_after_everything_no_secret_is_anywhere(chatty, mailer):
    everything = Everything(chatty, mailer)
    everything.all()
    chatty.stop()  # so that all of the database is in its file
    assert traces.found_in(everything.secrets, left_behind(chatty, *everything.output)) == []
    chatty.start()


def add_access_log(slapd) -> None:
    """A second database that keeps every operation of the first."""
    directory = slapd.directory / "accesslog"
    directory.mkdir()
    config = slapd.config()
    config.add_s(f"olcDatabase=mdb,{CONFIG_DN}", [
        ("objectClass", [b"olcDatabaseConfig", b"olcMdbConfig"]), ("olcDatabase", b"{2}mdb"),
        ("olcSuffix", ACCESS_LOG.encode()), ("olcRootDN", ACCESS_LOG.encode()),
        ("olcDbDirectory", str(directory).encode())])
    config.add_s(f"olcOverlay=accesslog,olcDatabase={{1}}mdb,{CONFIG_DN}", [
        ("objectClass", [b"olcOverlayConfig", b"olcAccessLogConfig"]), ("olcOverlay", b"accesslog"),
        ("olcAccessLogDB", ACCESS_LOG.encode()), ("olcAccessLogOps", b"all"), ("olcAccessLogOld", b"(objectClass=*)"),
        ("olcAccessLogOldAttr", b"userPassword")])


def test_an_access_log_holds_no_secret(chatty, mailer):
    """It keeps every operation with its old values, and what Latchkey handles reaches it hashed or sealed. (A user's
    own Password Modify is slapd's: with extended operations logged, an access log keeps that request as it came.)"""
    add_access_log(chatty)
    everything = Everything(chatty, mailer)
    everything.recoveries()
    everything.old_clients()
    everything.resets()
    chatty.stop()
    kept = chatty.slapcat(2)
    assert kept.count("reqType: modify") > 10 and "LATCHKEY-TEMP" in kept
    places_searched = {**left_behind(chatty), "slapcat of the access log": kept.encode()}
    assert "accesslog/data.mdb" in places_searched
    assert traces.found_in(everything.secrets, places_searched) == []
    chatty.start()


PLANTED = "K7QF-2M9X-4TRB"


def test_the_search_would_find_every_encoding():
    """With neighbours on both sides, and folded as LDIF folds."""
    wanted = traces.encodings(PLANTED)
    assert len(wanted) > 150
    assert [each for each in wanted if not traces.traces(PLANTED, b"x" * 60 + each + b"y" * 60)] == []
    assert [each for each in wanted if not traces.traces(PLANTED, each[:5] + b"\n " + each[5:])] == []


@pytest.mark.parametrize("before", range(3))
def test_the_search_would_find_base64_wherever_it_begins(before):
    assert traces.traces(PLANTED, base64.b64encode(b"abc"[:before] + PLANTED.encode() + b" and more"))


def test_the_search_finds_nothing_where_nothing_is():
    assert not traces.traces(PLANTED, os.urandom(100_000) + b"K7QF-2M9X-4TRC k7qf 2m9x")


def plant_in_an_entry(slapd, _mailer, secret: str) -> None:
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "description", [secret.encode()])])


def plant_in_base64(slapd, _mailer, secret: str) -> None:
    slapd.root().modify_s(KIM, [(ldap.MOD_REPLACE, "description", [("김 " + secret).encode()])])


def plant_in_free_pages(slapd, _mailer, secret: str) -> None:
    root = slapd.root()
    for number in range(20):
        root.add_s(f"ou=gone{number},{SUFFIX}", [
            ("objectClass", b"organizationalUnit"), ("description", secret.encode())])
    for number in range(20):
        root.delete_s(f"ou=gone{number},{SUFFIX}")


def plant_in_the_log(slapd, _mailer, secret: str) -> None:
    slapd.root().search_s(SUFFIX, ldap.SCOPE_BASE, f"(description={secret})")


def plant_on_a_command_line(slapd, mailer, secret: str) -> str:
    everything = Everything(slapd, mailer)
    everything.command("recover", "request", secret)
    return "\n".join(everything.output)


@pytest.mark.parametrize("plant, place", [
    (plant_in_an_entry, "slapcat"), (plant_in_an_entry, "data/data.mdb"), (plant_in_base64, "slapcat"),
    (plant_in_free_pages, "data/data.mdb"), (plant_in_the_log, "slapd.log"), (plant_on_a_command_line, "output"),
], ids=lambda each: getattr(each, "__name__", each))
def test_the_search_would_find_it_there(slapd, mailer, plant, place):
    output = plant(slapd, mailer, PLANTED) or ""
    slapd.stop()
    left = left_behind(slapd, output)
    found = {name for name, _secret, _trace in traces.found_in([PLANTED], {place: left[place]})}
    assert found == {place}
    if plant is plant_in_free_pages:
        assert PLANTED not in left["slapcat"].decode()
    slapd.start()


def test_the_stored_code_is_a_salted_hash(chatty, mailer):
    """Two codes for one user share no hash, and the stored value says nothing but its bounds."""
    recovery.code_for(chatty, mailer, "kim", "kim@example.net")
    recovery.code_for(chatty, mailer, "kim", "kim@example.net")
    lines = chatty.slapcat().replace("\n ", "").splitlines()
    stored = [wire.message_fields(line.split(": ", 1)[1]) for line in lines if line.startswith("latchkeyCode: ")]
    assert len(stored) == 2
    assert set(stored[0]) == {"id", "salt", "hash", "bind", "created", "expires", "serial", "generation"}
    for field in ("id", "salt", "hash", "bind"):
        assert stored[0][field] != stored[1][field]
