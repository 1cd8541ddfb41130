"""Rules hold across databases: glued ones, users in one database with their policy, groups or password policies in another,
and in any order of cn=config. A database in a policy's scope that has no overlay is an error, not a hole."""

import ldap
import pytest

from latchkey_testing import entries as make
from latchkey_testing import mails, organization, raw, recovery, trail, watching, wire
from latchkey_testing.configuring import warnings
from latchkey_testing.organization import (GLOBAL_ADMIN, GROUPS, HAN, KIM, MANAGED, NIGHT_ADMIN, PASSWORD_ADMIN, SELF,
                                           SELF_ADMIN, password_of, sign_in)
from latchkey_testing.password_writes import ALL, PASSWORD_MODIFY, result_of, try_write
from latchkey_testing.settings import (POLICIES_DN, ROOT_DN, ROOT_PASSWORD, SUFFIX, Database, Settings,
                                       overlay_of_latchkey, overlay_of_ppolicy)
from latchkey_testing.slapd import Slapd
from latchkey_testing.waiting import wait_for

UNWILLING, INSUFFICIENT = 53, 50
ACTORS = (ROOT_DN, GLOBAL_ADMIN, SELF_ADMIN, PASSWORD_ADMIN, KIM)


def held_by(suffix: str) -> tuple:
    """What of the organization lies at SUFFIX or below."""
    return tuple(each for each in organization.entries() if each[0].endswith(suffix))


def ours(keys: tuple[str, ...] = (), **more) -> tuple:
    """The overlay on a further database, which holds no policies unless MORE says so."""
    name, attributes = overlay_of_latchkey(Settings(mailer_keys=keys))
    wanted = {**attributes, "olcLatchkeyPolicyBase": [], **more}
    return name, wanted


class Parts:
    """A directory of which some SUFFIXES are in databases of their own, each with the overlay and glued to the first."""

    def __init__(self, make_slapd, mailer, *suffixes: str, **settings):
        def database(suffix: str) -> Database:
            attributes = {"olcRootDN": [ROOT_DN], "olcRootPW": [], "olcSubordinate": ["TRUE"]}
            return Database(suffix, attributes, (overlay_of_ppolicy(), ours((mailer.public_key,))), held_by(suffix))
        first = [each for each in organization.entries() if not each[0].endswith(suffixes)]
        self.slapd: Slapd = make_slapd(first, mailer_keys=(mailer.public_key,), below=tuple(map(database, suffixes)),
                                       **settings)
        mailer.attach(self.slapd)


# Each arrangement puts something else elsewhere.
ARRANGEMENTS = {
    "users": (MANAGED, SELF),
    "self-service users": (SELF,),
    "groups": (GROUPS,),
    "policies": (POLICIES_DN,),
    "all": (MANAGED, SELF, GROUPS, POLICIES_DN),
}


@pytest.fixture(params=ARRANGEMENTS)
def slapd(request, make_slapd, mailer):
    return Parts(make_slapd, mailer, *ARRANGEMENTS[request.param]).slapd


def test_every_way_in_is_guarded(slapd):
    for actor in ACTORS:
        connection = sign_in(slapd, actor)
        for name, write in ALL.items():
            outcome = try_write(slapd, connection, write, HAN, password_of(HAN))
            assert outcome.code and outcome.old_works and not outcome.new_works, (actor, name)
            if name != "Modify, increment":
                assert outcome.code == UNWILLING and "self-service only" in outcome.text, (actor, name)


def test_roles_are_read_where_they_are(slapd):
    for way, write in PASSWORD_MODIFY.items():
        for actor in (PASSWORD_ADMIN, NIGHT_ADMIN, GLOBAL_ADMIN, ROOT_DN):
            assert result_of(write, sign_in(slapd, actor), KIM, f"Typed-by-{make.name_of(actor)}-1")[0] == 0, (actor, way)
        assert result_of(write, sign_in(slapd, HAN), KIM, "Typed-by-Han-1")[0] == INSUFFICIENT
        assert result_of(write, sign_in(slapd, PASSWORD_ADMIN), GLOBAL_ADMIN, "Typed-by-admin-1")[0] == INSUFFICIENT


