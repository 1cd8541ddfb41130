"""The same screens for everybody who has a browser, and nothing more than that: an account is recovered, a password created or changed
on the pages of latchkey-web, in Korean and in English, without scripts; whoever asks for whomever sees the same pages."""

import re
import time

import pytest

from latchkey_testing import enrolment, mails, recovery, wire
from latchkey_testing.organization import CLOSED, GLOBAL_ADMIN, HAN, KIM, LEE, entries, lock_out, password_of, sign_in
from latchkey_testing.waiting import wait_for
from latchkey_testing.web import IDENTITY, Visitor

NEW = "Kims-Own-Choice-1"
NEW_BUTTON, KEEP_BUTTON = ("go", "new"), ("go", "keep")


def code_for(visitor: Visitor, mailer, user: str, address: str) -> str:
    """Asks for a code on the first page, and reads it in the mailbox."""
    before = recovery.served(visitor.web.slapd)
    visitor.open()
    assert visitor.send(user=user).status == 200
    wait_for(lambda: recovery.served(visitor.web.slapd) > before)
    mailer.once()
    return mails.code_in(mails.to(mailer.mails(), address)[-1])


# --- the way back in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language, done", [("en", "Your password was changed."), ("ko", "암호를 변경했습니다.")])
def test_a_new_password_is_created(web, mailer, language, done):
    visitor = Visitor(web, language)
    code = code_for(visitor, mailer, "kim", "kim@example.net")
    assert visitor.page.language == language and visitor.page.form.fields["user"] == "kim"
    page = visitor.send(button=NEW_BUTTON, code=code, new=NEW, repeated=NEW)
    assert page.status == 200 and page.says(done)
    assert web.slapd.signs_in(KIM, NEW) and not web.slapd.signs_in(KIM, password_of(KIM))


def test_a_locked_user_keeps_the_password(web, mailer):
    lock_out(web.slapd, HAN)
    visitor = Visitor(web)
    code = code_for(visitor, mailer, "han", "han@example.net")
    assert visitor.send(button=KEEP_BUTTON, code=code).says("You can sign in again with the password you have.")
    assert web.slapd.signs_in(HAN, password_of(HAN))


def test_an_expired_password_cannot_be_kept_and_the_code_stays_good(start, serve, mailer):
    held = entries()
    for _dn, attributes in held:
        if "pwdPolicy" in attributes["objectClass"]:
            attributes["pwdMaxAge"] = ["86400"]
    dict(held)[KIM]["pwdChangedTime"] = ["20260101000000Z"]
    slapd = start(entries=held, latchkey={"olcLatchkeyPortalDN": [IDENTITY]})
    visitor = Visitor(serve(slapd), "ko")
    code = code_for(visitor, mailer, "kim", "kim@example.net")
    page = visitor.send(button=KEEP_BUTTON, code=code)
    assert page.status == 422 and page.says("암호가 만료되") and page.form.fields["code"] == code
    assert visitor.send(button=NEW_BUTTON, new=NEW, repeated=NEW).says("암호를 변경했습니다.")
    assert slapd.signs_in(KIM, NEW)


def test_a_code_that_is_there_already_needs_no_request(web, mailer):
    code = recovery.code_for(web.slapd, mailer, "lee", "lee@example.net")
    visitor = Visitor(web)
    visitor.open("code")
    assert visitor.send(button=NEW_BUTTON, user="lee", code=code, new=NEW, repeated=NEW).says("Your password was changed.")
    assert web.slapd.signs_in(LEE, NEW)


def test_the_whole_mail_can_be_pasted(web, mailer):
    """As a field of one line makes of it: without its line ends."""
    visitor = Visitor(web)
    code_for(visitor, mailer, "kim", "kim@example.net")
    mail = mails.text(mails.to(mailer.mails(), "kim@example.net")[-1])
    pasted = mail.replace("\r", "").replace("\n", "")
    assert visitor.send(button=NEW_BUTTON, code=pasted, new=NEW, repeated=NEW).says("Your password was changed.")


