"""Who sends a request, read from whatever credential it carries: what a partition by caller goes by."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.identity.tokens import Tokens

__all__ = ["caller_of"]

_IN_ORDER = ("X-Serverless-Authorization", "Authorization", "authorization")


def caller_of(tokens: Tokens, headers: Mapping[str, str]) -> str | None:
    """Return the e-mail address of the caller, None of one whose credential is missing or none of ours.

    Access and identity tokens count, as bearer and, as docker and skopeo send them, as the password of basic
    authentication. Whether the caller may do what it asks for is decided elsewhere.
    """
    for name in _IN_ORDER:
        scheme, _, credential = headers.get(name, "").partition(" ")
        token = _password(credential) if scheme.lower() == "basic" else credential.strip()
        if token and (found := _of_token(tokens, token)):
            return found
    return None


def _of_token(tokens: Tokens, token: str) -> str | None:
    if principal := tokens.principal(token):
        return principal.partition(":")[2]
    try:
        return str(tokens.verify_identity(token)["email"])
    except (ApiError, KeyError):
        return None


def _password(credential: str) -> str:
    try:
        return base64.b64decode(credential, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