def test_a_recovery_by_name_and_a_mailed_reset(slapd, mailer):
    for name, dn in (("kim", KIM), ("han", HAN)):
        code = recovery.code_for(slapd, mailer, name, f"{name}@example.net")
        assert recovery.complete(slapd, name, code, "Chosen-by-user-1") is None
        assert slapd.signs_in(dn, "Chosen-by-user-1")
    generated, _answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify())
    mailer.once()
    assert generated in mails.text(mails.to(mailer.mails(), "kim@example.net")[-1])


def test_two_of_one_name_in_two_databases_are_nobody(slapd):
    recovery.ask_and_wait(slapd, "twin")
    assert not any("latchkeyCode" in slapd.slapcat(number) for number in range(1, slapd.settings.number + 1))


def test_changes_of_rules_count_at_once_wherever_they_are(slapd):
    admin = sign_in(slapd, PASSWORD_ADMIN)
    managed = f"cn=managed,{POLICIES_DN}"
    for mode, expected in ((b"selfServiceOnly", UNWILLING), (b"adminReset", 0)) * 2:
        slapd.root().modify_s(managed, [(ldap.MOD_REPLACE, "latchkeyResetMode", [mode])])
        assert result_of(admin.passwd_s, KIM, None, None)[0] == expected
    group = f"cn=password-admins,{GROUPS}"
    for how, expected in ((ldap.MOD_DELETE, INSUFFICIENT), (ldap.MOD_ADD, 0)):
        slapd.root().modify_s(group, [(how, "member", [PASSWORD_ADMIN.encode()])])
        assert result_of(admin.passwd_s, KIM, None, None)[0] == expected
    assert result_of(admin.modify_s, group, [(ldap.MOD_ADD, "member", [HAN.encode()])])[0] == INSUFFICIENT


def test_what_is_hidden_is_hidden_in_every_database(slapd):
    recovery.ask_and_wait(slapd, "kim", "han")
    for who in ("", KIM, GLOBAL_ADMIN, ROOT_DN):
        connection = sign_in(slapd, who) if who else slapd.connect()
        found = connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(|(objectClass=*)(!(objectClass=x)))", ["1.1"])
        assert not [dn for dn, _attributes in found if dn and "cn=latchkey" in dn.lower()]


@pytest.mark.parametrize("move", [(HAN, "uid=han", MANAGED), (KIM, "uid=kim", SELF), (SELF, "ou=self", MANAGED)])
def test_nobody_moves_from_one_database_to_another(make_slapd, mailer, move):
    """slapd itself refuses that; out of a self-service-only subtree Latchkey does, before it is asked."""
    slapd = Parts(make_slapd, mailer, MANAGED, SELF, access=("to * by * manage",)).slapd
    for actor in (ROOT_DN, GLOBAL_ADMIN, HAN):
        assert result_of(sign_in(slapd, actor).rename_s, *move)[0] != 0
    assert slapd.signs_in(HAN, password_of(HAN)) and slapd.signs_in(KIM, password_of(KIM))


def test_databases_that_are_not_glued(make_slapd, mailer):
    """The policies, groups and administrators of one govern the users of another."""
    other = "dc=example,dc=com"
    user = f"uid=user,{other}"
    top = make.entry(other, {"objectClass": ["dcObject", "organization"], "dc": "example", "o": "Other"})
    database = Database(other, {"olcRootDN": [f"cn=admin,{other}"]}, (ours((mailer.public_key,)),),
                        (top, organization.person("user", other, "U Ser")))
    policies = [organization.policy("other", other, "adminReset")]
    slapd = make_slapd([*organization.entries(), *policies], mailer_keys=(mailer.public_key,), databases=(database,))
    mailer.attach(slapd)
    assert slapd.signs_in(user, password_of(user))
    for actor, expected in ((PASSWORD_ADMIN, 0), (GLOBAL_ADMIN, 0), (KIM, INSUFFICIENT)):
        assert result_of(sign_in(slapd, actor).passwd_s, user, None, None)[0] == expected
    code = recovery.code_for(slapd, mailer, "user", "user@example.net")
    assert recovery.complete(slapd, user, code, "Chosen-by-user-1") is None
    assert slapd.signs_in(user, "Chosen-by-user-1")
    slapd.root().modify_s(f"cn=other,{POLICIES_DN}", [(ldap.MOD_REPLACE, "latchkeyResetMode", [b"selfServiceOnly"])])
    foreign_root = slapd.connect(f"cn=admin,{other}", "root-password")
    for connection in (slapd.root(), foreign_root, sign_in(slapd, GLOBAL_ADMIN)):
        assert result_of(connection.passwd_s, user, None, "Typed-by-admin-1")[0] == UNWILLING


