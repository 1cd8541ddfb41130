"""Transactions of RFC 5805."""

import time
from collections.abc import Callable

from ldap.controls import RequestControl
from ldap.extop import ExtendedRequest

from . import watching, wire
from .password_writes import Connection, result_of

START, SPECIFICATION, END = (f"1.3.6.1.1.21.{number}" for number in (1, 2, 3))

Step = Callable[[Connection, list[RequestControl]], object]


def begin(connection: Connection) -> RequestControl:
    """Begins a transaction; the control makes an operation a part of it."""
    connection.extop_s(ExtendedRequest(START, None))
    return RequestControl(SPECIFICATION, True, b"")


def change(dn: str, *changes) -> Step:
    """A Modify."""
    return lambda connection, controls: connection.modify_ext_s(dn, list(changes), serverctrls=controls)


def _take(connection: Connection, steps: tuple[Step, ...]) -> None:
    control = begin(connection)
    for step in steps:
        step(connection, [control])
        # slapd looks at it once more after it has answered, when the end might have freed it.
        time.sleep(watching.patience(0.025) if watching.wanted() else 0.005)


def transact(connection: Connection, *steps: Step) -> int:
    """The result code of a transaction of STEPS."""
    _take(connection, steps)
    return result_of(wire.exop, connection, END, wire.sequence(wire.element(wire.OCTETS, b"")))[0]


def give_up(connection: Connection, *steps: Step) -> None:
    """A transaction of STEPS that ends without any of them."""
    _take(connection, steps)
    wire.exop(connection, END, wire.sequence(wire.element(wire.BOOLEAN, b"\x00"), wire.element(wire.OCTETS, b"")))
