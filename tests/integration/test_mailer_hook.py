"""A site can reach people another way: addresses of a kind go to a command of the site's, which gets the message as named
fields on standard input, and nowhere else, and whose exit status is the state."""

import json
import signal
import subprocess
import time

import pytest
from latchkey_testing import enrolment, organization, places, recovery, watching, wire
from latchkey_testing.mailed import Mailed
from latchkey_testing.organization import GLOBAL_ADMIN, KIM, LEE, MANAGED, SELF, password_of, person, sign_in
from latchkey_testing.password_writes import result_of
from latchkey_testing.sealed import waiting
from latchkey_testing.waiting import wait_for

NUMBER = "tel:+82-10-1234-5678"
PHONE = f"uid=phone,{SELF}"
OTHER = f"uid=other,{MANAGED}"
FIELDS = {"id", "kind", "address", "person", "login", "organization", "language", "portal", "actor", "text", "mustChange",
          "secret", "expires", "lifetime"}
WRITE = """#!/bin/sh
cat > "$1.new" && mv "$1.new" "$1"
printf '%s\\n' "$*" > "$1.arguments"; env > "$1.environment"
echo "given to the operator, number 42"
"""


@pytest.fixture
def mailed(make_slapd, tmp_path):
    """A slapd, and a mailer that knows no hook yet; somebody who is reached by telephone alone."""
    def entries(key: str):
        return [*organization.entries(latchkeyTell="nothing"), person("phone", SELF, "Paul Phone", latchkeyRecoveryAddress=NUMBER),
                waiting("other", key, 7, to="kakao:kim@office", name="김\"\\정현")]
    made = Mailed(make_slapd, tmp_path, entries)
    yield made
    made.mailer.check()


def hook(mailed: Mailed, script: str, scheme: str = "tel", **settings: str):
    """Has the mailer run SCRIPT for addresses of SCHEME; returns the file that it is given as its argument."""
    program = mailed.mailer.directory / "hook"
    program.write_text(script)
    program.chmod(0o755)
    given = mailed.mailer.directory / "given"
    mailed.mailer.attach(mailed.slapd, **{f"hook {scheme}": {"command": f"{program} '{given}' \"two words\"", **settings}})
    return given


def told(mailed: Mailed) -> dict[str, str]:
    """The message to Kim that has the temporary password; others tell of the reset."""
    message, = (each for each in mailed.messages() if each["kind"] == "temporaryPassword")
    return message


def test_a_reset_goes_to_a_telephone(mailed):
    given = hook(mailed, WRITE)
    password = mailed.reset(KIM, to=NUMBER)
    log = mailed.mailer.once(check=False).stderr
    message = json.loads(given.read_text())
    assert set(message) == FIELDS
    assert message["address"] == NUMBER
    assert (message["kind"], message["secret"], message["person"], message["login"], message["language"]) == (
        "temporaryPassword", password, "김정현", "kim", "ko")
    assert message["mustChange"] is True and 0 < message["lifetime"] <= 86400 and message["expires"].endswith("Z")
    assert message["text"] == f"[Example Organization] 임시 암호: {password}"
    assert (told(mailed)["state"], told(mailed)["answer"]) == ("sent", "given to the operator, number 42")
    elsewhere = log + given.with_suffix(".arguments").read_text() + given.with_suffix(".environment").read_text()
    assert password not in elsewhere and "two words" in elsewhere
    assert "BENCH" not in elsewhere and "LATCHKEY" not in elsewhere


def test_a_code_goes_to_a_telephone_and_works(mailed):
    given = hook(mailed, WRITE)
    mailed.mailer.start()
    recovery.ask_and_wait(mailed.slapd, "phone")
    wait_for(lambda: "event=sent" in mailed.mailer.log.read_text())
    mailed.mailer.stop()
    message = json.loads(given.read_text())
    assert (message["kind"], message["text"]) == ("recoveryCode", f"[Example Organization] Code: {message['secret']}")
    assert recovery.complete(mailed.slapd, PHONE, message["secret"], "A-new-password-9") is None


def test_other_kinds_of_addresses(mailed):
    given = hook(mailed, WRITE, "kakao")
    mailed.mailer.once()
    message = json.loads(given.read_text())
    assert (message["address"], message["person"]) == ("kakao:kim@office", "김\"\\정현")


@pytest.mark.parametrize("number", ["01012345678", "tel:01012345678", "tel:+82 1012345678", "tel:+821;rm", "kakao:kim"])
def test_what_is_no_number_is_refused_by_the_directory(mailed, number):
    admin = mailed.slapd.connect(GLOBAL_ADMIN, password_of(GLOBAL_ADMIN))
    code, _text = result_of(wire.password_modify, admin, KIM, control=wire.notify(to=number))
    assert code == 21


