#!/usr/bin/python3
"""“Forgot password” with python-ldap.

    forgot_password.py URI request USER     asks for a code
    forgot_password.py URI complete USER    reads the code and a new password from standard input, a line each; without a second
                                            line the password stays, and the lock of failed sign-ins is lifted
    forgot_password.py URI sign-in DN       reads a password, and a new one for where the directory wants it changed first"""

import sys

import ldap
from ldap.controls.ppolicy import PasswordPolicyControl
from ldap.extop import ExtendedRequest

BASE = "2.25.4409265514517189818853936711966505072"
MAIL = 0  # the method: a mailed code; 1 an authenticator app, 2 a printed recovery code
CHANGE_AFTER_RESET = 2  # of the password policy's response


def element(tag: int, content: bytes) -> bytes:
    """A tag, the length, and the octets (BER, definite form)."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def recovery_request(user: str, locale: str) -> bytes:
    """SEQUENCE { user [0], locale [1] }"""
    return element(0x30, element(0x80, user.encode()) + element(0x81, locale.encode()))


def recovery_complete(user: str, code: str, new: str) -> bytes:
    """SEQUENCE { user [0], proofs [1] SEQUENCE OF { method ENUMERATED, proof OCTET STRING }, newPassword [2] OPTIONAL }"""
    proof = element(0x30, element(0x0A, bytes([MAIL])) + element(0x04, code.encode()))
    return element(0x30, element(0x80, user.encode()) + element(0xA1, proof) + (element(0x82, new.encode()) if new else b""))


def connect(uri: str) -> ldap.ldapobject.LDAPObject:
    """A connection on which nobody has signed in. Use ldaps://, or start_tls_s() before anything else."""
    connection = ldap.initialize(uri)
    connection.set_option(ldap.OPT_REFERRALS, 0)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, 10)
    return connection


def request(connection, user: str) -> str:
    """The answer is the same for everybody."""
    connection.extop_s(ExtendedRequest(f"{BASE}.3.1", recovery_request(user, "en")))
    return "If this account exists, a code is on its way."


def complete(connection, user: str, code: str, new: str) -> str:
    """The same with connection.passwd_s(user, code, new), where a new password is wanted."""
    connection.extop_s(ExtendedRequest(f"{BASE}.3.2", recovery_complete(user, code, new)))
    return "You can sign in again."


def sign_in(connection, dn: str, password: str, new: str) -> str:
    """The bind with a temporary password succeeds; the password policy's control says what it is."""
    *_rest, controls = connection.simple_bind_s(dn, password, serverctrls=[PasswordPolicyControl(criticality=False)])
    must_change = any(getattr(control, "error", None) == CHANGE_AFTER_RESET for control in controls)
    if not must_change:
        return "Signed in."
    if not new:
        return "The password has to be changed first."
    connection.passwd_s(None, password, new)
    return "The password had to be changed first, and was."


def main(uri: str, step: str, user: str) -> int:
    """Exit status 0 where it was done."""
    connection = connect(uri)
    try:
        if step == "request":
            print(request(connection, user))
            return 0
        first, second, *_rest = [*sys.stdin.read().splitlines(), "", ""]
        print({"complete": complete, "sign-in": sign_in}[step](connection, user, first, second))
    except ldap.INVALID_CREDENTIALS:
        print("This was not accepted: mistyped, too old, used, or somebody else's.")
        return 1
    except ldap.CONSTRAINT_VIOLATION as refused:
        print("The new password is refused:", refused.args[0].get("info", "choose another one"))
        return 1
    except ldap.LDAPError as error:
        print(error.args[0].get("desc"), error.args[0].get("info", ""))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
