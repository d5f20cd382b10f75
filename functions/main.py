"""The door for Cloud Scheduler, hand-overs and events: decode → one call → answer.

functions-framework loads this file and asks it for the function that has the entry point's name; their table is
`wiring/entry_points.py`. Answers: 200 done · 400 bad input · 403 denied · 409 refused, or a check failed · 503 try
again · 500 a bug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.wiring.entry_points import ENTRY_POINTS, Capabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Request

    from vertex_dr.wiring.entry_points import Connect

# ruff: noqa: PLC0415 - nothing heavy at import: an instance starts fast

# What Flask answers with: body, status, headers.
Answer = tuple[bytes, int, dict[str, str]]


def __getattr__(name: str) -> Callable[[Request], Answer]:
    """Return the function of the entry point that has that name, as any module's missing attribute is asked for."""
    if name not in ENTRY_POINTS:
        raise AttributeError(f"main.py has no entry point {name!r}; it has {', '.join(ENTRY_POINTS)}")

    def function(request: Request) -> Answer:
        return answer(name, request)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Afterwards {ENTRY_POINTS[name].promise}."
    return function


def answer(entry_point: str, request: Request, *, connect: Connect | None = None) -> Answer:
    """Run the entry point with the request's body and return what HTTP answers; connect gives other ports to tests."""
    from vertex_dr.kernel.errors import VertexDrError
    from vertex_dr.kernel.events import Event, emit
    from vertex_dr.kernel.records import to_json
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.wiring.google_ports import GooglePorts

    try:
        body = _decode(entry_point, request)
        settings = Settings.from_environment()
        record = ENTRY_POINTS[entry_point].call(Capabilities(settings, (connect or GooglePorts)(settings)), body)
    except VertexDrError as error:
        severity = "WARNING" if error.retryable else "ERROR"
        emit(Event.FUNCTION_REFUSED, severity=severity, entry_point=entry_point, error=str(error))
        return _json({"error": str(error), "kind": type(error).__name__}, error.http_status)
    return to_json(record), _status(getattr(record, "verdict", None)), {"Content-Type": "application/json"}


def _decode(entry_point: str, request: Request) -> Mapping[str, Any]:
    """Return the JSON object of the body; an empty body is an empty object."""
    import msgspec

    from vertex_dr.kernel.errors import BadInput

    data = request.get_data()
    if not data.strip():
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadInput(
            f"run {entry_point}", found=f"the request's body is not a JSON object ({error})", then="send one, or none"
        ) from error


def _status(verdict: object) -> int:
    return {"FAIL": 409, "INCONCLUSIVE": 503, "ERROR": 500}.get(str(getattr(verdict, "value", verdict)), 200)


def _json(content: dict[str, str], status: int) -> Answer:
    import msgspec

    return msgspec.json.encode(content), status, {"Content-Type": "application/json"}
