"""What Latchkey stores is written by Latchkey's own operations and by nobody else: not by the rootdn, not with the
relax control, not by what only claims to be replication, not as part of an Add or of a rename; nor is it deleted, moved
or put under another name.

slapd itself keeps clients from NO-USER-MODIFICATION attributes, but for databases that take writes at several providers
and name an updatedn: there it trusts everybody. So that is where Latchkey's own guard is tried."""

import io

import ldap.schema
import ldif
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_INCREMENT, MOD_REPLACE

from latchkey_testing import organization, stored, wire
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED, STRANGER, sign_in
from latchkey_testing.password_writes import RELAX, account, result_of
from latchkey_testing.settings import ROOT_DN, SUFFIX

UNWILLING = 53
REFUSED = (UNWILLING, "what Latchkey stores is changed by Latchkey's own operations only")
UUID = "11111111-2222-4333-8444-555555555555"
OURS = stored.recovery_dn(UUID)
UPDATE_DN = STRANGER
ACTORS = (ROOT_DN, GLOBAL_ADMIN, UPDATE_DN, KIM)

ORDINARY: dict[str, list[str]] = {}
TRUSTING = {"olcUpdateDN": [UPDATE_DN], "olcMultiProvider": ["TRUE"]}

# The attributes, their numbers, and a value that the syntax allows.
STATE = {
    "latchkeyMessage": (60, stored.message(1).encode()),
    "latchkeySealed": (61, b"sealed"),
    "latchkeyDue": (62, b"20261121050200Z"),
    "latchkeySerial": (63, b"7"),
    "latchkeyCode": (64, stored.code(1).encode()),
    "latchkeyEvent": (65, b"1 what=reset"),
    "latchkeyBlocked": (66, b"20261121050200Z"),
    "latchkeyResetVerdict": (67, b"yes"),
    "latchkeyTemporaryUntil": (68, b"20261121050200Z"),
    "latchkeyFailedMessage": (69, b"0" * 32),
    "latchkeyPendingAddress": (70, b"1 to=kim@example.com salt=" + b"0" * 32 + b" hash=" + b"0" * 64
                               + b" created=20261121050200Z expires=20991121050200Z"),
    "latchkeyTotp": (71, b"1 nonce=" + b"0" * 48 + b" sealed=" + b"0" * 72 + b" step=0 created=20261121050200Z"),
    "latchkeyTotpPending": (72, b"1 nonce=" + b"0" * 48 + b" sealed=" + b"0" * 72 + b" step=0 created=20261121050200Z"),
    "latchkeyPrintedCodes": (75, b"1 salt=" + b"0" * 32 + b" hashes=" + b"0" * 640 + b" created=20261121050200Z"),
    "latchkeyPrintedUsed": (76, b"1 salt=" + b"0" * 32 + b" code=3 server=0"),
    "latchkeyMethodState": (74, b"totp"),
    "latchkeyEventDay": (77, b"20010101"),
    "latchkeyRole": (78, b"globalAdministrator"),
    "latchkeyAddressSince": (80, b"1 since=20261121050200Z to=kim@example.com"),
    "latchkeyExpiryNoted": (81, b"20261205050200Z 14"),
    "latchkeyRecoveryOf": (41, b"00000000-0000-0000-0000-000000000000"),
}


def changes_of(name: str) -> dict[str, list]:
    """The ways in which a Modify can write the attribute NAME."""
    number, value = STATE[name]
    changes = {
        "add": [(MOD_ADD, name, [value])],
        "replace": [(MOD_REPLACE, name, [value])],
        "replace by nothing": [(MOD_REPLACE, name, None)],
        "delete": [(MOD_DELETE, name, None)],
        "delete a value": [(MOD_DELETE, name, [value])],
        "after something harmless": [(MOD_REPLACE, "description", [b"x"]), (MOD_REPLACE, name, [value])],
        "other spelling": [(MOD_REPLACE, name.upper(), [value])],
        "object identifier": [(MOD_REPLACE, f"{wire.BASE}.1.{number}", [value])],
    }
    if name == "latchkeySerial":
        changes["increment"] = [(MOD_INCREMENT, name, [b"1"])]
    return changes


def entries_with_state() -> list:
    """The organization; LEE has everything that an entry can have, and somebody a recovery entry."""
    entries = organization.entries()
    for name in ("latchkeyMessage", "latchkeySealed", "latchkeySerial"):
        dict(entries)[LEE][name] = [STATE[name][1]]
    return [*entries, stored.container(), stored.recovery(UUID)]


@pytest.fixture
def start(make_slapd):
    """A function that starts a slapd where everybody may do everything, as far as slapd goes: start(**database)."""
    return lambda **database: make_slapd(entries_with_state(), access=("to * by * manage",), database=database)


REFUSAL = b"what=refused rule=latchkey-state "


