"""Whatever is done with somebody's account leaves a trail: an event on the entry, in the write itself, and one line in
slapd's log that says who did it, from where, by which rule, why, and for which ticket. Changes of what decides, too."""

import base64
import os
import re
import time

import ldap
import pytest
from ldap import MOD_ADD, MOD_DELETE, MOD_REPLACE
from ldap.controls import RequestControl

from latchkey_testing import enrolment, entries, organization, places, recovery, transactions, trail, wire
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, GROUPS, HAN, KIM, LEE, MANAGED, MANAGED_POLICY,
                                           OUTSIDE, PASSWORD_ADMIN, SELF_ADMIN, SELF_POLICY, password_of,
                                           sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.replicas import LOG, Replicas
from latchkey_testing.settings import MAILER_DN, POLICIES_DN, ROOT_DN
from latchkey_testing.stored import moment

NEW = "Chosen-by-somebody-9"
GLOBAL_ADMINS = f"cn=global-admins,{GROUPS}"
DIRECTORY_TEAM = f"cn=directory-team,{GROUPS}"
CLIENT = r"PATH=.*|IP=127\.0\.0\.1"


@pytest.fixture
def slapd(make_slapd):
    """slapd itself lets everybody do everything here."""
    return make_slapd(access=("to * by * manage",))


def set_password(connection, dn, new=NEW):
    connection.modify_s(dn, [(MOD_REPLACE, "userPassword", [new.encode()])])


def the_line(slapd, **wanted):
    """The one line with the fields WANTED."""
    found = trail.lines(slapd, **wanted)
    assert len(found) == 1, found
    return found[0]


def day_of(slapd, dn):
    """The day by which the events of DN are found."""
    return slapd.entry(dn, "latchkeyEventDay").get("latchkeyEventDay", [])


# --- what is done with an account

MAILED = "a reset with a mail"

# The actor, the target, what is done, the kind of the event, and of the line: its name and its rule.
ACTS = {
    "a reset": (PASSWORD_ADMIN, KIM, lambda c, dn: c.passwd_s(dn, None, NEW), "reset", "reset"),
    MAILED: (PASSWORD_ADMIN, KIM, lambda c, dn: wire.password_modify(
        c, dn, control=wire.notify(reason="전화로 요청", ticket="No. \"7\"")), "reset", "reset"),
    "a reset by a plain modify": (PASSWORD_ADMIN, KIM, set_password, "reset", "modify"),
    "another credential": (PASSWORD_ADMIN, KIM, lambda c, dn: c.modify_s(dn, [(MOD_ADD, "authzTo", [b"dn:*"])]),
                           "credential", "modify"),
    "a block": (PASSWORD_ADMIN, KIM, lambda c, dn: wire.exop(
        c, wire.ACCOUNT_BLOCK, wire.account(dn, "전화로 요청", "No. \"7\"")), "block", "block"),
    "an unlock": (PASSWORD_ADMIN, KIM, lambda c, dn: wire.exop(
        c, wire.ACCOUNT_UNLOCK, wire.account(dn, "전화로 요청", "No. \"7\"")), "unlock", "unlock"),
    "by the rootdn": (ROOT_DN, GLOBAL_ADMIN, set_password, "reset", "modify"),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_an_event_and_a_line(slapd, act):
    actor, dn, do, what, name = ACTS[act]
    do(sign_in(slapd, actor), dn)
    event, = trail.events(slapd, dn)
    line = the_line(slapd, event=name)
    assert (event["what"], event["actor"]) == (what, actor) == (what, line["actor"])
    assert event["rule"] == line["rule"] == ("rootdn" if actor == ROOT_DN else "password-administrator")
    assert line["target"] == dn and line["verdict"] in ("done", "allowed") and line["result"] == "0"
    assert day_of(slapd, dn) == ([] if act == MAILED else [event["time"][:8].encode()])
    assert event["client"] == line["client"] and re.fullmatch(CLIENT, line["client"])
    if "reason" in event:
        assert (event["reason"], event["ticket"]) == (line["reason"], line["ticket"]) == ("전화로 요청", 'No. "7"')
    assert len([line for line in trail.lines(slapd, target=dn)]) == 1, "one line"


@pytest.mark.parametrize("state", [wire.SENT, wire.FAILED])
def test_the_day_of_a_first_event_comes_when_its_mail_is_settled(slapd, state):
    """Until then it is found by the mail; later ones are not put off."""
    _generated, answer = wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify())
    auditor, mailer = sign_in(slapd, AUDITOR), slapd.connect(MAILER_DN, entries.MAILER_PASSWORD)

    def found() -> bool:
        return bool(auditor.search_s(KIM, ldap.SCOPE_BASE, "(&(latchkeyDue=*)(latchkeyEvent=*)(!(latchkeyEventDay=*)))"))

    def settle(settled: int) -> None:
        item = wire.settlement(KIM, answer.id, settled, "an answer", moment(60) if settled == wire.DEFERRED else None)
        wire.exop(mailer, wire.NOTIFICATION_SETTLE, wire.settle([item]))

    settle(wire.DEFERRED)
    assert found() and day_of(slapd, KIM) == []
    settle(state)
    event, = trail.events(slapd, KIM)
    assert not found() and day_of(slapd, KIM) == [event["time"][:8].encode()]
    wire.password_modify(sign_in(slapd, PASSWORD_ADMIN), KIM, control=wire.notify(ticket="2"))
    assert not found() and len(trail.events(slapd, KIM)) == 2


