"""The ways back in: mailed codes, printed codes, one-time passwords; one of them or two, and who enrols them how."""

import base64
import os
import re
from uuid import uuid4

import ldap
import ldap.sasl
import pytest

from latchkey_testing import enrolment, mails, wire
from latchkey_testing.enrolment import complete, value_of, wrong_value
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, KIM, LEE, MANAGED_POLICY, NIGHT_ADMIN,
                                           PASSWORD_ADMIN, ROOT_DN, SELF_POLICY, SONG, STRANGER, entries, password_of,
                                           sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.recovery import code_for
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.traces import contents, encodings, unfolded
from latchkey_testing.waiting import wait_for

MAIL, TOTP, PRINTED = wire.MAIL, wire.TOTP, wire.PRINTED
WRONG = (ldap.INVALID_CREDENTIALS.errnum, "the proofs are wrong, or not this user's, or no longer valid")
DONE = (0, "")
WRONG_MAILED, WRONG_PRINTED, WRONG_VALUE = "0000-0000-0000", "0000-0000-0000-0000-0000-0000", "000000"
ALL_METHODS = ["mail", "totp", "recoveryCode"]
OWN_ATTRIBUTES = ["latchkeyPendingAddress", "latchkeyTotp", "latchkeyTotpPending", "latchkeyPrintedCodes",
                  "latchkeyPrintedUsed"]


@pytest.fixture
def make(make_slapd, mailer, key_file):
    """A function that starts a slapd with all methods, served by the mailer: make(required=2, methods=[...]). MORE has
    attributes to add to entries."""
    def start(required: int = 1, methods: list[str] = ALL_METHODS, with_key: bool = True, more: dict | None = None,
              **settings):
        organization = []
        for dn, attributes in entries():
            attributes = {**attributes, **(more or {}).get(dn, {})}
            if dn in (SELF_POLICY, MANAGED_POLICY):
                attributes = {**attributes, "latchkeyMethod": methods, "latchkeyMethodsRequired": [str(required)]}
            organization.append((dn, attributes))
        latchkey = {"olcLatchkeyKeyFile": [str(key_file)]} if with_key else {}
        slapd = make_slapd(entries=organization, mailer_keys=(mailer.public_key,), latchkey=latchkey, **settings)
        mailer.attach(slapd)
        return slapd
    return start


@pytest.fixture
def slapd(make):
    return make()


def sign_in_again(slapd, password: str):
    return slapd.connect(KIM, password)


def stored(slapd, dn: str) -> str:
    """The whole entry, what nobody may read included."""
    return next(part for part in slapd.slapcat().split("dn: ") if part.startswith(f"{dn}\n"))


def trail(connection) -> list[dict[str, str]]:
    """The events of kim's account that CONNECTION sees, the oldest first."""
    entry = connection.search_s(KIM, ldap.SCOPE_BASE, "(objectClass=*)", ["latchkeyEvent"])[0][1]
    return sorted((wire.message_fields(value) for value in entry.get("latchkeyEvent", [])), key=lambda event: event["time"])


def mailed(slapd, mailer, name: str) -> str:
    return code_for(slapd, mailer, name, f"{name}@example.net")


# --- printed codes


def test_ten_codes_are_shown_once_and_each_works_once(slapd):
    codes = enrolment.new_codes(sign_in(slapd, KIM))
    assert len(set(codes)) == 10
    assert all(len(code) == 29 and code.count("-") == 5 for code in codes)
    assert complete(slapd, "kim", (PRINTED, codes[3]), new="Another-password-1") == DONE
    assert slapd.signs_in(KIM, "Another-password-1")
    for other in ("Another-password-2", "short"):
        assert complete(slapd, "kim", (PRINTED, codes[3]), new=other) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[9].lower().replace("-", " "))) == DONE
    assert enrolment.method_state(sign_in_again(slapd, "Another-password-1"), KIM) == {"recoveryCode 8"}


def test_a_printed_code_is_its_users_own(slapd):
    codes = enrolment.new_codes(sign_in(slapd, KIM))
    assert complete(slapd, "lee", (PRINTED, codes[0])) == WRONG
    assert complete(slapd, "kim", (MAIL, codes[0])) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[0])) == DONE


