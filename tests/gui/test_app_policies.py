"""What governs which subtree is read by who may read it, and changed by global administrators: what speaks against a change is said
before it is saved, and what it will do for whom; what somebody else changed meanwhile is not overwritten."""

import re

import pytest
from ldap import MOD_REPLACE, LDAPError

from latchkey_gui import steps
from latchkey_gui.app import BUTTON, LABEL, ROW
from latchkey_gui.policies import field, open_policies, save
from latchkey_testing.organization import (AUDITOR, GLOBAL_ADMIN, GROUPS, KIM, MANAGED, MANAGED_POLICY, OUTSIDE, SELF,
                                           entries, password_of, sign_in)
from latchkey_testing.settings import DEFAULT_PPOLICY_DN, POLICIES_DN
from latchkey_testing.trail import events
from latchkey_testing.waiting import wait_for

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
READABLE = ("to attrs=userPassword by anonymous auth", "to * by * read")


def change(app, policy: str) -> None:
    """Opens the dialog for a policy."""
    app.press(app.say("Change the policy “{name}”…", name=policy))
    app.find(app.say("Change a policy"))


def write(app, title: str, text: str) -> None:
    """Fills in a field of the dialog."""
    field(app, title).type(text)


@LANGUAGES
def test_read_and_changed_to_self_service(slapd, make_app, language):
    app = make_app(slapd, language)
    open_policies(app)
    resets = app.find(f".*{app.say('its owner, and administrators')}.*", LABEL).name
    assert "selfServiceOnly" not in resets
    app.screenshot("read")
    change(app, "managed")
    app.screenshot("fields")
    app.focus_window()
    app.click(app.find(app.say("Who sets a new password"), "combo box"))
    app.keys("Up", "Return")
    app.press(app.say("Next"))
    app.find(f".*{app.say('Nobody resets a password of these users any more, global administrators included: they recover by themselves only.')}.*", LABEL)
    app.screenshot("consequences")
    app.press(app.say("Save"))
    app.wait(lambda: slapd.entry(MANAGED_POLICY)["latchkeyResetMode"] == [b"selfServiceOnly"])
    app.wait(lambda: len(app.windows) == 1)
    event, = events(slapd, MANAGED_POLICY)
    assert (event["actor"], event["changed"]) == (GLOBAL_ADMIN, "latchkeyResetMode")
    app.wait(lambda: not app.all(f".*{app.say('its owner, and administrators')}.*", LABEL))


# The field, what is typed there, and the sentence about it.
FAULTS = [
    ("Subtrees", "", "A policy needs at least one subtree that it governs."),
    ("Subtrees", f"ou=gone,{MANAGED}", "There is no entry “{text}”, or none that you may see."),
    ("Subtrees", f"{MANAGED}\n{SELF}", "The policy “{name}” governs “{text}” already, and no two can govern one subtree."),
    ("Groups of global administrators", f"cn=auditors,{GROUPS}\npeople", "“{text}” is not the DN of an entry."),
    ("Groups of global administrators", KIM, "“{text}” is not a group with members."),
    ("Groups of global administrators", "",
     "Nobody would be left who can change this policy: its groups of global administrators have no members."),
    ("Attributes that hold recovery addresses, in this order", "latchkeyRecoveryAddress\nmial",
     "The directory knows no attribute “{text}”."),
    ("Where users sign in", "portal.example.org",
     "Where users sign in is given as one address that begins with https:// or http://."),
    ("Accounts that are left out, as an LDAP filter", "(employeeType=service",
     "The accounts that are left out are given as one LDAP filter, such as (employeeType=service)."),
]


@pytest.mark.parametrize("language,faults", [("en", FAULTS), ("ko", FAULTS[1:3])], ids=["en", "ko"])
def test_what_speaks_against_it(slapd, make_app, language, faults):
    app = make_app(slapd, language)
    open_policies(app)
    before = slapd.entry(MANAGED_POLICY)
    change(app, "managed")
    app.press(app.say("Next"))
    app.find(app.say("Nothing has been changed yet."))
    for title, typed, sentence in faults:
        edited = field(app, title)
        text = edited.text
        edited.type(typed)
        app.press(app.say("Next"))
        app.find(f"(.*\n)?{app.say(sentence)}(\n.*)?")
        edited.type(text)
    app.screenshot("fault")
    assert slapd.entry(MANAGED_POLICY) == before


@LANGUAGES
def test_somebody_else_changed_it_meanwhile(slapd, make_app, language):
    app = make_app(slapd, language)
    open_policies(app)
    change(app, "managed")
    write(app, "Name of the organization", "Mine")
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyPortal", [b"https://theirs.example.org/"])])
    app.press(app.say("Next"))
    app.press(app.say("Save"))
    app.find(app.say("Somebody else has changed this policy meanwhile. Nothing was saved: close this, and look at it again."))
    app.screenshot("meanwhile")
    assert slapd.entry(MANAGED_POLICY)["latchkeyOrganization"] == [b"Example Organization"]
    app.press(app.say("Cancel"))
    app.find(".*https://theirs.example.org/.*", LABEL)
    change(app, "managed")
    write(app, "Name of the organization", "Mine")
    save(app)
    policy = slapd.entry(MANAGED_POLICY)
    assert (policy["latchkeyOrganization"], policy["latchkeyPortal"]) == ([b"Mine"], [b"https://theirs.example.org/"])