def test_a_database_that_takes_no_writes_takes_none_of_latchkeys(make_slapd, mailer):
    """Read-only is read-only, also where the first database, which is asked first, is not."""
    slapd = Parts(make_slapd, mailer, MANAGED).slapd
    code = recovery.code_for(slapd, mailer, "kim", "kim@example.net")
    slapd.config().modify_s("olcDatabase={1}mdb,cn=config", [(ldap.MOD_REPLACE, "olcReadOnly", [b"TRUE"])])
    before = slapd.slapcat(1)
    admin = sign_in(slapd, PASSWORD_ADMIN)
    assert result_of(admin.passwd_s, KIM, None, None)[0] == UNWILLING
    assert result_of(wire.exop, admin, wire.ACCOUNT_BLOCK, wire.account(KIM))[0] == UNWILLING
    assert result_of(wire.exop, slapd.connect(), wire.RECOVERY_COMPLETE,
                     wire.recovery_complete("kim", code, new="Chosen-by-Kim-1"))[0] == UNWILLING
    recovery.ask_and_wait(slapd, "lee")
    assert slapd.slapcat(1) == before
    (begins,) = [line for line in warnings(slapd) if "takes nothing that Latchkey writes" in line]
    assert f'"{MANAGED}"' in begins and "it is read-only" in begins
    slapd.config().modify_s("olcDatabase={1}mdb,cn=config", [(ldap.MOD_REPLACE, "olcReadOnly", [b"FALSE"])])
    recovery.ask_and_wait(slapd, "lee")
    wait_for(lambda: f'"{MANAGED}" takes again what Latchkey writes' in warnings(slapd), timeout=watching.patience(60))


# A database without the overlay.

GAP = f'governs "{MANAGED}", but the database "{MANAGED}" there has no latchkey overlay'


def test_slapd_does_not_start_where_the_rules_would_not_hold(make_slapd, mailer):
    parts = Parts(make_slapd, mailer, MANAGED, SELF)
    parts.slapd.stop()
    overlay = parts.slapd.directory / "slapd.d/cn=config/olcDatabase={1}mdb/olcOverlay={1}latchkey.ldif"
    kept = overlay.read_text()
    overlay.unlink()
    with pytest.raises(AssertionError, match="slapd did not start"):
        parts.slapd.start()
    assert any(GAP in line for line in warnings(parts.slapd))
    overlay.write_text(kept)
    parts.slapd.start()
    assert result_of(sign_in(parts.slapd, PASSWORD_ADMIN).passwd_s, KIM, None, None)[0] == 0


def test_the_overlay_is_not_added_where_the_rules_would_not_hold(make_slapd, mailer):
    """First where the users are, then where the policies are."""
    slapd = Parts(make_slapd, mailer, MANAGED, SELF).slapd
    slapd.stop()
    for number, overlay in ((1, "{1}latchkey"), (3, "{1}latchkey")):
        (slapd.directory / f"slapd.d/cn=config/olcDatabase={{{number}}}mdb/olcOverlay={overlay}.ldif").unlink()
    slapd.start()

    def add(number: int, base: list[str]) -> tuple[int, str]:
        _name, attributes = ours((mailer.public_key,), olcLatchkeyPolicyBase=base)
        values = {**attributes, "objectClass": ["olcOverlayConfig", "olcLatchkeyConfig"], "olcOverlay": ["latchkey"]}
        return result_of(slapd.config().add_s, f"olcOverlay=latchkey,olcDatabase={{{number}}}mdb,cn=config",
                         [(name, [value.encode() for value in each]) for name, each in values.items() if each])

    assert add(3, [POLICIES_DN]) == (80, "a policy governs a database without this overlay: see the log")
    assert slapd.signs_in(KIM, password_of(KIM))
    assert add(1, []) == add(3, [POLICIES_DN]) == (0, "")
    for actor in ACTORS:
        assert result_of(sign_in(slapd, actor).passwd_s, HAN, None, "Typed-by-admin-1")[0] != 0
    slapd.restart()
    assert slapd.signs_in(HAN, password_of(HAN))