def test_new_codes_replace_the_old_ones(slapd):
    connection = sign_in(slapd, KIM)
    old = enrolment.new_codes(connection)
    new = enrolment.new_codes(connection)
    assert complete(slapd, "kim", (PRINTED, old[0])) == WRONG
    assert complete(slapd, "kim", (PRINTED, new[0])) == DONE


def test_new_codes_are_ten_again_and_the_used_ones_are_forgotten(slapd):
    connection = sign_in(slapd, KIM)
    for code in enrolment.new_codes(connection)[:2]:
        assert complete(slapd, "kim", (PRINTED, code)) == DONE
    assert enrolment.method_state(connection, KIM) == {"recoveryCode 8"}
    new = enrolment.new_codes(connection)
    assert enrolment.method_state(connection, KIM) == {"recoveryCode 10"}
    assert "latchkeyPrintedUsed" not in stored(slapd, KIM)
    assert [complete(slapd, "kim", (PRINTED, code)) for code in new] == [DONE] * 10
    assert enrolment.method_state(connection, KIM) == set()


def test_marks_of_other_codes_say_nothing(make):
    uuid, code, other = str(uuid4()), "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"
    marks = [enrolment.stored_use(0, b"those of before!"), enrolment.stored_use(1)]
    slapd = make(more={KIM: {"entryUUID": [uuid], "latchkeyPrintedCodes": [enrolment.stored_codes(uuid, code, other)],
                             "latchkeyPrintedUsed": marks}})
    assert complete(slapd, "kim", (PRINTED, other)) == WRONG
    assert complete(slapd, "kim", (PRINTED, code)) == DONE


def test_a_refused_password_leaves_the_printed_code(slapd):
    codes = enrolment.new_codes(sign_in(slapd, KIM))
    code, _text = complete(slapd, "kim", (PRINTED, codes[0]), new="short")
    assert code == ldap.CONSTRAINT_VIOLATION.errnum
    assert complete(slapd, "kim", (PRINTED, codes[0]), new="Long-enough-1") == DONE


def test_a_printed_code_completes_a_plain_password_modify(slapd):
    codes = enrolment.new_codes(sign_in(slapd, SONG))
    slapd.tool("ldappasswd", "-a", codes[0], "-s", "Another-password-1", SONG)
    assert slapd.signs_in(SONG, "Another-password-1")


def test_a_code_works_once_for_many_at_once(slapd):
    codes = enrolment.new_codes(sign_in(slapd, KIM))
    connections = [slapd.connect() for _ in range(6)]
    requests = [(connection, connection.extop(wire_request(codes[0]))) for connection in connections]
    results = [result_of(connection.extop_result, number)[0] for connection, number in requests]
    assert results.count(0) == 1, results


def wire_request(code: str):
    """The request by which kim uses a printed CODE."""
    return wire.ExtendedRequest(wire.RECOVERY_COMPLETE, enrolment.completion("kim", (PRINTED, code)))


# --- pairs


@pytest.fixture
def kim_with_all(make, mailer):
    """A slapd that requires two methods, in which kim has all three: slapd, a mailed code, printed codes, a secret."""
    slapd = make(required=2)
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    secret = enrolment.enrol_totp(connection)
    return slapd, mailed(slapd, mailer, "kim"), codes, secret


PAIRS = {"mail and totp": (MAIL, TOTP), "code and totp": (PRINTED, TOTP), "mail and code": (MAIL, PRINTED),
         "totp and mail": (TOTP, MAIL), "all three": (MAIL, PRINTED, TOTP)}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_methods_open_what_requires_two(kim_with_all, pair):
    slapd, code, codes, secret = kim_with_all
    proofs = {MAIL: code, PRINTED: codes[0], TOTP: value_of(secret)}
    assert complete(slapd, "kim", *((method, proofs[method]) for method in PAIRS[pair])) == DONE


