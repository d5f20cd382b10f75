"""Call the next function as its invoker: a POST with an identity token for its URL.

Reference: https://cloud.google.com/functions/docs/securing/authenticating#generate_tokens_programmatically
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from google.auth.transport.requests import Request
from google.oauth2.id_token import fetch_id_token

from vertex_dr.adapters.google.errors import translated
from vertex_dr.adapters.google.http import error_of
from vertex_dr.kernel.records import to_json

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record

__all__ = ["FunctionCall"]


class FunctionCall:
    """Implements HandOver with one function's URL, which is also the audience of the token."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        self._url = url
        self._timeout = timeout_seconds

    def __call__(self, record: Record | None) -> dict[str, Any]:
        """Return the function's answer; the port says what is raised."""
        tried = f"call {self._url}"
        with translated(tried, then="decide in this process"):
            token = fetch_id_token(Request(), self._url)  # type: ignore[no-untyped-call] # untyped there
            answer = requests.post(
                self._url,
                data=to_json(record) if record is not None else b"{}",
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                timeout=self._timeout,
            )
        if not answer.ok:
            raise error_of(answer.status_code, tried, found=f"{answer.status_code}: {answer.text[:300]}")
        found = answer.json()
        return found if isinstance(found, dict) else {"answer": found}
