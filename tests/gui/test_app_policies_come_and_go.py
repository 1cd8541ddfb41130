"""The first policy of a directory is written in the app, where the directory reads it or with a word that it does not; one is removed
after it was said who governs its users then, unless somebody changed it meanwhile or the directory refuses."""

import pytest
from ldap import MOD_REPLACE

from latchkey_gui.app import BUTTON, LABEL
from latchkey_gui.policies import field, open_policies, save
from latchkey_testing.organization import GROUPS, KIM, MANAGED, MANAGED_POLICY, SELF, SELF_POLICY, entries
from latchkey_testing.settings import DEFAULT_PPOLICY_DN, POLICIES_DN, ROOT_DN, ROOT_PASSWORD

LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])
READABLE = ("to attrs=userPassword by anonymous auth", "to * by * read")


def without(*policies: str) -> list:
    """The people of the fixture, and the other policies."""
    return [(dn, attributes) for dn, attributes in entries() if dn not in policies]


def fill_in(app, place: str | None = None) -> None:
    """A policy for the managed."""
    field(app, "Name of the policy").type("office")
    if place:
        field(app, "Entry below which it stands").type(place)
    field(app, "Subtrees").type(MANAGED)
    field(app, "Groups of global administrators").type(f"cn=global-admins,{GROUPS}")


def begin_to_remove(app, name: str) -> None:
    """Opens the dialog that says what will be so."""
    app.press(app.say("Remove the policy “{name}”…", name=name))
    app.find(app.say("What will be so without it"))


@LANGUAGES
def test_the_first_one(start, make_app, language):
    slapd = start(entries=without(SELF_POLICY, MANAGED_POLICY, DEFAULT_PPOLICY_DN), ppolicy=False)
    app = make_app(slapd, language)
    open_policies(app, ROOT_DN, ROOT_PASSWORD)
    app.find(app.say("No policies"))
    app.screenshot("none")
    app.press(app.say("Write the first policy…"))
    assert field(app, "Entry below which it stands").text == POLICIES_DN
    fill_in(app, "people")
    for place, fault in ((" ", "Give the DN of the entry below which the policy is to stand."), ("people", "“{text}” is not the DN of an entry."),
                         (f"ou=gone,{MANAGED}", "There is no entry “{text}”, or none that you may see.")):
        field(app, "Entry below which it stands").type(place)
        app.press(app.say("Next"))
        app.find(app.say(fault, text=place))
    app.screenshot("fault")
    field(app, "Entry below which it stands").type(POLICIES_DN)
    save(app)
    app.find("office", LABEL)
    app.screenshot("written")
    assert not app.all(app.say("Not in effect"), LABEL)
    assert slapd.entry(f"cn=office,{POLICIES_DN}")["latchkeyScope"] == [MANAGED.encode()]
    assert slapd.entry(KIM, "latchkeyResetVerdict")["latchkeyResetVerdict"] == [b"self-service-only"]


@LANGUAGES
def test_the_first_one_where_nobody_reads_it(start, make_app, language):
    """Beside a policy for passwords, which may stand anywhere."""
    app = make_app(start(entries=without(SELF_POLICY, MANAGED_POLICY)), language)
    open_policies(app, ROOT_DN, ROOT_PASSWORD)
    app.find(app.say("No policies for recovery and resets"))
    app.screenshot("beside")
    app.press(app.say("Write the first policy…"))
    fill_in(app, GROUPS)
    save(app)
    app.find(app.say("Not in effect"), LABEL)
    app.screenshot("not-in-effect")
    assert not app.all(app.say("No policies for recovery and resets"))


@LANGUAGES
def test_removed(slapd, make_app, language):
    app = make_app(slapd, language)
    open_policies(app)
    begin_to_remove(app, "self")
    app.find(f".*{app.say('No policy governs anybody below {name} any more: users there cannot recover their accounts, and whoever slapd lets write a password resets it.', name=SELF)}.*", LABEL)
    app.screenshot("consequences")
    app.focus_window()
    app.keys("Escape")
    app.wait(lambda: len(app.windows) == 1)
    assert slapd.entry(SELF_POLICY)
    begin_to_remove(app, "self")
    app.press(app.say("Remove"))
    app.wait(lambda: len(app.windows) == 1)
    app.wait_gone("self", LABEL)
    assert not slapd.root().search_s(POLICIES_DN, 2, "(cn=self)")
    begin_to_remove(app, "managed")
    app.find(f".*{app.say('It is the last policy: nobody is an administrator in this app then, and only whoever runs the directory can write another.')}.*", LABEL)
    app.screenshot("last")


def test_somebody_else_changed_it_meanwhile(slapd, make_app):
    app = make_app(slapd, "ko")
    open_policies(app)
    begin_to_remove(app, "self")
    slapd.root().modify_s(SELF_POLICY, [(MOD_REPLACE, "latchkeyPortal", [b"https://theirs.example.org/"])])
    app.press(app.say("Remove"))
    app.find(app.say("Somebody else has changed this policy meanwhile. It was not removed: close this, and look at it again."))
    app.screenshot("meanwhile")
    assert slapd.entry(SELF_POLICY)
    app.press(app.say("Cancel"))
    app.find(".*https://theirs.example.org/.*", LABEL)


@pytest.mark.parametrize("language,access", [("ko", None), ("en", READABLE)], ids=["overlay", "access"])
def test_refused(start, make_app, language, access):
    """By a rule: it is another's policy. Or by slapd's access controls."""
    held = entries()
    for dn, attributes in held:
        if dn == SELF_POLICY:
            attributes["latchkeyGlobalAdmins"] = [f"cn=auditors,{GROUPS}"]
    slapd = start(entries=held, **({"access": access} if access else {}))
    app = make_app(slapd, language)
    open_policies(app)
    begin_to_remove(app, "self")
    app.press(app.say("Remove"))
    app.find(app.say("You may not change this. Policies are for their global administrators, as far as the access controls of the directory let them."))
    app.screenshot("refused")
    assert slapd.entry(SELF_POLICY)


def test_who_is_no_global_administrator_removes_none(start, make_app):
    app = make_app(start(entries=without(SELF_POLICY)))
    open_policies(app, f"uid=auditor,{MANAGED}")
    app.find("managed", LABEL)
    assert not app.all("Remove.*", BUTTON)
