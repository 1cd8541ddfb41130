"""The main job of Latchkey, played step by step; each step checks that it gave what it should."""

import ldap

from latchkey_testing import mails
from latchkey_testing.settings import ROOT_DN
from latchkey_testing.web import Visitor
from narrator import LANGUAGE, _
from organization import NAME, Person
from stage import Stage


def introduce(stage: Stage) -> None:
    """Where we are, and who is who."""
    tell = stage.narrator
    tell.chapter(_("A directory with Latchkey"))
    tell.say(_("This is the directory of {organization}, an invented company of {count} people. It was started just now "
               "for this demo; nothing of your system is used or changed."), organization=NAME, count=len(stage.people))
    tell.say(_("- In the office (ou=office), administrators may reset a password."))
    tell.say(_("- In the research institute (ou=research), everybody helps themself, and nobody resets a password for "
               "anybody: not even a global administrator."))
    tell.say(_("Mails are not sent anywhere. They go to a folder, and you read them here."))


def _ask_for_code(stage: Stage, person: Person) -> str:
    stage.run("latchkey", "recover", "request", person.login)
    stage.narrator.say(_("A moment later, this mail is in the private mailbox:"))
    return mails.code_in(stage.mail_to(person))


def forgotten_password(stage: Stage) -> None:
    """A user who forgot the password makes a new one."""
    tell, person = stage.narrator, stage.cast.forgetful
    tell.chapter(_("I forgot my password"))
    tell.say(_("{name} ({department}) has forgotten the password, and asks for a code. Nobody needs to be signed in for "
               "that."), name=person.name, department=person.department)
    stage.check_no_sign_in(person, "is-it-this-one", _("A guessed password does not work."))
    code = _ask_for_code(stage, person)
    tell.say(_("With the code from the mail, {name} chooses a new password:"), name=person.name)
    new = stage.file("blue-Ladder-38-moon", "password")
    answer = ("--code-file", stage.file(code, "code"), "--password-file", new)
    stage.run("latchkey", "recover", "complete", person.login, *answer)
    stage.check_sign_in(person, "blue-Ladder-38-moon", _("The new password works."))
    stage.check_no_sign_in(person, person.password, _("The old password no longer works."))
    tell.say(_("In case it was somebody else, {name} is told of it at every address on record:"), name=person.name)
    stage.notice_to(person, "passwordRecovered")
    tell.say(_("The code was good for one time. Whoever finds the mail later can do nothing with it:"))
    stage.run("latchkey", "recover", "complete", person.login, *answer, expect=4)


def locked_account(stage: Stage) -> None:
    """A user who is locked out, but knows the password, keeps it."""
    tell, person = stage.narrator, stage.cast.locked_out
    tell.chapter(_("My account is locked"))
    tell.say(_("{name} ({department}) has mistyped the password three times. Now the directory does not even take the "
               "right one."), name=person.name, department=person.department)
    for guess in ("first-guess", "second-guess", "third-guess"):
        stage.slapd.signs_in(person.dn, guess)
    stage.check_no_sign_in(person, person.password, _("The right password does not work: the account is locked."))
    code = _ask_for_code(stage, person)
    tell.say(_("{name} still knows the password, and keeps it:"), name=person.name)
    given = stage.file(code, "code")
    stage.run("latchkey", "recover", "complete", person.login, "--keep-password", "--code-file", given)
    stage.check_sign_in(person, person.password, _("The same password works again."))


def old_client(stage: Stage) -> None:
    """Any LDAP client completes a recovery."""
    tell, person = stage.narrator, stage.cast.old_client
    tell.chapter(_("A program that has never heard of Latchkey"))
    tell.say(_("{name} ({department}) sits at a machine with nothing but OpenLDAP's own tools. A code in the place of the "
               "old password is enough (-t the code, -T the new password)."),
             name=person.name, department=person.department)
    code = stage.file(_ask_for_code(stage, person), "code")
    stage.run("ldappasswd", "-t", code, "-T", stage.file("Green7-Kettle-walks", "password"), person.dn)
    stage.check_sign_in(person, "Green7-Kettle-walks", _("The new password works."))
    stage.check_no_sign_in(person, person.password, _("The old password no longer works."))


def _restricted(stage: Stage, person: Person, password: str) -> bool:
    """Whether PERSON, signed in, can do nothing but change the password."""
    try:
        stage.slapd.connect(person.dn, password).search_s(person.dn, ldap.SCOPE_BASE)
    except ldap.INSUFFICIENT_ACCESS:
        return True
    return False