TWO_BEOLSIK = str.maketrans("ABCDEFGHJKMNPQRSTVWXYZ", "ㅁㅠㅊㅇㄷㄹㅎㅗㅓㅏㅡㅜㅔㅂㄱㄴㅅㅍㅈㅌㅛㅋ")


def test_a_code_typed_as_hangul_is_understood_and_said(web, mailer):
    visitor = Visitor(web, "ko")
    typed = code_for(visitor, mailer, "kim", "kim@example.net").translate(TWO_BEOLSIK)
    page = visitor.send(button=NEW_BUTTON, code=typed, new="x", repeated="y")
    assert page.status == 422 and page.says("한글 입력 상태에서 입력된 코드입니다") and page.says("새 암호 두 개가 서로 다릅니다")
    page = visitor.send(button=NEW_BUTTON, code=typed, new=NEW, repeated=NEW)
    assert page.says("암호를 변경했습니다") and page.says("한글 입력 상태")


def test_a_name_typed_as_hangul_is_understood_and_said(web, mailer):
    visitor = Visitor(web)
    code_for(visitor, mailer, "ㅏㅑㅡ", "kim@example.net")
    assert visitor.page.form.fields["user"] == "kim" and visitor.page.says("“ㅏㅑㅡ” was typed with the Korean input method on")


def test_a_refused_password_leaves_the_code_good(web, mailer):
    visitor = Visitor(web)
    code = code_for(visitor, mailer, "kim", "kim@example.net")
    page = visitor.send(button=NEW_BUTTON, code=code, new="x", repeated="x")
    assert page.status == 422 and page.says("too short or too simple") and page.says("Your code is still good.")
    assert page.form.fields["code"] == code and page.form.fields["new"] == ""
    assert visitor.send(button=NEW_BUTTON, new=NEW, repeated=NEW).says("Your password was changed.")


def test_the_last_page_can_be_reloaded(web, mailer):
    visitor = Visitor(web)
    code = code_for(visitor, mailer, "kim", "kim@example.net")
    visitor.send(button=NEW_BUTTON, code=code, new=NEW, repeated=NEW)
    address = next(link for link in visitor.page.links if "state=" in link).replace("lang=ko", "lang=en")
    assert visitor.open(address.removeprefix("/recover/")).says("Your password was changed.")
    assert not Visitor(web).open(address.removeprefix("/recover/")).says("Your password was changed.")


def test_a_second_proof_where_the_policy_wants_two(start, serve, mailer, key_file):
    slapd = start(entries=entries(latchkeyMethod=["mail", "totp"], latchkeyMethodsRequired=["2"]),
                  latchkey={"olcLatchkeyPortalDN": [IDENTITY], "olcLatchkeyKeyFile": [str(key_file)]})
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    visitor = Visitor(serve(slapd))
    code = code_for(visitor, mailer, "kim", "kim@example.net")
    assert visitor.send(button=KEEP_BUTTON, code=code).says("or a second proof is needed")
    assert visitor.send(button=KEEP_BUTTON, code=code, second="12345").says("An authenticator app shows six digits")
    enrolment.wait_for_fresh_step()
    full_width = recovery.full_width(enrolment.value_of(secret))
    page = visitor.send(button=KEEP_BUTTON, code=code, second=f" {full_width[:3]} {full_width[3:]}")
    assert page.says("You can sign in again with the password you have.")


# --- a change, where the password is known -----------------------------------------------------------------------------


def test_a_password_is_changed(web):
    visitor = Visitor(web)
    visitor.open("change")
    page = visitor.send(user="kim", old=password_of(KIM), new=NEW, repeated=NEW)
    assert page.says("Your password was changed.") and web.slapd.signs_in(KIM, NEW)


def test_a_temporary_password_is_changed_before_anything_else(web):
    """What the forced change is: the directory lets its user do nothing else."""
    admin = web.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    temporary, _answer = wire.password_modify(admin, KIM, control=wire.notify())
    visitor = Visitor(web)
    visitor.open("change")
    assert visitor.send(user="kim", old=temporary, new=NEW, repeated=NEW).says("Your password was changed.")
    assert web.slapd.signs_in(KIM, NEW) and not web.slapd.signs_in(KIM, temporary)


