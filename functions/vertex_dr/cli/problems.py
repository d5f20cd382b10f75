"""What a plan leaves out and what failed, one line a thing: which, what was found, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from vertex_dr.replication.journal import Journal
    from vertex_dr.replication.steps import Plan

__all__ = ["failures", "left_out"]


def left_out(plan: Plan) -> list[str]:
    """Return a line for each thing that the plan cannot bring over."""
    return [f"left out {skipped.subject}: {skipped.problem}" for skipped in plan.skipped]


def failures(journal: Journal) -> list[str]:
    """Return a line for each thing that was left out, failed or does not hold; each subject's first cause only."""
    lines = dict(zip((skipped.subject for skipped in journal.plan.skipped), left_out(journal.plan), strict=True))
    for entry in journal.entries:
        if entry.error is not None:
            lines.setdefault(entry.step.subject, f"{entry.outcome} {entry.step.subject}: {entry.error.message}")
    for finding in journal.proof.findings if journal.proof else ():
        if finding.verdict is not Verdict.PASS:
            said = f"{finding.verdict} {finding.check} {finding.subject}: {finding.found}, expected {finding.expected}"
            lines.setdefault(finding.subject, said)
    return list(lines.values())
