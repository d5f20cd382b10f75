"""One call as it was sent, before it is known which service's method it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web


@dataclass(frozen=True, slots=True)
class Inbound:
    """One call as it was sent, alone or as a part of a batch."""

    http_method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    payload: bytes
    request: web.Request


class CallAnswering(Protocol):
    """Answers a call that came in inside another request: a part of a batch, or a path shared with invocations."""

    async def call(self, api: str, inbound: Inbound, region: str | None) -> dict[str, Any] | web.StreamResponse | None:
        """Return what the service answers; raises ApiError, or Dark."""
