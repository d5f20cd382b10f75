"""Probes: one real prediction at a time, held against the golden values, and the trail that a prober leaves of them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import QuotaExhausted, VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.traffic.ports import Predictions
    from vertex_dr.traffic.records import Destination, Golden

__all__ = [
    "PROOF_SECONDS",
    "Probe",
    "ProbeTrail",
    "agree",
    "check",
    "follow",
    "is_fresh",
    "is_worth_deciding",
    "patience_seconds",
]

# A trail counts for this many intervals: one probe may be late or lost without blinding the decision.
FRESH_INTERVALS = 3
# How long a side may take to show once that it serves: a flip's proof and a guard wait longer than a probe.
PROOF_SECONDS = 5.0


class Probe(Record, frozen=True, kw_only=True):
    """One prediction of the golden instances by one side's prober at a side's endpoint.

    A side that refuses because a quota is used up has answered: the quota is out, not the region.
    """

    prober: Side
    target: Side
    at: datetime
    is_answered: bool
    is_golden: bool
    latency_ms: float
    detail: str
    is_over_quota: bool = False


class ProbeTrail(Record, frozen=True, kw_only=True):
    """A prober's last probe of a side, with the streak of failures that it ends."""

    schema: int = 1
    service: str
    last: Probe
    consecutive_failures: int
    first_failure_at: datetime | None
    last_answered_at: datetime | None


def is_fresh(trail: ProbeTrail, policy: PolicySettings, *, now: datetime) -> bool:
    """Return whether the trail is young enough to say something about now."""
    return now - trail.last.at <= timedelta(seconds=FRESH_INTERVALS * policy.probe_interval_seconds)


def patience_seconds(policy: PolicySettings) -> float:
    """Return how long a prober may wait for a decision, so that its trail is still fresh when it decides itself."""
    return (FRESH_INTERVALS - 1) * policy.probe_interval_seconds


def follow(trail: ProbeTrail | None, probe: Probe, *, service: str, policy: PolicySettings) -> ProbeTrail:
    """Return the trail that the probe continues; a streak that nobody watched for a while starts again."""
    before = trail if trail is not None and is_fresh(trail, policy, now=probe.at) else None
    last_answered_at = trail.last_answered_at if trail else None
    if probe.is_answered:
        return ProbeTrail(
            service=service, last=probe, consecutive_failures=0, first_failure_at=None, last_answered_at=probe.at
        )
    return ProbeTrail(
        service=service,
        last=probe,
        consecutive_failures=(before.consecutive_failures if before else 0) + 1,
        first_failure_at=(before.first_failure_at if before else None) or probe.at,
        last_answered_at=last_answered_at,
    )


def is_worth_deciding(before: ProbeTrail | None, after: ProbeTrail, policy: PolicySettings) -> bool:
    """Return whether the newest probe is worth a decision: it makes an outage certain, or it ends one."""
    decides = policy.failures_to_act
    return after.consecutive_failures >= decides or (
        after.consecutive_failures == 0 and before is not None and before.consecutive_failures >= decides
    )


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
    is_over_quota = False
    try:
        answer = predictions.predict(destination, golden.instances, timeout_seconds=timeout_seconds)
    except VertexDrError as exc:
        is_over_quota = isinstance(exc, QuotaExhausted)
        is_answered, is_golden, detail = is_over_quota, False, exc.found
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
        is_over_quota=is_over_quota,
    )


def agree(found: object, expected: object, *, tolerance: float) -> bool:
    """Return whether both have the same shape and every number is within tolerance; text and booleans must be equal."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | float):
        return isinstance(found, int | float) and math.isclose(found, expected, rel_tol=0.0, abs_tol=tolerance)
    if isinstance(expected, list | tuple):
        return (
            isinstance(found, list | tuple)
            and len(found) == len(expected)
            and all(agree(f, e, tolerance=tolerance) for f, e in zip(found, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(agree(found[key], value, tolerance=tolerance) for key, value in expected.items())
        )
    return found == expected
