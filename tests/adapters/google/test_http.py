"""What a service's refusal over plain REST reads like: one line, whatever was answered."""

from __future__ import annotations

from typing import Any

import pytest
from requests import Response

from vertex_dr.adapters.google.http import Http
from vertex_dr.kernel.errors import NotFound, Refused, Unreachable, VertexDrError

GOOGLES = b'{"error": {"status": "NOT_FOUND", "message": "No such bucket."}}'
STATE = b'{"error": {"status": "FAILED_PRECONDITION", "message": "The endpoint has no deployed model."}}'
PAGE = b"<html>\n  <h1>Bad gateway</h1>\n</html>\n"


class Answering:
    """A session that gives one answer to everything."""

    def __init__(self, status: int, reason: str, body: bytes) -> None:
        self.timeouts: list[tuple[float, float]] = []  # to connect, to be answered
        self._answer = Response()
        self._answer.status_code, self._answer.reason = status, reason
        self._answer._content = body  # requests has no other way to make an answer

    def request(self, *_: Any, timeout: tuple[float, float], **__: Any) -> Response:
        self.timeouts.append(timeout)
        return self._answer


@pytest.mark.parametrize(
    ("status", "reason", "body", "kind", "found"),
    [
        (404, "Not Found", GOOGLES, NotFound, "404 NOT_FOUND: No such bucket"),
        (400, "Bad Request", STATE, Refused, "400 FAILED_PRECONDITION: The endpoint has no deployed model"),
        (501, "Not Implemented", b"", Refused, "501 Not Implemented: no further word"),
        (502, "Bad Gateway", PAGE, Unreachable, "502 Bad Gateway: <html> <h1>Bad gateway</h1> </html>"),
        (503, "Service Unavailable", b"", Unreachable, "503 Service Unavailable: no further word"),
    ],
    ids=[
        "Google's own answer",
        "Google's name of the status",
        "a method that is not there",
        "a proxy's page",
        "nothing",
    ],
)
def test_a_refusal_is_one_line(status: int, reason: str, body: bytes, kind: type[VertexDrError], found: str) -> None:
    http: Any = Http(Answering(status, reason, body))  # type: ignore[arg-type] # all that Http needs of a session

    with pytest.raises(kind) as caught:
        http.get("https://service.test/", tried="ask", timeout_seconds=1)

    assert caught.value.found == found
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("asked", "given"), [(1.5, (1.5, 1.5)), (300, (5, 300))])
def test_every_request_has_the_time_limit_that_was_asked_for(asked: float, given: tuple[float, float]) -> None:
    session = Answering(200, "OK", b"{}")

    Http(session).get("https://service.test/", tried="ask", timeout_seconds=asked)  # type: ignore[arg-type] # as above

    assert session.timeouts == [given]
