"""What each check of a proof expects, and how an error or an omission becomes a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vertex_dr.replication.journal import Entry, StepError
    from vertex_dr.replication.steps import Plan

__all__ = ["EXPECTED", "finding", "findings_of_journal"]

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


def finding(check: str, verdict: Verdict, subject: str, found: str, *, expected: str | None = None) -> Finding:
    """Return the finding of that check, with what it expects in general unless said otherwise."""
    return Finding(check=check, verdict=verdict, subject=subject, expected=expected or EXPECTED[check], found=found)


def findings_of_journal(plan: Plan, entries: Iterable[Entry]) -> tuple[Finding, ...]:
    """Return a finding for each thing that the plan left out and for each step that did not end well."""
    left_out = [finding(s.check, Verdict.FAIL, s.subject, s.problem) for s in plan.skipped]
    failed = [
        finding(_check(entry), _verdict(entry.error), entry.step.subject, entry.error.message)
        for entry in entries
        if entry.error is not None and entry.outcome is not Outcome.DONE
    ]
    return (*left_out, *failed)


def _check(entry: Entry) -> str:
    mismatch = entry.error is not None and entry.error.kind == "ReplicaMismatch"
    if mismatch and entry.step.check in {"artifact-exported", "model-replicated"}:
        return "artifact-intact"
    return entry.step.check


def _verdict(error: StepError) -> Verdict:
    if error.retryable:
        return Verdict.INCONCLUSIVE
    return Verdict.FAIL if error.foreseen else Verdict.ERROR
