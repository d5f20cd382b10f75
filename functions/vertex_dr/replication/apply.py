"""Apply a plan: step after step, each between two looks at the epoch, and say what happened."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import StaleEpoch, VertexDrError
from vertex_dr.kernel.events import emit
from vertex_dr.replication.journal import Entry, Outcome, StepError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.replication.ports import Fence
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["apply"]


def apply(plan: Plan, perform: Callable[[Step], str], *, fence: Fence, clock: Clock) -> tuple[Entry, ...]:
    """Run the plan's steps in order and return how each ended; repeating is safe, since every step is.

    A step that fails stops the later steps on the same subject and no others. A moved epoch, or an error that nobody
    foresaw, stops all that follow. Nothing is raised: the entries say it.
    """
    return _Run(plan=plan, perform=perform, fence=fence, clock=clock).entries()


@dataclass(slots=True)
class _Run:
    plan: Plan
    perform: Callable[[Step], str]
    fence: Fence
    clock: Clock
    failed: dict[str, StepError] = field(default_factory=dict)
    stopped: StepError | None = None

    def entries(self) -> tuple[Entry, ...]:
        self._look()
        return tuple(self._entry(step) for step in self.plan.steps)

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
            emit("replication.step.crashed", severity="ERROR", step=step.subject, traceback=traceback.format_exc())
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


def _described(error: VertexDrError) -> StepError:
    return StepError(kind=type(error).__name__, message=str(error), retryable=error.retryable)
