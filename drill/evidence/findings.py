"""Checks: what was expected beside what was found."""

from __future__ import annotations

from drill.evidence.records import Finding, Objective
from drill.sabotage import Sabotage
from vertex_dr.kernel.verdict import Verdict

__all__ = ["FAULT_OF", "check", "objective", "unseen"]

# Which sabotage each check would catch: a check that fails names its fault.
FAULT_OF = {
    "terraform-plan-empty": Sabotage.PLAN_NOT_EMPTY,
    "model-replicated": Sabotage.MODEL_NOT_REPLICATED,
    "image-mirrored": Sabotage.IMAGE_NOT_MIRRORED,
    "artifact-intact": Sabotage.ARTIFACT_CORRUPTED,
    "dr-predicts-golden": Sabotage.GOLDEN_MISMATCH,
    "selector-reachable": Sabotage.SELECTOR_UNREACHABLE,
    "selector-flipped-once": Sabotage.FLIP_SUPPRESSED,
}


def check(name: str, *, holds: bool, expected: str, found: str, phase: str) -> Finding:
    """Return the finding of a check that could be made; one that fails carries the name of its fault."""
    fault = FAULT_OF.get(name)
    return Finding(
        check=name,
        verdict=Verdict.PASS if holds else Verdict.FAIL,
        expected=expected,
        found=found,
        phase=phase,
        fault=fault.value if fault else None,
    )


def unseen(name: str, *, verdict: Verdict, expected: str, found: str, phase: str) -> Finding:
    """Return the finding of a check that could not be made, or that broke while it was made."""
    return Finding(check=name, verdict=verdict, expected=expected, found=found, phase=phase)


def objective(name: str, *, promised: float, measured: float | None, unit: str, at_least: bool = False) -> Objective:
    """Return the objective against what was measured; what was not measured is inconclusive."""
    if measured is None:
        verdict = Verdict.INCONCLUSIVE
    elif at_least:
        verdict = Verdict.PASS if measured >= promised else Verdict.FAIL
    else:
        verdict = Verdict.PASS if measured <= promised else Verdict.FAIL
    return Objective(name=name, objective=promised, measured=measured, unit=unit, verdict=verdict)
