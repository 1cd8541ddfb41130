"""nginx and Apache before the pages, with the lines of examples/web in their configurations. Debian's packages are unpacked and not
installed, so that no service of the machine's begins with them."""

import contextlib
import http.client
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import places, unpacked
from .mail_servers import certificate
from .slapd import Slapd, free_port
from .waiting import PATIENCE, wait_for
from .web import Page, Web

EXAMPLES = places.ROOT / "examples/web"
_SOCKET = "/run/latchkey-web/socket"  # in the examples

_NGINX = """\
daemon off;
pid {directory}/pid;
user root;
events {{}}
http {{
	access_log {directory}/access.log;
	client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy; fastcgi_temp_path {directory}/fastcgi;
	uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
	{outside}
	server {{
		listen 127.0.0.1:{port} ssl;
		server_name accounts.example.org;
		ssl_certificate {certificate};
		ssl_certificate_key {key};
		{inside}
	}}
}}
"""

_MODULES = ("mpm_event", "authz_core", "ssl", "proxy", "proxy_http", "headers", "reqtimeout")
_APACHE = """\
ServerRoot {package}/usr/lib/apache2
ServerName accounts.example.org
User nobody
Group nogroup
DefaultRuntimeDir {directory}
PidFile {directory}/pid
ErrorLog {directory}/error.log
Listen 127.0.0.1:{port}
{modules}
SSLSessionCache none
<VirtualHost *:{port}>
	ServerName accounts.example.org
	SSLEngine on
	SSLCertificateFile {certificate}
	SSLCertificateKeyFile {key}
	{inside}
</VirtualHost>
"""


class WebServer:
    """The server NAME ("nginx" or "apache") with its files in DIRECTORY, which others must be able to enter, before what listens on
    the socket there."""

    def __init__(self, name: str, directory: Path):
        self.directory, self.port = directory, free_port()
        self.socket = directory / "socket"
        self._trusted = certificate(directory, "accounts.example.org")
        example = (EXAMPLES / f"{name}.conf").read_text().replace(_SOCKET, str(self.socket))
        (directory / "server.conf").write_text(getattr(self, f"_configure_{name}")(example))

    def _configure_nginx(self, example: str) -> str:
        self._command = [str(unpacked.package("nginx") / "usr/sbin/nginx"), "-p", str(self.directory), "-e",
                         str(self.directory / "error.log"), "-c", str(self.directory / "server.conf")]
        self._libraries: list[Path] = []
        # As a comment of the example's says.
        outside = "\n".join(line for line in example.splitlines() if line.startswith("limit_req_zone"))
        assert outside
        return _NGINX.format(**self._names(), outside=outside, inside=example.replace(outside, ""))

    def _configure_apache(self, example: str) -> str:
        package = unpacked.package("apache2-bin")
        self._command = [str(package / "usr/sbin/apache2"), "-D", "FOREGROUND", "-f", str(self.directory / "server.conf")]
        self._libraries = [place for name in ("libapr1", "libaprutil1")
                           for place in (unpacked.package(name) / "usr/lib").glob("*-linux-gnu*")]
        modules = "\n".join(f"LoadModule {name}_module modules/mod_{name}.so" for name in _MODULES)
        return _APACHE.format(**self._names(), package=package, modules=modules, inside=example)

    def _names(self) -> dict[str, object]:
        return {"directory": self.directory, "port": self.port, "certificate": self._trusted[0], "key": self._trusted[1]}

    @contextlib.contextmanager
    def running(self) -> Iterator["WebServer"]:
        """Serves until the end of the block."""
        environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, self._libraries))}
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            wait_for(lambda: self._answers(process))
            yield self
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _answers(self, process: subprocess.Popen) -> bool:
        assert process.poll() is None, f"ended with {process.returncode}\n{self.log()}"
        try:
            return self.ask("GET", "/recover/health").status in (200, 502, 503)
        except OSError:
            return False

    def log(self) -> str:
        """What it wrote down, of requests too."""
        return "".join((self.directory / name).read_text() for name in ("log", "error.log", "access.log")
                       if (self.directory / name).exists())

    def ask(self, method: str, path: str, body: str | bytes | None = None, host: str = "accounts.example.org", source: str = "127.0.0.9",
            **headers: str) -> Page:
        """Sends one request over TLS, as a client with the address SOURCE."""
        context = ssl.create_default_context(cafile=self._trusted[0])
        context.check_hostname = False  # it is asked by its address
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=(source, 0), context=context)
        try:
            connection.request(method, path, body, {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}})
            answer = connection.getresponse()
            return Page(answer.status, answer.msg, answer.read().decode())
        finally:
            connection.close()


class WebBehind(Web):
    """Pages that are reached through a WebServer, whose fields and methods are those of a Web."""

    def __init__(self, slapd: Slapd, below: Path, server: WebServer):
        # Clients of the tests are on this machine, too: only what the socket proves makes a proxy.
        super().__init__(slapd, below, server={"listen": f"unix:{server.socket}", "trusted_proxies": "::1"})
        self._server = server

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"latchkey-web did not start\n{self.log.read_text()}"
        return self.ask("GET", "/recover/health").status == 200

    def ask(self, method, path, body=None, **headers) -> Page:
        """Sends one request through the server."""
        return self._server.ask(method, path, body, **headers)
