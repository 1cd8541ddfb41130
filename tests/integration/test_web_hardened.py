"""The web pages give nothing away and take nothing that is not theirs: forms of others, replayed, old or forged, forged hosts and
headers, bodies without end, clients that dawdle; each is refused or cut off, the rest goes on, and no secret is kept or logged."""

import base64
import os
import socket
import threading
import time
import urllib.parse

import pytest

from latchkey_testing import mails, places, recovery, watching
from latchkey_testing.organization import KIM
from latchkey_testing.waiting import wait_for
from latchkey_testing.web import IDENTITY, Form, Visitor, Web

NEW = "Kims-Own-Choice-1"
FOREIGN = "This form was not made for your browser"
CODE_FORM = {"code": "K7QF-2M9X-4TRB", "new": NEW, "repeated": NEW}


@pytest.fixture
def visitor(web):
    """One who has asked for a code for KIM."""
    made = Visitor(web)
    made.open()
    made.send(user="kim")
    return made


def asked(web) -> int:
    """How many requests for a code have reached the directory."""
    return len(web.slapd.log_lines("event=request"))


# --- headers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "code", "change", "done", "nothing"])
def test_every_page_is_closed(web, path):
    page = Visitor(web).open(path)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy and "script-src" not in policy
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy and "base-uri 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff" and page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Set-Cookie"].startswith("__Host-latchkey=")
    assert page.headers["Set-Cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")
    assert "Server" not in page.headers
    assert not any(attributes.get("href", "/").startswith(("http:", "//")) for _tag, attributes in page.tags)


@pytest.mark.parametrize("host", ["evil.example", "accounts.example.org@evil.example", "evil.example/recover", "[::1]:99"])
def test_links_come_from_the_configuration(visitor, host):
    plain = visitor.open()
    forged = visitor.open(Host=host, X_Forwarded_Host=host, X_Forwarded_Proto="http", Forwarded=f"host={host}")
    assert forged.links == plain.links and [form.action for form in forged.forms] == [form.action for form in plain.forms]
    assert "evil" not in forged.html and all(link.startswith(("/recover/", "#")) for link in forged.links)


def test_nothing_that_is_typed_becomes_a_header(web):
    """Line ends are put wherever something is echoed."""
    line = "x\r\nSet-Cookie: latchkey=mine\r\nX-Forged: yes"
    quoted = urllib.parse.quote(line)
    visitor = Visitor(web)
    pages = [web.ask("GET", f"/recover/?lang={quoted}"), web.ask("GET", f"/recover/done?state={quoted}"),
             web.ask("GET", f"/recover/{quoted}")]
    visitor.open()
    pages += [visitor.send(user=line), visitor.send(user="kim")]
    pages += [visitor.send(**{**CODE_FORM, "code": line, "second": line}), visitor.send(form=Form(f"/recover/code?lang={quoted}"))]
    for page in pages:
        assert "X-Forged" not in page.headers and "mine" not in (page.headers["Set-Cookie"] or "")


def test_markup_stays_text(web):
    markup = "\"'><script>alert(1)</script><img src=x onerror=y>&amp;{code}{user}{typed}"
    visitor = Visitor(web)
    visitor.open()
    page = visitor.send(user=markup)
    assert page.status == 200 and page.form.fields["user"] == markup and markup in page.text
    page = visitor.send(code=markup, second=markup)
    assert page.form.fields["code"] == markup and page.form.fields["second"] == markup
    assert all(tag not in ("script", "img") for tag, _attributes in page.tags)


# --- forms -------------------------------------------------------------------------------------------------------------


def refused(page) -> bool:
    """Whether the form was not believed."""
    return page.status == 403 and page.says(FOREIGN)


def test_a_form_is_good_in_its_own_browser_alone(web, visitor):
    other = Visitor(web)
    other.open()
    assert refused(other.send(form=visitor.page.form, **CODE_FORM))
    other.cookie = ""
    assert refused(other.send(form=visitor.page.form, **CODE_FORM))
    for forged in ("__Host-latchkey=", "__Host-latchkey=AAAA", "__Host-latchkey=" + "A" * 22, "latchkey=" + "A" * 22,
                   visitor.cookie[:-1] + ("A" if visitor.cookie[-1] != "A" else "Q")):
        other.cookie = forged
        assert refused(other.send(form=visitor.page.form, **CODE_FORM)), forged
    assert not web.slapd.log_lines("event=recovery")


