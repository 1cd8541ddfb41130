"""The mailer is a service that an administrator can trust: it says what is wrong before it is started, tells the service
manager and monitoring how it does, reads its files again without losing a message, and finds another directory server."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from latchkey_testing import entries, places, watching
from latchkey_testing.configuring import DATABASE
from latchkey_testing.mail_servers import MailServer, certificate
from latchkey_testing.mailed import LOGIN, Mailed
from latchkey_testing.mailer import Mailer
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED_POLICY, password_of
from latchkey_testing.settings import MAILER_DN
from latchkey_testing.waiting import PATIENCE, wait_for
from ldap import MOD_DELETE, MOD_REPLACE


def run(verb: str, mailed: Mailed, *more: str, **options):
    """Runs a verb of latchkey-mailer on the mailer's configuration, however it ends."""
    return places.run("latchkey-mailer", verb, "--config", str(mailed.mailer.config), *more, check=False,
                      timeout=PATIENCE, **options)


def directory_of(mailed: Mailed, **settings: str) -> dict[str, str]:
    """The group [directory] as it is, with SETTINGS put in place of some of it."""
    return {"uri": mailed.slapd.uri, "bind_dn": MAILER_DN,
            "password_file": str(mailed.mailer.directory / "password"), **settings}


# check


def test_check_finds_nothing_wrong(mailed):
    done = run("check", mailed)
    assert done.returncode == 0, done.stdout
    assert "WRONG" not in done.stdout and "note" not in done.stdout
    assert f"olcLatchkeyMailerKey: {mailed.mailer.public_key}" in done.stdout
    assert f"good: Directory {mailed.slapd.uri}: it answers, and knows us as its mailer." in done.stdout


def test_check_speaks_the_readers_language(mailed):
    done = run("check", mailed, env=places.environment(LANGUAGE="ko"))
    assert f"정상: 디렉터리 {mailed.slapd.uri}: 응답하며" in done.stdout


def test_check_takes_and_sends_nothing(mailed):
    with MailServer().running() as server:
        mailed.send_to(server.url)
        mailed.reset()
        assert run("check", mailed).returncode == 0
        assert mailed.message()["state"] == "queued"
        mailed.mailer.once()
        assert len(server.mails) == 1


@pytest.mark.parametrize("group, settings, words", [
    ("directory", {"uri": "ldapi://%2Fnowhere"}, "Can't contact LDAP server"),
    ("directory", {"bind_dn": KIM}, "Invalid credentials"),
    ("keys", {"file": "/nowhere.key"}, "WRONG: Key: /nowhere.key: No such file or directory"),
    ("keys", {"file": "mailer.key"}, "it names a credential of the service; systemd has given us none"),
    ("maildir", {"path": "/dev/null/mails"}, "WRONG: Maildir: /dev/null/mails/tmp: Not a directory"),
    ("mail", {"from": "help@example.org", "templates": "/nowhere"}, "/nowhere/recoveryCode.en.txt"),
    ("service", {"metrics": "/nowhere/mailer.prom"}, "WRONG: Metrics: no file can be written in /nowhere."),
    ("mail", {"form": "x"}, "[mail] form: there is no such setting"),
])
def test_check_says_what_is_wrong(mailed, group, settings, words):
    if group == "directory":
        settings = directory_of(mailed, **settings)
    mailed.mailer.attach(mailed.slapd, **{group: settings})
    done = run("check", mailed)
    assert done.returncode == 1
    assert words in done.stdout


def test_check_tells_somebody_else_from_the_mailer(mailed):
    password = mailed.slapd.secret_file("First-kim-1")
    mailed.mailer.attach(mailed.slapd, directory=directory_of(mailed, bind_dn=KIM, password_file=password))
    done = run("check", mailed)
    assert done.returncode == 1
    assert f"Name this identity in olcLatchkeyMailer: {KIM}" in done.stdout


def test_check_tells_a_directory_without_latchkey(mailed, make_slapd):
    plain = make_slapd(overlay=None)
    mailed.mailer.attach(plain)
    done = run("check", mailed)
    assert done.returncode == 1
    assert "The overlay latchkey is not loaded there" in done.stdout


def test_check_wants_a_portal_of_each_policy(mailed):
    mailed.slapd.root().modify_s(MANAGED_POLICY, [(MOD_DELETE, "latchkeyPortal", None)])
    done = run("check", mailed)
    assert done.returncode == 0
    notes = [line for line in done.stdout.splitlines() if line.startswith("note")]
    assert notes == [f"note: Policy {MANAGED_POLICY}: it has no latchkeyPortal, so that its mails do not say where a code "
                     "is typed or a password changed."]


