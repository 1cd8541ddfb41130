"""latchkey-mailer itself: its verbs and exit status, what it refuses to start with, and how it serves a directory."""

import os
import shutil
import stat

import pytest
from latchkey_testing import entries, mails, places, recovery, watching
from latchkey_testing.mail_servers import MailServer
from latchkey_testing.mailed import Mailed
from latchkey_testing.mailer import Mailer
from latchkey_testing.organization import HAN, KIM, LEE
from latchkey_testing.waiting import wait_for


def run(*arguments: str):
    """Runs latchkey-mailer, however it ends."""
    return places.run("latchkey-mailer", *arguments, check=False)


# The command line


def test_help_and_version():
    assert run("--help").stdout.startswith("Usage: latchkey-mailer run --config FILE")
    assert run("--version").stdout.startswith("latchkey-mailer ")
    assert (run("--help").returncode, run("--version").returncode) == (0, 0)


@pytest.mark.parametrize("arguments, sentence", [
    ([], "say what to do; see latchkey-mailer --help"),
    (["run"], "say where the configuration is: --config FILE"),
    (["once"], "say where the configuration is: --config FILE"),
    (["keygen"], "say where the private key is to go: --out FILE"),
    (["send"], "there is no such verb; see latchkey-mailer --help"),
    (["run", "once"], "say what to do; see latchkey-mailer --help"),
    (["run", "--config", "/nowhere"], "/nowhere: No such file or directory"),
])
def test_wrong_usage_is_one_sentence(arguments, sentence):
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (2, f"latchkey-mailer: {sentence}\n")


def test_keygen(tmp_path):
    key = tmp_path / "mailer.key"
    done = run("keygen", "--out", str(key))
    name, public = done.stdout.split()
    assert (done.returncode, name, len(public)) == (0, "olcLatchkeyMailerKey:", 44)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert public not in key.read_text()
    again = run("keygen", "--out", str(key))
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"latchkey-mailer: {key}: it exists already, and a key is never written over\n"


def test_keygen_leaves_nothing_where_it_cannot_write():
    done = run("keygen", "--out", "/nowhere/mailer.key")
    assert (done.returncode, done.stderr) == (2, "latchkey-mailer: /nowhere/mailer.key: No such file or directory\n")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_stops_it(mailed, mode):
    key = mailed.mailer.directory / "mailer.key"
    key.chmod(mode)
    done = mailed.mailer.once(check=False)
    assert done.returncode == 2
    assert done.stderr == f"latchkey-mailer: {key} can be used by others (mode {mode:04o}); run: chmod 600 {key}\n"


@pytest.mark.parametrize("group, settings, sentence", [
    ("keys", {"file": "/nowhere.key"}, "/nowhere.key: No such file or directory"),
    ("maildir", {"path": "/dev/null/mails"}, "/dev/null/mails/tmp: Not a directory"),
    ("mail", {"from": "help@example.org", "templates": "/nowhere", "catalogs": str(places.CATALOGS)},
     "Failed to open file “/nowhere/recoveryCode.en.txt”: No such file or directory"),
])
def test_what_it_needs_is_looked_for_at_the_start(mailed, group, settings, sentence):
    mailed.mailer.attach(mailed.slapd, **{group: settings})
    done = mailed.mailer.once(check=False)
    assert (done.returncode, done.stderr) == (2, f"latchkey-mailer: {sentence}\n")


# What is sent


def test_once_sends_what_is_due_and_ends(mailed):
    first, second = mailed.reset(KIM), mailed.reset(LEE)
    mailed.mailer.once()
    korean, = mails.to(mailed.mailer.mails(), "kim@example.net")
    english, = mails.to(mailed.mailer.mails(), "lee@example.net")
    assert mails.temporary_password_in(korean) == first
    assert mails.temporary_password_in(english) == second
    assert (korean["Content-Language"], english["Content-Language"]) == ("ko", "en")
    assert [mailed.message(user)["state"] for user in (KIM, LEE)] == ["sent", "sent"]
    mailed.mailer.once()
    assert len(mailed.mailer.mails()) == 2


