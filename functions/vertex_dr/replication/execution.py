"""How a use case that writes is run: plan, apply step after step, prove by observing again, keep the journal."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from vertex_dr.kernel.errors import StaleEpoch, VertexDrError
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.verdict import Verdict, worst
from vertex_dr.replication.journal import Entry, Journal, Outcome, Proof, StepError, finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.journal import JournalLog
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.ports import Fence
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["PlanRunner", "PlannedUseCase"]

Seen = TypeVar("Seen")  # what a use case observes before it plans, and again before it says what holds


@dataclass(frozen=True, kw_only=True)
class PlannedUseCase(ABC, Generic[Seen]):
    """A use case that writes: its class observes, decides the plan, performs one step, and says what holds afterwards.

    Running is safe to repeat, since every step is. What a run left undone when it was cut off, the next one plans.
    """

    settings: Settings
    runner: PlanRunner

    def run(self) -> Journal:
        """Plan, apply and prove, and return the journal, which is kept with its proof."""
        journal = self.apply(self.plan())
        return self.runner.keep(journal, self.prove(journal))

    def apply(self, plan: Plan) -> Journal:
        """Carry the plan out, however old it is: a plan of an earlier epoch does nothing."""
        return self.runner.apply(plan, self.perform)

    def prove(self, journal: Journal) -> Proof:
        """Return what holds now, seen by observing again. Raises Unreachable when that cannot be seen."""
        return self.runner.prove(journal, self.findings(journal))

    @abstractmethod
    def observe(self) -> Seen:
        """Return everything that the plan depends on, as it is now; nothing is written."""

    @abstractmethod
    def plan(self) -> Plan:
        """Return the steps that have to be done now; nothing is written."""

    @abstractmethod
    def perform(self, step: Step) -> str:
        """Do one step, and return the name of what is there afterwards. Repeating is safe."""

    @abstractmethod
    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return what observing again finds after the journal's steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRunner:
    """Applies a plan, puts its proof together, and keeps the journal."""

    fence: Fence
    journals: JournalLog
    clock: Clock

    def apply(self, plan: Plan, perform: Callable[[Step], str]) -> Journal:
        """Run the plan's steps in order and return the journal; its verdict is of the steps alone.

        A step that fails stops the later steps on the same subject and no others. A moved epoch, or an error that
        nobody foresaw, stops all that follow. Nothing is raised: the journal's entries say it.
        """
        started = self.clock()
        run = self.journals.begin(plan.entry_point)
        entries = _Application(
            plan=plan,
            perform=perform,
            fence=self.fence,
            clock=self.clock,
            note=lambda number, entry: self.journals.note(run, number, entry),
        ).entries()
        verdict = worst([f.verdict for f in _findings_of_journal(plan, entries)] or [Verdict.PASS])
        return Journal(plan=plan, started_at=started, ended_at=self.clock(), entries=entries, verdict=verdict)

    def prove(self, journal: Journal, observed: tuple[Finding, ...]) -> Proof:
        """Return what holds: the findings of the steps first, then what observing again has found."""
        told = _findings_of_journal(journal.plan, journal.entries)
        known = {(f.check, f.subject) for f in told}
        found = tuple(f for f in observed if (f.check, f.subject) not in known or f.verdict is Verdict.PASS)
        findings = (*told, *found)
        verdict = worst([f.verdict for f in findings] or [Verdict.PASS])
        return Proof(verdict=verdict, observed_at=self.clock(), findings=findings)

    def keep(self, journal: Journal, proof: Proof) -> Journal:
        """Keep the journal with its proof, and return it. Raises Unreachable when it cannot be kept."""
        kept = msgspec.structs.replace(journal, proof=proof, verdict=proof.verdict, ended_at=self.clock())
        address = self.journals.keep(kept.plan.entry_point, kept)
        emit(
            Event.REPLICATION_RUN_ENDED,
            severity="INFO" if kept.verdict is Verdict.PASS else "WARNING",
            entry_point=kept.plan.entry_point,
            side=kept.plan.side,
            verdict=kept.verdict,
            steps=len(kept.entries),
            journal=address,
        )
        return kept


@dataclass(slots=True)
class _Application:
    """One application of a plan: each step between two looks at the epoch."""

    plan: Plan
    perform: Callable[[Step], str]
    fence: Fence
    clock: Clock
    note: Callable[[int, Entry], None]
    failed: dict[str, StepError] = field(default_factory=dict)
    stopped: StepError | None = None

    def entries(self) -> tuple[Entry, ...]:
        self._look()
        return tuple(self._noted(number, self._entry(step)) for number, step in enumerate(self.plan.steps, start=1))

    def _noted(self, number: int, entry: Entry) -> Entry:
        """Note the entry as its step ends: a function may be ended before it can keep the whole journal."""
        if entry.outcome not in {Outcome.DONE, Outcome.FAILED}:
            return entry
        try:
            self.note(number, entry)
        except VertexDrError as error:
            # The step is done whether it is noted or not, and the journal says so if the run comes to its end.
            emit(Event.REPLICATION_STEP_UNNOTED, severity="WARNING", step=entry.step.subject, error=str(error))
        return entry

    def _entry(self, step: Step) -> Entry:
        started = self.clock()
        if self.stopped is not None:
            return self._ended(step, Outcome.REFUSED, started, error=self.stopped)
        if step.subject in self.failed:
            return self._ended(step, Outcome.NOT_RUN, started)
        try:
            result = self.perform(step)
        except VertexDrError as error:
            self.failed[step.subject] = _described(error)
            self._look()
            return self._ended(step, Outcome.FAILED, started, error=self.failed[step.subject])
        except Exception as error:  # noqa: BLE001 - a bug ends the run here, and the journal must still be written
            emit(Event.REPLICATION_STEP_CRASHED, severity="ERROR", step=step.subject, traceback=traceback.format_exc())
            self.stopped = StepError(kind=type(error).__name__, message=str(error), foreseen=False)
            return self._ended(step, Outcome.FAILED, started, error=self.stopped)
        self._look()
        return self._ended(step, Outcome.DONE, started, result=result)

    def _look(self) -> None:
        """Note when the epoch moved or cannot be read: the step in flight was the last one."""
        try:
            epoch = self.fence.epoch()
            if epoch != self.plan.epoch:
                raise StaleEpoch(
                    f"go on with {self.plan.entry_point} on {self.plan.side}",
                    found=f"the plan was made at epoch {self.plan.epoch} and the selector is at {epoch}",
                    then="run it again: it plans anew at the present epoch",
                )
        except VertexDrError as error:
            self.stopped = _described(error)

    def _ended(
        self, step: Step, outcome: Outcome, started: datetime, *, result: str = "", error: StepError | None = None
    ) -> Entry:
        return Entry(step=step, outcome=outcome, started_at=started, ended_at=self.clock(), result=result, error=error)


def _findings_of_journal(plan: Plan, entries: Iterable[Entry]) -> tuple[Finding, ...]:
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


def _described(error: VertexDrError) -> StepError:
    return StepError(kind=type(error).__name__, message=str(error), retryable=error.retryable)