@pytest.mark.parametrize("settings, words", [
    ({}, "certificate"),
    ({"ca_file": True, "password": "wrong"}, "535"),
])
def test_check_signs_in_to_the_mail_server(mailed, tmp_path, settings, words):
    tls = certificate(tmp_path)
    if settings.pop("ca_file", None):
        settings["ca_file"] = str(tls[0])
    with MailServer(tls=tls, users={LOGIN["user"]: LOGIN["password"]}).running() as server:
        mailed.send_to(server.url, starttls="required", ca_file=str(tls[0]), **LOGIN)
        assert run("check", mailed).returncode == 0
        mailed.send_to(server.url, starttls="required", **{**LOGIN, **settings})
        done = run("check", mailed)
    assert done.returncode == 1
    assert f"WRONG: Mail server {server.url}: " in done.stdout
    assert words in done.stdout


# The service manager


@contextlib.contextmanager
def service_manager(mailed: Mailed, **environment: str):
    """Runs the mailer as systemd would, and yields a function that waits for something it says."""
    path = mailed.mailer.directory / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(str(path))
        inbox.settimeout(0.1)
        heard: list[str] = []

        def hear(word: str) -> bool:
            with contextlib.suppress(TimeoutError):
                heard.append(inbox.recv(4096).decode())
            return any(word in message for message in heard)

        def wait(word: str) -> None:
            heard.clear()
            wait_for(lambda: hear(word))

        with mailed.mailer.environment(NOTIFY_SOCKET=str(path), **environment):
            mailed.mailer.start()
        yield wait
        mailed.mailer.stop()
        wait("STOPPING=1")


def test_it_tells_the_service_manager(mailed):
    with service_manager(mailed) as wait:
        wait("READY=1")
        wait("WATCHDOG=1")
        wait("WATCHDOG=1")
        mailed.mailer.process.send_signal(signal.SIGHUP)
        wait("RELOADING=1")
        wait("READY=1")


def test_it_is_ready_where_the_directory_is_away(mailed):
    mailed.slapd.stop()
    with service_manager(mailed) as wait:
        wait("READY=1")
        wait("the directory is away")
        wait("WATCHDOG=1")
    mailed.slapd.start()


def test_secrets_may_be_credentials_of_the_service(mailed):
    """The key and a password, as systemd hands them over: an access list for the service's user shows as the group's."""
    folder = mailed.mailer.directory / "credentials"
    folder.mkdir(mode=0o700)
    for name, source in (("mailer.key", "mailer.key"), ("directory-password", "password")):
        (folder / name).write_bytes((mailed.mailer.directory / source).read_bytes())
        (folder / name).chmod(0o440)
    mailed.mailer.attach(mailed.slapd, keys={"file": "mailer.key"},
                         directory=directory_of(mailed, password_file="directory-password"))
    mailed.reset()
    assert run("once", mailed).returncode == 2
    done = run("once", mailed, env=places.environment(CREDENTIALS_DIRECTORY=str(folder)))
    assert (done.returncode, mailed.message()["state"]) == (0, "sent")
    (folder / "mailer.key").chmod(0o444)
    assert "can be used by others" in run("once", mailed, env=places.environment(
        CREDENTIALS_DIRECTORY=str(folder))).stderr


@pytest.mark.skipif(watching.wanted(), reason="the memory of what looks on is what would be seen")
def test_keys_are_in_locked_memory_and_no_core_is_dumped(mailed):
    mailed.mailer.start()
    wait_for(lambda: "event=started" in mailed.mailer.log.read_text())
    process = Path(f"/proc/{mailed.mailer.process.pid}")
    status = (process / "status").read_text(encoding="ascii")
    assert int(re.search(r"VmLck:\s+(\d+)", status).group(1)) > 0
    limits = (process / "limits").read_text(encoding="ascii")
    assert re.search(r"Max core file size\s+0\s+0", limits)
    assert process.stat().st_uid == 0  # as those of a process that cannot be dumped, whoever runs it
    mailed.mailer.stop()


UNIT = places.BUILD / "data/systemd/latchkey-mailer.service"


@pytest.mark.skipif(not os.path.exists("/usr/bin/systemd-analyze"), reason="there is no systemd here")
def test_the_unit_is_sound_and_hardened(tmp_path):
    text = re.sub(r"ExecStart=\S+", f"ExecStart={places.program('latchkey-mailer')}", UNIT.read_text())
    unit = tmp_path / "latchkey-mailer.service"
    unit.write_text(text)
    checked = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True,
                             check=False)
    ours = [line for line in checked.stderr.splitlines() if "latchkey-mailer" in line]
    assert (checked.returncode, ours) == (0, [])
    security = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
                              capture_output=True, text=True, check=False)
    assert security.returncode == 0, security.stdout + security.stderr


# Reload


