"""What an assessment ends in: a plan to fail over, or the reason to stay."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import CopyState

__all__ = ["FailoverPlan", "Rehearsal", "Rehearsed", "Stay", "StayCode", "Trigger"]


class Trigger(StrEnum):
    """Who asked for a flip."""

    OUTAGE = "outage"
    OPERATOR = "operator"
    FAIL_BACK = "fail-back"


class FailoverPlan(Record, frozen=True, kw_only=True, tag_field="decision", tag="fail-over"):
    """Send clients to another side, provided that the selector still has the epoch that the plan was made at."""

    schema: int = 1
    service: str
    epoch: int
    from_side: Side
    to_side: Side
    trigger: Trigger
    by: str
    reason: str
    first_failure_at: datetime | None
    detected_at: datetime
    decided_at: datetime


class StayCode(StrEnum):
    """Why nothing flips, one word for machines."""

    HELD = "held"
    ACTIVE_HEALTHY = "active-healthy"
    BELOW_THRESHOLD = "below-threshold"
    NO_FRESH_PROBES = "no-fresh-probes"
    BLIND = "blind"
    DISPUTED = "disputed"
    TARGET_UNSEEN = "target-unseen"
    TARGET_WRONG = "target-wrong"
    TARGET_NOT_READY = "target-not-ready"


class Stay(Record, frozen=True, kw_only=True, tag_field="decision", tag="stay"):
    """Leave the selector as it is, and why."""

    schema: int = 1
    service: str
    epoch: int
    active: Side
    code: StayCode
    reason: str
    decided_at: datetime


class Rehearsal(Record, frozen=True, kw_only=True, tag_field="decision", tag="rehearsal"):
    """Go through the hand-over without deciding or flipping, so that it is warm and known to work."""

    schema: int = 1
    service: str
    by: str


class Rehearsed(Record, frozen=True, kw_only=True):
    """What fail_over could read when it was rehearsed."""

    schema: int = 1
    service: str
    epoch: int
    active: Side
    copies: tuple[CopyState, ...]
