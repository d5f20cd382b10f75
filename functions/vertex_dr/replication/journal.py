"""What really happened, and what was found afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.steps import Plan, Step

__all__ = ["Entry", "Finding", "Journal", "Outcome", "Proof", "StepError"]


class Outcome(StrEnum):
    """How a step ended."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    NOT_RUN = "not-run"


class StepError(Record, frozen=True, kw_only=True):
    """Why a step failed: the error's class, its sentence, whether trying again helps, and whether it was foreseen."""

    kind: str
    message: str
    retryable: bool = False
    foreseen: bool = True


class Entry(Record, frozen=True, kw_only=True):
    """One step and how it ended."""

    step: Step
    outcome: Outcome
    started_at: datetime
    ended_at: datetime
    result: str = ""
    error: StepError | None = None


class Finding(Record, frozen=True, kw_only=True):
    """One check of a proof."""

    check: str
    verdict: Verdict
    subject: str
    expected: str
    found: str


class Proof(Record, frozen=True, kw_only=True):
    """What holds after a plan was applied, seen by observing again."""

    schema: int = 1
    verdict: Verdict
    observed_at: datetime
    lag_seconds: float | None = None
    findings: tuple[Finding, ...] = ()


class Journal(Record, frozen=True, kw_only=True):
    """What really happened while a plan was applied, and the proof that followed."""

    schema: int = 1
    plan: Plan
    started_at: datetime
    ended_at: datetime
    entries: tuple[Entry, ...] = ()
    proof: Proof | None = None
    verdict: Verdict = Verdict.INCONCLUSIVE
