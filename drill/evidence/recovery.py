"""RTO and RPO arithmetic: pure, told every moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.evidence.records import LostAsset, Rpo, Rto
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Moments", "rpo", "rto"]

_MINUTE_SECONDS = 60.0


class Moments(Record, frozen=True, kw_only=True):
    """When each part of the recovery ended, in epoch seconds; None for what never came."""

    outage_at: float
    detected_at: float | None = None
    decided_at: float | None = None
    flipped_at: float | None = None
    recovered_at: float | None = None


def rto(moments: Moments, *, probe_interval_seconds: float, failures_to_act: int) -> Rto:
    """Return the recovery time and its four parts; a part is None when its end never came.

    With one probe a minute only detection changes: at worst failures_to_act whole minutes pass before it.
    """
    detect = _between(moments.outage_at, moments.detected_at)
    total = _between(moments.outage_at, moments.recovered_at)
    once_a_minute = None
    if total is not None and detect is not None:
        timeout_part = max(detect - failures_to_act * probe_interval_seconds, 0.0)
        once_a_minute = total - detect + failures_to_act * _MINUTE_SECONDS + timeout_part
    return Rto(
        total=total,
        detect=detect,
        decide=_between(moments.detected_at, moments.decided_at),
        act=_between(moments.decided_at, moments.flipped_at),
        verify=_between(moments.flipped_at, moments.recovered_at),
        if_probed_once_a_minute=once_a_minute,
    )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(max(end - start, 0.0), 3)


def rpo(
    held_by_lost_side: Mapping[str, float],
    held_by_survivor: set[str],
    *,
    outage_at: float,
    objective: float,
    found_again: set[str] | None = None,
) -> Rpo:
    """Return what a kind of asset lost: names with their registration times on one side, names on the other."""
    lost = tuple(
        LostAsset(
            asset=name,
            age_seconds=round(max(outage_at - registered_at, 0.0), 3),
            found_again=None if found_again is None else name in found_again,
        )
        for name, registered_at in sorted(held_by_lost_side.items())
        if name not in held_by_survivor and registered_at <= outage_at
    )
    seconds = max((asset.age_seconds for asset in lost), default=0.0)
    return Rpo(
        seconds=seconds,
        objective=objective,
        verdict=Verdict.PASS if seconds <= objective else Verdict.FAIL,
        lost=lost,
    )
