"""JSON over HTTP with Google's credentials, for what must be cheap to import: no client library, the kernel's errors.

Statuses are those of https://cloud.google.com/apis/design/errors (handling errors).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from requests.exceptions import RequestException

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.errors import BadInput, Denied, NotFound, QuotaExhausted, Refused, Unreachable, VertexDrError

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession
    from requests import Response

__all__ = ["Rest", "error_of"]

_KINDS: dict[int, tuple[type[VertexDrError], str]] = {
    400: (BadInput, "correct what was sent"),
    401: (Denied, "check the credentials: gcloud auth application-default login, or the function's service account"),
    403: (Denied, "grant the identity the role that Terraform's module service-identity lists"),
    404: (NotFound, "check the name, and that Terraform was applied"),
    409: (Refused, "look at what exists already"),
    412: (Refused, "look at what exists already"),
    413: (BadInput, "send less at once"),
    422: (BadInput, "correct what was sent"),
    429: (QuotaExhausted, "try again later, or ask for more quota"),
}


def error_of(status: int, tried: str, *, found: str) -> VertexDrError:
    """Return the kernel's error for an HTTP status; one that is not listed is Unreachable."""
    kind, then = _KINDS.get(status, (Unreachable, "try again; look at the region's status page if it lasts"))
    return kind(tried, found=found, then=then)


class Rest:
    """One authorized session, safe to share between threads."""

    def __init__(self, session: AuthorizedSession) -> None:
        self._session = session

    def get(self, url: str, *, tried: str, timeout_seconds: float, params: dict[str, str] | None = None) -> bytes:
        """Return the body of a successful answer. Raises the kernel's error for any other; repeating is safe."""
        return self._body("GET", url, tried=tried, timeout_seconds=timeout_seconds, params=params)

    def get_json(
        self, url: str, *, tried: str, timeout_seconds: float, params: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object of a successful answer. Raises as `get` does; repeating is safe."""
        return _object(self.get(url, tried=tried, timeout_seconds=timeout_seconds, params=params), tried)

    def post_json(
        self, url: str, body: object, *, tried: str, timeout_seconds: float, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object that answers the posted one. Raises as `get` does; it posts once."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        data = json.dumps(body).encode()
        return _object(
            self._body("POST", url, tried=tried, timeout_seconds=timeout_seconds, data=data, headers=sent), tried
        )

    def _body(self, method: str, url: str, *, tried: str, timeout_seconds: float, **request: Any) -> bytes:
        with translated(tried):
            try:
                answer: Response = self._session.request(  # type: ignore[no-untyped-call] # untyped there
                    method, url, timeout=timeout_seconds, **request
                )
            except RequestException as exc:
                raise Unreachable(tried, found=_cause(exc, url), then="try again, or use the other region") from exc
        if not answer.ok:
            raise _refusal(answer, tried)
        return bytes(answer.content)


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


def _refusal(answer: Response, tried: str) -> VertexDrError:
    status, message = "", answer.text[:300]
    try:
        error = answer.json().get("error", {})
    except (ValueError, AttributeError):
        error = {}
    if isinstance(error, dict):
        status, message = str(error.get("status", "")), str(error.get("message", message))
    elif error:
        message = str(error)
    sentence = " ".join(message.split()).rstrip(".") or "no further word"  # a proxy answers with a page of HTML
    found = f"{answer.status_code} {status or answer.reason}: {sentence}"
    # An endpoint without a model answers 400 FAILED_PRECONDITION: the side's state is wrong, not the caller's input.
    code = 503 if status == "FAILED_PRECONDITION" else answer.status_code
    return error_of(code, tried, found=found)
