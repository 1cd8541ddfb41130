"""Guards that ordinary use never meets: databases with unusual settings, requests of people whose standing has just
changed, and steps that only somebody takes who looks for a way around a rule."""

import datetime
import re

import ldap
import pytest
from ldap import MOD_REPLACE
from ldap.controls import RequestControl

from latchkey_testing import enrolment, organization, stored, wire
from latchkey_testing.entries import MAILER_PASSWORD
from latchkey_testing.organization import (GLOBAL_ADMIN, KIM, LEE, MANAGED, MANAGED_POLICY, OUTSIDE, PASSWORD_ADMIN,
                                           SELF, password_of, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import (MAILER_DN, POLICIES_DN, ROOT_DN, SUFFIX, Database, Settings,
                                       overlay_of_latchkey)

DATABASE = "olcDatabase={1}mdb,cn=config"
FRONTEND = "olcDatabase={-1}frontend,cn=config"
EVERYBODY_MAY = ("to * by * manage",)


def configure(slapd, dn: str, attribute: str, value: str) -> None:
    """Changes cn=config while slapd runs."""
    slapd.config().modify_s(dn, [(MOD_REPLACE, attribute, [value.encode()])])


# What an administrator may not do.


def test_without_a_rootdn_nobody_is_blocked(make_slapd):
    """Nobody could write what the block consists of."""
    slapd = make_slapd(database={"olcRootDN": [], "olcRootPW": []})
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="needs a rootdn"):
        wire.exop(sign_in(slapd, GLOBAL_ADMIN), wire.ACCOUNT_BLOCK, wire.account(KIM))
    assert slapd.signs_in(KIM, password_of(KIM))


@pytest.mark.parametrize("password", ["Two-lines-\n-of-it-9", "A-bell-\a-in-it-9", b"No-UTF-8-\xff-at-all-9"])
def test_a_password_that_no_mail_can_carry_is_not_set(slapd, password):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="cannot be written in a mail"):
        wire.password_modify(admin, KIM, new=password, control=wire.notify())
    assert slapd.signs_in(KIM, password_of(KIM))


def test_a_reset_takes_no_old_password(slapd):
    """It would be compared with nothing, while whoever gave it believes that it was."""
    for old in (password_of(KIM), "wrong"):
        result, text = result_of(sign_in(slapd, PASSWORD_ADMIN).passwd_s, KIM, old, "A-new-password-9")
        assert (result, "old password" in text) == (53, True)
    assert slapd.signs_in(KIM, password_of(KIM))


def test_what_is_drawn_is_never_stored_in_the_clear(slapd):
    configure(slapd, FRONTEND, "olcPasswordHash", "{CLEARTEXT}")
    generated, _control = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM)
    assert slapd.signs_in(KIM, generated)
    value, = slapd.entry(KIM)["userPassword"]
    assert generated.encode() not in value


# Who is closed out while a connection is open, and what a policy does not take.


def test_who_is_blocked_meanwhile_enrols_nothing(slapd):
    connection = sign_in(slapd, KIM)
    wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.ACCOUNT_BLOCK, wire.account(KIM))
    for call in (enrolment.new_codes, lambda each: enrolment.address_add(each, "kim@elsewhere.example")):
        with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="this account is closed"):
            call(connection)


def test_a_policy_that_takes_no_addresses_from_users(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyAddressAttribute", [b"mail"])])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="takes no recovery addresses"):
        enrolment.address_add(sign_in(slapd, KIM), "kim@elsewhere.example")


@pytest.mark.parametrize("seconds, expected", [(600, 0), (901, 49)])
def test_a_secret_that_waited_too_long_is_none(make_slapd, key_file, seconds, expected):
    """In a copy of the directory in which it was made that much earlier."""
    settings = {"olcLatchkeyKeyFile": [str(key_file)]}
    first = make_slapd(latchkey=settings)
    first.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyMethod", [b"mail", b"totp"])])
    begun = enrolment.totp_begin(sign_in(first, KIM))
    entry = next(part for part in first.slapcat().replace("\n ", "").split("dn: ") if part.startswith(f"{KIM}\n"))
    uuid, pending = (re.search(f"^{name}: (.*)$", entry, re.MULTILINE)[1] for name in ("entryUUID", "latchkeyTotpPending"))
    earlier = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds)
    entries = organization.entries()
    dict(entries)[MANAGED_POLICY]["latchkeyMethod"] = ["mail", "totp"]
    dict(entries)[KIM].update(entryUUID=[uuid], latchkeyTotpPending=[
        re.sub("created=[0-9]+Z", f"created={earlier:%Y%m%d%H%M%SZ}", pending)])
    connection = sign_in(make_slapd(entries, latchkey=settings), KIM)
    assert result_of(enrolment.totp_finish, connection, enrolment.value_of(begun.secret))[0] == expected