def test_a_user_dn_may_be_made_without_looking(start, serve):
    slapd = start()
    web = serve(slapd, directory={"base": None, "mech": None, "user_dn": "uid={user},ou=managed,dc=example,dc=org"})
    visitor = Visitor(web)
    for name in ("kim,ou=nobody", "*", "kim)(uid=*", "nobody"):
        visitor.open("change")
        assert visitor.send(user=name, old=password_of(KIM), new=NEW, repeated=NEW).status == 422
    assert slapd.signs_in(KIM, password_of(KIM))
    visitor.open("change")
    assert visitor.send(user="kim", old=password_of(KIM), new=NEW, repeated=NEW).says("Your password was changed.")


def test_where_it_is_off_there_is_no_such_page(start, serve):
    web = serve(start(), pages={"change": "no"})
    visitor = Visitor(web)
    assert not any("change" in link for link in visitor.open().links)
    assert visitor.open("change").status == 404


# --- what helps --------------------------------------------------------------------------------------------------------

WRONG = {
    "nothing": ("  ", "Enter the code from the mail, or a printed recovery code."),
    "too short": ("K7QF-2M9X-4TR", "This has 11; compare it"),
    "too long": ("K7QF-2M9X-4TRB-99", "This has 14; compare it"),
    "a letter that no code has": ("K7QF-2M9X-4TRU", "has no U"),
    "another thing": ("hello", "This is no code."),
    "a temporary password": ("Qm7x-4Kpt-Rw9d-hT3n", "This is a temporary password, and no code."),
    "six digits": ("123 456", "They count as the second proof"),
    "two mails": ("K7QF-2M9X-4TRB and 1111-2222-3333", "There are several codes"),
    "full width, and wrong": ("Ｋ７ＱＦ－２Ｍ９Ｘ－４ＴＲＢ", "This was not accepted."),
    "stray spaces, and wrong": (" k7 qf2m 9x4 trb ", "This was not accepted."),
}


@pytest.fixture
def asked(web):
    """A visitor whose code is on its way."""
    visitor = Visitor(web)
    visitor.open()
    visitor.send(user="kim")
    return visitor


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_code_gets_a_sentence_that_helps(asked, kind):
    typed, sentence = WRONG[kind]
    page = asked.send(button=NEW_BUTTON, code=typed, new=NEW, repeated=NEW)
    assert page.status == 422 and page.text.count(sentence) == page.text.count("Correct this.") == 1, page.text
    field = next(attributes for tag, attributes in page.tags if tag == "input" and attributes.get("name") == "code")
    assert field["aria-invalid"] == "true" and field["aria-describedby"] == "mistake code-hint"
    assert page.html.startswith("<!DOCTYPE html>") and "<title>Error: " in page.html


def test_another_users_code_and_one_that_was_used(web, mailer):
    theirs = recovery.code_for(web.slapd, mailer, "lee", "lee@example.net")
    visitor = Visitor(web)
    mine = code_for(visitor, mailer, "kim", "kim@example.net")
    assert visitor.send(button=NEW_BUTTON, code=theirs, new=NEW, repeated=NEW).says("or for another user")
    assert visitor.send(button=NEW_BUTTON, code=mine, new=NEW, repeated=NEW).says("Your password was changed.")
    visitor.open("code")
    assert visitor.send(button=NEW_BUTTON, user="kim", code=mine, new=NEW + "2", repeated=NEW + "2").says("used already")


@pytest.mark.parametrize("user, sentence", [
    ("", "Enter your user name"), (" \t ", "Enter your user name"), ("k\x01m", "This is no user name"),
    ("x" * 1025, "This is no user name")])
def test_a_name_that_is_none(web, user, sentence):
    visitor = Visitor(web)
    visitor.open()
    page = visitor.send(user=user)
    assert page.status == 422 and page.says(sentence)


