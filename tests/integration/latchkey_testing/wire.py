"""Latchkey's requests and answers as octets, written from plugin/protocol/wire.h and independent of its C code, so that
tests can also send what no library of ours would."""

from collections.abc import Iterable
from urllib.parse import unquote
from uuid import UUID

import ldap
from ldap.controls import KNOWN_RESPONSE_CONTROLS, RequestControl, ResponseControl
from ldap.extop import ExtendedRequest
from ldap.extop.passwd import PasswordModifyResponse

BASE = "2.25.4409265514517189818853936711966505072"
RECOVERY_REQUEST = f"{BASE}.3.1"
RECOVERY_COMPLETE = f"{BASE}.3.2"
NOTIFICATION_RESEND = f"{BASE}.3.3"
NOTIFICATION_TAKE = f"{BASE}.3.4"
NOTIFICATION_SETTLE = f"{BASE}.3.5"
ACCOUNT_UNLOCK = f"{BASE}.3.6"
ACCOUNT_BLOCK = f"{BASE}.3.7"
NOTIFICATION_BOUNCE = f"{BASE}.3.13"
NOTIFICATION_OVERVIEW = f"{BASE}.3.14"
NOTIFY_CONTROL = f"{BASE}.4.1"
SESSION_CONTROL = "1.3.6.1.4.1.21008.108.63.1"

MAIL, TOTP, PRINTED = 0, 1, 2
QUEUED, DEFERRED, SENT, FAILED = 0, 1, 2, 3

INTEGER, BOOLEAN, OCTETS, ENUMERATED, SEQUENCE = 0x02, 0x01, 0x04, 0x0A, 0x30


def octets_of(value: str | bytes) -> bytes:
    """VALUE as it travels."""
    return value if isinstance(value, bytes) else value.encode()


def element(tag: int, content: str | bytes) -> bytes:
    """One BER element with a definite length."""
    content = octets_of(content)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*elements: bytes) -> bytes:
    """A SEQUENCE (OF)."""
    return element(SEQUENCE, b"".join(elements))


