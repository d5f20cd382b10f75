"""Observe what the decision rests on, decide, and hand a plan over to fail_over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.traffic.assess import assess
from vertex_dr.traffic.probes import ProbeTrail, check, follow, is_fresh
from vertex_dr.traffic.records import FailoverPlan, Rehearsal, Stay

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.hand_over import HandsOver
    from vertex_dr.traffic.ports import GoldenSource, Predictions, ProbeLog, ReadinessLog, SelectorReader
    from vertex_dr.traffic.records import Selector

__all__ = ["AssessRegions", "Assessment"]


class Assessment(Record, frozen=True, kw_only=True):
    """What was decided, and what fail_over answered if it was asked."""

    schema: int = 1
    decision: FailoverPlan | Stay
    applied: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class AssessRegions:
    """Decides from either side; Firestore decides whose flip counts."""

    service: str
    own: Side
    policy: PolicySettings
    selector: SelectorReader
    probes: ProbeLog
    readiness: ReadinessLog
    golden: GoldenSource
    predictions: Predictions
    hand_over: HandsOver[FailoverPlan]
    clock: Clock
    by: str

    def run(self, *, is_rehearsal: bool = False) -> Assessment:
        """Decide and, if it is to fail over, have it done; repeating is safe, an outage is acted on once.

        A rehearsal also calls fail_over when clients stay, so that the call is warm and known to be allowed.
        Raises Unreachable when selector or probes cannot be read, and FlipLost when another flip came first.
        """
        decision = self.decide()
        if isinstance(decision, FailoverPlan):
            return Assessment(decision=decision, applied=self.hand_over(decision))
        rehearsed = self.hand_over(Rehearsal(service=self.service, by=self.by)) if is_rehearsal else None
        return Assessment(decision=decision, applied=rehearsed)

    def decide(self) -> FailoverPlan | Stay:
        """Return the plan or why nothing is to be done; nothing is written."""
        selector = self.selector.read()
        trails = self._with_target_seen(selector, self.probes.trails())
        other = selector.active.other
        return assess(selector, trails, self.readiness.readiness(other), self.policy, by=self.by, now=self.clock())

    def _with_target_seen(self, selector: Selector, trails: tuple[ProbeTrail, ...]) -> tuple[ProbeTrail, ...]:
        """Return the trails, with one direct check of the other side when a failing side's prober has no fresh one."""
        now, other = self.clock(), selector.active.other
        is_failing = any(t.last.target is selector.active and t.consecutive_failures for t in trails)
        is_seen = any(t.last.target is other and is_fresh(t, self.policy, now=now) for t in trails)
        if is_seen or not is_failing:
            return trails
        try:
            golden = self.golden.golden()
        except VertexDrError:
            return trails
        probe = check(
            self.predictions,
            selector.sides[other],
            golden,
            prober=self.own,
            target=other,
            clock=self.clock,
            timeout_seconds=self.policy.probe_interval_seconds,
        )
        return (*trails, follow(None, probe, service=self.service, policy=self.policy))