def test_a_directory_that_is_gone(asked):
    slapd = asked.web.slapd
    slapd.stop()
    page = asked.send(button=NEW_BUTTON, code="K7QF-2M9X-4TRB", new=NEW, repeated=NEW)
    assert page.status == 503 and page.says("The directory cannot be reached. Nothing was changed")
    assert page.form.fields["code"] == "K7QF-2M9X-4TRB"
    slapd.start()
    assert asked.send(button=NEW_BUTTON, new=NEW, repeated=NEW).says("This was not accepted.")


# --- languages, and readers of all kinds -------------------------------------------------------------------------------


@pytest.mark.parametrize("accept, language", [
    ("ko-KR,ko;q=0.9,en;q=0.5", "ko"), ("en;q=0.4,KO;q=0.7", "ko"), ("de,fr", "en"), ("ko;q=0", "en"), ("", "en"),
    ("ko;q=nan,en", "en"), ("fr;q=1.0,en;q=0.2,ko;q=0.3", "ko"), (";;;,,,ko", "ko")])
def test_the_browser_says_the_language(web, accept, language):
    page = Visitor(web, accept).open()
    assert page.language == page.headers["Content-Language"] == language


def test_the_language_can_be_switched_on_every_page(web, mailer):
    visitor = Visitor(web)
    assert visitor.open("?lang=ko").language == "ko"
    assert any(link.endswith("?lang=en") for link in visitor.page.links)
    visitor.open()
    visitor.send(user="kim")
    page = visitor.send(form=visitor.page.forms[0])
    assert page.language == "ko" and page.form.fields["user"] == "kim"
    assert visitor.send(button=KEEP_BUTTON, code="K7QF-2M9X-4TRB").language == "ko"


@pytest.mark.parametrize("path", ["", "code", "change", "done", "nothing"])
def test_pages_are_sound(web, path):
    page = Visitor(web, "ko").open(path)
    labelled = {attributes["for"] for tag, attributes in page.tags if tag == "label"}
    inputs = [attributes for tag, attributes in page.tags if tag == "input" and attributes["type"] != "hidden"]
    assert {attributes["id"] for attributes in inputs} == labelled
    assert all(attributes.get("autocomplete") for attributes in inputs)
    ids = [attributes["id"] for _tag, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    described = {word for _tag, attributes in page.tags for word in attributes.get("aria-describedby", "").split()}
    assert described <= set(ids)
    tags = [tag for tag, _attributes in page.tags]
    assert tags.count("h1") == tags.count("main") == 1 and "script" not in tags
    assert not re.search(r"[가-힣]\{|\{\w+\}", page.text)


# --- nothing to learn --------------------------------------------------------------------------------------------------


def test_everybody_sees_the_same_pages(web, mailer):
    """A user, nobody, one who is closed, one without an address, one of two: but for the name and the token, octet by octet."""
    def seen(user: str) -> list[tuple[int, str]]:
        visitor = Visitor(web, address="203.0.113.9")
        visitor.open()
        pages = [visitor.send(user=user), visitor.send(button=KEEP_BUTTON, code="K7QF-2M9X-4TRB"),
                 visitor.send(button=NEW_BUTTON, code="K7QF-2M9X-4TRB", new=NEW, repeated=NEW)]
        return [(page.status, re.sub(r'value="[\w-]{60,}"', "", page.html).replace(user, "NAME")) for page in pages]

    first = seen("kim")
    for user in ("nobody", "closed", "noaddress", "twin", "insideonly", CLOSED):
        assert seen(user) == first


def test_a_failed_change_takes_the_same_time_for_everybody(web):
    visitor = Visitor(web)
    for user in ("kim", "nobody", "twin", "closed"):
        took = []
        while len(took) < 5 and (not took or min(took) >= 1.9):  # a machine that does much else needs some tries
            visitor.open("change")
            began = time.monotonic()
            page = visitor.send(user=user, old="is-it-this-one", new=NEW, repeated=NEW)
            took.append(time.monotonic() - began)
            assert page.says("The user name or the password is wrong")
        assert 1 <= min(took) < 1.9
