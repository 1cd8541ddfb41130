"""A certificate authority of a test's own, and the certificates that it gives to servers, good and bad."""

from pathlib import Path

from . import places


class Authority:
    """NAME, with its files in DIRECTORY; who trusts `file` trusts it."""

    def __init__(self, directory: Path, name: str = "authority"):
        self._directory = directory
        self.file, self._key = directory / f"{name}.pem", directory / f"{name}.key"
        self._make("req", "-x509", *_new_key(self._key), "-days", "2", "-subj", f"/CN={name}", "-out", self.file)

    def certify(self, name: str = "IP:127.0.0.1", days: int = 2) -> dict[str, list[str]]:
        """A server's settings in cn=config: a certificate for NAME, a subjectAltName, that is valid for so many DAYS; with fewer than 0 it
        has expired."""
        key, request, certificate, extensions = (self._directory / f"server.{end}" for end in ("key", "csr", "pem", "ext"))
        extensions.write_text(f"subjectAltName={name}\n")
        self._make("req", *_new_key(key), "-subj", "/CN=server", "-out", request)
        self._make("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", days,
                   "-extfile", extensions, "-out", certificate)
        return {"olcTLSCertificateFile": [str(certificate)], "olcTLSCertificateKeyFile": [str(key)]}

    @staticmethod
    def _make(*words: object) -> None:
        places.run("openssl", *map(str, words))


def _new_key(path: Path) -> tuple[object, ...]:
    return "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path