def test_the_maildir_is_private_and_has_no_drafts(mailed):
    mailed.reset()
    mailed.mailer.once()
    file, = (mailed.mailer.maildir / "new").iterdir()
    assert file.name.endswith(f".{mailed.message()['id']}.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(mailed.mailer.maildir.stat().st_mode) == 0o700
    assert list((mailed.mailer.maildir / "tmp").iterdir()) == []
    assert b"\r" not in file.read_bytes()


def test_mails_have_no_defect(mailed):
    mailed.reset(KIM)
    mailed.reset(LEE)
    recovery.ask_and_wait(mailed.slapd, "han")
    mailed.mailer.once()
    assert len(mailed.mailer.mails()) == 3
    for mail in mailed.mailer.mails():
        assert [defect for part in mail.walk() for defect in part.defects] == []
        assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
        assert mail["Auto-Submitted"] == "auto-generated"
        secret = (mails.CODE.search(mails.text(mail)) or mails.TEMPORARY_PASSWORD.search(mails.text(mail))).group()
        assert f"\n    {secret}\n" in mails.text(mail).replace("\r", "")
        assert f">{secret}</p>" in mail.get_body(("html",)).get_content()


def test_a_code_works_from_the_mail(mailed):
    code = recovery.code_for(mailed.slapd, mailed.mailer, "han", "han@example.net")
    assert recovery.complete(mailed.slapd, "han", code, "a new one of my own") is None
    assert mailed.slapd.signs_in(HAN, "a new one of my own")


def test_what_is_sealed_to_another_key_waits_for_that_key(mailed, tmp_path):
    mailed.mailer.attach(mailed.slapd, keys={"file": str(Mailer(tmp_path).directory / "mailer.key")})
    mailed.reset()
    assert mailed.mailer.once(check=False).returncode == 1
    assert mailed.message()["state"] == "deferred"
    assert mailed.message()["answer"] == "it is sealed to a key that this mailer does not have"


def test_an_old_key_opens_what_was_sealed_to_it(make_slapd, tmp_path):
    mailed, other = Mailed(make_slapd, tmp_path), Mailer(tmp_path)
    keys = [str(mailer.directory / "mailer.key") for mailer in (other, mailed.mailer)]
    mailed.mailer.attach(mailed.slapd, keys={"file": ";".join(keys)})
    mailed.reset()
    mailed.mailer.once()
    assert mailed.message()["state"] == "sent"


def test_a_maildir_that_is_gone_keeps_the_message(mailed):
    mailed.mailer.start()
    mailed.reset(KIM)
    mailed.mailer.wait_for_mail("kim@example.net")
    shutil.rmtree(mailed.mailer.maildir)
    mailed.reset(LEE)
    wait_for(lambda: mailed.message(LEE)["state"] == "deferred")
    mailed.mailer.stop()
    assert mailed.message(LEE)["answer"] == "the maildir cannot be written: No such file or directory"


def test_the_log_has_no_secret(mailed):
    password = mailed.reset()
    recovery.ask_and_wait(mailed.slapd, "han")
    log = mailed.mailer.once().stderr
    code = mails.code_in(mails.to(mailed.mailer.mails(), "han@example.net")[0])
    assert log.count("event=sent ") == 2
    for secret in (password, code, entries.MAILER_PASSWORD):
        assert secret not in log
    for line in log.splitlines():
        assert line.startswith("event=")


# The service


def test_a_reset_is_mailed_by_itself(mailed):
    mailed.mailer.start()
    password = mailed.reset()
    mail = mailed.mailer.wait_for_mail("kim@example.net")
    assert mails.temporary_password_in(mail) == password
    wait_for(lambda: mailed.message()["state"] == "sent")
    mailed.mailer.stop()
    log = mailed.mailer.log.read_text()
    assert log.startswith("event=started ")
    assert log.endswith("event=stopped\n")


def test_it_waits_for_a_directory_that_is_away_and_says_so_once(mailed):
    mailed.slapd.stop()
    mailed.mailer.start()
    wait_for(lambda: "event=directory-away" in mailed.mailer.log.read_text())
    mailed.slapd.start()
    mailed.reset()
    wait_for(lambda: "event=directory-back" in mailed.mailer.log.read_text())
    mailed.slapd.restart()
    mailed.reset()
    mailed.mailer.wait_for_mail("kim@example.net", seen=1)
    wait_for(lambda: mailed.mailer.log.read_text().count("event=directory-back") == 2)
    mailed.mailer.stop()
    events = [line.split()[0] for line in mailed.mailer.log.read_text().splitlines() if "directory" in line.split()[0]]
    assert events == ["event=directory-away", "event=directory-back"] * 2


def test_once_fails_where_the_directory_is_away(mailed):
    mailed.slapd.stop()
    done = mailed.mailer.once(check=False)
    assert done.returncode == 1
    assert "event=directory-away" in done.stderr
    mailed.slapd.start()


def test_somebody_else_is_not_the_mailer(mailed):
    mailed.mailer.attach(mailed.slapd, directory={
        "uri": mailed.slapd.uri, "bind_dn": KIM, "password_file": mailed.slapd.secret_file("First-kim-1")})
    done = mailed.mailer.once(check=False)
    assert done.returncode == 1
    assert "Insufficient access" in done.stderr


def test_a_wrong_password_of_its_own_is_no_secret_in_the_log(mailed):
    mailed.mailer.attach(mailed.slapd, directory={
        "uri": mailed.slapd.uri, "bind_dn": KIM, "password_file": mailed.slapd.secret_file("wrong-secret")})
    done = mailed.mailer.once(check=False)
    assert done.returncode == 1
    assert "Invalid credentials" in done.stderr
    assert "wrong-secret" not in done.stderr


def test_two_mailers_send_each_message_once(mailed, tmp_path):
    second = Mailer.__new__(Mailer)
    second.__dict__ = {**mailed.mailer.__dict__, "log": tmp_path / "second.log", "process": None}
    mailed.mailer.start()
    second.start()
    for _ in range(10):
        mailed.reset(KIM)
        mailed.reset(LEE)
    wait_for(lambda: len(mailed.mailer.mails()) >= 20)
    mailed.mailer.stop()
    second.stop()
    ids = [mail["Message-ID"] for mail in mailed.mailer.mails()]
    assert (len(ids), len(set(ids))) == (20, 20)


# Secrets in memory


def writable_memory(pid: int) -> bytes:
    """All that process PID could have written somewhere."""
    found = b""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            region, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(number, 16) for number in region.split("-"))
            memory.seek(begin)
            found += memory.read(end - begin)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads the memory of a process that is not dumpable")
@pytest.mark.skipif(watching.wanted(), reason="what looks for errors of memory keeps what was freed")
@pytest.mark.parametrize("transport", ["maildir", "smtp"])
def test_what_was_sent_is_forgotten(mailed, transport):
    with MailServer().running() as server:
        if transport == "smtp":
            mailed.send_to(server.url)
        mailed.mailer.start()
        password = mailed.reset(LEE)
        wait_for(lambda: mailed.message(LEE)["state"] == "sent")
        memory = writable_memory(mailed.mailer.process.pid)
        mailed.mailer.stop()
    assert b"Do not give the password" in memory  # the template: it was the right place to look
    assert memory.count(password.encode()) == 0
