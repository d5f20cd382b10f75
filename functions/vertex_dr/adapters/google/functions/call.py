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

__all__ = ["FunctionCalls"]


class FunctionCalls:
    """Implements Functions; a function's URL is also the audience of the token."""

    def call(self, url: str, record: Record | None, *, timeout_seconds: float) -> dict[str, Any]:
        """Return the function's answer; the port says what is raised."""
        tried = f"call {url}"
        with translated(tried, then="decide in this process"):
            token = fetch_id_token(Request(), url)  # type: ignore[no-untyped-call] # untyped there
            answer = requests.post(
                url,
                data=to_json(record) if record is not None else b"{}",
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                timeout=timeout_seconds,
            )
        if not answer.ok:
            raise error_of(answer.status_code, tried, found=f"{answer.status_code}: {answer.text[:300]}")
        found = answer.json()
        return found if isinstance(found, dict) else {"answer": found}