def in_a_browser(stage: Stage) -> None:
    """The same pages for everybody: a user without any program but a browser."""
    tell, person = stage.narrator, stage.cast.old_client
    tell.chapter(_("In a browser"))
    tell.say(_("{name} is at somebody else's computer, and has nothing there but a browser. The pages are at {address} as "
               "long as this demo runs:"), name=person.name, address=stage.pages)
    visitor = Visitor(stage.web, LANGUAGE, site=stage.pages)
    tell.page(visitor.open())
    tell.page(visitor.send(user=person.login))
    tell.say(_("A moment later, this mail is in the private mailbox:"))
    code = mails.code_in(stage.mail_to(person))
    tell.say(_("{name} pastes the code, and chooses a new password:"), name=person.name)
    tell.page(visitor.send(button=("go", "new"), code=code, new="cold-Teapot-71-kite", repeated="cold-Teapot-71-kite"))
    stage.check_sign_in(person, "cold-Teapot-71-kite", _("The new password works."))


def administrators_reset(stage: Stage) -> None:
    """A password administrator resets; the user gets a temporary password by mail and has to change it."""
    tell, person, admin = stage.narrator, stage.cast.colleague, stage.cast.password_admin
    tell.chapter(_("The helpdesk resets a password"))
    tell.say(_("In the office, {name} ({department}) calls the helpdesk. {admin}, a password administrator, resets the "
               "password; with --conceal not even {admin} sees the temporary one."),
             name=person.name, department=person.department, admin=admin.name)
    stage.run("latchkey", "reset", person.login, "--conceal", "--reason", "helpdesk call",
              who=admin, password=admin.password)
    tell.say(_("The mail with the temporary password:"))
    temporary = mails.temporary_password_in(stage.mail_to(person))
    stage.check_no_sign_in(person, person.password, _("The old password no longer works."))
    stage.check_sign_in(person, temporary, _("The temporary password works."))
    tell.check(_restricted(stage, person, temporary), _("But it opens nothing until it has been changed."))
    stage.run("ldappasswd", "-T", stage.file("Winter-94-umbrella", "password"), who=person, password=temporary)
    stage.check_sign_in(person, "Winter-94-umbrella", _("{name} is back, with a password that nobody else knows."))
    stage.check_no_sign_in(person, temporary, _("The temporary password no longer works."))
    tell.say(_("{admin} follows up: did the mail go out?"), admin=admin.name)
    stage.run("latchkey", "status", person.login, "--base", person.base, who=admin, password=admin.password)


def refusals(stage: Stage) -> None:
    """What the rules forbid, whoever asks and however."""
    tell, parts = stage.narrator, stage.cast
    tell.chapter(_("What the directory refuses"))
    admin, researcher = parts.global_admin, parts.forgetful
    tell.say(_("{admin} is a global administrator, and tries to reset the password of {name} in the research "
               "institute:"), admin=admin.name, name=researcher.name)
    stage.run("latchkey", "reset", researcher.dn, who=admin, password=admin.password, expect=1)
    change = [(ldap.MOD_REPLACE, "userPassword", b"mine-now-12345")]
    words = stage.refusal(ldap.UNWILLING_TO_PERFORM, stage.slapd.root().modify_s, researcher.dn, change)
    tell.check(True, _("Even {root}, who may do everything else, is refused: “{words}”"), root=ROOT_DN, words=words)
    stage.check_sign_in(researcher, "blue-Ladder-38-moon", _("The password of {name} is still the same."))
    helper = parts.password_admin
    tell.say(_("{helper} is a password administrator, and tries to reset the password of {admin}, a global "
               "administrator:"), helper=helper.name, admin=admin.name)
    stage.run("latchkey", "reset", admin.login, who=helper, password=helper.password, expect=1)
    stage.check_sign_in(admin, admin.password, _("The password of {name} is still the same."))
    tell.say(_("And somebody who asks for a code for a user that does not exist gets the same answer as everybody:"))
    stage.run("latchkey", "recover", "request", "nobody.at.all")


def play(stage: Stage) -> None:
    """The whole story; narrator.StepFailed where a step did not give what it should."""
    for part in (introduce, forgotten_password, locked_account, old_client, in_a_browser, administrators_reset, refusals):
        part(stage)
