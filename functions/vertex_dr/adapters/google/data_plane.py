"""Plain HTTP to Google's data planes with the caller's credential; an error status is raised as Google's exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

    from vertex_dr.adapters.google.clients import Clients

__all__ = ["Http"]

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 30.0
_BLOB_SECONDS = 300.0  # a layer of gigabytes is on its way; anything else is a short answer
_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True)
class Http:
    """Sends requests; whoever calls it translates what it raises."""

    clients: Clients

    def send(self, method: str, url: str, **options: Any) -> Response:
        """Return the answer of any status below 400. Raises google.api_core's exception of the status otherwise."""
        from google.api_core.exceptions import from_http_status  # noqa: PLC0415 - imported where it is used

        session: Any = self.clients.session()
        is_blob = bool(options.get("stream")) or options.get("data") is not None
        timeout = (_CONNECT_SECONDS, _BLOB_SECONDS if is_blob else _READ_SECONDS)
        response: Response = session.request(method, url, timeout=timeout, **options)
        if response.status_code >= _FIRST_ERROR:
            text = " ".join(response.text.split())[:300]
            of_status: Any = from_http_status
            raise of_status(response.status_code, f"{method} {url}: {text or response.reason}")
        return response
