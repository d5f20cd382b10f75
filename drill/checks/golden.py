"""Golden values and held-out data against what an endpoint answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from drill.evidence.records import Accuracy
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from drill.context import Drill
    from drill.evidence.records import Finding
    from vertex_dr.kernel.sides import Side

__all__ = ["accuracy_of", "compare", "deviation", "golden_of"]

# An endpoint that serves the trained version misses none; rounding in between may not cost one answer in a thousand.
_ALLOWED_ACCURACY_LOSS = 0.001


def golden_of(drill: Drill, name: str) -> dict[str, Any]:
    """Return the golden instances and predictions that training computed for the version."""
    found: dict[str, Any] = msgspec.json.decode((drill.trained / name / "golden.json").read_bytes())
    return found


def deviation(found: list[list[float]], golden: list[list[float]]) -> float:
    """Return the largest difference of any probability; infinite when the shapes differ."""
    if [len(row) for row in found] != [len(row) for row in golden]:
        return float("inf")
    return max(
        (abs(f - g) for ours, theirs in zip(found, golden, strict=True) for f, g in zip(ours, theirs, strict=True)),
        default=0.0,
    )


def compare(drill: Drill, check: str, golden: dict[str, Any], found: list[list[float]]) -> Finding:
    """Return the finding whether the predictions are the golden ones."""
    largest = deviation(found, golden["predictions"])
    return drill.check(
        check,
        holds=largest <= golden["tolerance"],
        expected=f"{len(golden['predictions'])} golden predictions within {golden['tolerance']:g}",
        found=f"the largest deviation is {largest:.3g}",
    )


def accuracy_of(drill: Drill, side: Side) -> Accuracy:
    """Return the accuracy of the side's endpoint on held-out data beside the one of training."""
    held_out: dict[str, Any] = msgspec.json.decode((drill.trained / "second" / "held_out.json").read_bytes())
    own = drill.settings[side].own
    predictions = drill.user.predict(held_out["instances"], region=own.region, endpoint=own.endpoint)
    right = sum(
        max(range(len(row)), key=row.__getitem__) == label
        for row, label in zip(predictions, held_out["labels"], strict=True)
    )
    measured = right / len(held_out["labels"])
    trained = held_out["accuracy"]
    return Accuracy(
        measured=round(measured, 6),
        trained=round(trained, 6),
        verdict=Verdict.PASS if measured >= trained - _ALLOWED_ACCURACY_LOSS else Verdict.FAIL,
    )
