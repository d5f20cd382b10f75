"""Decide whether the active side is lost, a pure verb that is golden-tested row by row, and have a plan carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.probes import ProbeTrail, check, follow, is_fresh
from vertex_dr.traffic.records import FailoverPlan, Rehearsal, Stay, StayCode, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.hand_over import HandsOver
    from vertex_dr.traffic.ports import GoldenSource, Predictions, ProbeLog, ReadinessLog, SelectorReader
    from vertex_dr.traffic.records import Readiness, Selector

__all__ = ["AssessRegions", "Assessment", "assess", "standing"]


class Assessment(Record, frozen=True, kw_only=True):
    """What was decided, and what fail_over answered if it was asked."""

    schema: int = 1
    decision: FailoverPlan | Stay
    applied: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class AssessRegions:
    """Decides from either side; Firestore decides whose flip counts."""

    service: str
    prober: Side
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
            prober=self.prober,
            target=other,
            clock=self.clock,
            timeout_seconds=self.policy.probe_interval_seconds,
        )
        return (*trails, follow(None, probe, service=self.service, policy=self.policy))


def assess(  # noqa: PLR0911, PLR0913 - one way out a row of the table; it takes everything that it rests on
    selector: Selector,
    trails: Iterable[ProbeTrail],
    readiness: Readiness | None,
    policy: PolicySettings,
    *,
    by: str,
    now: datetime,
) -> FailoverPlan | Stay:
    """Return the plan that sends clients to the other side, or why they stay; readiness is the other side's."""
    active, other = selector.active, selector.active.other

    def stay(code: StayCode, reason: str) -> Stay:
        return Stay(
            service=selector.service, epoch=selector.epoch, active=active, code=code, reason=reason, decided_at=now
        )

    if selector.hold is not None:
        return stay(StayCode.HELD, f"{selector.hold.by} holds the selector: {selector.hold.reason}")
    fresh = [trail for trail in trails if is_fresh(trail, policy, now=now)]
    of_active = [trail for trail in fresh if trail.last.target is active]
    of_other = {trail.last.prober: trail for trail in fresh if trail.last.target is other}
    if not of_active:
        return stay(StayCode.NO_FRESH_PROBES, f"nobody probed {active} lately: start probe_region on either side")
    failing = [trail for trail in of_active if trail.consecutive_failures >= policy.failures_to_act]
    if not failing:
        return _not_failing(of_active, policy, stay)
    sighted = [t for t in failing if t.last.prober not in of_other or of_other[t.last.prober].last.is_answered]
    if not sighted:
        probers = " and ".join(sorted(trail.last.prober for trail in failing))
        return stay(
            StayCode.BLIND,
            f"the prober in {probers} reaches neither side: its own network, or both sides, are down, "
            "and going to the other side would help nobody",
        )
    seen = [t for t in sighted if t.last.prober in of_other]
    if not seen:
        return stay(StayCode.TARGET_UNSEEN, f"nobody probed {other} lately, so it cannot be trusted to answer")
    witness = min(seen, key=lambda trail: trail.first_failure_at or now)
    disputing = _disputing(of_active, witness)
    if disputing is not None:
        return stay(
            StayCode.DISPUTED,
            f"{active} fails for the prober in {witness.last.prober} and answers the one in {disputing.last.prober}: "
            "the network between the regions is down, not the region",
        )
    target = of_other[witness.last.prober]
    if not target.last.is_golden:
        return _target_not_golden(target, stay)
    age = (now - readiness.observed_at).total_seconds() if readiness else None
    is_recent = age is not None and age <= policy.readiness_max_age_seconds
    if readiness is not None and readiness.verdict is Verdict.FAIL and is_recent:
        return stay(
            StayCode.TARGET_NOT_READY,
            f"verify_replicas found {other} unfit {age:.0f} s ago: {'; '.join(readiness.findings)}; "
            f"repair it, or fail over by hand with vertex-dr fail-over --to {other}",
        )
    return FailoverPlan(
        service=selector.service,
        epoch=selector.epoch,
        from_side=active,
        to_side=other,
        trigger=Trigger.OUTAGE,
        by=by,
        reason=f"{_failures(witness)}; {other} answers with the golden values; {standing(readiness, policy, now=now)}",
        first_failure_at=witness.first_failure_at,
        detected_at=witness.last.at,
        decided_at=now,
    )


def _target_not_golden(trail: ProbeTrail, stay: Callable[[StayCode, str], Stay]) -> Stay:
    target = trail.last.target
    by_hand = f"or fail over by hand with vertex-dr fail-over --to {target}"
    if trail.last.is_over_quota:
        return stay(
            StayCode.TARGET_OVER_QUOTA,
            f"{target} answers, but its quota is used up ({trail.last.detail}): ask for more quota there, {by_hand}",
        )
    return stay(
        StayCode.TARGET_WRONG,
        f"{target} answers, but not with the golden values ({trail.last.detail}): reconcile its models, {by_hand}",
    )


def _not_failing(of_active: list[ProbeTrail], policy: PolicySettings, stay: Callable[[StayCode, str], Stay]) -> Stay:
    worst = max(of_active, key=lambda trail: trail.consecutive_failures)
    target, count = worst.last.target, worst.consecutive_failures
    if count:
        return stay(
            StayCode.BELOW_THRESHOLD,
            f"{target} failed {count} of {policy.failures_to_act} probes in a row that decide ({worst.last.detail})",
        )
    by_hand = f"or fail over by hand with vertex-dr fail-over --to {target.other}"
    if over_quota := next((trail.last for trail in of_active if trail.last.is_over_quota), None):
        return stay(
            StayCode.ACTIVE_OVER_QUOTA,
            f"{target} answers that a quota is used up ({over_quota.detail}), which is no outage: clients are answered "
            f"by {target.other}, whose quota the same load may use up; ask for more quota, {by_hand}",
        )
    if wrong := next((trail.last for trail in of_active if not trail.last.is_golden), None):
        return stay(
            StayCode.ACTIVE_WRONG,
            f"{target} answers, but not with the golden values ({wrong.detail}), as it does too while a new model has "
            f"no golden values yet: compare the sides with vertex-dr diff, {by_hand}",
        )
    return stay(StayCode.ACTIVE_HEALTHY, f"{target} answers")


def _disputing(of_active: list[ProbeTrail], witness: ProbeTrail) -> ProbeTrail | None:
    """Return a trail of another prober that saw the side answer after the witness saw it fail."""
    since = witness.first_failure_at
    for trail in of_active:
        if trail.last.is_answered and since is not None and trail.last.at > since:
            return trail
    return None


def _failures(trail: ProbeTrail) -> str:
    since = f" since {trail.first_failure_at:%H:%M:%S}" if trail.first_failure_at else ""
    return (
        f"{trail.last.target} failed {trail.consecutive_failures} probes in a row from {trail.last.prober}"
        f"{since} ({trail.last.detail})"
    )


def standing(readiness: Readiness | None, policy: PolicySettings, *, now: datetime) -> str:
    """Return what is known of the side's replicas, in words for the selector's reason."""
    if readiness is None:
        return "its replicas were never verified"
    age = (now - readiness.observed_at).total_seconds()
    lag = "of unknown lag" if readiness.lag_seconds is None else f"{readiness.lag_seconds:.0f} s behind"
    stale = ", longer than allowed" if age > policy.readiness_max_age_seconds else ""
    return f"its replicas were {readiness.verdict} and {lag} when verified {age:.0f} s ago{stale}"