def test_an_event_without_a_mail_has_its_day_at_once(slapd):
    """Beside a mail that tells of an earlier one."""
    admin = sign_in(slapd, PASSWORD_ADMIN)
    wire.password_modify(admin, KIM, control=wire.notify())
    wire.exop(admin, wire.ACCOUNT_BLOCK, wire.account(KIM))
    assert day_of(slapd, KIM) == [trail.events(slapd, KIM)[0]["time"][:8].encode()]


REFUSED = {
    "Password Modify": (LEE, KIM, lambda c, dn: c.passwd_s(dn, None, NEW), "reset", "reset-needs-role"),
    "modify": (GLOBAL_ADMIN, HAN, set_password, "modify", "self-service-only"),
    "rename": (LEE, KIM, lambda c, dn: c.rename_s(dn, "userPassword=carried"), "rename", "reset-needs-role"),
    "another credential": (LEE, KIM, lambda c, dn: c.modify_s(dn, [(MOD_ADD, "authzTo", [b"dn:*"])]), "modify",
                           "reset-needs-role"),
    "Latchkey's state": (LEE, KIM, lambda c, dn: c.rename_s(dn, "latchkeySerial=7"), "rename", "latchkey-state"),
    "unlock": (LEE, KIM, lambda c, dn: wire.exop(c, wire.ACCOUNT_UNLOCK, wire.account(dn)), "unlock",
               "act-needs-role"),
    "block": (KIM, KIM, lambda c, dn: wire.exop(c, wire.ACCOUNT_BLOCK, wire.account(dn)), "block", "not-oneself"),
    "resend": (LEE, KIM, lambda c, dn: wire.exop(c, wire.NOTIFICATION_RESEND, wire.resend(dn, "0" * 32)), "resend",
               "act-needs-role"),
    "move": (GLOBAL_ADMIN, HAN, lambda c, dn: c.rename_s(dn, "uid=han", OUTSIDE), "rename", "self-service-only-move"),
    "policy": (LEE, MANAGED_POLICY, lambda c, dn: c.delete_s(dn), "delete", "rules-need-global-administrator"),
    "role group": (LEE, DIRECTORY_TEAM, lambda c, dn: c.modify_s(dn, [(MOD_ADD, "member", [LEE.encode()])]), "modify",
                   "rules-need-global-administrator"),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_each_refusal_of_somebody_signed_in_is_an_event_and_a_line(slapd, attempt):
    actor, dn, do, name, rule = REFUSED[attempt]
    assert result_of(do, sign_in(slapd, actor), dn)[0] in (50, 53)
    event, = trail.events(slapd, dn)
    line = the_line(slapd, verdict="refused")
    assert (event["what"], event["actor"], event["rule"]) == ("refused", actor, rule)
    assert (line["event"], line["actor"], line["target"], line["rule"]) == (name, actor, dn, rule)
    assert re.fullmatch(CLIENT, line["client"]) and line["client"] == event["client"]
    assert day_of(slapd, dn) == [event["time"][:8].encode()]


def test_a_reason_that_is_missing_is_a_refusal_too(slapd):
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyReasonRequired", [b"TRUE"])])
    assert result_of(sign_in(slapd, PASSWORD_ADMIN).passwd_s, KIM, None, NEW)[0] == 53
    assert trail.events(slapd, KIM)[0]["rule"] == the_line(slapd, event="reset")["rule"] == "reason-required"


def test_what_slapd_refuses_was_not_done(make_slapd):
    """The role is not enough for a plain modify, and the line says what slapd made of it."""
    slapd = make_slapd(access=("to attrs=userPassword by anonymous auth", "to * by * read"))
    assert result_of(set_password, sign_in(slapd, PASSWORD_ADMIN), KIM)[0] == 50
    assert the_line(slapd, event="modify")["result"] == "50"
    assert not trail.events(slapd, KIM)


def test_two_writes_at_once_do_not_fail_for_the_trail(slapd):
    """Both find eight events, and both make room."""
    admin = sign_in(slapd, PASSWORD_ADMIN)
    for number in range(8):
        wire.exop(admin, wire.ACCOUNT_UNLOCK, wire.account(KIM, ticket=str(number)))
    pending = [(sign_in(slapd, PASSWORD_ADMIN), number) for number in range(8)]
    sent = [(c, c.modify(KIM, [(MOD_ADD, "authzTo", [f"dn:cn={n}".encode()])])) for c, n in pending]
    assert [c.result(message)[0] for c, message in sent] == [ldap.RES_MODIFY] * len(sent)
    assert trail.events(slapd, KIM, what="credential")


def test_events_of_last_season_go_with_the_next_one(make_slapd):
    directory = organization.entries()
    old, recent = (time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() - days * 86400)) for days in (91, 89))
    dict(directory)[KIM]["latchkeyEvent"] = [f"1 time={old} what=unlock", f"1 time={recent} what=block", "damaged"]
    slapd = make_slapd(directory, access=("to * by * manage",))
    set_password(sign_in(slapd, PASSWORD_ADMIN), KIM)
    assert [event["what"] for event in trail.events(slapd, KIM)] == ["block", "reset"]


