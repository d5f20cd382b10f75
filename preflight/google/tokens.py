"""HTTP with a token that somebody else's call returned: what a scratch account sees, not what the caller does."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vertex_dr.adapters.google.http import Http

__all__ = ["Bearers"]


class Bearers:
    """One session a token."""

    @lru_cache(maxsize=8)  # noqa: B019 - it lives as long as one run
    def http(self, token: str) -> Http:
        """Return HTTP that carries the token."""
        from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415 - only discovering needs it
        from google.oauth2.credentials import Credentials  # noqa: PLC0415 - likewise

        from vertex_dr.adapters.google.http import Http  # noqa: PLC0415 - likewise

        return Http(AuthorizedSession(Credentials(token=token)))  # type: ignore[no-untyped-call] # google-auth has no types
