"""How Google's errors become the kernel's: nothing of google.* crosses this room.

The mapping goes by class name along the error's ancestry, so that no library is loaded for its exceptions alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

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
    from collections.abc import Iterator

__all__ = ["mapped", "translate", "translated"]

_AGAIN = "try again"
_LOOK = "correct what the answer names"

# Module prefix and class name → the kernel's error, and what to do next. The nearest ancestor in this table counts.
_TABLE: dict[tuple[str, str], tuple[type[VertexDrError], str]] = {
    ("google.api_core", "GoogleAPIError"): (Unreachable, _AGAIN),
    ("google.api_core", "DuplicateCredentialArgs"): (BadSettings, "give one credential, not two"),
    ("google.api_core", "RetryError"): (Unreachable, _AGAIN),
    ("google.api_core", "GoogleAPICallError"): (Unreachable, _AGAIN),
    ("google.api_core", "Redirection"): (BadSettings, "check the service's address in VERTEX_DR_ENDPOINT_…"),
    ("google.api_core", "ClientError"): (BadInput, _LOOK),
    ("google.api_core", "BadRequest"): (BadInput, _LOOK),
    ("google.api_core", "FailedPrecondition"): (Refused, "look at the resource's state"),
    ("google.api_core", "Unauthorized"): (Denied, "check the credentials"),
    ("google.api_core", "Forbidden"): (Denied, "grant the identity the role that the answer names"),
    ("google.api_core", "NotFound"): (NotFound, "create it first, or correct the name"),
    ("google.api_core", "Conflict"): (Refused, "observe again: someone else has changed or created it"),
    ("google.api_core", "Aborted"): (Unreachable, _AGAIN),
    ("google.api_core", "PreconditionFailed"): (Refused, "observe again: someone else has changed it"),
    ("google.api_core", "TooManyRequests"): (QuotaExhausted, "wait, or ask for more quota"),
    ("google.api_core", "Cancelled"): (Unreachable, _AGAIN),
    ("google.api_core", "ServerError"): (Unreachable, _AGAIN),
    ("google.api_core", "DataLoss"): (ReplicaMismatch, "compare the object with its other copy"),
    ("google.api_core", "MethodNotImplemented"): (BadInput, "the service at this address cannot do it"),
    ("google.api_core", "AsyncRestUnsupportedParameterError"): (BadInput, _LOOK),
    ("google.auth", "GoogleAuthError"): (Denied, "check the credentials"),
    ("google.auth", "TransportError"): (Unreachable, _AGAIN),
    ("google.auth", "DefaultCredentialsError"): (BadSettings, "run gcloud auth application-default login"),
    ("google.auth", "MalformedError"): (BadSettings, "replace the damaged credential file"),
    ("google.cloud.storage", "InvalidPathError"): (BadInput, _LOOK),
    ("google.cloud.storage", "DataCorruptionDynamicParent"): (ReplicaMismatch, _AGAIN),
    ("google.cloud.storage", "InvalidResponseDynamicParent"): (Unreachable, _AGAIN),
    ("google.resumable_media", "DataCorruption"): (ReplicaMismatch, _AGAIN),
    ("google.resumable_media", "InvalidResponse"): (Unreachable, _AGAIN),
    ("requests", "RequestException"): (Unreachable, _AGAIN),
    ("requests", "InvalidURL"): (BadSettings, "check the service's address"),
    ("requests", "MissingSchema"): (BadSettings, "check the service's address"),
    ("requests", "InvalidSchema"): (BadSettings, "check the service's address"),
    ("urllib3", "HTTPError"): (Unreachable, _AGAIN),
    ("builtins", "ConnectionError"): (Unreachable, _AGAIN),
    ("builtins", "TimeoutError"): (Unreachable, _AGAIN),
}
_RETRYABLE_AUTH = "RefreshError"
# Over REST an exception's class comes from the HTTP status alone; the answer's own status says more.
_STATUS = {
    "ABORTED": "Aborted",
    "FAILED_PRECONDITION": "FailedPrecondition",
    "RESOURCE_EXHAUSTED": "TooManyRequests",
    "UNAUTHENTICATED": "Unauthorized",
}


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
    known = _TABLE.get(("google.api_core", _STATUS.get(_status(error), ""))) or mapped(type(error))
    if known is None:
        return None
    kind, advice = known
    if type(error).__name__ == _RETRYABLE_AUTH and getattr(error, "retryable", False):
        kind, advice = Unreachable, _AGAIN
    return kind(tried, found=_sentence(error), then=then or advice)


def mapped(error: type[Exception]) -> tuple[type[VertexDrError], str] | None:
    """Return the kernel's error for that class and what to do next, or None when the class is nobody's we know."""
    for ancestor in error.__mro__:
        for (module, name), known in _TABLE.items():
            if ancestor.__name__ == name and f"{ancestor.__module__}.".startswith(f"{module}."):
                return known
    return None


def _status(error: Exception) -> str:
    """Return the status that Google's answer names, such as FAILED_PRECONDITION, or an empty text."""
    try:
        answer = error.response.json()  # type: ignore[attr-defined] # looked for on any exception
        return str(answer["error"]["status"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return ""


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".") or "no further word"
    return f"{type(error).__name__}: {text}"
