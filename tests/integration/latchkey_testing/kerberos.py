"""A Kerberos realm (MIT) with its key distribution centre on loopback. Debian's packages are unpacked and not installed: they would begin
to serve, and ask what the machine's realm is."""

import socket
import subprocess
from pathlib import Path

from . import places, unpacked
from .slapd import free_port
from .waiting import wait_for

REALM = "EXAMPLE.ORG"

_CLIENT = """\
[libdefaults]
	default_realm = {realm}
	dns_lookup_kdc = false
	dns_lookup_realm = false
	dns_canonicalize_hostname = false
	rdns = false
	ignore_acceptor_hostname = true
[realms]
	{realm} = {{
		kdc = 127.0.0.1:{port}
	}}
"""
_CENTRE = """\
[kdcdefaults]
	kdc_listen = 127.0.0.1:{port}
	kdc_tcp_listen = 127.0.0.1:{port}
[realms]
	{realm} = {{
		database_name = {directory}/principals
		key_stash_file = {directory}/stash
		acl_file = {directory}/acl
	}}
[dbmodules]
	db_module_dir = {modules}
"""


class Realm:
    """Made, it serves, with its files in DIRECTORY; remove() ends it."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.tickets = f"FILE:{directory}/tickets"
        self._settings = {"KRB5_CONFIG": str(directory / "krb5.conf"), "KRB5_KDC_PROFILE": str(directory / "kdc.conf"),
                          "KRB5CCNAME": self.tickets, "KRB5_KTNAME": str(directory / "services.keytab")}
        modules, = (unpacked.package("krb5-kdc") / "usr/lib").glob("*-linux-gnu*/krb5/plugins/kdb")
        self._port = free_port()
        names = {"realm": REALM, "port": self._port, "directory": directory, "modules": modules}
        (directory / "krb5.conf").write_text(_CLIENT.format(**names))
        (directory / "kdc.conf").write_text(_CENTRE.format(**names))
        self._run("krb5-kdc/usr/sbin/kdb5_util", "create", "-s", "-W", "-P", "master-password")
        # An address of loopback is taken for the name of the machine by libldap.
        for host in {"localhost", socket.gethostname().lower(), socket.getfqdn().lower()}:
            self._add(f"ldap/{host}", "services.keytab")
        self._start()

    def _run(self, program: str, *words: str) -> None:
        package, _, path = program.partition("/")
        places.run(str(unpacked.package(package) / path), *words, env=places.environment(**self._settings))

    def _add(self, principal: str, keytab: str) -> None:
        for query in (f"addprinc -randkey {principal}", f"ktadd -k {self.directory / keytab} {principal}"):
            self._run("krb5-admin-server/usr/sbin/kadmin.local", "-q", query)

    def _start(self) -> None:
        program = unpacked.package("krb5-kdc") / "usr/sbin/krb5kdc"
        with (self.directory / "kdc.log").open("ab") as log:
            self._process = subprocess.Popen([program, "-n"], stdout=log, stderr=log, env=places.environment(**self._settings))
        wait_for(self._answers)

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.directory / "kdc.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def add_user(self, name: str) -> None:
        """A principal that can get tickets."""
        self._add(name, f"{name}.keytab")

    def get_ticket(self, name: str, lifetime: str = "1h") -> None:
        """As a desktop does at the sign-in."""
        self._run("krb5-user/usr/bin/kinit", "-k", "-t", str(self.directory / f"{name}.keytab"), "-l", lifetime, name)

    def wait_for_expiry(self) -> None:
        """Waits until there is no valid ticket any more."""
        klist = unpacked.package("krb5-user") / "usr/bin/klist"
        environment = places.environment(**self._settings)
        wait_for(lambda: subprocess.run([klist, "-s"], env=environment, check=False).returncode == 1)

    @property
    def client(self) -> dict[str, str]:
        """The environment of a program with the tickets."""
        return {name: self._settings[name] for name in ("KRB5_CONFIG", "KRB5CCNAME")}

    @property
    def service(self) -> tuple[str, ...]:
        """The words before the command of a program that takes tickets."""
        return "env", *(f"{name}={self._settings[name]}" for name in ("KRB5_CONFIG", "KRB5_KTNAME"))

    def end(self) -> None:
        """Ends the centre; tickets that are there go on."""
        self._process.terminate()
        self._process.wait(20)

    def remove(self) -> None:
        """Ends the centre where it still serves."""
        if self._process.poll() is None:
            self.end()
