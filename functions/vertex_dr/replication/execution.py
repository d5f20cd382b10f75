"""What follows a plan in every use case: apply, prove, and the journal kept in the side's own staging bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.events import emit
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.verdict import Verdict, worst
from vertex_dr.replication.apply import apply
from vertex_dr.replication.checks import findings_of_journal
from vertex_dr.replication.journal import Journal, Proof
from vertex_dr.replication.layout import journal_uri

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.ids import NewId
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.ports import ArtifactStore, Fence
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["Flow"]


@dataclass(frozen=True, slots=True)
class Flow:
    """Carries a plan to its end."""

    settings: Settings
    store: ArtifactStore
    fence: Fence
    clock: Clock
    new_id: NewId

    def apply(self, plan: Plan, perform: Callable[[Step], str]) -> Journal:
        """Apply the plan and return the journal; the verdict is of the steps alone, nothing was observed again."""
        started = self.clock()
        entries = apply(plan, perform, fence=self.fence, clock=self.clock)
        verdict = worst([f.verdict for f in findings_of_journal(plan, entries)] or [Verdict.PASS])
        return Journal(plan=plan, started_at=started, ended_at=self.clock(), entries=entries, verdict=verdict)

    def prove(self, journal: Journal, seen: Callable[[], tuple[Finding, ...]]) -> Proof:
        """Return what holds: the findings of the steps first, then what observing again has found."""
        told = findings_of_journal(journal.plan, journal.entries)
        known = {(f.check, f.subject) for f in told}
        found = tuple(f for f in seen() if (f.check, f.subject) not in known or f.verdict is Verdict.PASS)
        findings = (*told, *found)
        verdict = worst([f.verdict for f in findings] or [Verdict.PASS])
        return Proof(verdict=verdict, observed_at=self.clock(), findings=findings)

    def keep(self, journal: Journal, proof: Proof) -> Journal:
        """Write the journal with its proof into the own staging bucket, and return it."""
        kept = msgspec.structs.replace(journal, proof=proof, verdict=proof.verdict, ended_at=self.clock())
        uri = journal_uri(self.settings, kept.plan.entry_point, kept.started_at, self.new_id())
        self.store.write_once(uri, to_json(kept))
        emit(
            "replication.run.ended",
            severity="INFO" if kept.verdict is Verdict.PASS else "WARNING",
            entry_point=kept.plan.entry_point,
            side=kept.plan.side,
            verdict=kept.verdict,
            steps=len(kept.entries),
            journal=uri,
        )
        return kept
