"""The authority that signs for Google's host names: its own, valid for one state directory, trusted by nobody else."""

from __future__ import annotations

import re
import secrets
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Authority", "BadHost"]

_AUTHORITY_DAYS = 3650
_LEAF_DAYS = 365  # clients of Apple's systems refuse a leaf of more than 398
_RENEWED_DAYS = 30
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LONGEST_COMMON_NAME = 64
# Go's clients break on the answer when they could have h2 for plain JSON calls; those of gRPC offer nothing but h2.
_PROTOCOLS = ["http/1.1", "h2"]


class BadHost(ValueError):
    """What was asked for is no host name, so nothing can be signed for it."""


@dataclass(slots=True)
class Authority:
    """Signs one leaf certificate for exactly one host, when that host is first asked for."""

    folder: Path
    certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey
    _leaf_key: ec.EllipticCurvePrivateKey
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)

    @classmethod
    def kept_in(cls, folder: Path) -> Authority:
        """Return the authority of this folder, which is made at the first call. Repeating gives the same one."""
        folder.mkdir(parents=True, exist_ok=True)
        key = _key_kept_in(folder / "authority-key.pem")
        leaf_key = _key_kept_in(folder / "leaf-key.pem")
        path = folder / "authority.pem"
        if path.exists():
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        else:
            certificate = _self_signed(key)
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(folder, certificate, key, leaf_key)

    @property
    def file(self) -> Path:
        """The PEM file that clients are told to trust, and nothing beside it."""
        return self.folder / "authority.pem"

    def context(self, host: str) -> ssl.SSLContext:
        """Return a server's context that proves to be this host. Raises BadHost for what is no host name."""
        known = self._contexts.get(host)
        if known is None:
            known = self._contexts[host] = self._made(host)
        return known

    def context_by_name(self) -> ssl.SSLContext:
        """Return a server's context that proves to be whichever host the client names in its greeting (SNI)."""
        made = self.context("localhost")
        by_name = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        by_name.load_cert_chain(self._leaf("localhost"))
        by_name.set_alpn_protocols(_PROTOCOLS)

        def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
            try:
                connection.context = self.context(name.lower()) if name else made
            except BadHost:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            return None

        by_name.sni_callback = choose
        return by_name

    def trust(self) -> ssl.SSLContext:
        """Return a client's context that trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.file))

    def _made(self, host: str) -> ssl.SSLContext:
        if not _HOST.fullmatch(host):
            raise BadHost(f"cannot prove to be {host!r}: it is no host name in lower case")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._leaf(host))
        context.set_alpn_protocols(_PROTOCOLS)
        return context

    def _leaf(self, host: str) -> Path:
        """Return the file of a certificate for this host and its key; it is signed anew before it expires."""
        path = self.folder / "leaves" / f"{host}.pem"
        path.parent.mkdir(exist_ok=True)
        now = datetime.now(UTC)
        if path.exists():
            kept = x509.load_pem_x509_certificate(path.read_bytes())
            if kept.not_valid_after_utc - now > timedelta(days=_RENEWED_DAYS):
                return path
        common = [x509.NameAttribute(NameOID.COMMON_NAME, host)] if len(host) <= _LONGEST_COMMON_NAME else []
        signed = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(common))
            .issuer_name(self.certificate.subject)
            .public_key(self._leaf_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=_LEAF_DAYS))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=not common)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        fresh = path.with_suffix(f".{secrets.token_hex(8)}")  # whoever signs for the same host at once has another
        fresh.touch(mode=0o600)
        fresh.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + _pem(self._leaf_key))
        return fresh.replace(path)


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localcloud of this state directory")])
    now = datetime.now(UTC)
    signs_certificates = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signs_certificates, critical=True)
        .sign(key, hashes.SHA256())
    )


def _key_kept_in(path: Path) -> ec.EllipticCurvePrivateKey:
    if path.exists():
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise ValueError(f"cannot sign with the key in {path}: it is a {type(found).__name__}; remove the folder")
        return found
    made = ec.generate_private_key(ec.SECP256R1())
    path.touch(mode=0o600)
    path.write_bytes(_pem(made))
    return made


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
