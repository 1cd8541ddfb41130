"""LDAP without a library: messages as octets, so that answers can be compared octet by octet and nonsense be sent."""

import socket
from collections.abc import Iterable

from .slapd import Slapd
from .waiting import PATIENCE
from .wire import BOOLEAN, ENUMERATED, OCTETS, SEQUENCE, element, elements, integer, sequence

BIND, UNBIND, SEARCH, MODIFY, ADD, DELETE = 0x60, 0x42, 0x63, 0x66, 0x68, 0x4A
RENAME, COMPARE, EXTENDED, CONTROLS = 0x6C, 0x6E, 0x77, 0xA0
ENTRY, REFERENCE, INTERMEDIATE = 0x64, 0x73, 0x79

BASE, ONE_LEVEL, SUBTREE = 0, 1, 2
PASSWORD_MODIFY = "1.3.6.1.4.1.4203.1.11.1"
PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"


def present(attribute: str) -> bytes:
    """(attribute=*)"""
    return element(0x87, attribute)


def equals(attribute: str, value: str | bytes) -> bytes:
    """(attribute=value)"""
    return element(0xA3, element(OCTETS, attribute) + element(OCTETS, value))


def negated(inner: bytes) -> bytes:
    """(!inner)"""
    return element(0xA2, inner)


def both(*inner: bytes) -> bytes:
    """(&...); without parts it is true of everything (RFC 4526)."""
    return element(0xA0, b"".join(inner))


def either(*inner: bytes) -> bytes:
    """(|...)"""
    return element(0xA1, b"".join(inner))


def matching(attribute: str | None, value: str | bytes, rule: str | None = None, dn: bool = False) -> bytes:
    """(attribute:dn:rule:=value)"""
    return element(0xA9, (element(0x81, rule) if rule else b"") + (element(0x82, attribute) if attribute else b"")
                   + element(0x83, value) + (element(0x84, b"\xff") if dn else b""))


def search(base: str, scope: int, query: bytes, *attributes: str, most: int = 0, follow: bool = False) -> bytes:
    """A SearchRequest for at MOST that many entries; one that FOLLOWs aliases."""
    wanted = sequence(*(element(OCTETS, name) for name in attributes))
    return element(SEARCH, element(OCTETS, base) + integer(scope, ENUMERATED)
                   + integer(3 if follow else 0, ENUMERATED) + integer(most) + integer(0) + element(BOOLEAN, b"\x00")
                   + query + wanted)


def compare(dn: str, attribute: str, value: str | bytes) -> bytes:
    """A CompareRequest."""
    return element(COMPARE, element(OCTETS, dn) + sequence(element(OCTETS, attribute), element(OCTETS, value)))


def add(dn: str, **attributes: str | list[str]) -> bytes:
    """An AddRequest with one value or several for each attribute."""
    lists = {name: [value] if isinstance(value, str) else value for name, value in attributes.items()}
    values = [sequence(element(OCTETS, name), element(0x31, b"".join(element(OCTETS, value) for value in values)))
              for name, values in lists.items()]
    return element(ADD, element(OCTETS, dn) + sequence(*values))


def replace(dn: str, attribute: str, *values: str) -> bytes:
    """A ModifyRequest that replaces one attribute."""
    return changes(dn, **{attribute: list(values)})


def changes(dn: str, **attributes: list[str]) -> bytes:
    """A ModifyRequest that replaces each of ATTRIBUTES."""
    replaced = [sequence(element(OCTETS, name), element(0x31, b"".join(element(OCTETS, value) for value in values)))
                for name, values in attributes.items()]
    return element(MODIFY, element(OCTETS, dn) + sequence(*(sequence(integer(2, ENUMERATED), each) for each in replaced)))


def rename(dn: str, to: str, above: str | None = None, delete_old: bool = False) -> bytes:
    """A ModifyDNRequest that keeps the old name's value, or deletes it."""
    return element(RENAME, element(OCTETS, dn) + element(OCTETS, to) + element(BOOLEAN, b"\xff" if delete_old else b"\x00")
                   + (element(0x80, above) if above else b""))


def delete(dn: str) -> bytes:
    """A DelRequest."""
    return element(DELETE, dn)


def bind(dn: str = "", password: str = "") -> bytes:
    """A simple BindRequest."""
    return element(BIND, integer(3) + element(OCTETS, dn) + element(0x80, password))


def extended(oid: str, value: bytes | None = None) -> bytes:
    """An ExtendedRequest."""
    return element(EXTENDED, element(0x80, oid) + (b"" if value is None else element(0x81, value)))


