"""An administrator can replace each template and look at it first; one that is broken does no harm, and is told of."""

import re

import pytest
from latchkey_testing import mails, places
from latchkey_testing.mailed import Mailed
from latchkey_testing.organization import KIM, LEE

KINDS = sorted({file.name.split(".")[0] for file in (places.ROOT / "data/mail").glob("*.txt")})
BUILT_IN = "Do not give the password"


@pytest.fixture
def mailed(mailed, tmp_path):
    """A slapd, and a mailer with a directory for templates of its own."""
    (tmp_path / "own").mkdir()
    mailed.mailer.attach(mailed.slapd, mail={
        "from": mailed.mailer.address, "templates": str(places.ROOT / "data/mail"), "catalogs": str(places.CATALOGS),
        "replacements": str(tmp_path / "own")})
    return mailed


def run(mailed: Mailed, verb: str, *more: str):
    """Runs a verb of latchkey-mailer, however it ends."""
    return places.run("latchkey-mailer", verb, *more, "--config", str(mailed.mailer.config), check=False)


def sent_to_lee(mailed: Mailed) -> tuple[str, str]:
    """The text of a mail about a reset, and what the mailer logged."""
    password = mailed.reset(LEE)
    log = mailed.mailer.once().stderr
    text = mails.text(mails.to(mailed.mailer.mails(), "lee@example.net")[-1])
    assert password in text
    return text, log


def test_a_template_is_replaced_for_one_kind_and_language(mailed, tmp_path):
    (tmp_path / "own/temporaryPassword.en.txt").write_text("Dear {name} <of {organization}>,\n\n    {secret}\n")
    text, log = sent_to_lee(mailed)
    assert text.startswith("Dear Dana Lee <of Example Organization>,\n")
    assert "template-broken" not in log
    html = mails.to(mailed.mailer.mails(), "lee@example.net")[0].get_body(("html",)).get_content()
    assert "Dear Dana Lee &lt;of Example Organization&gt;," in html
    mailed.reset(KIM)
    mailed.mailer.once()
    assert "임시 암호는 다음과 같습니다." in mails.text(mails.to(mailed.mailer.mails(), "kim@example.net")[0])
    assert run(mailed, "check").returncode == 0


def test_the_frame_is_replaced(mailed, tmp_path):
    (tmp_path / "own/frame.html").write_text("<html lang={language}><h1>{subject}</h1>{body}</html>")
    sent_to_lee(mailed)
    html = mailed.mailer.mails()[0].get_body(("html",)).get_content()
    assert html.startswith("<html lang=en><h1>Your temporary password</h1>")


@pytest.mark.parametrize("content, reason", [
    (b"Your password is {pasword}: {secret}\n", "line 1: nothing is called {pasword}"),
    (b"Your password was reset.\n", "it does not say {secret}"),
    (b"{secret} \xff\n", "it is not UTF-8"),
    (b"", "it does not say {secret}"),
    (b"{secret}\n" + b"x" * 70_000, "it is larger than 65536 octets"),
    (None, "Is a directory"),
])
def test_a_broken_template_is_left_out(mailed, tmp_path, content, reason):
    place = tmp_path / "own/temporaryPassword.en.txt"
    if content is None:
        place.mkdir()
    else:
        place.write_bytes(content)
    text, log = sent_to_lee(mailed)
    assert BUILT_IN in text
    assert "event=template-broken" in log and reason in log
    check = run(mailed, "check")
    assert check.returncode == 1
    assert "WRONG: Template " in check.stdout and reason in check.stdout


def test_a_replacement_is_read_at_the_start(mailed, tmp_path):
    text, _log = sent_to_lee(mailed)
    assert BUILT_IN in text
    (tmp_path / "own/temporaryPassword.en.txt").write_text("It is {secret}\n")
    assert sent_to_lee(mailed)[0].startswith("It is ")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang, name", [("en", "Dana Lee"), ("ko-KR", "김정현")])
def test_preview_shows_each_mail(mailed, kind, lang, name):
    text = run(mailed, "preview", kind, "--lang", lang)
    assert text.returncode == 0, text.stderr
    head, body = text.stdout.split("\n\n", 1)
    assert ("To: <kim@example.net>" if kind == "deliveryFailed" else f"To: {name} <kim@example.net>") in head
    assert "{" not in text.stdout and "Subject: " in head and len(body) > 100
    html = run(mailed, "preview", kind, "--lang", lang, "--as", "html").stdout
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_preview_leaves_nothing_empty_that_its_mail_says(mailed, tmp_path, kind, lang):
    """Whatever the template of the kind names has a value in its preview: an empty one would show another mail."""
    words = (places.ROOT / f"data/mail/{kind}.{lang}.txt").read_text()
    named = sorted(set(re.findall(r"{[?!]?(\w+)}", words)) - {"must_change"})  # which only conditions name
    (tmp_path / f"own/{kind}.{lang}.txt").write_text("".join(f"{{{name}}} <{name}>\n\n" for name in named))
    shown = run(mailed, "preview", kind, "--lang", lang)
    assert shown.stderr == "" and shown.returncode == 0
    assert [line for line in shown.stdout.splitlines() if line.startswith(" <")] == []
    assert all(f" <{name}>" in shown.stdout for name in named)


def test_preview_shows_what_the_user_did_as_well(mailed):
    assert "Pia Admin has changed" in run(mailed, "preview", "passwordChanged").stdout
    by_user = run(mailed, "preview", "passwordChanged", "--by", "user")
    assert by_user.returncode == 0 and "was changed by you" in by_user.stdout


def test_preview_shows_what_is_wrong_and_goes_on(mailed, tmp_path):
    (tmp_path / "own/welcome.en.txt").write_text("{nonsense}\n")
    shown = run(mailed, "preview", "welcome")
    assert shown.returncode == 0
    assert "nothing is called {nonsense}" in shown.stderr
    assert "kim" in shown.stdout


@pytest.mark.parametrize("arguments, sentence", [
    (["preview"], "say which mail: preview KIND; latchkey-mailer(8) lists them"),
    (["preview", "letter"], "there is no such kind of mail; latchkey-mailer(8) lists them"),
    (["preview", "welcome", "--as", "pdf"], "a mail is shown as text or as html"),
    (["preview", "welcome", "--by", "me"], "a mail tells of what was done by administrator or by user"),
])
def test_wrong_usage_is_one_sentence(mailed, arguments, sentence):
    done = run(mailed, *arguments)
    assert (done.returncode, done.stderr) == (2, f"latchkey-mailer: {sentence}\n")