def test_nothing_less_and_nothing_wrong_opens_it(kim_with_all, mailer):
    slapd, code, codes, secret = kim_with_all
    second = mailed(slapd, mailer, "kim")
    value = value_of(secret)
    refused = [
        [(MAIL, code)],
        [(PRINTED, codes[0])],
        [(TOTP, value)],
        [(MAIL, code), (MAIL, second)],
        [(MAIL, code), (MAIL, code)],
        [(PRINTED, codes[0]), (PRINTED, codes[1])],
        [(TOTP, value), (TOTP, value_of(secret, steps=1))],
        [(MAIL, WRONG_MAILED), (TOTP, value)],
        [(PRINTED, WRONG_PRINTED), (TOTP, value)],
        [(MAIL, code), (PRINTED, WRONG_PRINTED)],
        [(MAIL, WRONG_MAILED), (PRINTED, codes[0])],
        [(MAIL, code), (PRINTED, WRONG_PRINTED), (TOTP, value)],
        [(MAIL, code), (TOTP, "not digits")],
        [(MAIL, code), (TOTP, value), (TOTP, value)],
        [(MAIL, codes[0]), (PRINTED, code)],
    ]
    before = stored(slapd, KIM)
    assert {complete(slapd, "kim", *proofs) for proofs in refused} == {WRONG}
    assert stored(slapd, KIM) == before
    assert complete(slapd, "kim", (MAIL, code), (TOTP, value)) == DONE


def test_every_wrong_combination_gets_the_same_answer(kim_with_all):
    slapd, code, codes, _secret = kim_with_all
    answers = set()
    for user in ("kim", "lee", "nobody", "closed"):
        for proofs in ([(MAIL, code)], [(PRINTED, codes[0])], [(MAIL, WRONG_MAILED), (TOTP, WRONG_VALUE)],
                       [(MAIL, code), (PRINTED, WRONG_PRINTED)]):
            answers.add(complete(slapd, user, *proofs))
    assert answers == {WRONG}


# --- one-time passwords


def test_digits_alone_never_count(make):
    slapd = make(methods=["totp"])
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    assert complete(slapd, "kim", (TOTP, value_of(secret))) == WRONG


def test_a_value_works_once(make, mailer):
    slapd = make(required=2)
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    secret = enrolment.enrol_totp(connection)
    value = value_of(secret)
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value)) == DONE
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value)) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value_of(secret, steps=-1))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value_of(secret, steps=1))) == DONE


def test_a_clock_may_be_wrong_by_a_step_and_no_more(make):
    slapd = make(required=2)
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    secret = enrolment.enrol_totp(connection)
    enrolment.wait_for_fresh_step()
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(secret, steps=2))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(secret, steps=-2))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(secret, steps=1))) == DONE


def test_five_wrong_values_spend_a_mailed_code(kim_with_all, mailer):
    slapd, code, codes, secret = kim_with_all
    before = stored(slapd, KIM)
    for _ in range(5):
        assert complete(slapd, "kim", (MAIL, code), (TOTP, wrong_value(secret))) == WRONG
    assert complete(slapd, "kim", (MAIL, code), (TOTP, value_of(secret))) == WRONG
    wait_for(lambda: "event=spend verdict=done" in slapd.log.read_text())
    assert stored(slapd, KIM) == before, "what a mailed code costs is no write to the user's entry"
    slapd.restart()
    assert complete(slapd, "kim", (MAIL, code), (TOTP, value_of(secret))) == WRONG
    again = mailed(slapd, mailer, "kim")
    assert complete(slapd, "kim", (MAIL, again), (TOTP, value_of(secret))) == DONE


def test_five_wrong_values_spend_a_printed_code_and_no_other(kim_with_all):
    slapd, _code, codes, secret = kim_with_all
    for _ in range(5):
        assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, wrong_value(secret))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(secret))) == WRONG
    wait_for(lambda: "recoveryCode 9" in enrolment.method_state(sign_in(slapd, AUDITOR), KIM))
    slapd.restart()
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(secret))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value_of(secret))) == DONE


@pytest.mark.parametrize("method", [MAIL, PRINTED])
def test_a_spent_code_is_spent_where_it_would_suffice_alone(slapd, mailer, method):
    """At once, and not only when the beat has taken it out of the directory: once in a while that comes between."""
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    secret = enrolment.enrol_totp(connection)
    for proof in [mailed(slapd, mailer, "kim") for _ in codes[:3]] if method == MAIL else codes[:3]:
        for _ in range(5):
            assert complete(slapd, "kim", (method, proof), (TOTP, wrong_value(secret))) == WRONG
        assert complete(slapd, "kim", (method, proof)) == WRONG