def password_modify(user: str | None, old: str | None = None, new: str | bytes | None = None) -> bytes:
    """A Password Modify request of RFC 3062."""
    fields = [element(0x80 | tag, value) for tag, value in enumerate((user, old, new)) if value is not None]
    return extended(PASSWORD_MODIFY, sequence(*fields))


def control(oid: str, value: bytes | None = None, critical: bool = True) -> bytes:
    """One control."""
    return sequence(element(OCTETS, oid), element(BOOLEAN, b"\xff" if critical else b"\x00"),
                    b"" if value is None else element(OCTETS, value))


class Answer:
    """What came back to one request: whole messages, the last one with the result."""

    def __init__(self, messages: list[bytes]):
        self.messages = messages
        (_tag, body), = elements(messages[-1])
        (_tag, _number), (self.tag, operation), *controls = elements(body)
        self.controls = controls[0][1] if controls else b""
        fields = elements(operation)
        self.result = int.from_bytes(fields[0][1], "big")
        self.matched, self.text = fields[1][1].decode(), fields[2][1].decode()

    def __eq__(self, other) -> bool:
        return isinstance(other, Answer) and self.messages == other.messages

    def __repr__(self) -> str:
        return f"<{self.result} {self.matched!r} {self.text!r} {b''.join(self.messages).hex()}>"


class Raw:
    """A connection. Its messages are numbered from 1, so equal dialogues are equal octets."""

    def __init__(self, slapd: Slapd, source: tuple[str, int] | None = None):
        """Over slapd's socket, or over its port FROM an address of this machine."""
        self._socket = socket.socket(socket.AF_INET if source else socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        if source:
            self._socket.bind(source)
            self._socket.connect(("127.0.0.1", int(slapd.tcp_uri.rsplit(":", 1)[1])))
        else:
            self._socket.connect(str(slapd.directory / "ldapi"))
        self._received = b""
        self._number = 0

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        """Closes it without a word."""
        self._socket.close()

    def ask(self, operation: bytes, *controls: bytes) -> Answer:
        """Sends OPERATION and waits for its result."""
        self.send(operation, *controls)
        return self.answer()

    def send(self, operation: bytes, *controls: bytes) -> None:
        """Sends OPERATION; its answer is for answer()."""
        self._number += 1
        self._socket.sendall(sequence(integer(self._number), operation, element(CONTROLS, b"".join(controls))
                                      if controls else b""))

    def send_together(self, *requests: tuple[bytes, ...]) -> None:
        """Sends several, each an operation and its controls, so that the server has them at once."""
        octets = b""
        for operation, *controls in requests:
            self._number += 1
            octets += sequence(integer(self._number), operation, element(CONTROLS, b"".join(controls)) if controls else b"")
        self._socket.sendall(octets)

    def answer(self) -> Answer:
        """Waits for a result, and all that comes before it."""
        messages = [self._message()]
        while self._kind(messages[-1]) in (ENTRY, REFERENCE, INTERMEDIATE):
            messages.append(self._message())
        return Answer(messages)

    def begun(self) -> None:
        """Waits until something of an answer is there, and leaves it for answer()."""
        self._socket.recv(1, socket.MSG_PEEK)

    def signed_in(self, dn: str, password: str) -> "Raw":
        """The same connection after a bind that must succeed."""
        assert self.ask(bind(dn, password)).result == 0
        return self

    def send_octets(self, octets: bytes) -> None:
        """Sends anything at all."""
        self._socket.sendall(octets)

    def is_closed(self) -> bool:
        """Waits for the server to close the connection; what it says before does not count."""
        try:
            while self._socket.recv(65536):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True

    @staticmethod
    def _kind(message: bytes) -> int:
        (_tag, body), = elements(message)
        return elements(body)[1][0]

    def _message(self) -> bytes:
        while (length := self._length()) is None or len(self._received) < length:
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionError("the server has closed the connection")
            self._received += more
        message, self._received = self._received[:length], self._received[length:]
        return message

    def _length(self) -> int | None:
        if len(self._received) < 2:
            return None
        assert self._received[0] == SEQUENCE
        first = self._received[1]
        if first < 0x80:
            return 2 + first
        octets = first & 0x7F
        if len(self._received) < 2 + octets:
            return None
        return 2 + octets + int.from_bytes(self._received[2:2 + octets], "big")


def ask_alone(slapd: Slapd, operation: bytes, *controls: bytes) -> Answer:
    """One request on a connection of its own, signed in as nobody."""
    with Raw(slapd) as connection:
        return connection.ask(operation, *controls)


def answers(slapd: Slapd, operations: Iterable[bytes]) -> list[Answer]:
    """The answers to OPERATIONS on one connection, signed in as nobody."""
    with Raw(slapd) as connection:
        return [connection.ask(operation) for operation in operations]