@pytest.mark.parametrize("days,stays", [(-1, False), (0, True), (1, True), (2, False)])
def test_the_day_of_the_newest_event_follows_the_clock(make_slapd, days, stays):
    """Of another provider's clock that is a little before this one's it is not brought back."""
    directory = organization.entries()
    stored = time.strftime("%Y%m%d", time.gmtime(time.time() + days * 86400)).encode()
    dict(directory)[KIM]["latchkeyEventDay"] = [stored]
    slapd = make_slapd(directory, access=("to * by * manage",))
    set_password(sign_in(slapd, PASSWORD_ADMIN), KIM)
    event, = trail.events(slapd, KIM)
    assert day_of(slapd, KIM) == [stored if stays else event["time"][:8].encode()]


def test_the_other_events_of_a_day_do_not_write_the_day_again(make_slapd):
    """So that they cost its index nothing; replication carries what is written."""
    providers = Replicas(make_slapd)
    here, _there = providers.slapds
    for _again in range(2):
        wire.exop(sign_in(here, PASSWORD_ADMIN), wire.ACCOUNT_UNLOCK, wire.account(KIM, ticket=os.urandom(4).hex()))
    written = [change for _dn, record in here.root().search_s(LOG, ldap.SCOPE_ONELEVEL, attrlist=["reqMod"])
               for change in record.get("reqMod", [])]
    assert [sum(change.startswith(name) for change in written) for name in (b"latchkeyEvent:+", b"latchkeyEventDay:=")] \
        == [2, 1]