def test_no_policy_is_given_a_database_without_the_overlay(make_slapd, mailer):
    """Not by an Add nor by a Modify, whoever asks."""
    extra = "dc=example,dc=net"
    top = make.entry(extra, {"objectClass": ["dcObject", "organization"], "dc": "example", "o": "Other"})
    slapd = make_slapd(mailer_keys=(mailer.public_key,), databases=(Database(extra, {"olcRootPW": [], "olcRootDN": []},
                                                                           (), (top,)),))
    dn, attributes = organization.policy("other", extra, "adminReset")
    added = [(name, [value.encode() for value in values]) for name, values in attributes.items()]
    for connection in (slapd.root(), sign_in(slapd, GLOBAL_ADMIN)):
        assert result_of(connection.add_s, dn, added)[0] == UNWILLING
        for scope in (extra, "dc=net"):
            change = [(ldap.MOD_ADD, "latchkeyScope", [scope.encode()])]
            assert result_of(connection.modify_s, f"cn=managed,{POLICIES_DN}", change)[0] == UNWILLING
    refusals = trail.lines(slapd, rule="uncovered-scope")
    assert [(line["event"], line["verdict"]) for line in refusals] == 2 * [("add", "refused"), *2 * [("modify", "refused")]]
    # Each was answered once.
    with raw.Raw(slapd).signed_in(ROOT_DN, ROOT_PASSWORD) as connection:
        assert connection.ask(raw.changes(f"cn=managed,{POLICIES_DN}", latchkeyScope=[extra])).result == UNWILLING
        assert connection.ask(raw.compare(MANAGED, "ou", "managed")).tag == raw.COMPARE + 1


def test_a_group_in_a_database_without_the_overlay_gives_no_role(make_slapd):
    """Nobody guards there who comes into it. With the overlay it counts at once, and is guarded."""
    extra = "dc=example,dc=net"
    team = f"cn=team,{extra}"
    top = make.entry(extra, {"objectClass": ["dcObject", "organization"], "dc": "example", "o": "Other"})
    held = organization.entries()
    dict(held)[f"cn=password-admins,{GROUPS}"]["member"].append(team)
    slapd = make_slapd(held, databases=(Database(extra, {"olcRootPW": [], "olcRootDN": []}, (), (
        top, (team, {"objectClass": ["groupOfNames"], "cn": ["team"], "member": [SELF_ADMIN]}))),))
    han = sign_in(slapd, HAN)
    han.modify_s(team, [(ldap.MOD_ADD, "member", [HAN.encode()])])
    assert result_of(han.passwd_s, KIM, None, "A-new-password-9")[0] == INSUFFICIENT
    assert any(f'the group "{team}" gives no role' in line for line in warnings(slapd))
    name, attributes = ours()
    slapd.config().add_s(f"olcOverlay={name},olcDatabase={{2}}mdb,cn=config", [
        (key, [value.encode() for value in values]) for key, values in
        {**attributes, "objectClass": ["olcOverlayConfig", "olcLatchkeyConfig"], "olcOverlay": [name]}.items() if values])
    assert result_of(han.passwd_s, KIM, None, "A-new-password-9")[0] == 0
    assert result_of(sign_in(slapd, SELF_ADMIN).modify_s, team, [(ldap.MOD_DELETE, "member", [HAN.encode()])])[0] == 0
    assert result_of(han.modify_s, team, [(ldap.MOD_ADD, "member", [HAN.encode()])])[0] == INSUFFICIENT


def test_a_database_that_comes_later_is_logged(make_slapd, mailer):
    """cn=config is trusted; whoever reads the log sees that the rules do not hold there yet."""
    slapd = Parts(make_slapd, mailer, SELF).slapd
    (slapd.directory / "late").mkdir()
    slapd.config().add_s("olcDatabase={1}mdb,cn=config", [
        ("objectClass", [b"olcDatabaseConfig", b"olcMdbConfig"]), ("olcDatabase", [b"{1}mdb"]),
        ("olcSuffix", [f"ou=late,{MANAGED}".encode()]), ("olcSubordinate", [b"TRUE"]),
        ("olcDbDirectory", [str(slapd.directory / "late").encode()])])
    slapd.root().modify_s(f"cn=managed,{POLICIES_DN}", [(ldap.MOD_REPLACE, "description", [b"read anew"])])
    assert result_of(sign_in(slapd, PASSWORD_ADMIN).passwd_s, KIM, None, None)[0] == 0
    assert any(f'the database "ou=late,{MANAGED}" there has no latchkey overlay' in line for line in warnings(slapd))
