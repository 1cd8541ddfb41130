"""Several slapds that replicate from each other, over lines that a test can cut."""

import contextlib
import io
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import ldap
import ldif

from . import organization
from .configuring import DATABASE
from .entries import entry, hashed
from .settings import SUFFIX, Database, Entry, random_key
from .slapd import Slapd
from .waiting import wait_for

REPLICA = f"cn=replica,ou=services,{SUFFIX}"
REPLICA_PASSWORD = "replica-password"
LOG = "cn=accesslog"


class Line:
    """A socket in DIRECTORY behind which is the slapd at TARGET, until it is cut."""

    def __init__(self, target: Path, directory: Path, name: str):
        self.path = directory / name
        self.uri = "ldapi://" + urllib.parse.quote(str(self.path), safe="")
        self._target = target
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.heal()

    def heal(self) -> None:
        """Lets connections through from now on."""
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Ends all connections, and refuses new ones."""
        with self._lock:
            ended, self._open = [*self._open, self._listener], set()
            self._listener = None
        for each in ended:
            if each:
                _shut(each)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                with self._lock:
                    if listener is not self._listener:
                        near.close()
                        return
                    self._open |= {near, far}
                try:
                    far.connect(str(self._target))
                except OSError:  # the other slapd is down
                    _shut(near)
                    continue
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while octets := source.recv(65536):
            sink.sendall(octets)
    for each in (source, sink):
        _shut(each)


def identity() -> Entry:
    """The entry as which consumers read."""
    return entry(REPLICA, {"objectClass": ["applicationProcess", "simpleSecurityObject"], "cn": "replica",
                           "userPassword": hashed(REPLICA_PASSWORD)})


def _syncrepl(number: int, uri: str, **more: str) -> bytes:
    words = {"rid": f"{number:03}", "provider": uri, "type": "refreshAndPersist", "searchbase": f'"{SUFFIX}"',
             "bindmethod": "simple", "binddn": f'"{REPLICA}"', "credentials": REPLICA_PASSWORD, "retry": '"1 +"',
             **more}
    return " ".join(f"{name}={value}" for name, value in words.items()).encode()


DELTA = {"logbase": f'"{LOG}"', "logfilter": '"(&(objectClass=auditWriteObject)(reqResult=0))"',
         "syncdata": "accesslog"}


class Replicas:
    """Slapds with the organization in each. `lines[a, b]` is the line by which the slapd B (by number) reads from A."""

    def __init__(self, make_slapd, *entries: Entry, count: int = 2, delta: bool = True,
                 managed: dict[str, str] | None = None, **settings):
        self.delta = delta
        self._make, self._settings = make_slapd, {"mailer_keys": (random_key(),), **settings}
        first = self._started(1, [*organization.entries(**managed or {}), identity(), *entries])
        held = copied(first)
        self.slapds = [first, *(self._started(number, held) for number in range(2, count + 1))]
        self.lines: dict[tuple[int, int], Line] = {}

    def _started(self, number: int, entries: list[Entry]) -> Slapd:
        more = dict(self._settings)
        more["latchkey"] = {"olcLatchkeyReader": [REPLICA], **more.get("latchkey", {})}
        overlays = [("syncprov", {"objectClass": ["olcSyncProvConfig"]})]
        if self.delta:
            overlays.append(("accesslog", {
                "objectClass": ["olcAccessLogConfig"], "olcAccessLogDB": [LOG], "olcAccessLogOps": ["writes"],
                "olcAccessLogSuccess": ["TRUE"]}))
            more["databases"] = (_log_database(), *more.get("databases", ()))
        limits = [f'dn.exact="{REPLICA}" size=unlimited time=unlimited']
        return self._make(entries, modules=("syncprov", *(["accesslog"] if self.delta else [])),
                          overlays=tuple(overlays), server={"olcServerID": [str(number)]},
                          **{**more, "database": {"olcLimits": limits, **more.get("database", {})}})

    def between(self, provider: int, consumer: int) -> Line:
        """A new line by which CONSUMER may read from PROVIDER."""
        source, reader = self.slapds[provider], self.slapds[consumer]
        line = Line(source.directory / "ldapi", reader.directory, f"from-{provider}")
        self.lines[provider, consumer] = line
        return line

    def connect_all(self, **more: str) -> "Replicas":
        """Every slapd takes writes and reads from every other."""
        how = {**(DELTA if self.delta else {}), **more}
        for consumer, slapd in enumerate(self.slapds):
            sources = [_syncrepl(provider + 1, self.between(provider, consumer).uri, **how)
                       for provider in range(len(self.slapds)) if provider != consumer]
            slapd.config().modify_s(DATABASE, [(ldap.MOD_ADD, "olcSyncrepl", sources),
                                               (ldap.MOD_ADD, "olcMultiProvider", [b"TRUE"])])
        return self

    def follow(self, *referrals: str, **more: str) -> "Replicas":
        """The first slapd takes writes, the others read from it and refer writers to REFERRALS."""
        for consumer in range(1, len(self.slapds)):
            changes = [(ldap.MOD_ADD, "olcSyncrepl", [_syncrepl(1, self.between(0, consumer).uri, **more)])]
            if referrals:
                changes.append((ldap.MOD_ADD, "olcUpdateRef", [uri.encode() for uri in referrals]))
            self.slapds[consumer].config().modify_s(DATABASE, changes)
        return self

    def cut(self) -> None:
        """Nobody hears of anybody's writes any more."""
        for line in self.lines.values():
            line.cut()

    def heal(self) -> None:
        """The end of cut()."""
        for line in self.lines.values():
            line.heal()

    def converge(self) -> None:
        """Waits until every slapd has seen every write, by what the replica itself goes by."""
        with contextlib.ExitStack() as stack:
            readers = [stack.enter_context(reading(slapd)) for slapd in self.slapds]
            wait_for(lambda: len({context(reader) for reader in readers}) == 1)

    def content(self) -> list[dict[str, dict[str, list[bytes]]]]:
        """Each directory whole, without the order of values; contextCSN is stored from time to time only."""
        return [{dn: {name: sorted(values) for name, values in attributes.items() if name != "contextCSN"}
                 for dn, attributes in copied(slapd)} for slapd in self.slapds]

    def differences(self) -> list[tuple[str, str, object, object]]:
        """In what the second directory is not as the first."""
        one, other = self.content()[:2]
        return [(dn, name, one.get(dn, {}).get(name), other.get(dn, {}).get(name)) for dn in sorted({*one, *other})
                for name in sorted({*one.get(dn, {}), *other.get(dn, {})})
                if one.get(dn, {}).get(name) != other.get(dn, {}).get(name)]