RESET_STEP = transactions.change(KIM, (MOD_REPLACE, "userPassword", [NEW.encode()]))
WRONG_STEP = transactions.change(LEE, (MOD_DELETE, "title", None))


def test_the_trail_of_a_transaction_goes_with_it(slapd):
    """Whatever is not committed leaves no event."""
    set_password(slapd.root(), LEE)  # slapo-ppolicy's own attributes are harmed, where a transaction has them first
    assert transactions.transact(sign_in(slapd, PASSWORD_ADMIN), RESET_STEP, WRONG_STEP) != 0
    assert not trail.events(slapd, KIM)
    assert transactions.transact(sign_in(slapd, PASSWORD_ADMIN), RESET_STEP) == 0
    assert [event["what"] for event in trail.events(slapd, KIM)] == ["reset"]


NO_OPERATION = RequestControl("1.3.6.1.4.1.4203.666.5.2", True)


@pytest.mark.parametrize("undone", ["a transaction that is aborted", "the no-op control"])
def test_what_is_added_to_a_write_does_no_harm_when_that_is_undone(make_slapd, undone):
    """slapd would store an entry that nobody can read again, if an attribute came first in a write that was undone."""
    slapd = make_slapd(access=("to * by * manage",), ppolicy=False)
    change = [(MOD_REPLACE, "userPassword", [NEW.encode()]), (MOD_REPLACE, "mail", [b"new@example.com"])]
    if undone == "the no-op control":
        assert result_of(sign_in(slapd, PASSWORD_ADMIN).modify_ext_s, KIM, change, serverctrls=[NO_OPERATION])[0] != 0
        assert result_of(sign_in(slapd, LEE).modify_ext_s, KIM, change[1:], serverctrls=[NO_OPERATION])[0] != 0
    else:
        assert transactions.transact(sign_in(slapd, PASSWORD_ADMIN), RESET_STEP, WRONG_STEP) != 0
        assert transactions.transact(sign_in(slapd, LEE), transactions.change(KIM, change[1]), WRONG_STEP) != 0
    assert not trail.events(slapd, KIM) and slapd.signs_in(KIM, password_of(KIM))
    sign_in(slapd, LEE).modify_s(KIM, change[1:])
    sign_in(slapd, PASSWORD_ADMIN).modify_s(KIM, change)
    assert trail.events(slapd, KIM) and "00000000-0000-0000" not in slapd.slapcat()
    slapd.restart()
    assert slapd.entry(KIM)


# --- changes of what decides

