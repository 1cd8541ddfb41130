"""Users do not take away the last address at which they can recover, by any request of LDAP, alone or together with others;
whoever writes for them may."""

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls import RequestControl

from latchkey_testing import organization, trail
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, MANAGED, MANAGED_POLICY, NO_ADDRESS, person, sign_in
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.transactions import change, transact

ADDRESS = "latchkeyRecoveryAddress"
NET, COM, INSIDE = b"kim@example.net", b"kim@example.com", b"kim@example.org"
KEPT = "this is the last address at which this account can recover: add another one first"

TAKING = {
    "the value": [(MOD_DELETE, ADDRESS, [NET])],
    "in capitals": [(MOD_DELETE, ADDRESS, [b"KIM@EXAMPLE.NET"])],
    "the attribute": [(MOD_DELETE, ADDRESS, None)],
    "replaced by nothing": [(MOD_REPLACE, ADDRESS, None)],
    "replaced by one inside": [(MOD_REPLACE, ADDRESS, [INSIDE])],
    "replaced by none": [(MOD_REPLACE, ADDRESS, [b"no address"])],
    "for one inside": [(MOD_DELETE, ADDRESS, [NET]), (MOD_ADD, ADDRESS, [INSIDE])],
    "added and removed": [(MOD_ADD, ADDRESS, [COM]), (MOD_DELETE, ADDRESS, None)],
}
LEAVING = {
    "another in its place": [(MOD_REPLACE, ADDRESS, [COM])],
    "another before": [(MOD_ADD, ADDRESS, [COM]), (MOD_DELETE, ADDRESS, [NET])],
    "another after": [(MOD_DELETE, ADDRESS, None), (MOD_ADD, ADDRESS, [COM])],
    "another attribute": [(MOD_REPLACE, "mail", [COM]), (MOD_DELETE, ADDRESS, None)],
    "one inside": [(MOD_DELETE, "mail", None)],
    "one more": [(MOD_ADD, ADDRESS, [COM])],
}


def addresses(slapd) -> list[bytes]:
    """KIM's own."""
    return slapd.entry(KIM, ADDRESS).get(ADDRESS, [])


@pytest.mark.parametrize("how", TAKING)
def test_the_last_one_stays(slapd, how):
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=KEPT):
        sign_in(slapd, KIM).modify_s(KIM, TAKING[how])
    assert addresses(slapd) == [NET]
    line, = trail.lines(slapd, event="modify")
    assert (line["verdict"], line["rule"], line["actor"], line["changes"]) == ("refused", "last-address", KIM, "address")


@pytest.mark.parametrize("how", LEAVING)
def test_what_leaves_one_is_free(slapd, how):
    sign_in(slapd, KIM).modify_s(KIM, LEAVING[how])
    assert not trail.lines(slapd, rule="last-address")


def test_who_has_none_is_not_kept_from_anything(slapd):
    sign_in(slapd, NO_ADDRESS).modify_s(NO_ADDRESS, [(MOD_REPLACE, ADDRESS, None), (MOD_REPLACE, "mail", None)])


@pytest.mark.parametrize("who", [GLOBAL_ADMIN, ROOT_DN])
def test_others_may(slapd, who):
    sign_in(slapd, who).modify_s(KIM, TAKING["the attribute"])
    assert not addresses(slapd)


def test_what_a_portal_does_in_their_name_they_do(slapd):
    connection = slapd.root()
    control = ldap.controls.RequestControl("2.16.840.1.113730.3.4.18", True, f"dn:{KIM}".encode())
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=KEPT):
        connection.modify_ext_s(KIM, TAKING["the value"], serverctrls=[control])
    assert addresses(slapd) == [NET]


def test_a_transaction_takes_no_more_than_a_request(slapd):
    connection = sign_in(slapd, KIM)
    connection.modify_s(KIM, LEAVING["one more"])
    code = transact(connection, change(KIM, (MOD_DELETE, ADDRESS, [NET])), change(KIM, (MOD_DELETE, ADDRESS, [COM])))
    assert code == ldap.UNWILLING_TO_PERFORM.errnum and addresses(slapd) == [NET, COM]


