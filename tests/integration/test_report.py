"""`latchkey report` reads slapd's log, wherever that was kept, and says what a policy that observes would have refused: by
whom, from where, how often. Nobody can forge its lines where the log keeps lines apart, and no log is too large for it."""

import json
import struct
import subprocess
import time
from pathlib import Path

import ldap
import ldap.dn
import ldap.filter
import pytest
from ldap import MOD_REPLACE

from latchkey_testing import organization, places, trail, watching
from latchkey_testing.cli import DONE, REFUSED, USAGE
from latchkey_testing.organization import (GLOBAL_ADMIN, HAN, KIM, LEE, MANAGED_POLICY, OUTSIDE, SELF_POLICY, SONG,
                                           password_of, sign_in)
from latchkey_testing.password_writes import result_of
from latchkey_testing.settings import ROOT_DN

NEW = "A-new-password-9"


def report(*words: str, log: str | bytes | None = None, status: int = REFUSED, language: str = "en",
           **environment: str) -> str:
    """What `latchkey report WORDS` prints, with LOG on its standard input."""
    octets = log.encode() if isinstance(log, str) else log
    done = subprocess.run([places.program("latchkey"), "report", *words], input=octets, capture_output=True,
                          env=places.environment(LANGUAGE=language, **environment), timeout=120)
    assert done.returncode == status, done
    return (done.stdout + done.stderr).decode()


def observed(*words: str, **options) -> list[dict]:
    return json.loads(report("--json", *words, **options))["observed"]


def line(actor: str = "cn=portal", target: str = "uid=han", rule: str = "self-service-only", more: str = "") -> str:
    return (f'conn=1003 op=1 latchkey event=modify verdict=observed rule={rule} actor="{actor}" target="{target}"'
            f' changes=password result=0{more} client="IP=192.0.2.7"')


@pytest.fixture
def slapd(make_slapd):
    directory = organization.entries()
    for policy in (SELF_POLICY, MANAGED_POLICY):
        dict(directory)[policy]["latchkeyEnforcement"] = ["observe"]
    return make_slapd(directory, port=True)


def set_password(connection, dn):
    connection.modify_s(dn, [(MOD_REPLACE, "userPassword", [NEW.encode()])])


def test_an_old_portal_is_found_before_it_breaks(slapd):
    """The old portal resets everybody with the rootdn, over a connection in the clear, from its own machine."""
    portal = slapd.root()
    for dn in (HAN, SONG, HAN):
        set_password(portal, dn)
    set_password(portal, KIM)  # this it may
    plain = slapd.connect(LEE, password_of(LEE), uri=slapd.tcp_uri)
    plain.passwd_s(LEE, password_of(LEE), NEW)
    assert result_of(sign_in(slapd, GLOBAL_ADMIN).passwd_s, f"uid=nobody,{OUTSIDE}", None, NEW)[0] != 0
    found = observed(str(slapd.log))
    assert [(kind["actor"], kind["event"], kind["rule"], kind["requests"], kind["targets"]) for kind in found] == [
        (ROOT_DN, "modify", "self-service-only", 3, 2), (LEE, "password-modify", "unprotected-connection", 1, 1)]
    assert found[0]["client"].startswith("PATH=") and found[1]["client"] == "IP=127.0.0.1"
    assert found[0]["examples"] == [HAN, SONG] and found[0]["first"] <= found[0]["last"]
    text = report(str(slapd.log))
    assert f"{ROOT_DN}, from PATH=" in text and "Requests: 3. Entries: 2." in text and f"For example: {SONG}" in text
    assert "다른 사용자의 암호 설정" in report(str(slapd.log), language="ko")


def test_nothing_to_report(slapd):
    set_password(slapd.root(), KIM)
    assert "Nothing would have been refused." in report(str(slapd.log), status=DONE)
    assert "No line of Latchkey’s was found." in report("/dev/null", status=DONE)


def test_what_slapd_refuses_itself_breaks_nothing(make_slapd):
    directory = organization.entries()
    dict(directory)[SELF_POLICY]["latchkeyEnforcement"] = ["observe"]
    slapd = make_slapd(directory, access=("to attrs=userPassword by anonymous auth", "to * by * read"))
    assert result_of(set_password, sign_in(slapd, LEE), HAN)[0] == 50
    assert trail.lines(slapd, verdict="observed")[0]["result"] == "50"
    report(str(slapd.log), status=DONE)


def exported(messages: list[bytes], when: int) -> bytes:
    """As journalctl -o export shows MESSAGES."""
    entries = []
    for message in messages:
        text = b"\n" not in message
        field = b"MESSAGE=" + message if text else b"MESSAGE\n" + struct.pack("<Q", len(message)) + message
        entries.append(f"__CURSOR=s=1;i={len(entries)}\n__REALTIME_TIMESTAMP={when}000000\n".encode() + field + b"\n\n")
    return b"".join(entries)