# What the administrator of slapd has closed is closed.

ANONYMOUS = {
    "RecoveryRequest": lambda c: wire.exop(c, wire.RECOVERY_REQUEST, wire.recovery_request("kim")),
    "RecoveryComplete": lambda c: wire.exop(c, wire.RECOVERY_COMPLETE, wire.recovery_complete("kim", "0000-0000-0000")),
    "Password Modify": lambda c: c.passwd_s("kim", "0000-0000-0000", "A-new-password-9"),
}


@pytest.mark.parametrize("operation", ANONYMOUS)
def test_who_has_to_sign_in_first_recovers_nothing(slapd, operation):
    configure(slapd, DATABASE, "olcRequires", "authc")
    assert result_of(ANONYMOUS[operation], slapd.connect()) == (53, "authentication required")


@pytest.mark.parametrize("operation", ANONYMOUS)
def test_a_database_that_is_read_only_takes_no_wish(slapd, operation):
    configure(slapd, DATABASE, "olcReadOnly", "TRUE")
    result, text = result_of(ANONYMOUS[operation], slapd.connect())
    assert (result, "restricted" in text) == (53, True)


# What would undo a rule in two steps.


def policy(scope: str) -> list:
    """What an Add of a policy carries."""
    return [("objectClass", [b"latchkeyPolicy"]), ("cn", [b"new"]), ("latchkeyScope", [scope.encode()]),
            ("latchkeyResetMode", [b"adminReset"]),
            ("latchkeyGlobalAdmins", [f"cn=global-admins,ou=groups,{SUFFIX}".encode()])]


def unit(name: str) -> list:
    """What an Add of an organizational unit carries."""
    return [("objectClass", [b"organizationalUnit"]), ("ou", [name.encode()])]


