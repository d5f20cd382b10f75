"""Every error of Google's libraries and of the network becomes one of the kernel's."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import google.auth.exceptions
import pytest
import requests
from google.api_core import exceptions
from google.cloud.storage import exceptions as storage_exceptions

from vertex_dr.adapters.google.errors import meaning_of, translate, translated
from vertex_dr.kernel.errors import (
    BadInput,
    BadSettings,
    Denied,
    NotFound,
    QuotaExhausted,
    Refused,
    Unreachable,
    VertexDrError,
)

if TYPE_CHECKING:
    from types import ModuleType


def raised_by(module: ModuleType) -> list[type[Exception]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__.startswith("google.")
    ]


@pytest.mark.parametrize(
    "kind",
    [*raised_by(exceptions), *raised_by(google.auth.exceptions), *raised_by(storage_exceptions)],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_each_exception_of_googles_libraries_is_mapped(kind: type[Exception]) -> None:
    found = meaning_of(kind)

    assert found is not None
    assert issubclass(found.kind, VertexDrError)


@pytest.mark.parametrize(
    "kind",
    [kind for _, kind in inspect.getmembers(requests.exceptions, inspect.isclass) if issubclass(kind, OSError)],
    ids=lambda kind: kind.__name__,
)
def test_each_exception_of_the_http_library_is_mapped(kind: type[Exception]) -> None:
    assert meaning_of(kind) is not None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.NotFound("no such model"), NotFound),
        (exceptions.PermissionDenied("no role"), Denied),
        (exceptions.Unauthenticated("no token"), Denied),
        (exceptions.InvalidArgument("bad field"), BadInput),
        (exceptions.PreconditionFailed("generation"), Refused),
        (exceptions.AlreadyExists("taken"), Refused),
        (exceptions.Aborted("contention"), Unreachable),
        (exceptions.ResourceExhausted("quota"), QuotaExhausted),
        (exceptions.ServiceUnavailable("down"), Unreachable),
        (exceptions.DeadlineExceeded("slow"), Unreachable),
        (exceptions.RetryError("gave up", cause=None), Unreachable),
        (requests.ConnectionError("refused"), Unreachable),
        (requests.Timeout("slow"), Unreachable),
        (requests.exceptions.MissingSchema("ftp"), BadSettings),
        (ConnectionResetError("reset"), Unreachable),
        (google.auth.exceptions.TransportError("refused"), Unreachable),
        (google.auth.exceptions.RefreshError("revoked"), Denied),
        (google.auth.exceptions.RefreshError("busy", retryable=True), Unreachable),
        (google.auth.exceptions.DefaultCredentialsError("none"), BadSettings),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_an_exception_becomes_the_error_that_says_what_to_do(error: Exception, kind: type[VertexDrError]) -> None:
    found = translate(error, "read the model")

    assert type(found) is kind


def test_the_sentence_says_what_was_tried_and_what_was_found() -> None:
    with pytest.raises(NotFound) as caught, translated("read model 7", then="register it"):
        raise exceptions.NotFound("no model 7")

    assert str(caught.value) == "cannot read model 7: NotFound: 404 no model 7; register it"
    assert isinstance(caught.value.__cause__, exceptions.NotFound)


def test_an_error_of_the_kernel_passes_as_it_is() -> None:
    own = Refused("flip", found="hold is set", then="clear it")

    with pytest.raises(Refused) as caught, translated("flip the selector"):
        raise own

    assert caught.value is own


def test_a_bug_is_not_taken_for_an_answer_of_google() -> None:
    with pytest.raises(KeyError), translated("read the model"):
        raise KeyError("version")


@pytest.mark.parametrize(
    ("http_status", "status", "kind"),
    [
        (400, "FAILED_PRECONDITION", Refused),
        (400, "INVALID_ARGUMENT", BadInput),
        (409, "ABORTED", Unreachable),
        (409, "ALREADY_EXISTS", Refused),
        (429, "RESOURCE_EXHAUSTED", QuotaExhausted),
        (501, "UNIMPLEMENTED", Refused),
    ],
)
def test_the_status_in_the_answer_decides_where_the_http_status_is_shared(
    http_status: int, status: str, kind: type[VertexDrError]
) -> None:
    answer = requests.Response()
    answer.status_code = http_status
    answer._content = f'{{"error": {{"status": "{status}", "message": "m"}}}}'.encode()
    error = exceptions.from_http_status(http_status, "m", response=answer)

    assert type(translate(error, "deploy")) is kind
