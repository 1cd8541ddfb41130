"""Who resets many users at once hears of each what came of it, on a line of its own, and from the exit status whether all, some or
none were reset; a failure with one does not stop the others, and no concealed password is printed."""

import json

import pytest

from latchkey_testing import mails, organization
from latchkey_testing.cli import Cli
from latchkey_testing.organization import (HAN, KIM, LEE, MANAGED, MANAGED_POLICY, NO_ADDRESS, PASSWORD_ADMIN, STRANGER,
                                           password_of)

DONE, REFUSED, USAGE, NO_SUCH_USER, SOME, NONE = 0, 1, 2, 6, 9, 10


@pytest.fixture
def slapd(start):
    return start()


def lines(text: str) -> dict[str, list[str]]:
    """The fields of each line by the user's name, without it; and each has seven."""
    rows = [line.split("\t") for line in text.splitlines()]
    assert all(len(row) == 7 for row in rows), text
    assert len({row[1] for row in rows}) == len(rows)
    return {row[1]: [row[0], *row[2:]] for row in rows}


def test_each_user_has_a_line(slapd, mailer):
    done = Cli(slapd)("reset", "kim", "lee", NO_ADDRESS, "nobody", "gadmin", "han", "twin", STRANGER, who=PASSWORD_ADMIN,
                      status=SOME)
    rows = lines(done.stdout)
    assert list(rows) == ["kim", "lee", NO_ADDRESS, "nobody", "gadmin", "han", "twin", STRANGER]
    for name, dn in (("kim", KIM), ("lee", LEE)):
        word, status, password, message, expires, text = rows[name]
        assert (word, status, text) == ("done", "0", "") and len(message) == 32 and expires.endswith("Z")
        assert slapd.signs_in(dn, password)
    for name in list(rows)[2:]:
        word, status, password, message, expires, text = rows[name]
        assert word == "failed" and status != "0" and text and not (password or message or expires)
    assert (rows["nobody"][1], rows["han"][1]) == (str(NO_SUCH_USER), str(REFUSED))
    assert slapd.signs_in(NO_ADDRESS, password_of(NO_ADDRESS)) and slapd.signs_in(HAN, password_of(HAN))
    mailer.once()
    assert {mail["To"].addresses[0].addr_spec for mail in mailer.mails()} == {"kim@example.net", "lee@example.net"}


@pytest.mark.parametrize("names,status", [(("kim", "lee"), DONE), (("kim", "han"), SOME), (("han", "nobody"), NONE)])
def test_the_exit_status_says_how_many(slapd, names, status):
    assert len(lines(Cli(slapd)("reset", *names, who=PASSWORD_ADMIN, status=status).stdout)) == len(names)


@pytest.mark.parametrize("json_wanted", [False, True])
def test_a_concealed_password_is_not_printed(slapd, mailer, json_wanted):
    done = Cli(slapd)("reset", "kim", "lee", "--conceal", *(["--json"] if json_wanted else []), who=PASSWORD_ADMIN)
    mailer.once()
    passwords = [mails.temporary_password_in(mail) for mail in mailer.mails()]
    assert len(passwords) == 2
    assert not [password for password in passwords if password in done.stdout + done.stderr]


def test_names_come_from_a_file_or_from_standard_input(slapd, tmp_path):
    names = "kim\r\n\n  lee \nkim\n"
    path = tmp_path / "users"
    path.write_text(names)
    assert list(lines(Cli(slapd)("reset", "--users-file", str(path), who=PASSWORD_ADMIN).stdout)) == ["kim", "lee"]
    assert list(lines(Cli(slapd)("reset", "twin", "--users-file", "-", who=PASSWORD_ADMIN, input=names,
                                 status=SOME).stdout)) == ["twin", "kim", "lee"]


def test_one_object_a_line(slapd):
    done = Cli(slapd)("reset", "kim", "nobody", "--json", who=PASSWORD_ADMIN, status=SOME)
    kim, nobody = (json.loads(line) for line in done.stdout.splitlines())
    assert kim["ok"] and kim["user"] == "kim" and slapd.signs_in(KIM, kim["password"])
    assert not nobody["ok"] and (nobody["user"], nobody["exit"], nobody["password"]) == ("nobody", NO_SUCH_USER, None)


@pytest.mark.parametrize("words", [
    ("kim", "lee", "--stdin"), ("kim", "lee", "--to", "a@example.com"), ("kim", "lee", "--password-file", "/dev/null"),
    ("--users-file", "/nowhere/at/all"), ("--users-file", "/dev/null")])
def test_what_is_for_one_user_is_not_for_many(slapd, words):
    assert Cli(slapd)("reset", *words, who=PASSWORD_ADMIN, status=USAGE, input="").stdout == ""
    assert slapd.signs_in(KIM, password_of(KIM))


def test_no_name_breaks_a_line(slapd):
    done = Cli(slapd)("reset", "ki\tm", "le\ne", "kim", who=PASSWORD_ADMIN, status=SOME)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["failed", "failed", "done"]
    assert all(len(line.split("\t")) == 7 for line in done.stdout.splitlines())


def test_codes_are_no_passwords(start):
    entries = [(dn, {**attributes, "latchkeyResetDelivery": ["code"]} if dn == MANAGED_POLICY else attributes)
               for dn, attributes in organization.entries()]
    rows = lines(Cli(start(entries=entries))("reset", "kim", "lee", who=PASSWORD_ADMIN).stdout)
    assert all(row[0] == "done" and row[2] == "" and row[4] for row in rows.values()), MANAGED