def test_what_suffices_alone_does_not_beside_what_is_wrong(slapd, mailer):
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    secret = enrolment.enrol_totp(connection)
    code = mailed(slapd, mailer, "kim")
    for wrong in ((PRINTED, WRONG_PRINTED), (TOTP, wrong_value(secret)), (MAIL, code)):
        assert complete(slapd, "kim", (MAIL, code), wrong) == WRONG
    assert complete(slapd, "kim", (MAIL, WRONG_MAILED), (PRINTED, codes[0])) == WRONG
    assert complete(slapd, "kim", (MAIL, code)) == DONE


def test_four_wrong_values_do_not(kim_with_all):
    slapd, code, _codes, secret = kim_with_all
    for _ in range(4):
        assert complete(slapd, "kim", (MAIL, code), (TOTP, wrong_value(secret))) == WRONG
    assert complete(slapd, "kim", (MAIL, code), (TOTP, value_of(secret))) == DONE


def test_a_stranger_without_a_code_spends_nothing(kim_with_all):
    slapd, code, codes, secret = kim_with_all
    before = slapd.slapcat()
    for _ in range(10):
        assert complete(slapd, "kim", (MAIL, WRONG_MAILED), (TOTP, wrong_value(secret))) == WRONG
        assert complete(slapd, "kim", (PRINTED, WRONG_PRINTED), (TOTP, wrong_value(secret))) == WRONG
    assert slapd.slapcat() == before
    assert complete(slapd, "kim", (MAIL, code), (TOTP, value_of(secret))) == DONE


def test_many_guesses_at_once_have_five_tries_between_them(kim_with_all):
    slapd, code, _codes, secret = kim_with_all
    right, wrong = value_of(secret), wrong_value(secret)
    connections = [slapd.connect() for _ in range(6)]
    for values in ([wrong] * 6, [right]):
        requests = []
        for connection, value in zip(connections, values):
            request = wire.ExtendedRequest(wire.RECOVERY_COMPLETE,
                                           enrolment.completion("kim", (MAIL, code), (TOTP, value)))
            requests.append((connection, connection.extop(request)))
        answers = {result_of(connection.extop_result, number)[0] for connection, number in requests}
        assert answers <= {ldap.INVALID_CREDENTIALS.errnum, ldap.BUSY.errnum}


# --- administrators


@pytest.mark.parametrize("dn", [PASSWORD_ADMIN, NIGHT_ADMIN, GLOBAL_ADMIN])
def test_administrators_need_two_where_they_have_two(slapd, mailer, dn):
    name = dn.split(",")[0].split("=")[1]
    codes = enrolment.new_codes(sign_in(slapd, dn))
    code = mailed(slapd, mailer, name)
    assert complete(slapd, name, (MAIL, code)) == WRONG
    assert complete(slapd, name, (PRINTED, codes[0])) == WRONG
    assert complete(slapd, name, (MAIL, code), (PRINTED, codes[0])) == DONE


@pytest.mark.parametrize("dn", [KIM, AUDITOR])
def test_others_need_what_the_policy_says(slapd, mailer, dn):
    name = dn.split(",")[0].split("=")[1]
    codes = enrolment.new_codes(sign_in(slapd, dn))
    assert complete(slapd, name, (MAIL, mailed(slapd, mailer, name))) == DONE
    assert complete(slapd, name, (PRINTED, codes[0])) == DONE


def test_an_administrator_who_has_one_needs_one(slapd, mailer):
    assert complete(slapd, "padmin", (MAIL, mailed(slapd, mailer, "padmin"))) == DONE


# --- what the policy allows


def test_a_method_that_the_policy_does_not_name_is_neither_enrolled_nor_accepted(make, mailer):
    slapd = make(methods=["mail"])
    connection = sign_in(slapd, KIM)
    for call in (enrolment.new_codes, enrolment.totp_begin):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="does not use this method"):
            call(connection)
    assert complete(slapd, "kim", (MAIL, mailed(slapd, mailer, "kim"))) == DONE