def test_it_reloads_without_losing_a_message(mailed):
    """Mails go on to another place while resets go on."""
    mailed.mailer.start()
    wait_for(lambda: "event=started" in mailed.mailer.log.read_text())
    maildir = mailed.mailer.maildir
    for number in range(6):
        mailed.reset(KIM)
        if number == 3:
            mailed.mailer.maildir = mailed.mailer.directory / "Other"
            mailed.mailer.attach(mailed.slapd)
            mailed.mailer.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=reloaded" in mailed.mailer.log.read_text())
    mailed.reset(LEE)
    wait_for(lambda: mailed.message(LEE)["state"] == "sent")
    mailed.mailer.stop()
    sent = [mail["Message-ID"] for mail in mailed.mailer.mails()]
    mailed.mailer.maildir = maildir
    sent += [mail["Message-ID"] for mail in mailed.mailer.mails()]
    assert len(sent) == len(set(sent)) == 7
    assert all(message["state"] == "sent" for message in mailed.messages(KIM))


def test_a_broken_configuration_is_not_taken_over(mailed):
    mailed.mailer.start()
    wait_for(lambda: "event=started" in mailed.mailer.log.read_text())
    good = mailed.mailer.config.read_text()
    mailed.mailer.config.write_text("[directory]\nuri=\n")
    mailed.mailer.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=reload-failed" in mailed.mailer.log.read_text())
    assert "[directory] uri has no value" in mailed.mailer.log.read_text()
    mailed.reset()
    mailed.mailer.wait_for_mail("kim@example.net")
    mailed.mailer.config.write_text(good)
    mailed.mailer.stop()


def test_a_new_key_comes_with_a_reload(mailed, tmp_path):
    """The rotation that the manual describes, while resets go on."""
    other = Mailer(tmp_path)
    mailed.mailer.attach(mailed.slapd, keys={"file": str(other.directory / "mailer.key")})
    mailed.mailer.start()
    mailed.reset()
    wait_for(lambda: mailed.message()["state"] == "deferred")
    files = [str(mailer.directory / "mailer.key") for mailer in (other, mailed.mailer)]
    mailed.mailer.attach(mailed.slapd, keys={"file": ";".join(files)})
    mailed.mailer.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=reloaded" in mailed.mailer.log.read_text())
    mailed.reset(LEE)
    wait_for(lambda: mailed.message(LEE)["state"] == "sent")
    mailed.mailer.stop()


# Several directory servers


def test_another_directory_server_is_found(mailed):
    nowhere = "ldapi://%2Fnowhere%2Fldapi"
    mailed.mailer.attach(mailed.slapd, directory=directory_of(mailed, uri=f"{nowhere};{mailed.slapd.uri}"))
    mailed.reset()
    mailed.mailer.once()
    assert mailed.message()["state"] == "sent"
    done = run("check", mailed)
    assert done.returncode == 1
    assert f"WRONG: Directory {nowhere}: " in done.stdout
    assert f"good: Directory {mailed.slapd.uri}: " in done.stdout


# Monitoring


def metrics_of(mailed: Mailed) -> Path:
    """The file for monitoring, which the mailer is told to write."""
    path = mailed.mailer.directory / "mailer.prom"
    mailed.mailer.attach(mailed.slapd, service={"metrics": str(path)})
    return path


def test_health_follows_the_service(mailed):
    metrics = metrics_of(mailed)
    assert run("health", mailed).returncode == 3
    mailed.mailer.start()
    wait_for(lambda: run("health", mailed).returncode == 0)
    mailed.slapd.stop()
    wait_for(lambda: run("health", mailed).returncode == 2)
    assert run("health", mailed).stdout.startswith("LATCHKEY CRITICAL - the directory is away | ")
    mailed.slapd.start()
    wait_for(lambda: run("health", mailed).returncode == 0)
    mailed.mailer.process.send_signal(signal.SIGSTOP)
    old = re.sub(r"(heartbeat_timestamp_seconds) \d+", rf"\1 {int(time.time()) - 61}", metrics.read_text())
    metrics.write_text(old)
    assert run("health", mailed).stdout.startswith("LATCHKEY CRITICAL - the mailer does not serve | ")
    mailed.mailer.process.send_signal(signal.SIGCONT)
    mailed.mailer.stop()


def test_a_failed_message_fails_health_also_after_a_restart(mailed):
    path = mailed.mailer.directory / "mailer.prom"
    with MailServer(refused="kim@example.net").running() as server:
        mailed.send_to(server.url)
        mailed.reset(KIM)
        assert run("once", mailed, "--metrics", str(path)).returncode == 1
        assert run("once", mailed, "--metrics", str(path)).returncode == 0
    done = run("health", mailed, "--metrics", str(path))
    assert (done.returncode, done.stdout.split(" | ")[0]) == (2, "LATCHKEY CRITICAL - a message has failed")
    assert run("health", mailed, "--metrics", str(path), "--failed-within", "0").returncode == 0