def test_a_form_is_good_on_its_own_page_alone(visitor):
    code = visitor.page.form
    start = visitor.open().form
    change = visitor.open("change").form
    for form, path in ((code, ""), (code, "change"), (start, "code"), (start, "change"), (change, ""), (change, "code")):
        moved = Form("/recover/" + path, {**form.fields, "user": "kim"})
        assert refused(visitor.send(form=moved, old="x", **CODE_FORM)), path


def test_a_form_cannot_be_made_or_changed(web, visitor):
    fields = visitor.page.form.fields
    token = fields["token"]
    for at in range(0, len(token), 7):
        other = "A" if token[at] != "A" else "B"
        assert refused(visitor.send(form=Form("/recover/code", {"token": token[:at] + other + token[at + 1:]}), **CODE_FORM))
    for forged in ("", "A", token[:-1], token + "A", base64.urlsafe_b64encode(os.urandom(90)).decode(), token + "=" * 3, "가"):
        assert refused(visitor.send(form=Form("/recover/code", {"token": forged}), **CODE_FORM)), forged
    assert refused(visitor.send(form=Form("/recover/code", {}), **CODE_FORM))
    assert not web.slapd.log_lines("event=recovery")


def test_who_it_is_about_is_what_the_form_before_said(web, visitor, mailer):
    """The name that is shown on the second page is not read from there."""
    wait_for(lambda: recovery.served(web.slapd) > 0)  # what the visitor has asked for already
    code = recovery.code_for(web.slapd, mailer, "lee", "lee@example.net")
    page = visitor.send(button=("go", "new"), **{**CODE_FORM, "code": code, "user": "lee"})
    assert page.status == 422 and page.form.fields["user"] == "kim"


def test_a_form_that_was_used_does_nothing_again(web, mailer):
    visitor = Visitor(web)
    visitor.open()
    visitor.send(user="kim")
    wait_for(lambda: asked(web) > 0)
    mailer.once()
    code, form = mails.code_in(mailer.mails()[-1]), visitor.page.form
    assert visitor.send(form=form, **{**CODE_FORM, "code": code}).says("Your password was changed.")
    assert visitor.send(form=form, **{**CODE_FORM, "code": code, "new": NEW + "2", "repeated": NEW + "2"}).status == 422
    assert web.slapd.signs_in(KIM, NEW)


def test_an_old_form_is_no_good(start, serve):
    visitor = Visitor(serve(start(), site={"form_seconds": "1"}))
    visitor.open("code")
    time.sleep(1.1)
    page = visitor.send(user="kim", **CODE_FORM)
    assert page.status == 403 and page.says("This page was open for too long")
    assert page.form.fields["user"] == "kim" and page.form.fields["new"] == ""


@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example"}, {"Origin": "http://accounts.example.org"},
    {"Origin": "https://accounts.example.org.evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
    {"Origin": "null", "Sec_Fetch_Site": "cross-site"}])
def test_a_form_from_elsewhere_is_refused(visitor, headers):
    assert refused(visitor.send(headers=headers, **CODE_FORM))


@pytest.mark.parametrize("headers", [
    {"Origin": "https://accounts.example.org", "Sec_Fetch_Site": "same-origin"}, {"Origin": "null", "Sec_Fetch_Site": "same-origin"},
    {"Origin": "null"}, {}])
def test_one_of_ours_is_not(visitor, headers):
    assert visitor.send(headers=headers, **CODE_FORM).says("This was not accepted.")


def test_servers_with_one_key_read_each_others_forms(start, serve, key_file):
    slapd = start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]})
    first, second, third = (serve(slapd, site={"key_file": key}) for key in (str(key_file), str(key_file), None))
    visitor = Visitor(first)
    visitor.open()
    visitor.send(user="kim")
    form = visitor.page.form
    visitor.web = second
    assert visitor.send(form=form, **CODE_FORM).says("This was not accepted.")
    visitor.web = third
    assert refused(visitor.send(form=form, **CODE_FORM))


# --- bodies ------------------------------------------------------------------------------------------------------------

