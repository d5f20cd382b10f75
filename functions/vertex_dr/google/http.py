"""Plain HTTP to Google's data planes with the caller's credential; an error status is raised as Google's exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

    from vertex_dr.google.clients import Clients

__all__ = ["Http"]

_TIMEOUT = (5.0, 300.0)
_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True)
class Http:
    """Sends requests; whoever calls it translates what it raises."""

    clients: Clients

    def send(self, method: str, url: str, **options: Any) -> Response:
        """Return the answer of any status below 400. Raises google.api_core's exception of the status otherwise."""
        from google.api_core.exceptions import from_http_status  # noqa: PLC0415 - imported where it is used

        session: Any = self.clients.session()
        response: Response = session.request(method, url, timeout=_TIMEOUT, **options)
        if response.status_code >= _FIRST_ERROR:
            text = " ".join(response.text.split())[:300]
            of_status: Any = from_http_status
            raise of_status(response.status_code, f"{method} {url}: {text or response.reason}")
        return response