def test_what_nobody_has_seen_to_fails_health_for_as_long_as_it_is_so(mailed):
    """As the directory says: whichever mailer tried, and until the message is sent again or the password is another."""
    path = mailed.mailer.directory / "mailer.prom"
    ask = ("--metrics", str(path), "--failed-within", "0", "--directory")
    with MailServer(refused="kim@example.net").running() as server:
        mailed.send_to(server.url)
        mailed.reset(KIM)
        run("once", mailed)
    run("once", mailed, "--metrics", str(path))  # one that knows of no failure
    assert run("health", mailed, "--metrics", str(path)).returncode == 0
    done = run("health", mailed, *ask)
    assert (done.returncode, done.stdout.split(" | ")[0]) == (
        2, "LATCHKEY CRITICAL - messages could not be delivered, and nobody has seen to them")
    assert done.stdout.endswith(" undelivered=1\n")
    mailed.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN)).passwd_s(KIM, None, "Typed-by-Gil-1")
    assert run("health", mailed, *ask).returncode == 0
    mailed.slapd.stop()
    done = run("health", mailed, *ask)
    assert done.returncode == 2 and done.stdout.startswith("LATCHKEY CRITICAL - the directory does not answer: ")
    mailed.slapd.start()
    assert places.run("latchkey-mailer", "health", "--directory", check=False).returncode == 3


def test_check_sees_a_database_that_forgets(mailed):
    assert "does not wait for the disk" not in run("check", mailed).stdout
    mailed.slapd.config().modify_s(DATABASE, [(MOD_REPLACE, "olcDbNoSync", [b"TRUE"])])
    done = run("check", mailed)
    assert done.returncode == 0 and "note: Directory " in done.stdout and "does not wait for the disk" in done.stdout


def test_metrics_name_nobody(mailed):
    metrics = metrics_of(mailed)
    mailed.reset(KIM)
    mailed.mailer.once()
    text = metrics.read_text()
    assert 'latchkey_mailer_settled_total{state="sent"} 1\n' in text
    assert "latchkey_mailer_directory_up 1\n" in text
    assert all(word not in text for word in ("kim", "example", mailed.message()["id"]))
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{state="[a-z]+"\})? [0-9.e+]+', line)


def test_a_limit_that_is_none_is_not_healthy(mailed):
    metrics_of(mailed)
    mailed.mailer.once()
    assert run("health", mailed).returncode == 0
    assert run("health", mailed, "--warning", "soon").returncode == 3


# Keys


def slapcat_through_rekey(mailed: Mailed) -> subprocess.CompletedProcess:
    """`slapcat | latchkey-mailer rekey`."""
    return run("rekey", mailed, input=mailed.slapd.slapcat())


def test_rekey_lists_what_needs_the_old_key(mailed, tmp_path):
    mailed.reset(KIM)
    mailed.reset(LEE)
    other = Mailer(tmp_path)
    old, new = (str(mailer.directory / "mailer.key") for mailer in (mailed.mailer, other))
    assert slapcat_through_rekey(mailed).returncode == 0
    mailed.mailer.attach(mailed.slapd, keys={"file": f"{new};{old}"})
    done = slapcat_through_rekey(mailed)
    assert done.returncode == 1
    ids = [mailed.message(user)["id"] for user in (KIM, LEE)]
    assert sorted(done.stdout.splitlines()) == sorted(
        f"{old}\t{id}\ttemporaryPassword\tqueued\t{user}" for id, user in zip(ids, (KIM, LEE)))
    mailed.mailer.attach(mailed.slapd, keys={"file": new})
    assert [line.split("\t")[0] for line in slapcat_through_rekey(mailed).stdout.splitlines()] == ["(unknown key)"] * 2


def test_rekey_reads_ldif_alone(mailed):
    done = run("rekey", mailed, input="this is\nno LDIF\n")
    assert done.returncode == 2
    assert "no LDIF" in done.stderr


# A terminal


def test_somebody_at_a_terminal_sees_a_backlog_shrink(mailed):
    """A second a mail, and a line a second."""
    with MailServer(delay=0.4).running() as server:
        mailed.send_to(server.url, service={"connections": "1"})
        for _ in range(8):
            mailed.reset(LEE)
        master, slave = os.openpty()
        command = [places.program("latchkey-mailer"), "once", "--config", str(mailed.mailer.config)]
        process = subprocess.Popen(command, stderr=slave, env=places.environment())
        os.close(slave)
        said = b""
        with contextlib.suppress(OSError):  # which is how a terminal ends
            while piece := os.read(master, 4096):
                said += piece
        os.close(master)
        assert process.wait() == 0
    assert re.search(rb"^latchkey-mailer: \d+ sent, 0 deferred, 0 failed; \d+ a second\r$", said, re.MULTILINE)
    assert entries.MAILER_PASSWORD.encode() not in said