BODIES = {
    "an escape that is none": b"token=%zz", "half an escape": b"token=%4", "a NUL": b"user=a%00b", "a raw NUL": b"user=a\x00b",
    "not UTF-8": b"user=%ff", "twice": b"user=a&user=b", "a name that is not UTF-8": b"%ff=1",
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_no_form_is_refused(web, kind):
    page = web.ask("POST", "/recover/", BODIES[kind], Content_Type="application/x-www-form-urlencoded")
    assert page.status == 400 and page.says("This cannot be read")


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/json", "text/plain",
                                          "application/x-www-form-urlencodedx"])
def test_other_forms_are_refused(web, content_type):
    assert web.ask("POST", "/recover/", b"user=kim", Content_Type=content_type).status == 400


@pytest.mark.parametrize("method, path, status", [
    ("PUT", "", 405), ("DELETE", "code", 405), ("OPTIONS", "", 405), ("TRACE", "", 405), ("POST", "done", 405), ("HEAD", "", 200),
    ("GET", "../etc/passwd", 404), ("GET", "code/", 404), ("GET", "%2e%2e/", 404), ("GET", "style.css", 404)])
def test_other_methods_and_paths(web, method, path, status):
    assert web.ask(method, "/recover/" + path).status == status


def send_long(web, head: bytes, pieces: list[bytes]) -> bytes:
    """What is answered to a form with HEAD among its headers and a body of PIECES, which may end in the middle."""
    answer = b""
    with web.connect() as connection:
        connection.sendall(b"POST /recover/ HTTP/1.1\r\nHost: x\r\nAccept-Language: ko\r\n"
                           b"Content-Type: application/x-www-form-urlencoded\r\n" + head + b"\r\n\r\n")
        try:
            for piece in pieces:
                connection.sendall(piece)
            while piece := connection.recv(65536):
                answer += piece
        except OSError:
            pass  # cut off
    return answer


LONG = {
    "announced": (b"Content-Length: 10485760", [b"a" * 65536] * 160),
    "in chunks": (b"Transfer-Encoding: chunked", [b"10000\r\n" + b"a" * 65536 + b"\r\n"] * 160 + [b"0\r\n\r\n"]),
    "asked before": (b"Content-Length: 10485760\r\nExpect: 100-continue", []),
    "announced without end": (b"Content-Length: 999999999999", []),
}


@pytest.mark.parametrize("kind", LONG)
def test_ten_megabytes_are_refused_and_not_kept(web, kind):
    send_long(web, *LONG[kind])
    before = memory(web)
    began = time.monotonic()
    answer = send_long(web, *LONG[kind])
    assert answer.startswith(b"HTTP/1.1 413 ") and "내용이 너무 많습니다".encode() in answer, answer[:200]
    assert time.monotonic() - began < watching.patience(30)
    assert watching.wanted() or memory(web) - before < 2048
    assert web.ask("GET", "/recover/").status == 200


