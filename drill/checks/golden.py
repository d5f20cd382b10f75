"""Golden values and held-out data against what an endpoint answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.evidence.records import Accuracy
from vertex_dr.kernel.records import Record, from_json
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Golden

if TYPE_CHECKING:
    from drill.context import Drill
    from drill.evidence.records import Finding
    from vertex_dr.kernel.sides import Side

__all__ = ["SERVED", "deviation", "golden_of", "predicts_golden"]

SERVED = "second"  # the version with the alias `default`, which the manifest deploys
# An endpoint that serves the trained version misses none; rounding in between may not cost one answer in a thousand.
_ALLOWED_ACCURACY_LOSS = 0.001


class HeldOut(Record, frozen=True, kw_only=True):
    """Data that training did not see: a row of features an instance, its class, and the accuracy of training."""

    schema: int = 1
    instances: list[list[float]]
    labels: list[int]
    accuracy: float


def golden_of(drill: Drill, version: str) -> Golden:
    """Return the golden instances and predictions that training computed for the version."""
    file = drill.trained / version / "golden.json"
    return from_json(Golden, file.read_bytes(), source=str(file))


def predicts_golden(drill: Drill, side: Side) -> Finding:
    """Return the finding whether the side's endpoint answers with golden values; its accuracy goes into the logbook."""
    own = drill.settings[side].own
    golden = golden_of(drill, SERVED)
    with drill.progress.step(f"{side} predicts golden values and held-out data"):
        found = drill.user.predict(golden.instances, region=own.region, endpoint=own.endpoint)
        drill.logbook.accuracy[side] = _accuracy(drill, side)
    largest = deviation(found, golden.predictions)
    return drill.check(
        f"{side}-predicts-golden",
        holds=largest <= golden.tolerance,
        expected=f"{len(golden.predictions)} golden predictions within {golden.tolerance:g}",
        found=f"the largest deviation is {largest:.3g}",
    )


def deviation(found: list[list[float]], golden: list[list[float]]) -> float:
    """Return the largest difference of any probability, a row an instance; infinite when the shapes differ."""
    if [len(row) for row in found] != [len(row) for row in golden]:
        return float("inf")
    return max(
        (abs(f - g) for ours, theirs in zip(found, golden, strict=True) for f, g in zip(ours, theirs, strict=True)),
        default=0.0,
    )


def _accuracy(drill: Drill, side: Side) -> Accuracy:
    """Return the accuracy of the side's endpoint on held-out data beside the one of training."""
    file = drill.trained / SERVED / "held_out.json"
    held_out = from_json(HeldOut, file.read_bytes(), source=str(file))
    own = drill.settings[side].own
    predictions = drill.user.predict(held_out.instances, region=own.region, endpoint=own.endpoint)
    right = sum(
        max(range(len(row)), key=row.__getitem__) == label
        for row, label in zip(predictions, held_out.labels, strict=True)
    )
    measured = right / len(held_out.labels)
    return Accuracy(
        measured=round(measured, 6),
        trained=round(held_out.accuracy, 6),
        verdict=Verdict.PASS if measured >= held_out.accuracy - _ALLOWED_ACCURACY_LOSS else Verdict.FAIL,
    )