POLICY = [("objectClass", [b"latchkeyPolicy"]), ("cn", [b"new"]), ("latchkeyResetMode", [b"adminReset"])]
# What is done, to which entry, under which name that stands then, the kind of event, what the line says.
CHANGES = {
    "a policy": (lambda c: c.modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyOrganization", [b"Other"]),
                                                    (MOD_ADD, "latchkeyMethod", [b"mail"])]),
                 SELF_POLICY, "policy", {"event": "modify", "changes": "policy",
                                         "attributes": "latchkeyOrganization,latchkeyMethod", "policy": SELF_POLICY}),
    "a nearer policy": (lambda c: c.add_s(f"cn=new,{POLICIES_DN}", POLICY + [("latchkeyScope", [KIM.encode()])]),
                        f"cn=new,{POLICIES_DN}", "policy", {"event": "add", "changes": "policy"}),
    "a policy where there was none": (
        lambda c: c.add_s(f"cn=new,{POLICIES_DN}", POLICY + [("latchkeyScope", [OUTSIDE.encode()])]),
        f"cn=new,{POLICIES_DN}", "policy", {"event": "add", "changes": "policy", "rule": "left-to-access-control"}),
    "a policy's name": (lambda c: c.rename_s(SELF_POLICY, "cn=other"), f"cn=other,{POLICIES_DN}", "policy",
                        {"event": "rename", "changes": "policy", "rdn": "cn=other", "target": SELF_POLICY}),
    "a member more": (lambda c: c.modify_s(DIRECTORY_TEAM, [(MOD_ADD, "member", [LEE.encode()])]), DIRECTORY_TEAM,
                      "group", {"event": "modify", "changes": "group", "added": "1", "removed": "0"}),
    "other members": (lambda c: c.modify_s(GLOBAL_ADMINS, [(MOD_REPLACE, "member", [
        member.encode() for member in (GLOBAL_ADMIN, SELF_ADMIN, LEE)])]), GLOBAL_ADMINS, "group",
        {"event": "modify", "changes": "group", "added": "1", "removed": "1"}),
    "a group's name": (lambda c: c.rename_s(DIRECTORY_TEAM, "cn=other"), f"cn=other,{GROUPS}", "group",
                       {"event": "rename", "changes": "group"}),
    "another's place": (lambda c: c.rename_s(KIM, "uid=kim", OUTSIDE), f"uid=kim,{OUTSIDE}", "move",
                        {"event": "rename", "changes": "place", "superior": OUTSIDE, "target": KIM}),
}


@pytest.mark.parametrize("actor", [GLOBAL_ADMIN, ROOT_DN])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("observe", [False, True], ids=["enforced", "observed"])
def test_each_change_of_what_decides_is_an_event_and_a_line(make_slapd, change, actor, observe):
    do, dn, what, said = CHANGES[change]
    directory = organization.entries()
    for policy in (SELF_POLICY, MANAGED_POLICY):
        dict(directory)[policy]["latchkeyEnforcement"] = ["observe" if observe else "enforce"]
    slapd = make_slapd(directory, access=("to * by * manage",))
    do(sign_in(slapd, actor))
    line = the_line(slapd, event=said["event"])
    assert said.items() <= line.items() and line["result"] == "0" and line["actor"] == actor
    event, = trail.events(slapd, dn)
    assert (event["what"], event["actor"], event["rule"]) == (what, actor, line["rule"])
    assert event.get("changed") == line.get("attributes")
    assert day_of(slapd, dn) == [event["time"][:8].encode()]


def test_the_members_that_come_and_go_are_named(slapd):
    CHANGES["other members"][0](slapd.root())
    assert {(line["change"], line["member"]) for line in trail.lines(slapd, event="member")} == {
        ("added", LEE), ("removed", DIRECTORY_TEAM)}
    slapd.root().modify_s(GLOBAL_ADMINS, [(MOD_ADD, "member", [f"uid={n},{MANAGED}".encode() for n in range(100)])])
    assert the_line(slapd, event="modify", added="100")["target"] == GLOBAL_ADMINS
    assert len(trail.lines(slapd, event="member")) == 2 + 64


@pytest.mark.parametrize("dn", [SELF_POLICY, DIRECTORY_TEAM])
def test_what_is_deleted_leaves_a_line(slapd, dn):
    slapd.root().delete_s(dn)
    assert the_line(slapd, event="delete")["target"] == dn


