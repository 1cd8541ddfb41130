"""A recovery, step by step, as somebody who has lost the password goes through it."""

import ldap

from . import mails, wire
from .mailer import Mailer
from .password_writes import result_of
from .slapd import Slapd
from .waiting import wait_for

WRONG_CODE = "0000-0000-0000"
WRONG = (49, "the proofs are wrong, or not this user's, or no longer valid")  # the one answer to every wrong proof
AT_ONCE = 60  # names for which one client may ask before the next beat; the queue takes a few more
_SERVED = " latchkey event=request verdict="


def full_width(text: str) -> str:
    """TEXT as an input method for East Asia types it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def ask(slapd: Slapd, user: str, locale: str | None = None) -> None:
    """Asks for a code on a connection of its own, signed in as nobody."""
    connection = slapd.connect()
    assert wire.exop(connection, wire.RECOVERY_REQUEST, wire.recovery_request(user, locale)) is None
    connection.unbind_s()


def served(slapd: Slapd) -> int:
    """How many wishes the beat has looked at since slapd's log began."""
    lines = slapd.log.read_text(errors="replace").splitlines()
    return sum(_SERVED in line and "verdict=dropped" not in line for line in lines)


def ask_and_wait(slapd: Slapd, *users: str) -> None:
    """Asks for a code for each of USERS, and waits until the beat has looked at all of them."""
    before = served(slapd)
    for user in users:
        ask(slapd, user)
    wait_for(lambda: served(slapd) >= before + len(users))


def code_for(slapd: Slapd, mailer: Mailer, user: str, address: str) -> str:
    """Asks for a code for USER, has it mailed, and reads it in the mailbox of ADDRESS."""
    seen = len(mails.to(mailer.mails(), address))
    ask_and_wait(slapd, user)
    mailer.once()
    found = mails.to(mailer.mails(), address)
    assert len(found) == seen + 1, f"{len(found) - seen} new mails for {address}"
    return mails.code_in(found[-1])


def codes_for(slapd: Slapd, mailer: Mailer, *users: str) -> dict[str, list[str]]:
    """Asks for a code for each of USERS and has all that is due mailed: the codes by what stands before the @ of the
    address that they went to."""
    for first in range(0, len(users), AT_ONCE):
        ask_and_wait(slapd, *users[first:first + AT_ONCE])
    before = len(mailer.mails())
    mailer.once()
    found: dict[str, list[str]] = {}
    for mail in mailer.mails()[before:]:
        found.setdefault(mail["To"].addresses[0].username, []).append(mails.code_in(mail))
    return found


def reached(slapd: Slapd, mailer: Mailer, user: str) -> list[str]:
    """The addresses that the code goes to for which somebody asks in the name of USER."""
    seen = len(mailer.mails())
    ask_and_wait(slapd, user)
    mailer.once()
    codes = [mail for mail in mailer.mails()[seen:] if mails.CODE.search(mails.text(mail))]
    return [mail["To"].addresses[0].addr_spec for mail in codes]


def complete(slapd: Slapd, user: str, code: str, new: str | None = None) -> type[ldap.LDAPError] | None:
    """Tries to complete a recovery as nobody; returns what LDAP said, None for success."""
    connection = slapd.connect()
    try:
        wire.exop(connection, wire.RECOVERY_COMPLETE, wire.recovery_complete(user, code, new=new))
    except ldap.LDAPError as error:
        return type(error)
    finally:
        connection.unbind_s()
    return None


def by_own_operation(slapd: Slapd, user: str, code: str, new: str | None = None) -> tuple[int, str]:
    """The result code and text of a RecoveryComplete; without NEW the password is kept."""
    return result_of(wire.exop, slapd.connect(), wire.RECOVERY_COMPLETE, wire.recovery_complete(user, code, new=new))


def by_password_modify(slapd: Slapd, user: str, code: str, new: str | None) -> tuple[int, str]:
    """The result code and text of an anonymous Password Modify with CODE for the old password."""
    return result_of(slapd.connect().passwd_s, user, code, new)


WAYS = {"RecoveryComplete": by_own_operation, "Password Modify": by_password_modify}
