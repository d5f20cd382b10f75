"""What really happened, what was found afterwards, and what each check of a proof expects."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.steps import Plan, Step

__all__ = ["EXPECTED", "Entry", "Finding", "Journal", "Outcome", "Proof", "StepError", "finding"]

EXPECTED = {
    "artifact-exported": "the artifact bucket holds the artifact under its write-once name",
    "artifact-intact": "every file has the checksum that the catalog gives",
    "catalog-published": "the newest catalog is what the side holds",
    "deployment-matches": "the endpoint gives all traffic to the declared alias's version, on the declared machines",
    "image-mirrored": "the own repository holds the image by its digest, with its tags",
    "manifest-readable": "the manifest names a model, an alias, an endpoint and machines",
    "model-matches": "the replica has its source's names, descriptions, labels, aliases and container",
    "model-replicated": "the version is registered here",
    "pipeline-published": "the own repository holds the pipeline's version, with its tags",
    "pipeline-started": "a run of the pipeline was started",
    "source-observed": "the other side answers, or has published a catalog",
}


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


def finding(check: str, verdict: Verdict, subject: str, found: str, *, expected: str | None = None) -> Finding:
    """Return the finding of that check, with what it expects in general unless said otherwise."""
    return Finding(check=check, verdict=verdict, subject=subject, expected=expected or EXPECTED[check], found=found)


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