def everything(slapd) -> list:
    """The whole database, but for what the trail says of such attempts."""
    reader = ldif.LDIFRecordList(io.StringIO(slapd.slapcat()))
    reader.parse()
    for _dn, entry in reader.all_records:
        entry["latchkeyEvent"] = [event for event in entry.pop("latchkeyEvent", []) if REFUSAL not in event]
        if entry.get("latchkeyEventDay") != [STATE["latchkeyEventDay"][1]]:
            entry.pop("latchkeyEventDay", None)
        for stamp in ("entryCSN", "modifyTimestamp", "contextCSN"):
            entry.pop(stamp, None)
    return reader.all_records


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("database", [ORDINARY, TRUSTING], ids=["ordinary", "trusting"])
def test_no_modify_writes_state(start, actor, database):
    slapd = start(**database)
    connection = sign_in(slapd, actor)
    before = everything(slapd)
    for dn in (LEE, OURS):
        for name in STATE:
            results = {(change, bool(controls)): result_of(connection.modify_ext_s, dn, changes, serverctrls=controls)
                       for change, changes in changes_of(name).items() for controls in ([], [RELAX])}
            reaches_latchkey = database or name == "latchkeyRecoveryOf"
            assert not {what: result for what, result in results.items()
                        if (result != REFUSED if reaches_latchkey else not result[0])}, (dn, name)
    assert everything(slapd) == before


def test_the_table_above_names_all_of_it(slapd):
    _dn, schema = ldap.schema.urlfetch(slapd.uri)
    types = [schema.get_obj(ldap.schema.AttributeType, number) for number in schema.listall(ldap.schema.AttributeType)]
    ours = [each for each in types if each.names[0].startswith("latchkey")]
    # What cn=Monitor shows is computed there, and nothing that Latchkey stores or reads.
    operational = {each.names[0]: each.oid for each in ours
                   if each.no_user_mod and not each.names[0].startswith("latchkeyMonitor")}
    mine = {name: f"{wire.BASE}.1.{number}" for name, (number, _value) in STATE.items()}
    del mine["latchkeyRecoveryOf"]  # the name of a recovery entry, which nobody but Latchkey makes
    assert operational == mine


NEW = f"uid=new,{MANAGED}"
NEW_PERSON = [("objectClass", [b"inetOrgPerson", b"extensibleObject"]), ("uid", [b"new"]), ("cn", [b"x"]),
              ("sn", [b"x"])]


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("database", [ORDINARY, TRUSTING], ids=["ordinary", "trusting"])
def test_no_add_brings_state_along(start, actor, database):
    slapd = start(**database)
    connection = sign_in(slapd, actor)
    for name, (_number, value) in STATE.items():
        for controls in ([], [RELAX]):
            code, text = result_of(connection.add_ext_s, NEW, [*NEW_PERSON, (name, [value])], serverctrls=controls)
            assert (code, text) == REFUSED if database else code, name
    assert result_of(slapd.entry, NEW)[0] == 32


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("rdn", ["latchkeySerial=7", "uid=lee+latchkeySerial=7", "uid=lee+latchkeyDue=20261121050200Z",
                                 "latchkeyRecoveryOf=00000000-0000-0000-0000-000000000000"])
def test_no_rename_brings_state_along(start, actor, rdn):
    slapd = start(**TRUSTING)
    before = account(slapd, LEE)
    for controls in ([], [RELAX]):
        assert result_of(sign_in(slapd, actor).rename_s, LEE, rdn, None, 0, controls) == REFUSED
    assert account(slapd, LEE) == before


def person_of_ones_own(dn: str) -> tuple:
    """What add_ext_s() takes for somebody."""
    return dn, [("objectClass", [b"inetOrgPerson", b"extensibleObject"]), ("cn", [b"latchkey", b"x"]), ("sn", [b"x"])]


# What one might do to the place where codes are kept.
ATTACKS = {
    "recovery entry deleted": lambda c: c.delete_ext_s(OURS),
    "recovery entry renamed": lambda c: c.rename_s(OURS, "latchkeyRecoveryOf=x"),
    "recovery entry moved out": lambda c: c.rename_s(OURS, OURS.split(",")[0], MANAGED),
    "recovery entry changed otherwise": lambda c: c.modify_s(OURS, [(MOD_ADD, "objectClass", [b"extensibleObject"])]),
    "entry below it": lambda c: c.add_s(*person_of_ones_own(f"cn=x,{OURS}")),
    "container deleted": lambda c: c.delete_s(stored.CONTAINER),
    "container renamed": lambda c: c.rename_s(stored.CONTAINER, "cn=other"),
    "container moved": lambda c: c.rename_s(stored.CONTAINER, "cn=latchkey", MANAGED),
    "container changed": lambda c: c.modify_s(stored.CONTAINER, [(MOD_REPLACE, "description", [b"x"])]),
    "entry in the container": lambda c: c.add_s(*person_of_ones_own(f"cn=x,{stored.CONTAINER}")),
    "entry moved into the container": lambda c: c.rename_s(LEE, "uid=lee", stored.CONTAINER),
    "entry moved below a recovery entry": lambda c: c.rename_s(LEE, "uid=lee", OURS),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("actor", [ROOT_DN, GLOBAL_ADMIN])
def test_the_place_of_codes_is_left_alone(start, actor, attack):
    slapd = start()
    before = everything(slapd)
    assert result_of(ATTACKS[attack], sign_in(slapd, actor)) == REFUSED
    assert everything(slapd) == before


@pytest.mark.parametrize("attack", [lambda c: c.add_s(*person_of_ones_own(stored.CONTAINER)),
                                    lambda c: c.rename_s(LEE, "cn=latchkey", SUFFIX)], ids=["added", "renamed"])
def test_nobody_prepares_the_place_of_codes(slapd, attack):
    """A referral of that name, say, would stop everybody's recovery."""
    assert result_of(attack, slapd.root()) == REFUSED
