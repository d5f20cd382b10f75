"""How Google's errors become the kernel's: nothing of google.* crosses this room.

An answer is read by its HTTP status, whichever library received it. Several of Google's statuses share one HTTP status,
so the name that Google gives in the answer comes first. An error without an answer is read by its class name and those
of its ancestors, so that no library is loaded for its exceptions alone.
Statuses: https://cloud.google.com/apis/design/errors (handling errors).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from vertex_dr.adapters.google.retry_after import retry_after_seconds
from vertex_dr.kernel.errors import (
    BadInput,
    BadSettings,
    Denied,
    NotFound,
    QuotaExhausted,
    Refused,
    ReplicaMismatch,
    Unreachable,
    VertexDrError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Meaning", "error_of", "meaning_of", "translate", "translated"]


class Meaning(NamedTuple):
    """What one of Google's errors means here: the kernel's error, and what to do next."""

    kind: type[VertexDrError]
    then: str


_AGAIN = Meaning(Unreachable, "try again; look at the region's status page if it lasts")
_CORRECT = Meaning(BadInput, "correct what the answer names")
_CREDENTIALS = Meaning(
    Denied, "check the credentials: gcloud auth application-default login, or the function's service account"
)
_ADDRESS = Meaning(BadSettings, "check HTTPS_PROXY: something other than Google answered at Google's address")
_CHANGED = Meaning(Refused, "observe again: someone else has changed or created it")
_STATE = Meaning(Refused, "look at the resource's state")
_QUOTA = Meaning(QuotaExhausted, "try again later, or ask for more quota")
_DAMAGED = Meaning(ReplicaMismatch, "compare the object with its other copy, and try again")

_BY_HTTP_STATUS: dict[int, Meaning] = {
    301: _ADDRESS,
    302: _ADDRESS,
    307: _ADDRESS,
    308: _ADDRESS,
    400: _CORRECT,
    401: _CREDENTIALS,
    403: Meaning(Denied, "grant what Terraform's modules/functions says of the identity"),
    404: Meaning(NotFound, "check the name, and that Terraform was applied"),
    405: _CORRECT,
    409: _CHANGED,
    411: _CORRECT,
    412: _CHANGED,
    413: Meaning(BadInput, "send less at once"),
    416: _CORRECT,
    422: _CORRECT,
    429: _QUOTA,
    501: Meaning(Refused, "use another address: the service at this one cannot do it"),
}
# Google's names of statuses that do not mean what their HTTP status says.
_BY_STATUS_NAME: dict[str, Meaning] = {
    "ABORTED": _AGAIN,
    "DATA_LOSS": _DAMAGED,
    "FAILED_PRECONDITION": _STATE,
}
_BY_CLASS: dict[tuple[str, str], Meaning] = {
    ("google.api_core", "Aborted"): _AGAIN,
    ("google.api_core", "DataLoss"): _DAMAGED,
    ("google.api_core", "FailedPrecondition"): _STATE,
    ("google.api_core", "AsyncRestUnsupportedParameterError"): _CORRECT,
    ("google.api_core", "DuplicateCredentialArgs"): Meaning(BadSettings, "give one credential, not two"),
    ("google.api_core", "GoogleAPIError"): _AGAIN,
    ("google.auth", "GoogleAuthError"): _CREDENTIALS,
    ("google.auth", "TransportError"): _AGAIN,
    ("google.auth", "DefaultCredentialsError"): Meaning(BadSettings, "run gcloud auth application-default login"),
    ("google.auth", "MalformedError"): Meaning(BadSettings, "replace the damaged credential file"),
    ("google.cloud.storage", "InvalidPathError"): _CORRECT,
    ("google.cloud.storage", "DataCorruptionDynamicParent"): _DAMAGED,
    ("google.cloud.storage", "InvalidResponseDynamicParent"): _AGAIN,
    ("google.resumable_media", "DataCorruption"): _DAMAGED,
    ("google.resumable_media", "InvalidResponse"): _AGAIN,
    ("requests", "RequestException"): _AGAIN,
    ("requests", "InvalidURL"): _ADDRESS,
    ("requests", "MissingSchema"): _ADDRESS,
    ("requests", "InvalidSchema"): _ADDRESS,
    ("urllib3", "HTTPError"): _AGAIN,
    ("builtins", "ConnectionError"): _AGAIN,
    ("builtins", "TimeoutError"): _AGAIN,
}
_RETRYABLE_AUTH = "RefreshError"


def _meaning_of_status(http_status: int, name: str = "") -> Meaning:
    """Return what an answer with that HTTP status, and Google's name of it if there is one, means."""
    return _BY_STATUS_NAME.get(name) or _BY_HTTP_STATUS.get(http_status, _AGAIN)


def meaning_of(error: type[Exception]) -> Meaning | None:
    """Return what an error of that class means, or None when neither Google nor the network raises it."""
    for ancestor in error.__mro__:
        for (module, name), meaning in _BY_CLASS.items():
            if ancestor.__name__ == name and f"{ancestor.__module__}.".startswith(f"{module}."):
                return meaning
        http_status = vars(ancestor).get("code")
        if ancestor.__module__.startswith("google.api_core.") and isinstance(http_status, int):
            return _meaning_of_status(http_status)
    return None


def error_of(  # noqa: PLR0913 - what an answer says, and what its error says
    http_status: int,
    tried: str,
    *,
    found: str,
    headers: Mapping[str, str],
    name: str = "",
    then: str | None = None,
) -> VertexDrError:
    """Return the kernel's error for an answer with that HTTP status and these headers."""
    return _error(_meaning_of_status(http_status, name), tried, found, then, headers)


@contextmanager
def translated(tried: str, *, then: str | None = None) -> Iterator[None]:
    """Run the block; whatever Google's libraries raise in it comes out as the kernel's error, its cause kept."""
    try:
        yield
    except VertexDrError:
        raise
    except Exception as error:
        known = translate(error, tried, then=then)
        if known is None:
            raise
        raise known from error


def translate(error: Exception, tried: str, *, then: str | None = None) -> VertexDrError | None:
    """Return the kernel's error for one of Google's or the network's, or None for any other."""
    meaning = _BY_STATUS_NAME.get(_status_name(error)) or meaning_of(type(error))
    if meaning is None:
        return None
    if type(error).__name__ == _RETRYABLE_AUTH and getattr(error, "retryable", False):
        meaning = _AGAIN
    headers = getattr(getattr(error, "response", None), "headers", None)
    return _error(meaning, tried, _sentence(error), then, headers or {})


def _error(meaning: Meaning, tried: str, found: str, then: str | None, headers: Mapping[str, str]) -> VertexDrError:
    if not issubclass(meaning.kind, Unreachable):
        return meaning.kind(tried, found=found, then=then or meaning.then)
    seconds = retry_after_seconds(headers)
    asked = meaning.then if seconds is None else f"try again in {seconds:g} s, as the answer asks"
    return meaning.kind(tried, found=found, then=then or asked, retry_after_seconds=seconds)


def _status_name(error: Exception) -> str:
    """Return the status that Google's answer names, such as FAILED_PRECONDITION, or an empty text."""
    try:
        answer = error.response.json()  # type: ignore[attr-defined] # looked for on any exception
        return str(answer["error"]["status"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return ""


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".") or "no further word"
    return f"{type(error).__name__}: {text}"