def test_every_form_of_the_log(tmp_path):
    """The same line, as slapd, syslog and the journal keep it, in one run; and a file as well as standard input."""
    when = int(time.time()) - 86400
    stamps = [f"{when:08x}.00000000 0x7f0011223344 ", f"{when:08x} ",
              time.strftime("%b %e %H:%M:%S host slapd[7]: ", time.gmtime(when + 9 * 3600)),  # in Seoul
              time.strftime("%Y-%m-%dT%H:%M:%S+0000 host slapd[7]: ", time.gmtime(when)),
              time.strftime("%Y-%m-%dT%H:%M:%S.123456+00:00 host slapd: ", time.gmtime(when))]
    (tmp_path / "plain").write_text("".join(f"{stamp}{line()}\n" for stamp in stamps))
    kind, = observed(str(tmp_path / "plain"), "-", log=exported([line().encode()], when), TZ="Asia/Seoul")
    assert kind["requests"] == 6 and kind["targets"] == 1
    assert kind["first"] == kind["last"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


@pytest.mark.parametrize("since, requests", [("2h", 1), ("90m", 1), ("3d", 2), ("2020-01-01", 3), (None, 4)])
def test_since(since, requests):
    now = int(time.time())
    log = "".join(f"{now - ago:08x} {line()}\n" for ago in (60, 2 * 86400, 30 * 86400)) + line() + "\n"
    kind, = observed(*(["--since", since] if since else []), log=log)
    assert kind["requests"] == requests
    if since:
        assert "do not say when: 1." in report("--since", since, log=log)


@pytest.mark.parametrize("since", ["yesterday", "7", "7x", "2026-13-01", "", "-1d", "2026-11-22 x"])
def test_a_time_that_is_none(since):
    assert "--since is no time" in report(f"--since={since}", log="", status=USAGE)


def test_a_file_that_cannot_be_read(tmp_path):
    assert "cannot be read" in report(str(tmp_path / "missing"), status=USAGE)
    assert "cannot be read" in report(str(tmp_path), status=USAGE)
    assert json.loads(report("--json", str(tmp_path / "missing"), status=USAGE).split("latchkey:")[0])["ok"] is False


# What a client can choose, and must not pass for a line or a field of Latchkey's.
FORGERIES = ['x" verdict=observed rule="forged', "x\nconn=1 op=1 latchkey event=modify verdict=observed rule=forged",
             "conn=1 op=1 latchkey event=modify verdict=observed rule=forged", "한글\u202e \"따옴표\""]


@pytest.mark.parametrize("name", FORGERIES, ids=range(len(FORGERIES)))
def test_nobody_forges_a_line_by_a_name(slapd, name):
    escaped = ldap.dn.escape_dn_chars(name).replace("\n", "\\0A")
    dn = f"uid={escaped},{OUTSIDE}"
    slapd.root().add_s(dn, [("objectClass", [b"inetOrgPerson"]), ("uid", [name.encode()]), ("cn", [b"x"]),
                            ("sn", [b"x"]), ("userPassword", [b"First-name-1"])])
    connection = slapd.connect(dn, "First-name-1")
    connection.search_s(OUTSIDE, ldap.SCOPE_SUBTREE, ldap.filter.filter_format("(cn=%s)", [name]), ["1.1", name])
    set_password(connection, HAN)
    kind, = observed(str(slapd.log))
    assert kind["rule"] == "self-service-only" and kind["requests"] == 1
    assert ldap.dn.str2dn(kind["actor"])[0][0][1].strip() == name.strip()
    shown = report(str(slapd.log)).splitlines()
    assert not [text for text in shown if text.startswith(("conn=", " verdict=")) or "\u202e" in text]


def test_slapd_logs_some_of_what_strangers_say_as_it_is_and_the_journal_keeps_it_apart(slapd):
    """slapd's own file can be given a line by anybody who may connect, as the manual says; the journal's export cannot."""
    forged = line(actor="cn=forged")
    with pytest.raises(ldap.INVALID_DN_SYNTAX):
        slapd.connect().simple_bind_s(f"x\n{forged}\n", "x")
    assert "\nconn=1003 op=1 latchkey" in slapd.log.read_text()
    messages = [b"do_bind: invalid dn (x\n" + forged.encode() + b"\n)", line().encode()]
    kind, = observed(log=exported(messages, int(time.time())))
    assert kind["actor"] == "cn=portal"


def test_damaged_lines_are_counted(slapd):
    whole = line()
    log = f"{whole}\n{whole[:-20]}\n" + whole.replace(" actor=", " actor= ") + f"\n{'x' * 100000}\n\0\xff\n{whole}"
    assert "damaged, and were passed over: 2." in report(log=log)
    assert observed(log=log)[0]["requests"] == 2


def most_memory(pid: int) -> int:
    """The most that process PID has had in memory until now, in KiB; 0 when it has ended. (What wait4() says of a child counts
    the memory of this process, which it was before it was another program.)"""
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(text.split()[1]) for text in status.splitlines() if text.startswith("VmHWM:")), 0)


def test_a_huge_log_in_little_memory(tmp_path):
    """200 MB, with more actors, clients and targets than are kept."""
    path, block = tmp_path / "log", []
    for number in range(20000):
        block.append(line(f"cn=portal{number % 6000}", f"uid=user{number}") + "\n" + "conn=1 op=1 SRCH base=\"\"" + "x" * 200)
    text = "\n".join(block) + "\n"
    with path.open("w") as file:
        for _repetition in range(200_000_000 // len(text)):
            file.write(text)
    with open(tmp_path / "out", "w") as out:
        command = [places.program("latchkey"), "report", str(path)]
        process = subprocess.Popen(command, stdout=out, env=places.environment(LANGUAGE="en"))
    most = 0
    while process.poll() is None:
        most = max(most, most_memory(process.pid))
        time.sleep(0.01)
    assert process.returncode == REFUSED
    # Where something looks on, it keeps for a while what was given back.
    assert 0 < most < 60 * 1024 or watching.wanted(), "KiB"
    assert "of more kinds than are counted" in (tmp_path / "out").read_text()