def test_codes_that_were_printed_before_the_policy_changed_count_no_more(slapd):
    codes = enrolment.new_codes(sign_in(slapd, KIM))
    slapd.root().modify_s(MANAGED_POLICY, [(ldap.MOD_REPLACE, "latchkeyMethod", [b"mail", b"totp"])])
    assert complete(slapd, "kim", (PRINTED, codes[0])) == WRONG


# --- enrolling


def test_an_address_counts_when_it_is_proven(slapd, mailer):
    connection = sign_in(slapd, KIM)
    enrolment.address_add(connection, "new@example.com", "ko")
    mailer.once()
    mail, = mails.to(mailer.mails(), "new@example.com")
    assert "복구 이메일 주소" in mail["Subject"]
    assert b"new@example.com" not in slapd.entry(KIM)["latchkeyRecoveryAddress"]
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.address_prove(connection, WRONG_MAILED)
    enrolment.address_prove(connection, mails.code_in(mail).lower())
    assert b"new@example.com" in slapd.entry(KIM)["latchkeyRecoveryAddress"]
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.address_prove(connection, mails.code_in(mail))
    assert "latchkeyPendingAddress" not in slapd.entry(KIM)


def test_a_user_without_class_and_address_gets_both_and_recovers(slapd, mailer):
    root = slapd.root()
    root.modify_s(LEE, [(ldap.MOD_DELETE, "latchkeyRecoveryAddress", None),
                        (ldap.MOD_DELETE, "objectClass", [b"latchkeyUser"])])
    enrolment.enrol_address(slapd, mailer, sign_in(slapd, LEE), "lee@example.com")
    assert b"latchkeyUser" in slapd.entry(LEE)["objectClass"]
    code = code_for(slapd, mailer, "lee", "lee@example.com")
    assert complete(slapd, "lee", (MAIL, code)) == DONE


def test_a_code_that_proves_an_address_recovers_nothing(slapd, mailer):
    connection = sign_in(slapd, KIM)
    enrolment.address_add(connection, "kim@example.com")
    mailer.once()
    code = mails.code_in(mails.to(mailer.mails(), "kim@example.com")[0])
    assert complete(slapd, "kim", (MAIL, code)) == WRONG
    enrolment.address_prove(connection, code)


def test_a_recovery_code_proves_no_address(slapd, mailer):
    code = mailed(slapd, mailer, "kim")
    connection = sign_in(slapd, KIM)
    enrolment.address_add(connection, "kim@example.com")
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.address_prove(connection, code)


@pytest.mark.parametrize("address, error", [
    ("kim@example.org", ldap.UNWILLING_TO_PERFORM),  # inside
    ("kim@example.net", ldap.TYPE_OR_VALUE_EXISTS),
    ("KIM@EXAMPLE.NET", ldap.TYPE_OR_VALUE_EXISTS),
    ("no address", ldap.INVALID_SYNTAX),
    ("a@example.com,b@example.com", ldap.INVALID_SYNTAX),
    ("tel:119", ldap.INVALID_SYNTAX),
    ("tel:+82-10-1234-5678;ext=1", ldap.INVALID_SYNTAX),
    ("sms:+82-10-1234-5678", ldap.INVALID_SYNTAX),
])
def test_addresses_that_are_none(slapd, address, error):
    with pytest.raises(error):
        enrolment.address_add(sign_in(slapd, KIM), address)


def test_nobody_floods_a_stranger_with_proofs(slapd):
    connection = sign_in(slapd, KIM)
    for number in range(5):
        enrolment.address_add(connection, f"victim{number}@example.com")
    with pytest.raises(ldap.ADMINLIMIT_EXCEEDED):
        enrolment.address_add(connection, "victim@example.com")


def test_an_app_is_enrolled_by_its_first_value(slapd):
    connection = sign_in(slapd, KIM)
    begun = enrolment.totp_begin(connection)
    assert (begun.issuer, begun.account, begun.digits, begun.period) == ("Example Organization", "kim", 6, 30)
    assert "latchkeyTotp" not in slapd.entry(KIM)
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.totp_finish(connection, wrong_value(begun.secret))
    enrolment.wait_for_fresh_step()
    enrolment.totp_finish(connection, value_of(begun.secret))
    assert enrolment.method_state(connection, KIM) == {"totp"}
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.totp_finish(connection, value_of(begun.secret, steps=1))


