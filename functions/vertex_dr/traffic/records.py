"""The selector and what surrounds it, what a side says of itself, and what an assessment ends in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

__all__ = [
    "Answer",
    "Change",
    "CopyState",
    "Destination",
    "FailoverPlan",
    "Golden",
    "HoldNote",
    "Instances",
    "Phase",
    "PredictedValues",
    "Readiness",
    "Rehearsal",
    "Rehearsed",
    "Selector",
    "Stay",
    "StayCode",
    "Stored",
    "Trigger",
]

# One JSON value an instance, as the model's server takes it: a row of numbers, an object by feature name, a text.
Instances: TypeAlias = list[Any]
# One JSON value an instance, in the order of the instances, as the model's server answers it.
PredictedValues: TypeAlias = list[Any]


class Phase(StrEnum):
    """Where a service stands between two fail-backs."""

    STEADY = "steady"
    FAILED_OVER = "failed-over"

    @classmethod
    def with_active(cls, side: Side) -> Phase:
        """Return the phase of a service whose clients are sent to that side."""
        return cls.STEADY if side is Side.PRIMARY else cls.FAILED_OVER


class Destination(Record, frozen=True, kw_only=True):
    """Where a side's predictions are served, and where its images lie."""

    region: str
    endpoint: str
    image_repository: str


class HoldNote(Record, frozen=True, kw_only=True):
    """Who asked that nothing flips by itself, when and why."""

    by: str
    at: datetime
    reason: str


class Selector(Record, frozen=True, kw_only=True):
    """Names the active side of a service; the epoch grows by one or more at every accepted flip."""

    schema: int = 1
    service: str
    epoch: int
    active: Side
    sides: dict[Side, Destination]
    phase: Phase
    hold: HoldNote | None
    changed_at: datetime
    changed_by: str
    reason: str

    def __post_init__(self) -> None:
        missing = [side.value for side in Side if side not in self.sides]
        if missing:
            raise ValueError(f"Object missing required field `{missing[0]}` - at `$.sides`")

    @property
    def destination(self) -> Destination:
        """Return where the active side serves."""
        return self.sides[self.active]


class Stored(Record, frozen=True, kw_only=True):
    """A selector as it was read, with the version of the document that held it."""

    selector: Selector
    version: str


class Change(Record, frozen=True, kw_only=True):
    """An accepted flip, kept for good beside the selector; its flip id tells whose flip it was."""

    schema: int = 1
    flip_id: str
    from_side: Side | None
    selector: Selector


class CopyState(Record, frozen=True, kw_only=True):
    """What one place of copies holds: its highest selector, or why there is none."""

    place: str
    selector: Selector | None
    problem: str | None = None


class Readiness(Record, frozen=True, kw_only=True):
    """Whether a side could take over: FAIL says that it would serve wrong or nothing; being behind is lag, not FAIL."""

    schema: int = 1
    side: Side
    verdict: Verdict
    findings: tuple[str, ...]
    observed_at: datetime
    lag_seconds: float | None


class Golden(Record, frozen=True, kw_only=True):
    """Instances with the predictions that training computed for them."""

    schema: int = 1
    instances: Instances
    predictions: PredictedValues
    tolerance: float = 1e-9


class Answer(Record, frozen=True, kw_only=True):
    """What an endpoint answered."""

    predictions: PredictedValues
    model: str | None = None
    model_version: str | None = None


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
    ACTIVE_OVER_QUOTA = "active-over-quota"
    ACTIVE_WRONG = "active-wrong"
    BELOW_THRESHOLD = "below-threshold"
    NO_FRESH_PROBES = "no-fresh-probes"
    BLIND = "blind"
    DISPUTED = "disputed"
    TARGET_OVER_QUOTA = "target-over-quota"
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