@pytest.mark.parametrize("script, state, answer", [
    ("#!/bin/sh\ncat >/dev/null\nexit 0\n", "sent", "the command ended with status 0"),
    ("#!/bin/sh\ncat >/dev/null\necho 'no such number' >&2\nexit 69\n", "failed", "no such number"),
    ("#!/bin/sh\ncat >/dev/null\nexit 75\n", "deferred", "the command ended with status 75"),
    ("#!/bin/sh\nexit 1\n", "deferred", "the command ended with status 1"),
    ("#!/bin/sh\nkill -9 $$\n", "deferred", "the command was ended by signal 9"),
    ("#!/bin/sh\nexec <&-\nsleep 0.3\necho 'read nothing'\n", "sent", "read nothing"),
    ("#!/nowhere/sh\n", "deferred", "No such file or directory"),
    ("#!/bin/sh\ncat\n", "sent", '{"id":"'),  # repeats the secret, which is not kept
    ("#!/bin/sh\nprintf %0250d 0\nsed 's/.*secret\":\"//; s/\".*//'\n", "sent", "000..."),  # where its end is cut off
    ("#!/bin/sh\nsed 's/.*secret\":\"//; s/\".*//'\n", "sent", "..."),
    ("#!/bin/sh\ncat >/dev/null\nyes | head -c 1000000\n", "sent", "y y y"),
])
def test_the_exit_status_is_the_state(mailed, script, state, answer):
    hook(mailed, script)
    password = mailed.reset(KIM, to=NUMBER)
    done = mailed.mailer.once(check=False)
    message = told(mailed)
    assert message["state"] == state and answer in message["answer"], message
    assert password[:6] not in message["answer"] + done.stderr


def test_a_command_that_does_not_end_is_ended_with_all_it_has_begun(mailed):
    given = hook(mailed, '#!/bin/sh\nsleep 1000 & echo $! > "$1"\nwait\n', timeout="1")
    mailed.reset(KIM, to=NUMBER)
    mailed.reset(LEE)
    began = time.monotonic()
    mailed.mailer.once(check=False)
    assert time.monotonic() - began < watching.patience(60)
    assert (told(mailed)["state"], told(mailed)["answer"]) == (
        "deferred", "the command took longer than 1 seconds")
    assert mailed.message(LEE)["state"] == "sent"
    state = subprocess.run(["ps", "-o", "stat=", "-p", given.read_text().strip()], capture_output=True, text=True,
                           check=False).stdout
    assert not state.strip() or state.startswith("Z")


def test_a_telephone_is_enrolled_with_a_code_that_reached_it(mailed):
    """And counts from then on."""
    given = hook(mailed, WRITE)
    connection = sign_in(mailed.slapd, LEE)
    enrolment.address_add(connection, NUMBER)
    mailed.mailer.once(check=False)
    message = json.loads(given.read_text())
    assert (message["kind"], message["address"]) == ("addressProof", NUMBER)
    assert message["text"] == f"[Example Organization] Code: {message['secret']}"
    assert NUMBER.encode() not in mailed.slapd.entry(LEE)["latchkeyRecoveryAddress"]
    enrolment.address_prove(connection, message["secret"])
    assert NUMBER.encode() in mailed.slapd.entry(LEE)["latchkeyRecoveryAddress"]


def test_without_a_hook_it_waits_for_one(mailed):
    mailed.reset(KIM, to=NUMBER)
    mailed.mailer.once(check=False)
    assert (told(mailed)["state"], told(mailed)["answer"]) == (
        "deferred", "no hook is configured for addresses with tel:")


@pytest.mark.parametrize("group, settings, words", [
    ("hook TEL", {"command": "/bin/true"}, "[hook TEL]: no address begins with that"),
    ("hook tel", {"timeout": "3"}, "[hook tel] command is missing"),
    ("hook tel", {"command": "send-sms"}, "[hook tel] command must begin with the path of a program"),
    ("hook tel", {"command": "/bin/echo 'x"}, "[hook tel] command cannot be taken apart"),
    ("hook tel", {"command": "/nowhere/sms"}, "WRONG: Hook for tel: /nowhere/sms cannot be run."),
])
def test_check_looks_at_hooks(mailed, group, settings, words):
    mailed.mailer.attach(mailed.slapd, **{group: settings})
    done = places.run("latchkey-mailer", "check", "--config", str(mailed.mailer.config), check=False)
    assert done.returncode == 1
    assert words in done.stdout


def test_the_command_has_neither_our_signals_nor_our_files(mailed):
    """Asked of Python, since a shell unblocks signals by itself."""
    given = hook(mailed, "#!/usr/bin/python3\nimport os, sys\n"
                 "files = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if n in '012' or int(n) > 3]\n"
                 "print(*files, open('/proc/self/status').read(), sep='\\n', file=open(sys.argv[1], 'w'))\n")
    mailed.reset(KIM, to=NUMBER)
    mailed.mailer.once(check=False)
    lines = given.read_text().splitlines()
    signals = {line.split(":")[0]: int(line.split()[1], 16) for line in lines if line.startswith(("SigBlk", "SigIgn"))}
    assert signals["SigBlk"] == 0
    # Python's own: SIGPIPE and SIGXFSZ. What this test was started with goes through all of them, as with nohup.
    started_with = sum(1 << number - 1 for number in range(1, 32) if signal.getsignal(number) is signal.SIG_IGN)
    assert signals["SigIgn"] & ~(1 << 12 | 1 << 24 | started_with) & 0x7FFFFFFF == 0
    files = lines[:lines.index(next(line for line in lines if line.startswith("Name:")))]
    assert len(files) == 3 and all(name.startswith("pipe:") for name in files)