def test_the_old_app_counts_until_the_new_one_has_shown_a_value(make):
    slapd = make(required=2)
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    old = enrolment.enrol_totp(connection)
    new = enrolment.totp_begin(connection).secret
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(new))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(old))) == DONE
    enrolment.totp_finish(connection, value_of(new, steps=-1))
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value_of(old, steps=1))) == WRONG
    assert complete(slapd, "kim", (PRINTED, codes[1]), (TOTP, value_of(new))) == DONE


def test_without_a_key_file_no_app_is_enrolled(make):
    slapd = make(with_key=False)
    for call in (enrolment.totp_begin, lambda connection: enrolment.totp_finish(connection, "123456")):
        with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="olcLatchkeyKeyFile"):
            call(sign_in(slapd, KIM))


def test_a_secret_is_bound_to_its_key_and_its_user(make, key_file):
    slapd = make()
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    ldif = stored(slapd, KIM).replace("\n ", "")
    totp, uuid = (re.search(f"^{name}: (.*)$", ldif, re.MULTILINE).group(1) for name in ("latchkeyTotp", "entryUUID"))
    code, other = "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"
    copies = {dn: {"entryUUID": [own], "latchkeyTotp": [totp],
                   "latchkeyPrintedCodes": [enrolment.stored_codes(own, code, other)]}
              for dn, own in ((KIM, uuid), (LEE, str(uuid4())))}
    copied = make(required=2, more=copies)
    assert complete(copied, "lee", (PRINTED, code), (TOTP, value_of(secret))) == WRONG
    assert complete(copied, "kim", (PRINTED, code), (TOTP, value_of(secret))) == DONE
    copied.stop()
    key_file.write_text(base64.b64encode(os.urandom(32)).decode())
    copied.start()
    assert complete(copied, "kim", (PRINTED, other), (TOTP, value_of(secret, steps=1))) == WRONG


CALLS = {
    "AddressAdd": lambda connection: enrolment.address_add(connection, "x@example.com"),
    "AddressProve": lambda connection: enrolment.address_prove(connection, WRONG_MAILED),
    "TotpEnrol, begin": enrolment.totp_begin,
    "TotpEnrol, finish": lambda connection: enrolment.totp_finish(connection, "123456"),
    "RecoveryCodesNew": enrolment.new_codes,
    "ReportMisuse": enrolment.report_misuse,
}


@pytest.mark.parametrize("name", CALLS)
def test_only_signed_in_users_enrol_and_for_themselves_only(slapd, name):
    call = CALLS[name]
    with pytest.raises(ldap.STRONG_AUTH_REQUIRED):
        call(slapd.connect())
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no policy"):
        call(sign_in(slapd, STRANGER))
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="no policy"):
        call(slapd.root())


@pytest.mark.parametrize("name", CALLS)
def test_nobody_enrols_in_anothers_name(make, name):
    """By the control, which slapd takes with these operations only where it is not critical; and by SASL, whose
    authorization identity is a whole connection's."""
    mapped = {"olcAuthzPolicy": [b"to"], "olcAuthzRegexp": [f"gidNumber=.*,cn=auth {PASSWORD_ADMIN}".encode()]}
    slapd = make(more={PASSWORD_ADMIN: {"authzTo": [f"dn.exact:{KIM}"]}})
    slapd.config().modify_s("cn=config", [(ldap.MOD_REPLACE, key, value) for key, value in mapped.items()])
    borrowed = slapd.connect()
    borrowed.sasl_interactive_bind_s("", ldap.sasl.sasl({ldap.sasl.CB_USER: f"dn:{KIM}"}, "EXTERNAL"))
    assert borrowed.whoami_s() == f"dn:{KIM}"
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="as yourself"):
        CALLS[name](borrowed)
    connection = sign_in(slapd, PASSWORD_ADMIN)
    control = ldap.controls.RequestControl("2.16.840.1.113730.3.4.18", True, f"dn:{KIM}".encode())
    connection.set_option(ldap.OPT_SERVER_CONTROLS, [control])
    assert connection.whoami_s() == f"dn:{KIM}"
    with pytest.raises((ldap.UNAVAILABLE_CRITICAL_EXTENSION, ldap.INSUFFICIENT_ACCESS)):
        CALLS[name](connection)