def test_a_name_that_is_an_address_is_not_lost_by_a_rename(start):
    dn = f"mail=kim.j@example.com,{MANAGED}"
    who = person("kim.j", MANAGED, "Kim J", mail="kim.j@example.com", latchkeyRecoveryAddress=None)
    slapd = start((dn, who[1]))
    connection = slapd.connect(dn, organization.password_of(who[0]))
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=KEPT):
        connection.rename_s(dn, "uid=kim.j", delold=1)
    connection.rename_s(dn, "uid=kim.j", delold=0)


def test_where_no_mail_is_sent_none_is_needed(start):
    slapd = start(entries=organization.entries(latchkeyMethod=["recoveryCode"]))
    sign_in(slapd, KIM).modify_s(KIM, TAKING["the value"])
    assert not addresses(slapd)


def test_a_policy_that_observes_says_what_it_would_refuse(start):
    slapd = start(entries=organization.entries(latchkeyEnforcement="observe"))
    sign_in(slapd, KIM).modify_s(KIM, TAKING["the value"])
    line, = trail.lines(slapd, rule="last-address")
    assert (line["verdict"], line["policy"]) == ("observed", MANAGED_POLICY) and not addresses(slapd)


def test_two_at_once_leave_one(start):
    """Each sees the address that the other takes, and would leave it."""
    both = {"latchkeyRecoveryAddress": [NET.decode(), COM.decode()]}
    slapd = start(entries=[(dn, {**attributes, **both} if dn == KIM else attributes)
                           for dn, attributes in organization.entries()])
    connections = sign_in(slapd, KIM), sign_in(slapd, KIM)
    for _round in range(40):
        with slapd.halted():  # it finds both at once
            numbers = [connection.modify(KIM, [(MOD_DELETE, ADDRESS, [address])])
                       for connection, address in zip(connections, (NET, COM))]
        results = [result_of(connection.result, number) for connection, number in zip(connections, numbers)]
        left = addresses(slapd)
        assert len(left) == 1 and sum(code == 0 for code, _text in results) == 1
        assert all(code in (0, 51, 53) and "latchkeySerial" not in text for code, text in results)
        connections[0].modify_s(KIM, [(MOD_ADD, ADDRESS, list({NET, COM} - set(left)))])


PERMISSIVE = "1.2.840.113556.1.4.1413"


@pytest.mark.parametrize("critical", [True, False])
def test_what_fails_but_to_the_permissive_does_not_cover_the_rest(slapd, critical):
    """slapd passes over an attribute that is not there to be deleted."""
    changes = [(MOD_DELETE, ADDRESS, [NET]), (MOD_DELETE, ADDRESS, None)]
    with pytest.raises(ldap.UNWILLING_TO_PERFORM, match=KEPT):
        sign_in(slapd, KIM).modify_ext_s(KIM, changes, serverctrls=[RequestControl(PERMISSIVE, critical)])
    assert addresses(slapd) == [NET]


def test_the_turns_of_two_are_taken_without_the_permissive_control(slapd):
    """With it, the later of the two would not mind that the number it saw is gone."""
    user = sign_in(slapd, KIM)
    user.modify_s(KIM, [(MOD_ADD, ADDRESS, [COM])])
    taken, absent = [(MOD_DELETE, ADDRESS, [COM])], [(MOD_DELETE, "description", None)]
    with pytest.raises(ldap.UNAVAILABLE_CRITICAL_EXTENSION):
        user.modify_ext_s(KIM, taken, serverctrls=[RequestControl(PERMISSIVE, True)])
    with pytest.raises(ldap.NO_SUCH_ATTRIBUTE):
        user.modify_ext_s(KIM, taken + absent, serverctrls=[RequestControl(PERMISSIVE, False)])
    user.modify_ext_s(KIM, taken, serverctrls=[RequestControl(PERMISSIVE, False)])
    assert addresses(slapd) == [NET]


def test_two_in_one_transaction(slapd):
    user = sign_in(slapd, KIM)
    user.modify_s(KIM, [(MOD_ADD, ADDRESS, [COM, b"kim@example.edu"])])
    assert transact(user, change(KIM, (MOD_DELETE, ADDRESS, [NET])), change(KIM, (MOD_DELETE, ADDRESS, [COM]))) == 0
    assert addresses(slapd) == [b"kim@example.edu"]
