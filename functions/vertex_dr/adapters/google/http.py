"""HTTP with Google's credentials: the one wrapper of every request that no client library makes.

It loads nothing beside the session's own library, and raises the kernel's error for an answer that is one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import Timeout

from vertex_dr.adapters.google.errors import error_of, translated
from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession
    from requests import Response

    from vertex_dr.kernel.errors import VertexDrError

__all__ = ["Http"]

_CONNECT_SECONDS = 5.0


class Http:
    """One authorized session, safe to share between threads."""

    def __init__(self, session: AuthorizedSession) -> None:
        self._session = session

    def send(
        self, method: str, url: str, *, tried: str, timeout_seconds: float, then: str | None = None, **parts: Any
    ) -> Response:
        """Return an answer whose status is below 400; the request is sent once.

        parts are those of the library requests: params, headers, data, files, stream. Raises the kernel's error for
        any other status, and Unreachable when nobody answers in time; `then` replaces the advice in it.
        """
        timeouts = (min(_CONNECT_SECONDS, timeout_seconds), timeout_seconds)
        with translated(tried, then=then):
            try:
                answer: Response = self._session.request(  # type: ignore[no-untyped-call] # google-auth has no types
                    method, url, timeout=timeouts, **parts
                )
            except (NotConnected, Timeout) as exc:
                advice = then or "try again, or use the other region"
                raise Unreachable(tried, found=_cause(exc, url), then=advice) from exc
        if not answer.ok:
            raise _refusal(answer, tried, then)
        return answer

    def get(self, url: str, *, tried: str, timeout_seconds: float, params: dict[str, str] | None = None) -> bytes:
        """Return the body of a successful answer. Raises as `send` does; repeating is safe."""
        return self.send("GET", url, tried=tried, timeout_seconds=timeout_seconds, params=params).content

    def get_json(
        self, url: str, *, tried: str, timeout_seconds: float, params: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object of a successful answer. Raises as `send` does; repeating is safe."""
        return _object(self.get(url, tried=tried, timeout_seconds=timeout_seconds, params=params), tried)

    def post_json(  # noqa: PLR0913 - a request, and what its errors say
        self,
        url: str,
        body: object,
        *,
        tried: str,
        timeout_seconds: float,
        headers: dict[str, str] | None = None,
        then: str | None = None,
    ) -> dict[str, Any]:
        """Return the JSON object that answers the posted one. Raises as `send` does; it posts once."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        answer = self.send(
            "POST",
            url,
            tried=tried,
            timeout_seconds=timeout_seconds,
            then=then,
            data=json.dumps(body).encode(),
            headers=sent,
        )
        return _object(answer.content, tried)


def _object(body: bytes, tried: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as exc:
        raise Unreachable(tried, found=f"an answer that is not JSON ({exc})", then="try again") from exc
    if not isinstance(found, dict):
        raise Unreachable(tried, found=f"a JSON {type(found).__name__} instead of an object", then="try again")
    return found


def _cause(exc: Exception, url: str) -> str:
    host = "/".join(url.split("/", 3)[:3])
    inner = exc.args[0] if exc.args else exc
    reason = getattr(inner, "reason", None) or inner
    return f"{host} did not answer ({type(exc).__name__}: {str(reason).rsplit(': ', 1)[-1]})"


def _refusal(answer: Response, tried: str, then: str | None) -> VertexDrError:
    """Return the kernel's error for an answer of status 400 or above, with what its body says in one line."""
    name, message = "", answer.text[:300]
    try:
        error = answer.json().get("error", {})
    except (ValueError, AttributeError):
        error = {}
    if isinstance(error, dict):
        name, message = str(error.get("status", "")), str(error.get("message", message))
    elif error:
        message = str(error)
    sentence = " ".join(message.split()).rstrip(".") or "no further word"  # a proxy answers with a page of HTML
    found = f"{answer.status_code} {name or answer.reason}: {sentence}"
    return error_of(answer.status_code, tried, found=found, headers=answer.headers, name=name, then=then)