@pytest.mark.parametrize("name", CALLS)
def test_a_temporary_password_enrols_nothing(slapd, name):
    password, _answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)
    connection = slapd.connect(KIM, password)
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="change your own password"):
        CALLS[name](connection)


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_enrolled_over_an_open_connection(make, name):
    slapd = make(port=True)
    with pytest.raises(ldap.CONFIDENTIALITY_REQUIRED):
        CALLS[name](slapd.connect(KIM, password_of(KIM), uri=slapd.tcp_uri))


def test_requests_that_are_damaged(slapd):
    connection = sign_in(slapd, KIM)
    for operation in (enrolment.ADDRESS_ADD, enrolment.ADDRESS_PROVE, enrolment.TOTP_ENROL, enrolment.REPORT_MISUSE,
                      enrolment.RECOVERY_CODES_NEW):
        for value in (b"", b"\x30", b"\x30\x03\x80\x05a", b"\x04\x01a", b"\x30\x00\x00"):
            with pytest.raises(ldap.PROTOCOL_ERROR):
                wire.exop(connection, operation, value)
    for operation in (enrolment.ADDRESS_ADD, enrolment.ADDRESS_PROVE, enrolment.TOTP_ENROL):
        with pytest.raises(ldap.PROTOCOL_ERROR):
            wire.exop(connection, operation, None)


def test_each_enrolment_is_an_event_of_the_account(slapd, mailer):
    connection = sign_in(slapd, KIM)
    enrolment.new_codes(connection)
    enrolment.enrol_totp(connection)
    enrolment.enrol_address(slapd, mailer, connection, "kim@example.com")
    assert {(event["what"], event["rule"]) for event in trail(connection)} == {
        ("enrolment", "codes"), ("enrolment", "totp"), ("enrolment", "address")}


# --- "that was not me"


def test_a_report_voids_what_is_on_its_way(slapd, mailer):
    code = mailed(slapd, mailer, "kim")
    connection = sign_in(slapd, KIM)
    enrolment.address_add(connection, "kim@example.com")
    mailer.once()
    proof = mails.code_in(mails.to(mailer.mails(), "kim@example.com")[0])
    enrolment.report_misuse(connection)
    assert complete(slapd, "kim", (MAIL, code)) == WRONG
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.address_prove(connection, proof)
    assert "latchkey event=misuse verdict=done" in slapd.log.read_text()
    assert trail(connection)[-1]["what"] == "misuse"
    assert "latchkeySerial: 1\n" in stored(slapd, KIM), "codes that another provider has yet to send are void too"
    assert complete(slapd, "kim", (MAIL, mailed(slapd, mailer, "kim"))) == DONE


# --- who sees and who writes what


def test_everybody_concerned_sees_which_methods_there_are_and_nobody_more(slapd):
    connection = sign_in(slapd, KIM)
    enrolment.new_codes(connection)
    enrolment.enrol_totp(connection)
    enrolment.totp_begin(connection)
    enrolment.address_add(connection, "kim@example.com")
    state = {"totp", "recoveryCode 10"}
    for dn in (KIM, PASSWORD_ADMIN, AUDITOR, ROOT_DN):
        assert enrolment.method_state(sign_in(slapd, dn), KIM) == state, dn
    assert enrolment.method_state(sign_in(slapd, LEE), KIM) == set()
    assert enrolment.method_state(slapd.connect(), KIM) == set()


