"""A certificate authority of the test's own, and what it signs: PEM files, as brokers and clients read them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_HOSTS = "subjectAltName=IP:127.0.0.1,DNS:localhost"


@dataclass(frozen=True)
class Certificate:
    """A certificate with its private key."""

    subject: str
    """Its subject, as Kafka writes it in a principal: `CN=orders`."""
    certificate: Path
    key: Path
    keystore: Path
    """Private key and certificate in one file, which is what Kafka takes as a keystore of type PEM."""


class CertificateAuthority:
    """A private CA.

    Args:
        directory: An empty directory for its files.
        name: Its common name.
    """

    def __init__(self, directory: Path, name: str) -> None:
        directory.mkdir(parents=True)
        self._directory = directory
        self.certificate = directory / "ca.pem"
        """What a client must trust to believe what this CA signed."""
        self._key = directory / "ca.key"
        _openssl(
            *("req", "-x509", *_KEY, "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", str(self._key), "-out", str(self.certificate)),
        )

    def issue(self, common_name: str) -> Certificate:
        """Signs a certificate for a broker on this machine or for a client."""
        paths = {kind: self._directory / f"{common_name}.{kind}" for kind in ("key", "csr", "ext", "crt", "pem")}
        paths["ext"].write_text(f"{_HOSTS}\nextendedKeyUsage=serverAuth,clientAuth\n", encoding="utf-8")
        _openssl("req", "-new", *_KEY, "-subj", f"/CN={common_name}", "-keyout", str(paths["key"]), "-out", str(paths["csr"]))
        _openssl(
            *("x509", "-req", "-days", "2", "-in", str(paths["csr"]), "-CA", str(self.certificate), "-CAkey", str(self._key)),
            *("-CAcreateserial", "-extfile", str(paths["ext"]), "-out", str(paths["crt"])),
        )
        paths["pem"].write_bytes(paths["key"].read_bytes() + paths["crt"].read_bytes())
        return Certificate(f"CN={common_name}", paths["crt"], paths["key"], paths["pem"])


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)  # noqa: S607 - PATH's openssl