def test_who_reads_the_trail_of_what_decides(slapd):
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyOrganization", [b"Other"])])
    slapd.root().modify_s(DIRECTORY_TEAM, [(MOD_ADD, "member", [LEE.encode()])])
    for reader, reads in {GLOBAL_ADMIN: True, AUDITOR: True, ROOT_DN: True, PASSWORD_ADMIN: False, KIM: False}.items():
        for dn in (SELF_POLICY, DIRECTORY_TEAM):
            (_dn, entry), = sign_in(slapd, reader).search_s(
                dn, ldap.SCOPE_BASE, attrlist=["latchkeyEvent", "latchkeyEventDay"])
            assert ("latchkeyEvent" in entry) == ("latchkeyEventDay" in entry) == reads, (reader, dn)


def test_the_trail_of_plain_writes_is_replicated(make_slapd):
    """With the write that it is a part of, however slapd passes that on."""
    providers = Replicas(make_slapd)
    here, there = providers.slapds
    providers.connect_all()
    for dn in (LEE, KIM):
        set_password(here.root(), dn)
    for change in ("a policy", "a member more", "a nearer policy", "a policy's name", "another's place"):
        CHANGES[change][0](here.root())
    providers.converge()
    assert not providers.differences()
    for dn in (LEE, f"uid=kim,{OUTSIDE}", DIRECTORY_TEAM, f"cn=other,{POLICIES_DN}", f"cn=new,{POLICIES_DN}"):
        assert trail.events(here, dn) and trail.events(there, dn) == trail.events(here, dn), dn


# --- strangers

def test_a_strangers_wrong_proofs_write_nothing(slapd):
    recovery.ask_and_wait(slapd, "kim")
    before, typed = slapd.slapcat(), "Typed-by-mistake-7"
    for user in ("kim", "nobody", typed):
        for call in (recovery.by_own_operation, recovery.by_password_modify):
            assert call(slapd, user, "K7QF-2M9X-4TRB", NEW)[0] == 49
    assert slapd.slapcat() == before
    wrong = trail.lines(slapd, event="recovery", verdict="wrong")
    assert sorted(line["target"] for line in wrong) == [KIM] * 2 + ["unknown"] * 4
    assert all(re.fullmatch(CLIENT, line["client"]) for line in wrong)


# --- the form of the lines

def everything(slapd, mailer) -> list[str]:
    """Does all that is logged; returns the secrets that came of it."""
    actors = {act[0] for act in (*ACTS.values(), *REFUSED.values())} | {KIM, LEE, PASSWORD_ADMIN}
    connections = {actor: sign_in(slapd, actor) for actor in actors}  # while the passwords are the first ones
    kim, padmin = connections[KIM], connections[PASSWORD_ADMIN]
    secrets = [NEW, *enrolment.new_codes(kim), "a whole new password"]
    enrolment.enrol_totp(kim)
    enrolment.enrol_address(slapd, mailer, kim, "kim@example.com")
    enrolment.report_misuse(kim)
    for act in ACTS.values():
        act[2](connections[act[0]], act[1])
    for attempt in REFUSED.values():
        result_of(attempt[2], connections[attempt[0]], attempt[1])
    generated, answer = wire.password_modify(padmin, KIM, control=wire.notify(to="kim@example.net"))
    secrets.append(generated)
    mailer.once()
    wire.exop(padmin, wire.NOTIFICATION_RESEND, wire.resend(KIM, answer.id))
    result_of(wire.exop, padmin, wire.NOTIFICATION_RESEND, wire.resend(KIM, "0" * 32))
    result_of(wire.exop, connections[LEE], wire.ACCOUNT_UNLOCK, wire.account("Typed-by-mistake-7"))
    code = recovery.code_for(slapd, mailer, "lee", "lee@example.net")
    recovery.by_own_operation(slapd, "lee", "K7QF-2M9X-4TRB", NEW)
    recovery.by_own_operation(slapd, "lee", code, "a whole new password")
    for change in CHANGES.values():
        result_of(change[0], slapd.root())
    slapd.root().delete_s(MANAGED_POLICY)
    return secrets + [code, "Typed-by-mistake-7"]