def test_the_stored_values_are_nobodys_to_read(slapd):
    connection = sign_in(slapd, KIM)
    enrolment.new_codes(connection)
    enrolment.enrol_totp(connection)
    enrolment.totp_begin(connection)
    enrolment.address_add(connection, "kim@example.com")
    readers = [slapd.connect(), *(sign_in(slapd, dn) for dn in (KIM, LEE, PASSWORD_ADMIN, GLOBAL_ADMIN, AUDITOR)),
               slapd.connect(MAILER_DN, "mailer-password")]
    for reader in readers:
        for attributes in (["+"], OWN_ATTRIBUTES):
            entry = reader.search_s(KIM, ldap.SCOPE_BASE, "(objectClass=*)", attributes)[0][1]
            assert not set(entry) & set(OWN_ATTRIBUTES)
        for attribute in OWN_ATTRIBUTES:
            assert not reader.search_s(KIM, ldap.SCOPE_BASE, f"({attribute}=*)", ["1.1"])


@pytest.mark.parametrize("attribute", [*OWN_ATTRIBUTES, "latchkeyMethodState"])
def test_the_stored_values_are_nobodys_to_write(slapd, attribute):
    for dn in (KIM, GLOBAL_ADMIN, ROOT_DN):
        for operation in (ldap.MOD_ADD, ldap.MOD_REPLACE, ldap.MOD_DELETE):
            value = None if operation == ldap.MOD_DELETE else [b"1 x=y"]
            code, _text = result_of(sign_in(slapd, dn).modify_s, KIM, [(operation, attribute, value)])
            assert code in (ldap.UNWILLING_TO_PERFORM.errnum, ldap.CONSTRAINT_VIOLATION.errnum)


def test_nothing_to_steal(slapd, mailer):
    connection = sign_in(slapd, KIM)
    codes = enrolment.new_codes(connection)
    enrolled = enrolment.enrol_totp(connection)
    pending = enrolment.totp_begin(connection)
    enrolment.address_add(connection, "kim@example.com")
    mailer.once()
    proof = mails.code_in(mails.to(mailer.mails(), "kim@example.com")[0])
    assert complete(slapd, "kim", (PRINTED, codes[0]), (TOTP, value_of(enrolled))) == DONE
    slapd.stop()
    stores = {"slapcat": slapd.slapcat().encode(), "log": slapd.log.read_bytes(),
              "database": contents(slapd.directory / "data/data.mdb")}
    slapd.start()
    texts = [*codes, proof, base64.b32encode(enrolled).decode(), pending.text]
    needles = {needle for text in texts for needle in encodings(text)}
    for secret in (enrolled, pending.secret):
        needles |= {secret, secret.hex().encode(), secret.hex().upper().encode(), secret[::-1]}
        needles |= {base64.b64encode(b"\0" * skip + secret)[4 if skip else 0:-4] for skip in range(3)}
    for name, store in stores.items():
        store = unfolded(store)
        found = {needle for needle in needles if needle in store}
        assert not found, (name, found)
    assert b"latchkeyPrintedCodes" in stores["slapcat"] and b"latchkeyTotp" in stores["slapcat"]


def test_damaged_values_are_reported_and_passed_over(make):
    uuid, code = str(uuid4()), "K7QF-2M9X-4TRB-0HVN-8E3C-WJ5D"
    slapd = make(more={KIM: {"entryUUID": [uuid], "latchkeyTotp": ["1 damaged"], "latchkeyPendingAddress": ["1 damaged"],
                             "latchkeyPrintedCodes": [enrolment.stored_codes(uuid, code)],
                             "latchkeyPrintedUsed": ["1 damaged", "2 new", enrolment.stored_use(4)]},
                       LEE: {"latchkeyPrintedCodes": ["1 damaged"]}})
    assert complete(slapd, "kim", (PRINTED, code), (TOTP, "123456")) == WRONG
    assert complete(slapd, "lee", (PRINTED, code)) == WRONG
    for attribute in ("latchkeyTotp", "latchkeyPrintedUsed", "latchkeyPrintedCodes"):
        assert f"damaged value of {attribute}" in slapd.log.read_text()
    assert enrolment.method_state(sign_in(slapd, KIM), KIM) == {"totp", "recoveryCode 9"}
    assert enrolment.method_state(sign_in(slapd, LEE), LEE) == set()
    assert complete(slapd, "kim", (PRINTED, code)) == DONE
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        enrolment.address_prove(sign_in(slapd, KIM), WRONG_MAILED)
