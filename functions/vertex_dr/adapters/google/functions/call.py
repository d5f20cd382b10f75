"""Call the next function as its invoker: a POST with an identity token for its URL.

Reference: https://cloud.google.com/functions/docs/securing/authenticating#generate_tokens_programmatically
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.records import to_plain

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.records import Record

__all__ = ["FunctionCalls"]


class FunctionCalls:
    """Implements Functions; a function's URL is also the audience of the token."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def call(self, url: str, record: Record | None, *, timeout_seconds: float) -> dict[str, Any]:
        """Return the function's answer; the port says what is raised."""
        body = {} if record is None else to_plain(record)
        return self._clients.invoker(url).post_json(
            url, body, tried=f"call {url}", timeout_seconds=timeout_seconds, then="decide in this process"
        )
