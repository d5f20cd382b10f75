"""Tokens: who a caller is, said and checked as Google does it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt

from localcloud.core.errors import ApiError
from localcloud.core.identity.keys import RsaKey, credentials_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Tokens", "is_from_inside"]

ISSUER = "https://accounts.google.com"
LIFETIME_SECONDS = 3600
# Google's access tokens are opaque and begin like this; ours carry their claims, so that they outlive a restart.
ACCESS_PREFIX = "ya29.localcloud."
_NETWORK = "localcloud_network"
ACCESS_AUDIENCE = "localcloud-access"


def is_from_inside(claims: Mapping[str, Any]) -> bool:
    """Whether the identity token with these claims was minted for a request inside the cloud's network."""
    return claims.get(_NETWORK) == "internal"


class Tokens:
    """Mints and checks access tokens and identity tokens of service accounts.

    The signing key and the operator's key file lie in the state directory, so tokens stay good over a restart.
    """

    def __init__(self, signing: RsaKey, *, project: str, token_uri: str, key_file: Path) -> None:
        self.signing = signing
        self.project = project
        self.token_uri = token_uri
        self.key_file = key_file
        self.operator = f"operator@{project}.iam.gserviceaccount.com"
        self._public = signing.public_pem()
        self._held_keys: dict[str, tuple[str, str]] = {}

    @classmethod
    def open(cls, directory: Path, *, project: str, token_uri: str) -> Tokens:
        """Return the tokens of this state directory; its signing key and the operator's key file exist afterwards."""
        tokens = cls(
            RsaKey.kept_in(directory / "signing-key.pem"),
            project=project,
            token_uri=token_uri,
            key_file=directory / "operator.json",
        )
        operator_key = RsaKey.kept_in(directory / "operator-key.pem")
        tokens.hold(operator_key.key_id, operator_key.public_pem(), tokens.operator)
        tokens.key_file.touch(mode=0o600)
        tokens.key_file.write_text(
            credentials_file(operator_key, project=project, email=tokens.operator, token_uri=token_uri)
        )
        return tokens

    def hold(self, key_id: str, public_pem: str, email: str) -> None:
        """Assertions signed with this key are taken for this service account from now on."""
        self._held_keys[key_id] = (public_pem, email)

    def release(self, key_id: str) -> None:
        """Assertions signed with this key are refused from now on. Repeating is safe."""
        self._held_keys.pop(key_id, None)

    def mint_access(self, email: str, *, lifetime_seconds: int = LIFETIME_SECONDS) -> str:
        """Return an access token of this service account."""
        claims = {"aud": ACCESS_AUDIENCE, "email": email}
        return ACCESS_PREFIX + self._sign(claims, lifetime_seconds)

    def keep_operators(self, token: str) -> Path:
        """Return the file that holds this token of the operator's, for programs that take a token in a file."""
        path = self.key_file.with_name("operator.token")
        path.touch(mode=0o600)
        path.write_text(token)
        return path

    def mint_identity(
        self, email: str, audience: str, *, lifetime_seconds: int = LIFETIME_SECONDS, inside: bool = False
    ) -> str:
        """Return an identity token of this service account for this audience.

        `inside` marks what is sent from inside the cloud's own network, which no address tells on one machine.
        """
        claims = {"iss": ISSUER, "aud": audience, "azp": email, "sub": email, "email": email, "email_verified": True}
        return self._sign(claims | ({_NETWORK: "internal"} if inside else {}), lifetime_seconds)

    def verify_identity(self, token: str) -> dict[str, Any]:
        """Return the claims of an identity token of ours. Raises ApiError 401 when it is forged, foreign or expired."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._public, algorithms=["RS256"], issuer=ISSUER, options={"verify_aud": False}
            )
        except jwt.InvalidTokenError as exc:
            raise ApiError.unauthenticated(
                f"cannot accept the identity token: {exc}; send an OIDC token of this cloud in the Authorization header"
            ) from exc
        return claims

    def verify_assertion(self, assertion: str) -> dict[str, Any]:
        """Return the claims of a statement that a service account signed with its own key.

        Raises ApiError 401 when no key of that id is known, or the statement is not that key's, or expired.
        """
        try:
            key_id = str(jwt.get_unverified_header(assertion).get("kid"))
            if key_id not in self._held_keys:
                raise ApiError.unauthenticated(
                    f"cannot accept the assertion: key {key_id} belongs to no service account here; "
                    f"use the key file that `localcloud env` names"
                )
            public, email = self._held_keys[key_id]
            claims: dict[str, Any] = jwt.decode(
                assertion, public, algorithms=["RS256"], issuer=email, options={"verify_aud": False}, leeway=60
            )
        except jwt.InvalidTokenError as exc:
            raise ApiError.unauthenticated(
                f"cannot accept the assertion: {exc}; sign it with the service account's key file"
            ) from exc
        return claims

    def principal(self, bearer: str) -> str | None:
        """Return who sent this bearer token (`serviceAccount:…`), or None when it is none of ours or expired."""
        try:
            if bearer.startswith(ACCESS_PREFIX):
                signed = bearer.removeprefix(ACCESS_PREFIX)
                email = jwt.decode(signed, self._public, algorithms=["RS256"], audience=ACCESS_AUDIENCE)["email"]
            elif bearer.count(".") == 2:  # noqa: PLR2004 - a JWT has three parts
                # Google's clients also send a JWT that they signed themselves, without asking for a token first.
                email = self.verify_assertion(bearer)["iss"]
            else:
                return None
        except (jwt.InvalidTokenError, ApiError):
            return None
        return f"serviceAccount:{email}"

    def key_set(self) -> dict[str, Any]:
        """Return the JSON Web Key Set with which anyone can check our identity tokens."""
        return {"keys": [self.signing.jwk()]}

    def _sign(self, claims: dict[str, Any], lifetime_seconds: int) -> str:
        issued = int(time.time())
        claims = {**claims, "iat": issued, "exp": issued + lifetime_seconds}
        return jwt.encode(claims, self.signing.private, algorithm="RS256", headers={"kid": self.signing.key_id})