def documented() -> dict[str, set[str]]:
    """The names in the tables of slapo-latchkey(5): of events, fields, verdicts, rules."""
    section = (places.ROOT / "data/man/slapo-latchkey.5").read_text().split(".SH LOG", 1)[1].split("\n.SH ", 1)[0]
    names = {}
    for heading, table in re.findall(r"^\.SS (\w+).*?\.TS\n[^\n]*\n(.*?)\.TE", section, re.MULTILINE | re.DOTALL):
        names[heading] = {word for row in table.splitlines() for word in row.split("\t")[0].split(", ")}
    return names


def test_every_line_keeps_to_the_documented_form_and_tells_no_secret(start, mailer, tmp_path):
    key, directory = tmp_path / "totp-key", organization.entries()
    key.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
    key.chmod(0o600)
    dict(directory)[MANAGED_POLICY]["latchkeyMethod"] = ["mail", "totp", "recoveryCode"]
    slapd = start(entries=directory, access=("to * by * manage",), latchkey={"olcLatchkeyKeyFile": [str(key)]})
    secrets = everything(slapd, mailer)
    known, lines = documented(), trail.lines(slapd)
    assert len(lines) > 40
    assert {line["event"] for line in lines} <= known["Events"]
    assert {line["verdict"] for line in lines} <= known["Verdicts"]
    assert {key for line in lines for key in line} <= known["Fields"]
    assert {line["rule"] for line in lines if "rule" in line} <= known["Rules"]
    said = " ".join(value for line in lines for value in line.values())
    assert not [secret for secret in secrets if secret in said]


def test_every_event_and_rule_of_the_source_is_documented():
    sources = {path.name: path.read_text() for path in (places.ROOT / "plugin/overlay").glob("*.c")}
    known, text = documented(), "".join(sources.values())
    events = set(re.findall(r'lk_(?:log_event|events_log)\(\s*\w+(?:->\w+)*, "([\w-]+)"', text))
    assert events and events <= known["Events"]
    rules = set(re.findall(r'\{(?:true|false), LDAP_\w+,\s*"([\w-]+)"', text))
    rules |= set(re.findall(r'\.?rule = "([\w-]+)"', text)) | set(re.findall(r"rule=([\w-]+)", text))
    assert len(rules) > 20 and rules <= known["Rules"], rules - known["Rules"]


# The RDN's value, and how a client writes it into a DN.
NAMES = ['한글 이름', 'a "quoted" one', "a back\\slash", "line\nbreak", "tab\t", 'x" verdict=observed rule="x', "a=b, c",
         "\u0085\u2028\u202e"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_breaks_a_line(slapd, name):
    """Whatever a name holds, it stands in one field of one line."""
    dn = f"uid={ldap.dn.escape_dn_chars(name)},{MANAGED}".replace("\n", "\\0A")
    slapd.root().add_s(dn, [("objectClass", [b"inetOrgPerson"]), ("uid", [name.encode()]), ("cn", [b"x"]),
                            ("sn", [b"x"]), ("userPassword", [entries.hashed("First-name-1").encode()])])
    assert result_of(set_password, slapd.connect(dn, "First-name-1"), KIM)[0] == 50
    line = the_line(slapd, event="modify", verdict="refused")
    assert line["rule"] == "reset-needs-role" and line["target"] == KIM and "client" in line
    assert line["actor"].startswith("uid=") and line["actor"].endswith(MANAGED)


@pytest.mark.parametrize("name", ["é" * 700, '"' * 300, "x" * 3000])
def test_a_name_that_is_too_long_is_cut(slapd, name):
    dn = f"uid={ldap.dn.escape_dn_chars(name)},{MANAGED}"
    assert result_of(set_password, sign_in(slapd, LEE), dn)[0] == 50
    line = the_line(slapd, event="modify", verdict="refused")
    assert line["target"].startswith("uid=") and line["target"].endswith("...") and line["client"]
