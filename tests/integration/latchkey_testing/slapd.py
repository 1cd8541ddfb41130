"""A real slapd of its own: a directory under the temporary folder, ldapi, and a free port where one is asked for."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

import ldap
import ldif

from . import places, sanitizers, settings as wanted, watching
from .settings import Entry, Settings
from .waiting import PATIENCE, end, wait_for

SCHEMA = ("core", "cosine", "inetorgperson")

# The log of a slapd that has closed all connections, and then did nothing but answer what was under way.
_AT_THE_VERY_END = re.compile(r"slapd shutdown: waiting for \d+ operations/tasks to finish\n"
                              r"(.* (conn=|connection_read\(|slapd (shutdown: initiated|destroy: freeing)).*\n)*"
                              r"(.* slapd stopped\.\n)?\Z")


def write_ldif(path: Path, entries: Iterable[Entry]) -> None:
    """Writes ENTRIES, whose values are text or bytes, to PATH."""
    with path.open("w", encoding="ascii") as file:
        writer = ldif.LDIFWriter(file)
        for dn, attributes in entries:
            octets = {name: [value if isinstance(value, bytes) else value.encode() for value in values]
                      for name, values in attributes.items()}
            writer.unparse(dn, octets)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _main_thread_waits(pid: int) -> bool:
    """Whether the first thread of PID sleeps: once slapd answers that thread has been woken, so it then waits for the end."""
    # After the name in parentheses, which may hold anything.
    return Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def lost_to_lmdb(status: int, log: str) -> bool:
    """Whether a slapd that ended with STATUS after that LOG was ended by the one crash that is not ours. Its threads are
    detached, and nobody waits for their ends: each then runs mdb_env_reader_dest(), which gives back the thread's place among
    the readers, while the main thread unmaps that table (mdb_env_close()) or even LMDB's code (module_kill()). Seen in cores
    about once in a thousand ends, of a slapd with back_mdb and nothing else too; all has been written by then. Valgrind and
    the sanitizers see what else goes wrong so late."""
    return status in (-signal.SIGSEGV, sanitizers.CRASHED) and _AT_THE_VERY_END.search(log) is not None


class Slapd:
    """One slapd with its configuration and data. Made, it holds ENTRIES and is stopped; `with` starts and removes
    it."""

    def __init__(self, entries: Iterable[Entry], settings: Settings | None = None):
        self.settings = settings or Settings()
        # Short, since the path of a socket has 107 octets at most.
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-"))
        self.log = self.directory / "slapd.log"
        self.uri = "ldapi://" + urllib.parse.quote(str(self.directory / "ldapi"), safe="")
        self.tcp_uri = f"ldap://127.0.0.1:{free_port()}" if self.settings.port else None
        self.tls_uri = f"ldaps://127.0.0.1:{free_port()}" if self.settings.tls_port else None
        self.process: subprocess.Popen | None = None
        self._load(entries)

    # Life

    def __enter__(self) -> "Slapd":
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, kind, *_rest) -> None:
        try:
            if self.process:
                self.stop()
        finally:
            self.remove()

    def start(self, **environment: str) -> None:
        """Starts slapd, with ENVIRONMENT added to its own, and waits until it answers."""
        uris = " ".join(filter(None, [self.uri, self.tcp_uri, self.tls_uri]))
        command = [str(places.private_slapd()), "-d", self.settings.log_level, "-h", uris,
                   "-F", self._config]
        command = [*self.settings.wrapper, *watching.prefix(self.directory, "slapd"), *command]
        with self.log.open("ab") as log:
            # Its own session: Ctrl-C on the terminal ends whoever uses it, who then stops it in order.
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=places.environment(**environment),
                                            start_new_session=True)
        try:
            wait_for(self._is_ready)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ends slapd as an administrator would, and asserts that it was alive and went in order."""
        process, self.process = self.process, None
        assert process.poll() is None, f"slapd had ended by itself with {process.returncode}\n{self.log_tail()}"
        status = end(process, signal.SIGINT)
        assert status == 0 or lost_to_lmdb(status, self.log.read_text(errors="replace")), f"slapd ended with {status}\n{self.log_tail()}"
        findings = watching.findings(self.directory)
        assert not findings, "found:\n" + "\n".join(findings)

    @contextlib.contextmanager
    def halted(self) -> Iterator[None]:
        """slapd says nothing, and answers what it was asked meanwhile, at the end of the block."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends slapd as a power cut would; start() brings it back with what it had stored."""
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def wait_until_killed(self) -> None:
        """Waits until a kill point has ended slapd; start() brings it back."""
        process, self.process = self.process, None
        status = process.wait(PATIENCE)
        assert status == -signal.SIGKILL, f"slapd ended with {status}, not at a kill point\n{self.log_tail()}"

    def restart(self, **environment: str) -> None:
        """Stops and starts slapd."""
        self.stop()
        self.start(**environment)

    def remove(self) -> None:
        """Ends what still runs and removes all files, unless LATCHKEY_KEEP asks to keep them."""
        if self.process:
            self.kill()
        if "LATCHKEY_KEEP" not in os.environ:
            shutil.rmtree(self.directory, ignore_errors=True)

    # Clients

    def connect(self, dn: str = "", password: str = "", uri: str | None = None) -> ldap.ldapobject.LDAPObject:
        """A new connection, signed in as DN; without one it is anonymous."""
        connection = ldap.initialize(uri or self.uri)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, PATIENCE)
        connection.set_option(ldap.OPT_TIMEOUT, PATIENCE)
        if dn:
            connection.simple_bind_s(dn, password)
        return connection

    def root(self) -> ldap.ldapobject.LDAPObject:
        """A connection as the database's rootdn."""
        return self.connect(wanted.ROOT_DN, wanted.ROOT_PASSWORD)

    def config(self) -> ldap.ldapobject.LDAPObject:
        """A connection that may change cn=config."""
        return self.connect(wanted.CONFIG_DN, wanted.CONFIG_PASSWORD)

    def signs_in(self, dn: str, password: str) -> bool:
        """Whether DN can sign in with PASSWORD."""
        try:
            self.connect(dn, password).unbind_s()
        except ldap.INVALID_CREDENTIALS:
            return False
        return True

    def entry(self, dn: str, *attributes: str) -> dict[str, list[bytes]]:
        """The entry as the rootdn reads it, operational attributes included unless ATTRIBUTES are named."""
        root = self.root()
        try:
            return root.search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", list(attributes) or ["*", "+"])[0][1]
        finally:
            root.unbind_s()

    def secret_file(self, content: str, name: str = "secret") -> str:
        """Writes CONTENT without a line end to a file that only its owner reads, for options that take a file."""
        descriptor, path = tempfile.mkstemp(prefix=f"{name}-", dir=self.directory)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def tool(self, name: str, *arguments: str, dn: str = "", password: str = "", check: bool = True,
             **options) -> subprocess.CompletedProcess:
        """Runs an LDAP client (ldapsearch, ldappasswd, latchkey...) against this slapd, signed in as DN."""
        who = ["-x"] if name != "latchkey" else []
        if dn:
            who += ["-D", dn, "-y", self.secret_file(password)]
        words = [name, "-H", self.uri, *who, *arguments]
        if name == "latchkey":
            words = [*watching.prefix(self.directory, name), places.program(name), *words[1:]]
        return places.run(*words, check=check, timeout=PATIENCE, **options)

    # Files

    def slapcat(self, database: int | None = None) -> str:
        """The whole database as LDIF; the first one where none is named."""
        return places.run(*self._as_tool("cat"), "-g", "-n", str(database or self.settings.number)).stdout

    def stalled_slapcat(self) -> subprocess.Popen:
        """A slapcat whose output nobody takes: it reads the database, and does not go on once the pipe is full."""
        process = subprocess.Popen([*self._as_tool("cat"), "-n", "1"], stdout=subprocess.PIPE, env=places.environment())
        process.stdout.read(1)
        return process

    def offline(self, tool: str, ldif: str, *options: str) -> None:
        """Lets slapadd or slapmodify ("add", "modify") write LDIF into the database of the stopped slapd."""
        assert not self.process
        path = self.directory / "offline.ldif"
        path.write_text(ldif)
        places.run(*self._as_tool(tool), "-n", "1", *options, "-l", str(path))
        path.unlink()

    def log_lines(self, *words: str) -> list[str]:
        """The lines of slapd's log that hold all WORDS."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if all(word in line for word in words)]

    def log_tail(self, lines: int = 40) -> str:
        """The end of slapd's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    @property
    def _config(self) -> str:
        return str(self.directory / "slapd.d")

    def _as_tool(self, tool: str) -> list[str]:
        return [*sanitizers.tool_prefix(self.directory), str(places.private_slapd()), "-T", tool, "-F", self._config]

    def _is_ready(self) -> bool:
        """Whether slapd answers and knows it. It answers a little before its main thread has waited for that: told to end
        in between, it would say "listener initialization failed", and take itself apart under its own feet."""
        return self._answers() and _main_thread_waits(self.process.pid)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"slapd did not start\n{self.log_tail()}"
        try:
            self.connect().read_rootdse_s(attrlist=["1.1"])
        except ldap.SERVER_DOWN:
            return False
        return True

    def _load(self, entries: Iterable[Entry]) -> None:
        (self.directory / "slapd.d").mkdir(mode=0o700)
        held = {number: each.entries for number, each in self.settings.numbered().items()}
        held[self.settings.number] = entries
        for number in held:
            wanted.data_directory(self.directory, number).mkdir(mode=0o700)
        config = self.directory / "config.ldif"
        write_ldif(config, wanted.config_entries(self.settings, self.directory))
        # Included in the order of slapd's own example: the schema before what uses it.
        more = [f"{name}: {value}" for name, values in self.settings.server.items() for value in values]
        head = ["dn: cn=config", "objectClass: olcGlobal", "cn: config", "olcLogLevel: none", *more, ""]
        schema = ["dn: cn=schema,cn=config", "objectClass: olcSchemaConfig", "cn: schema", ""]
        includes = [f"include: file://{places.SYSTEM_SCHEMA}/{name}.ldif" for name in SCHEMA]
        config.write_text("\n".join([*head, *schema, *includes, "", config.read_text()]))
        places.run(*self._as_tool("add"), "-n", "0", "-l", str(config))
        for number in sorted(held, reverse=True):
            self._fill(number, held[number])

    def _fill(self, number: int, entries: Iterable[Entry]) -> None:
        data = self.directory / "data.ldif"
        write_ldif(data, entries)
        # Of replicas, each is to know which writes it has.
        count = ["-w"] if "olcServerID" in self.settings.server else []
        if data.stat().st_size:
            places.run(*self._as_tool("add"), "-n", str(number), "-q", *count, "-l", str(data))
        data.unlink()