def test_what_only_touches_the_entry_is_no_change(slapd, make_app):
    """Of somebody who is refused the trail of the policy tells."""
    app = make_app(slapd)
    open_policies(app)
    change(app, "managed")
    write(app, "Name of the organization", "Mine")
    with pytest.raises(LDAPError):
        sign_in(slapd, KIM).modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyPortal", [b"https://evil.example/"])])
    assert events(slapd, MANAGED_POLICY, what="refused")
    save(app)
    assert slapd.entry(MANAGED_POLICY)["latchkeyOrganization"] == [b"Mine"]


def test_attributes_keep_their_order(slapd, make_app):
    """And what was not touched is not written."""
    slapd.root().modify_s(MANAGED_POLICY, [(MOD_REPLACE, "latchkeyCodeLifetime", [b"61"])])
    app = make_app(slapd)
    open_policies(app)
    change(app, "managed")
    write(app, "Attributes that hold recovery addresses, in this order", "mail\nlatchkeyRecoveryAddress\n")
    save(app)
    policy = slapd.entry(MANAGED_POLICY)
    assert policy["latchkeyAddressAttribute"] == [b"{0}mail", b"{1}latchkeyRecoveryAddress"]
    assert policy["latchkeyCodeLifetime"] == [b"61"] and "latchkeyTell" not in policy
    app.find(".*: mail\n?.*|.*• mail\n• latchkeyRecoveryAddress.*", LABEL)


@LANGUAGES
def test_a_policy_is_added(slapd, make_app, language):
    app = make_app(slapd, language)
    open_policies(app)
    app.press(app.say("Add a policy…"))
    app.find(app.say("Add a policy"))
    app.focus_window()
    app.keys("Return")
    app.find(app.say("Give the policy a name."))
    write(app, "Name of the policy", "a+b")
    write(app, "Subtrees", OUTSIDE)
    write(app, "Groups of global administrators", f"cn=global-admins,{GROUPS}")
    app.press(app.say("Next"))
    app.find(f".*{app.say('This policy governs everybody below {name} from then on.', name=OUTSIDE)}.*", LABEL)
    app.screenshot("added")
    app.press(app.say("Save"))
    app.find(re.escape("a+b"), LABEL)
    policy = slapd.entry(f"cn=a\\2Bb,{POLICIES_DN}")
    assert (policy["latchkeyScope"], policy["latchkeyResetMode"]) == ([OUTSIDE.encode()], [b"selfServiceOnly"])


@LANGUAGES
def test_the_password_expiry_policy(slapd, make_app, language):
    app = make_app(slapd, language)
    open_policies(app)
    change(app, "passwords")
    app.screenshot("passwords")
    app.find(app.say("How long a password works, in days"), "spin button").type("90")
    app.press(app.say("Next"))
    app.find(f".*{app.say('Passwords that are older than that expire at once, and their users have to choose another.')}.*", LABEL)
    app.screenshot("older")
    app.press(app.say("Save"))
    wait_for(lambda: slapd.entry(DEFAULT_PPOLICY_DN).get("pwdMaxAge") == [b"7776000"])
    policy = slapd.entry(DEFAULT_PPOLICY_DN)
    assert policy["pwdMinLength"] == [b"8"] and "pwdMinAge" not in policy


def test_an_auditor_reads_and_changes_nothing(slapd, make_app):
    app = make_app(slapd)
    open_policies(app, AUDITOR)
    assert not app.all("Change.*", BUTTON) and not app.all("Add a policy.*", BUTTON)


def test_what_the_directory_refuses_is_said(start, make_app):
    """Its access controls are another matter than Latchkey's roles."""
    app = make_app(start(access=READABLE))
    open_policies(app)
    change(app, "managed")
    write(app, "Name of the organization", "Mine")
    app.press("Next")
    app.press("Save")
    app.find("You may not change this.*")


def test_values_of_any_kind_are_shown(start, make_app):
    held = entries(latchkeyOrganization="<b>&" + "가" * 3000, latchkeyResetMode="unheard of", latchkeyTimeZone="\u202egnp")
    app = make_app(start(entries=held))
    open_policies(app)
    app.find(".*unheard of, which is not known; so only its owner.*", LABEL)
    app.find(".*<b>&가가.*", LABEL)
    app.screenshot("odd")
    change(app, "managed")
    app.screenshot("odd-fields")


def test_it_cannot_be_read_and_then_it_can(slapd, make_app):
    app = make_app(slapd)
    steps.sign_in(app, "gadmin", password_of(GLOBAL_ADMIN))
    app.find("My account", ROW)
    slapd.stop()
    app.click(app.find("Policies", ROW))
    app.find("The policies cannot be shown")
    slapd.start()
    app.all("Try again", BUTTON)[-1].press()
    app.find("managed", LABEL)