@pytest.mark.parametrize("head", [b"Content-Length: 104857600", b"Transfer-Encoding: chunked"])
def test_a_body_without_end_is_cut_off(web, head):
    pieces = [b"10000\r\n" + b"a" * 65536 + b"\r\n"] * 1600
    with web.connect() as connection:
        connection.sendall(b"POST /recover/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                           + head + b"\r\n\r\n")
        with pytest.raises(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
    assert web.ask("GET", "/recover/").status == 200


def test_a_long_mail_is_taken_and_a_longer_one_is_not(visitor):
    text = "한글 " * 3000
    page = visitor.send(**{**CODE_FORM, "code": text + CODE_FORM["code"]})
    assert page.status == 422 and page.says("This was not accepted.")
    assert visitor.send(code="한글 " * 9000).status == 413


def test_headers_have_an_end(web):
    for head in (b"X: " + b"a" * 100_000, b"\r\n".join(b"X%d: y" % number for number in range(9000))):
        with web.connect() as connection:
            try:
                connection.sendall(b"GET /recover/ HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
                answer = connection.recv(4096)
            except ConnectionResetError:
                continue
            assert not answer or answer.split()[1] in (b"431", b"413", b"400")
    assert web.ask("GET", "/recover/").status == 200


# --- clients that dawdle -----------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(start, serve):
    """Pages that wait two seconds for a client, and have eight places."""
    return serve(start(), server={"request_seconds": "2", "connections": "8"})


def drip(connection: socket.socket, octets: bytes) -> float:
    """Sends one octet of OCTETS each tenth of a second until the other side has had enough; returns how long that took."""
    began = time.monotonic()
    try:
        for octet in octets:
            connection.sendall(bytes([octet]))
            time.sleep(0.1)
        while connection.recv(4096):
            pass
    except OSError:
        pass
    return time.monotonic() - began


HALVES = {
    "nothing": b"",
    "a line": b"GET /recover/ HTTP/1.1\r\n" + b"X: y\r\n" * 90,
    "a body": b"POST /recover/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n",
}


@pytest.mark.parametrize("kind", HALVES)
def test_slow_clients_are_cut_off(impatient, kind):
    with impatient.connect() as connection:
        if kind == "a body":
            connection.sendall(HALVES[kind])
            assert drip(connection, b"a" * 9000) < watching.patience(30)
        else:
            assert drip(connection, HALVES[kind]) < watching.patience(30)
    assert impatient.ask("GET", "/recover/").status == 200


def test_one_that_does_not_take_its_page_is_cut_off(impatient):
    connections = [impatient.connect() for _ in range(8)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        connection.sendall(b"GET /recover/ HTTP/1.1\r\nHost: x\r\n\r\n")
    wait_for(lambda: is_served(impatient))
    for connection in connections:
        connection.close()


def is_served(web) -> bool:
    """Whether a visitor gets a page."""
    try:
        return web.ask("GET", "/recover/").status == 200
    except OSError:
        return False


def test_all_places_taken_are_free_again_soon(impatient):
    connections = []

    def taken() -> bool:
        """On a slow machine the first of them are cut off before the last one is there."""
        connections.extend(impatient.connect() for _ in range(40))
        time.sleep(0.3)
        return not is_served(impatient)

    wait_for(taken)
    wait_for(lambda: is_served(impatient))
    for connection in connections:
        connection.close()


def test_what_is_under_way_is_finished_at_the_end(start, serve):
    """A change that the directory has begun is told to whoever asked for it."""
    web = serve(start())
    visitor = Visitor(web)
    visitor.open("change")
    before = len(web.slapd.log_lines("conn="))
    pages = []
    thread = threading.Thread(target=lambda: pages.append(visitor.send(user="kim", old="wrong", new=NEW, repeated=NEW)))
    thread.start()
    wait_for(lambda: len(web.slapd.log_lines("conn=")) > before)
    web.stop()
    thread.join()
    assert pages[0].says("The user name or the password is wrong")


# --- whose request it is -----------------------------------------------------------------------------------------------


def clients(web, name: str) -> list[str]:
    """The clients that slapd has logged with requests for NAME."""
    return [line.split(" client=")[1] for line in web.slapd.log_lines("event=request", f"uid={name},")]


def test_the_client_is_named_to_the_directory(web):
    for address in ("203.0.113.5", "2001:db8::7"):
        visitor = Visitor(web, address=address)
        visitor.open()
        visitor.send(user="kim" if "." in address else "lee")
    wait_for(lambda: clients(web, "kim") and clients(web, "lee"))
    assert clients(web, "kim")[0].startswith('"IP=203.0.113.5" via=')
    assert clients(web, "lee")[0].startswith('"IP=[2001:db8::7]" via=')


@pytest.mark.parametrize("header, client", [
    ("198.51.100.66, 203.0.113.5", '"IP=203.0.113.5" via='), ("198.51.100.66, 203.0.113.5, 127.0.0.1", '"IP=203.0.113.5" via='),
    ("nonsense, 203.0.113.5", '"IP=203.0.113.5" via='), ("203.0.113.5, nonsense", '"PATH='), ("203.0.113.5,", '"PATH='),
    ("203.0.113.5:4711", '"IP=203.0.113.5" via='), ("[2001:db8::7]:4711", '"IP=[2001:db8::7]" via=')])
def test_only_what_the_proxy_itself_has_seen_is_believed(web, header, client):
    visitor = Visitor(web, address=header)
    visitor.open()
    visitor.send(user="kim")
    wait_for(lambda: clients(web, "kim"))
    assert clients(web, "kim")[0].startswith(client)


def test_who_is_no_proxy_is_not_believed(start, serve):
    web = serve(start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]}), server={"trusted_proxies": "192.0.2.0/24"})
    visitor = Visitor(web, address="203.0.113.5")
    visitor.open()
    visitor.send(user="kim")
    wait_for(lambda: clients(web, "kim"))
    assert clients(web, "kim")[0].startswith('"IP=127.0.0.1" via=')


def test_passwords_are_not_tried_for_long(web):
    visitor = Visitor(web, address="203.0.113.5")
    visitor.open("change")
    for _ in range(2):
        assert visitor.send(user="kim", old="", new=NEW, repeated=NEW).status == 422  # these do not count
    threads = [threading.Thread(target=try_once, args=(web, "203.0.113.5")) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page = visitor.send(user="song", old="guess", new=NEW, repeated=NEW)
    assert page.status == 429 and page.says("There were too many attempts")
    other = Visitor(web, address="203.0.113.6")
    other.open("change")
    assert other.send(user="lee", old="guess", new=NEW, repeated=NEW).status == 422


def try_once(web, address: str) -> None:
    """One wrong password, for a name that is nobody's."""
    visitor = Visitor(web, address=address)
    visitor.open("change")
    assert visitor.send(user="nobody", old="guess", new=NEW, repeated=NEW).status == 422


# --- secrets -----------------------------------------------------------------------------------------------------------


def memory(web) -> int:
    """What the server holds in memory, in KiB."""
    status = open(f"/proc/{web.process.pid}/status", encoding="ascii").read()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")))


def test_the_log_knows_no_secret_and_no_name(web, mailer):
    visitor = Visitor(web)
    visitor.open()
    visitor.send(user="my-Secret-Password-4711")
    visitor.open("code")
    visitor.send(user="kim", code="K7QF-2M9X-4TRB", new="Secret-New-1", repeated="Secret-New-1")
    visitor.open("change")
    visitor.send(user="kim", old="Secret-Old-1", new="Secret-New-1", repeated="Secret-New-1")
    web.stop()
    log = web.log.read_text()
    assert log.count("event=") == 5 and "client=198.51.100.7" in log
    for secret in ("4711", "K7QF", "Secret", "kim", "latchkey="):
        assert secret not in log
    # A name that is nobody's does not reach slapd's log either.
    assert not web.slapd.log_lines("4711")


def test_codes_and_passwords_are_not_left_in_memory(web, mailer):
    """Of many passwords that went through, none is found afterwards in what the process has allocated."""
    if watching.wanted():
        return  # their tools keep what was freed
    for number in range(20):
        visitor = Visitor(web)
        visitor.open("code")
        visitor.send(user="kim", code="K7QF-2M9X-4TRB", new=f"Left-Behind-{number}", repeated=f"Left-Behind-{number}")
    # The last answer comes before what it was made of is erased.
    wait_for(lambda: b"Left-Behind-" not in memory_of(web.process.pid))


def memory_of(pid: int) -> bytes:
    """All that the process PID may write to, but the stacks."""
    found = []
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb") as memory_file:
        for line in maps:
            words = line.split()
            if "rw" not in words[1] or words[-1] in ("[vvar]", "[vsyscall]"):
                continue
            begin, end = (int(word, 16) for word in words[0].split("-"))
            try:
                memory_file.seek(begin)
                found.append(memory_file.read(end - begin))
            except OSError:
                continue
    return b"".join(found)


# --- configuration -----------------------------------------------------------------------------------------------------

BAD = {
    "no url": ({"site": {"url": None}}, "[site] url"),
    "a url without its slash": ({"site": {"url": "https://accounts.example.org/recover"}}, "with a slash at its end"),
    "a url with a quote": ({"site": {"url": 'https://accounts.example.org/"/'}}, "[site] url"),
    "a url with a name in it": ({"site": {"url": "https://a@accounts.example.org/"}}, "[site] url"),
    "another scheme": ({"site": {"url": "ftp://accounts.example.org/"}}, "[site] url"),
    "sign-in elsewhere": ({"site": {"sign_in": "javascript:alert(1)"}}, "[site] sign_in"),
    "in the clear": ({"directory": {"uri": "ldap://ldap.example.org"}}, "passwords go there"),
    "on the network": ({"server": {"listen": "0.0.0.0:80"}}, "clear_text=accept"),
    "nowhere": ({"server": {"listen": "127.0.0.1"}}, "it can be 127.0.0.1:PORT"),
    "no network": ({"server": {"trusted_proxies": "proxy.example.org"}}, "is no address"),
    "no number": ({"server": {"connections": "many"}}, "a number from 1 to 4096"),
    "no such choice": ({"pages": {"second_proof": "maybe"}}, "it can be offer or ask or no"),
    "no such setting": ({"pages": {"colour": "red"}}, "there is no such setting"),
    "nobody to find": ({"directory": {"base": None}}, "[pages] change=yes needs"),
    "no place for the name": ({"directory": {"base": None, "user_dn": "uid=kim"}}, "no {user}"),
    "no key": ({"site": {"key_file": "/nonexistent"}}, "No such file"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_configuration_that_is_wrong_is_told(slapd, tmp_path, kind):
    groups, sentence = BAD[kind]
    web = Web(slapd, tmp_path, **groups)
    done = places.run("latchkey-web", "run", "--config", str(web.config), check=False)
    assert done.returncode == 2 and sentence in done.stderr, done.stderr
    if kind != "nowhere":
        done = places.run("latchkey-web", "check", "--config", str(web.config), check=False)
        assert done.returncode == 1 and sentence in done.stdout


def test_a_key_that_others_may_read_is_refused(slapd, tmp_path, key_file):
    key_file.chmod(0o644)
    web = Web(slapd, tmp_path, site={"key_file": str(key_file)})
    done = places.run("latchkey-web", "run", "--config", str(web.config), check=False)
    assert done.returncode == 2 and "chmod 600" in done.stderr


def test_the_check_says_what_is_right_and_what_is_not(make_slapd, slapd, tmp_path):
    web = Web(slapd, tmp_path)
    done = places.run("latchkey-web", "check", "--config", str(web.config))
    assert "it runs Latchkey" in done.stdout and f"Identity {IDENTITY}:" in done.stdout
    korean = places.run("latchkey-web", "check", "--config", str(web.config), env=places.environment(LANGUAGE="ko"))
    assert "Latchkey가 있습니다" in korean.stdout
    plain = Web(make_slapd(overlay=None), tmp_path)
    done = places.run("latchkey-web", "check", "--config", str(plain.config), check=False)
    assert done.returncode == 1 and "does not run Latchkey" in done.stdout
    web = Web(slapd, tmp_path, directory={"uri": "ldapi://%2Fnowhere"})
    assert places.run("latchkey-web", "check", "--config", str(web.config), check=False).returncode == 1


def test_on_a_local_socket(start, serve, tmp_path):
    """What is asked there is asked by the web server."""
    path = tmp_path / "s"
    web = Web(start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]}), tmp_path, server={"listen": f"unix:{path}"})
    web.connect = lambda: _connected(path)
    web.ask = lambda method, where, body=None, **headers: _ask_on(path, method, where, headers)
    web.start()
    assert "200 OK" in web.ask("GET", "/recover/").raw
    web.stop()
    web.start()  # the socket that was left behind is no obstacle
    web.stop()


class _Raw:
    """An answer as it came."""

    def __init__(self, raw: str):
        self.raw, self.status = raw, int(raw.split()[1])


def _connected(path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    return connection


def _ask_on(path, method: str, where: str, headers: dict[str, str]) -> _Raw:
    with _connected(path) as connection:
        lines = [f"{method} {where} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode())
        got = b""
        while piece := connection.recv(65536):
            got += piece
    return _Raw(got.decode())


def test_the_example_is_a_configuration(slapd, tmp_path, key_file):
    """Every setting in it, those with # in front too, with this machine's paths."""
    text = (places.ROOT / "examples/web/web.conf").read_text(encoding="utf-8")
    text = "\n".join(line.removeprefix("#") if line.startswith("#") and "=" in line and " " not in line.split("=")[0] else line
                     for line in text.splitlines() if line != "#listen=127.0.0.1:8091")
    for wrong, right in (("ldapi:///", slapd.uri), ("web.key", str(key_file)), ("[pages]", f"[pages]\ncatalogs={places.CATALOGS}")):
        text = text.replace(wrong, right)
    config = tmp_path / "web.conf"
    config.write_text(text, encoding="utf-8")
    assert "key_file=/" in text and "second_proof" in text
    done = places.run("latchkey-web", "check", "--config", str(config), check=False)
    assert done.returncode == 0, done.stdout
