"""Transactions of RFC 5805."""

from collections.abc import Callable

import ldap
from ldap.controls import RequestControl
from ldap.extop import ExtendedRequest

from . import wire
from .password_writes import Connection, result_of
from .settings import CONFIG_DN, CONFIG_PASSWORD

START, SPECIFICATION, END = (f"1.3.6.1.1.21.{number}" for number in (1, 2, 3))

Step = Callable[[Connection, list[RequestControl]], object]

_taking_turns: set[str] = set()


def _take_turns(uri: str) -> None:
    """slapd looks at an operation of a transaction once more after it has answered, when the end of the transaction may
    have freed it, and crashes. A connection has half of slapd's threads; with one, its operations wait for one another."""
    if uri not in _taking_turns:
        config = ldap.initialize(uri)
        config.simple_bind_s(CONFIG_DN, CONFIG_PASSWORD)
        config.modify_s(CONFIG_DN, [(ldap.MOD_REPLACE, "olcThreads", [b"3"])])
        config.unbind_s()
        _taking_turns.add(uri)


def begin(connection: Connection) -> RequestControl:
    """Begins a transaction; the control makes an operation a part of it."""
    _take_turns(connection.get_option(ldap.OPT_URI))
    connection.extop_s(ExtendedRequest(START, None))
    return RequestControl(SPECIFICATION, True, b"")


def change(dn: str, *changes) -> Step:
    """A Modify."""
    return lambda connection, controls: connection.modify_ext_s(dn, list(changes), serverctrls=controls)


def _take(connection: Connection, steps: tuple[Step, ...]) -> None:
    control = begin(connection)
    for step in steps:
        step(connection, [control])


def transact(connection: Connection, *steps: Step) -> int:
    """The result code of a transaction of STEPS."""
    _take(connection, steps)
    return result_of(wire.exop, connection, END, wire.sequence(wire.element(wire.OCTETS, b"")))[0]


def give_up(connection: Connection, *steps: Step) -> None:
    """A transaction of STEPS that ends without any of them."""
    _take(connection, steps)
    wire.exop(connection, END, wire.sequence(wire.element(wire.BOOLEAN, b"\x00"), wire.element(wire.OCTETS, b"")))
