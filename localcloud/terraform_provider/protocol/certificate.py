"""The certificate by which Terraform knows that it speaks with the plugin it has started.

Terraform starts the plugin several times a command, and a certificate costs a fifth of a start: set-up makes one and
keeps it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_LIFETIME = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A self-signed certificate for localhost and its key, as PEM."""

    certificate: str
    key: str

    @property
    def handshake_form(self) -> str:
        """The certificate as the handshake line carries it: base64 without line breaks and padding."""
        return "".join(self.certificate.strip().splitlines()[1:-1]).rstrip("=")


def own_certificate(path: str | None) -> Certificate:
    """Return the certificate that set-up keeps at the path, or a fresh one if there is none."""
    try:
        return Certificate(**json.loads(Path(path or "").read_text()))
    except (OSError, ValueError, TypeError):
        return make_certificate()


def keep_certificate(path: Path) -> None:
    """Make a kept certificate exist at the path, readable by this user only, replaced when half of its life is over."""
    if path.exists() and dt.datetime.now(dt.UTC).timestamp() - path.stat().st_mtime < _LIFETIME.total_seconds() / 2:
        return
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(make_certificate()), file)


def make_certificate() -> Certificate:
    """Return a fresh certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=True,
        key_cert_sign=True,  # it is its own authority
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    both_ends = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(both_ends), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Certificate(certificate=signed.public_bytes(encoding).decode(), key=secret.decode())