def _log_database() -> Database:
    # It has the first database's rootdn: as this syncrepl looks there for what a belated write must not undo.
    return Database(LOG, {
        "olcDbIndex": ["entryCSN,objectClass,reqDN,reqEnd,reqResult,reqStart eq"],
        "olcAccess": [f'to * by dn.exact="{REPLICA}" read by * none'],
        "olcLimits": [f'dn.exact="{REPLICA}" size=unlimited time=unlimited'],
        "olcRootPW": [],
    }, (("syncprov", {"objectClass": ["olcSyncProvConfig"], "olcSpNoPresent": ["TRUE"], "olcSpReloadHint": ["TRUE"]}),))


def copied(slapd: Slapd) -> list[Entry]:
    """All that SLAPD holds."""
    records = ldif.LDIFRecordList(io.StringIO(slapd.slapcat()))
    records.parse()
    return [(dn, dict(attributes)) for dn, attributes in records.all_records]


@contextlib.contextmanager
def reading(slapd: Slapd) -> Iterator[ldap.ldapobject.LDAPObject]:
    """A connection as a consumer has it."""
    connection = slapd.connect(REPLICA, REPLICA_PASSWORD)
    yield connection
    connection.unbind_s()


def context(reader: ldap.ldapobject.LDAPObject) -> frozenset[bytes]:
    """The newest write of each provider that has been seen where READER reads."""
    found = reader.search_s(SUFFIX, ldap.SCOPE_BASE, attrlist=["contextCSN"])
    return frozenset(found[0][1].get("contextCSN", []))


def forget_log(slapd: Slapd) -> None:
    """Leaves SLAPD without the log of its writes, as if they had been long ago: it no longer reaches back to what others saw
    last."""
    overlay = f"olcOverlay={{1}}accesslog,{DATABASE}"
    slapd.config().modify_s(overlay, [(ldap.MOD_ADD, "olcAccessLogPurge", [b"00+00:00:01 00+00:00:01"])])
    root = slapd.root()
    wait_for(lambda: not root.search_s(LOG, ldap.SCOPE_ONELEVEL, attrlist=["1.1"]))
    slapd.config().modify_s(overlay, [(ldap.MOD_DELETE, "olcAccessLogPurge", None)])


@contextlib.contextmanager
def stopped(slapd: Slapd) -> Iterator[Slapd]:
    """SLAPD is down for as long as this takes."""
    slapd.stop()
    yield slapd
    slapd.start()

