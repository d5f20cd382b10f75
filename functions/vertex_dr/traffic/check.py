"""Ask a side for the golden predictions once."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.traffic.golden import agree
from vertex_dr.traffic.probes import Probe

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.ports import Predictions
    from vertex_dr.traffic.records import Destination, Golden

__all__ = ["check"]


def check(  # noqa: PLR0913 - who asks whom for what, and for how long
    predictions: Predictions,
    destination: Destination,
    golden: Golden,
    *,
    prober: Side,
    target: Side,
    clock: Clock,
    timeout_seconds: float,
) -> Probe:
    """Return what the side answered to the golden instances; a failure is a probe like any other, never an error."""
    at, began = clock(), perf_counter()
    try:
        answer = predictions.predict(destination, golden.instances, timeout_seconds=timeout_seconds)
    except VertexDrError as exc:
        is_answered, is_golden, detail = False, False, exc.found
    else:
        is_answered = True
        is_golden = agree(answer.predictions, golden.predictions, tolerance=golden.tolerance)
        served = f"model {answer.model}, version {answer.model_version}"
        detail = f"golden values from {served}" if is_golden else f"other values than the golden ones from {served}"
    return Probe(
        prober=prober,
        target=target,
        at=at,
        is_answered=is_answered,
        is_golden=is_golden,
        latency_ms=round((perf_counter() - began) * 1000, 3),
        detail=detail,
    )
