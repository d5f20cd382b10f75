"""RSA keys: the one that signs for Google, and the ones that service accounts hold."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RsaKey", "credentials_file"]


@dataclass(frozen=True, slots=True)
class RsaKey:
    """A private RSA key with the id under which its public half is published."""

    key_id: str
    private: rsa.RSAPrivateKey

    @classmethod
    def generate(cls) -> RsaKey:
        """Return a new key of 2048 bits."""
        return cls.of(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def of(cls, private: rsa.RSAPrivateKey) -> RsaKey:
        """Return the key with its id, which depends on the key alone."""
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return cls(hashlib.sha256(public).hexdigest()[:40], private)

    @classmethod
    def from_pem(cls, pem: str) -> RsaKey:
        """Return the key that was written as PEM. Raises ValueError when it is no RSA key."""
        private = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError(f"cannot use the key as a signing key: it is a {type(private).__name__}, RSA is needed")  # noqa: TRY004 - the bytes are of the right type, their content is not
        return cls.of(private)

    @classmethod
    def kept_in(cls, path: Path) -> RsaKey:
        """Return the key of this file; the file exists afterwards. Repeating the call gives the same key."""
        if path.exists():
            return cls.from_pem(path.read_text())
        key = cls.generate()
        path.touch(mode=0o600)
        path.write_text(key.private_pem())
        return key

    def private_pem(self) -> str:
        """Return the private key as Google's key files hold it."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def public_pem(self) -> str:
        """Return the public half."""
        return (
            self.private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def jwk(self) -> dict[str, str]:
        """Return the public half as an entry of a JSON Web Key Set."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kid": self.key_id,
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": _base64url(numbers.n),
            "e": _base64url(numbers.e),
        }


def credentials_file(key: RsaKey, *, project: str, email: str, token_uri: str) -> str:
    """Return the text of a key file as Google hands it out for a service account."""
    content: dict[str, Any] = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": key.key_id,
        "private_key": key.private_pem(),
        "client_email": email,
        "client_id": str(int(key.key_id[:16], 16)),
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }
    return json.dumps(content, indent=2) + "\n"


def _base64url(number: int) -> str:
    length = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(length, "big")).rstrip(b"=").decode()