def integer(value: int, tag: int = INTEGER) -> bytes:
    """An INTEGER or ENUMERATED."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _optional(number: int, value: str | bytes | None) -> bytes:
    return b"" if value is None else element(0x80 | number, value)


def _truth(number: int, value: bool | None) -> bytes:
    return b"" if value is None else element(0x80 | number, b"\xff" if value else b"\x00")


def elements(content: bytes) -> list[tuple[int, bytes]]:
    """The tags and contents of the elements that CONTENT is made of."""
    found = []
    while content:
        tag, length, start = content[0], content[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(content[2:start], "big")
        found.append((tag, content[start:start + length]))
        content = content[start + length:]
    return found


def recovery_request(user: str | bytes, locale: str | None = None) -> bytes:
    """A RecoveryRequestValue."""
    return sequence(_optional(0, user), _optional(1, locale))


def recovery_complete(user: str | bytes, *codes: str, new: str | bytes | None = None, method: int = MAIL) -> bytes:
    """A RecoveryCompleteValue with CODES as proofs of METHOD."""
    proofs = b"".join(sequence(integer(method, ENUMERATED), element(OCTETS, code)) for code in codes)
    return sequence(_optional(0, user), element(0xA1, proofs), _optional(2, new))


def notify(to: str | None = None, locale: str | None = None, must_change: bool | None = None,
           conceal: bool | None = None, reason: str | None = None, ticket: str | None = None,
           no_message: bool | None = None) -> RequestControl:
    """The Notify control, critical."""
    value = sequence(_optional(0, to), _optional(1, locale), _truth(2, must_change), _truth(3, conceal),
                     _optional(4, reason), _optional(5, ticket), _truth(6, no_message))
    return RequestControl(NOTIFY_CONTROL, True, value)


def resend(user: str, message_id: str, to: str | None = None) -> bytes:
    """A NotificationResendValue."""
    return sequence(_optional(0, user), _optional(1, message_id), _optional(2, to))


def account(user: str, reason: str | None = None, ticket: str | None = None) -> bytes:
    """An AccountValue, for ACCOUNT_UNLOCK and ACCOUNT_BLOCK."""
    return sequence(_optional(0, user), _optional(1, reason), _optional(2, ticket))


def take(most: int = 100, lease: int = 60) -> bytes:
    """A NotificationTakeValue."""
    return sequence(integer(most), integer(lease))


def taken(answer: bytes | None) -> list[tuple[str, str, bytes]]:
    """The holder, the message and the sealed text of each message in a NotificationTakeResponse."""
    if not answer:
        return []
    (_tag, items), = elements(answer)
    rows = [[content for _tag, content in elements(item)] for _tag, item in elements(items)]
    return [(holder.decode(), message.decode(), sealed) for holder, message, sealed, *_entry_uuid in rows]


def bounce(entry_uuid: str, message_id: str, attempt: int = 0, state: int = FAILED, answer: str = "") -> bytes:
    """A NotificationBounceValue."""
    return sequence(element(OCTETS, UUID(entry_uuid).bytes), element(OCTETS, bytes.fromhex(message_id)[:8]),
                    integer(attempt), integer(state, ENUMERATED), element(OCTETS, answer))


def settlement(holder: str, message_id: str, state: int, answer: str = "", retry_at: str | None = None) -> bytes:
    """One item of settle()."""
    return sequence(element(OCTETS, holder), element(OCTETS, message_id), integer(state, ENUMERATED),
                    element(OCTETS, answer), _optional(0, retry_at))


def settle(items: Iterable[bytes]) -> bytes:
    """A NotificationSettleValue."""
    return sequence(*items)


def settled(answer: bytes) -> list[int]:
    """The result code of each item."""
    (_tag, items), = elements(answer)
    return [int.from_bytes(content, "big") for _tag, content in elements(items)]


def message_fields(value: str | bytes) -> dict[str, str]:
    """The fields of a value of latchkeyMessage or latchkeyCode."""
    version, *fields = (value.decode() if isinstance(value, bytes) else value).split(" ")
    assert version == "1", value
    return {key: unquote(content) for key, content in (field.split("=", 1) for field in fields)}


def session(address: str | bytes, name: str | bytes = "", form: str = f"{SESSION_CONTROL}.3", who: str = "") -> bytes:
    """A SessionIdentifierControlValue (draft-wahl-ldap-session)."""
    return sequence(*(element(OCTETS, each) for each in (address, name, form, who)))


class NotifyResponse(ResponseControl):
    """The Notify control as it comes back."""

    controlType = NOTIFY_CONTROL

    def decodeControlValue(self, encodedControlValue):
        (_tag, items), = elements(encodedControlValue)
        fields = {tag & 0x1F: content for tag, content in elements(items)}
        self.id = fields[0].decode() if 0 in fields else None
        self.expires = fields[1].decode() if 1 in fields else None
        self.must_change = fields[2] != b"\x00"


def exop(connection: ldap.ldapobject.LDAPObject, oid: str, value: bytes | None = None, controls=None) -> bytes | None:
    """Sends an extended operation and returns the value of its answer; raises what LDAP says."""
    _oid, answer = connection.extop_s(ExtendedRequest(oid, value), serverctrls=controls)
    return answer


def password_modify(connection: ldap.ldapobject.LDAPObject, user: str, new: str | None = None, *,
                    control: RequestControl | None = None) -> tuple[str | None, NotifyResponse | None]:
    """Password Modify of RFC 3062: the password that the directory generated, and what came with the control."""
    number = connection.passwd(user, None, new, serverctrls=[control] if control else None)
    classes = {**KNOWN_RESPONSE_CONTROLS, NOTIFY_CONTROL: NotifyResponse}
    result = connection.result4(number, add_ctrls=1, add_extop=1, resp_ctrl_classes=classes)
    controls, value = result[3], result[5]
    generated = PasswordModifyResponse(PasswordModifyResponse.responseName, value).genPasswd if value else None
    answer = next((each for each in controls if isinstance(each, NotifyResponse)), None)
    return generated.decode() if isinstance(generated, bytes) else generated, answer
