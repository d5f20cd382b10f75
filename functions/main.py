"""The door for Cloud Scheduler, hand-overs and events: decode → one call → answer.

functions-framework loads this file; each function below is an entry point of that name. Answers: 200 done · 400 bad
input · 403 denied · 409 refused, or a check failed · 503 try again · 500 a bug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request

Answer = tuple[bytes, int, dict[str, str]]


def export_models(request: Request) -> Answer:
    """Put this side's models and its catalog into the artifact bucket."""
    return _answer("export_models", request)


def import_models(request: Request) -> Answer:
    """Register the other side's models on this side."""
    return _answer("import_models", request)


def mirror_images(request: Request) -> Answer:
    """Hold the other side's images in this side's repository."""
    return _answer("mirror_images", request)


def publish_pipelines(request: Request) -> Answer:
    """Hold the other side's pipelines in this side's repository."""
    return _answer("publish_pipelines", request)


def reconcile_models(request: Request) -> Answer:
    """Make this side's endpoints serve what Terraform declares."""
    return _answer("reconcile_models", request)


def verify_replicas(request: Request) -> Answer:
    """Tell whether this side could take over, and keep the answer."""
    return _answer("verify_replicas", request)


def run_pipelines(request: Request) -> Answer:
    """Start the pipeline if this side is the active one."""
    return _answer("run_pipelines", request)


def probe_region(request: Request) -> Answer:
    """Ask both sides for golden predictions for a while."""
    return _answer("probe_region", request)


def assess_regions(request: Request) -> Answer:
    """Decide whether clients have to go to the other side."""
    return _answer("assess_regions", request)


def fail_over(request: Request) -> Answer:
    """Apply a plan that sends clients to the other side."""
    return _answer("fail_over", request)


def _answer(entry_point: str, request: Request) -> Answer:
    from vertex_dr import wiring  # noqa: PLC0415 - nothing heavy at import: an instance starts fast
    from vertex_dr.kernel.errors import VertexDrError  # noqa: PLC0415 - the same
    from vertex_dr.kernel.events import emit  # noqa: PLC0415 - the same
    from vertex_dr.kernel.records import to_json  # noqa: PLC0415 - the same
    from vertex_dr.kernel.settings import Settings  # noqa: PLC0415 - the same

    try:
        body = _decode(entry_point, request)
        record = getattr(wiring, entry_point)(Settings.from_environment())(body)
    except VertexDrError as error:
        severity = "WARNING" if error.retryable else "ERROR"
        emit("function.refused", severity=severity, entry_point=entry_point, error=str(error))
        return _json({"error": str(error), "kind": type(error).__name__}, error.http_status)
    return to_json(record), _status(getattr(record, "verdict", None)), {"Content-Type": "application/json"}


def _decode(entry_point: str, request: Request) -> Mapping[str, Any]:
    """Return the JSON object of the body; an empty body is an empty object."""
    import msgspec  # noqa: PLC0415 - the same

    from vertex_dr.kernel.errors import BadInput  # noqa: PLC0415 - the same

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
    import msgspec  # noqa: PLC0415 - the same

    return msgspec.json.encode(content), status, {"Content-Type": "application/json"}