def test_nobody_prepares_a_policy_elsewhere_and_moves_it_in(make_slapd):
    """Where no policies are looked for, anybody may write what looks like one."""
    slapd = make_slapd(access=EVERYBODY_MAY)
    lee = sign_in(slapd, LEE)
    lee.add_s(f"ou=stash,{OUTSIDE}", unit("stash"))
    lee.add_s(f"cn=new,ou=stash,{OUTSIDE}", policy(f"ou=deeper,{SELF}"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        lee.rename_s(f"ou=stash,{OUTSIDE}", "ou=stash", POLICIES_DN)


def test_nobody_renames_what_stands_above_a_scope(make_slapd):
    """The entry that moves is under no policy, but its users are."""
    slapd = make_slapd(access=EVERYBODY_MAY)
    slapd.root().add_s(f"ou=deep,{OUTSIDE}", unit("deep"))
    slapd.root().add_s(f"cn=new,{POLICIES_DN}", policy(f"ou=deep,{OUTSIDE}"))
    with pytest.raises(ldap.INSUFFICIENT_ACCESS, match="only a global administrator"):
        sign_in(slapd, LEE).rename_s(OUTSIDE, "ou=elsewhere")


# Recovery entries are nobody.


def test_a_recovery_entry_has_no_password_to_reset(make_slapd):
    """Under a policy for the whole database, too."""
    uuid = "11111111-2222-4333-8444-555555555555"
    slapd = make_slapd([*organization.entries(), stored.container(), stored.recovery(uuid)])
    slapd.root().add_s(f"cn=new,{POLICIES_DN}", policy(SUFFIX))
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        wire.password_modify(sign_in(slapd, GLOBAL_ADMIN), stored.recovery_dn(uuid))


def test_strangers_hear_no_verdict(slapd):
    found = slapd.connect().search_s(KIM, ldap.SCOPE_BASE, attrlist=["uid", "latchkeyResetVerdict"])
    assert found == [(KIM, {"uid": [b"kim"]})]


def test_strangers_do_not_read_how_many_writes_there_were(make_slapd):
    """A provider's contextCSN changes with each, so with each code that was asked for."""
    slapd = make_slapd(modules=("syncprov",), overlays=(("syncprov", {"objectClass": ["olcSyncProvConfig"]}),))
    slapd.root().modify_s(KIM, [(MOD_REPLACE, "description", [b"x"])])
    wanted = (SUFFIX, ldap.SCOPE_BASE, "(objectClass=*)", ["contextCSN"])
    assert slapd.root().search_s(*wanted)[0][1]
    assert slapd.connect().search_s(*wanted) == [(SUFFIX, {})]


def test_a_mailer_of_one_database_settles_nothing_in_another(make_slapd):
    state = {"latchkeyMessage": [stored.message(7, "queued", tries="0")], "latchkeySealed": [stored.sealed(7)],
             "latchkeyDue": [stored.moment()]}
    held = [(dn, {**attributes, **state} if dn == KIM else attributes) for dn, attributes in organization.entries()]
    other = {"olcLatchkeyPolicyBase": [], "olcLatchkeyMailer": [f"cn=another,{MANAGED}"]}
    name, attributes = overlay_of_latchkey(Settings())
    database = Database(MANAGED, {"olcRootDN": [ROOT_DN], "olcRootPW": [], "olcSubordinate": ["TRUE"]},
                        ((name, {**attributes, **other}),), tuple(each for each in held if each[0].endswith(MANAGED)))
    slapd = make_slapd([each for each in held if not each[0].endswith(MANAGED)], below=(database,))
    mailer = slapd.connect(MAILER_DN, MAILER_PASSWORD)
    settle = wire.settle([wire.settlement(KIM, f"{7:032x}", wire.SENT)])
    assert wire.settled(wire.exop(mailer, wire.NOTIFICATION_SETTLE, settle)) == [ldap.INSUFFICIENT_ACCESS.errnum]


def test_a_stranger_does_not_follow_the_writes(make_slapd):
    """Who listens (RFC 4533) is sent a cookie with each, whatever may be read of it."""
    slapd = make_slapd(modules=("syncprov",), overlays=(("syncprov", {"objectClass": ["olcSyncProvConfig"]}),))
    refresh = RequestControl("1.3.6.1.4.1.4203.1.9.1.1", True, wire.sequence(wire.integer(1, wire.ENUMERATED)))
    wanted = (SUFFIX, ldap.SCOPE_SUBTREE, "(uid=kim)", ["1.1"])
    assert result_of(slapd.root().search_ext_s, *wanted, serverctrls=[refresh])[0] == 0
    assert result_of(slapd.connect().search_ext_s, *wanted, serverctrls=[refresh])[0] == 8


def test_a_policy_further_up_does_not_say_by_what_its_neighbours_users_sign_in(slapd):
    everywhere = [*policy(SUFFIX), ("latchkeyLoginAttribute", [b"uid"])]
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyLoginAttribute", [b"mail"])])
    slapd.root().add_s(f"cn=new,{POLICIES_DN}", everywhere)
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        wire.password_modify(slapd.root(), "kim")
    assert wire.password_modify(slapd.root(), "kim@example.org")[0]


@pytest.mark.parametrize("actor", [KIM, PASSWORD_ADMIN])
def test_nobody_resets_their_own_password_by_another_name(slapd, actor):
    """It would be an administrator's reset: without the old password, the rules of age, and the question of slapd's ACLs."""
    name = actor.split(",")[0].removeprefix("uid=")
    result, text = result_of(sign_in(slapd, actor).passwd_s, name, None, "A-new-password-9")
    assert (result, "name yourself by your DN" in text) == (53, True)
    assert slapd.signs_in(actor, password_of(actor))


def test_a_message_that_was_sent_and_erased_is_not_sent_again(slapd, mailer):
    """What proves an address has no use once it is sent: its contents are gone, and an empty mail helps nobody."""
    enrolment.address_add(sign_in(slapd, KIM), "kim@elsewhere.example")
    mailer.once()
    message, = slapd.entry(KIM)["latchkeyMessage"]
    again = wire.resend(KIM, wire.message_fields(message)["id"])
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="have been erased"):
        wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.NOTIFICATION_RESEND, again)


def test_a_code_is_sent_to_no_other_address(slapd):
    """That would be a reset in disguise."""
    enrolment.address_add(sign_in(slapd, KIM), "kim@elsewhere.example")
    message, = slapd.entry(KIM)["latchkeyMessage"]
    elsewhere = wire.resend(KIM, wire.message_fields(message)["id"], "mallory@elsewhere.example")
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match="to another address"):
        wire.exop(sign_in(slapd, PASSWORD_ADMIN), wire.NOTIFICATION_RESEND, elsewhere)
