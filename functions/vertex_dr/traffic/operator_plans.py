"""The operator's plans: fail over for a reason of one's own, and fail back once nothing would be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.assess import standing
from vertex_dr.traffic.probes import PROOF_SECONDS, check
from vertex_dr.traffic.records import FailoverPlan, Trigger

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.traffic.ports import Ahead, GoldenSource, Predictions, ReadinessLog, SelectorReader
    from vertex_dr.traffic.records import Readiness, Selector

__all__ = ["PlanFailBack", "PlanFailOver"]


@dataclass(frozen=True, kw_only=True)
class PlanFailOver:
    """Plans the operator's failover; a hold stops only what flips by itself, never a person."""

    selector: SelectorReader
    readiness: ReadinessLog
    policy: PolicySettings
    clock: Clock

    def run(self, *, to: Side, by: str, reason: str, accept_data_loss_seconds: float | None = None) -> FailoverPlan:
        """Return the plan; nothing is written.

        Raises Refused when the side is active already, or is unfit, unverified or further behind than the objective
        allows, unless the accepted loss covers its lag.
        """
        selector, now = self.selector.read(), self.clock()
        _guard_not_active(selector, to)
        known = self.readiness.readiness(to)
        self._guard_loss(to, known, accept_data_loss_seconds)
        return _plan(
            selector,
            Trigger.OPERATOR,
            by=by,
            reason=f"{reason}; {standing(known, self.policy, now=now)}",
            clock=self.clock,
        )

    def _guard_loss(self, to: Side, known: Readiness | None, accepted: float | None) -> None:
        tried, objective = f"fail over to {to}", self.policy.rpo_objective_seconds
        if accepted is not None and (known is None or known.lag_seconds is None or known.lag_seconds <= accepted):
            return
        if known is None:
            raise Refused(
                tried,
                found=f"nobody verified the replicas of {to} yet",
                then=f"run vertex-dr verify on {to}, or pass --accept-data-loss with the time you can lose",
            )
        if known.verdict is Verdict.FAIL:
            raise Refused(
                tried,
                found=f"verify_replicas found {to} unfit: {'; '.join(known.findings)}",
                then="repair it with vertex-dr replicate and verify again, or pass --accept-data-loss",
            )
        lag = known.lag_seconds
        if lag is None or lag > objective:
            behind = "behind by an unknown time" if lag is None else f"{_span(lag)} behind"
            raise Refused(
                tried,
                found=f"its replicas are {behind}, the objective is {_span(objective)}",
                then=f"replicate first, or pass --accept-data-loss {_span(lag or objective)}",
            )


@dataclass(frozen=True, kw_only=True)
class PlanFailBack:
    """Plans the way back to primary, which no failure hurries: every guard must pass."""

    selector: SelectorReader
    ahead: Ahead
    golden: GoldenSource
    predictions: Predictions
    prober: Side
    clock: Clock

    def run(self, *, by: str, reason: str) -> FailoverPlan:
        """Return the plan; nothing is written.

        Raises Refused when primary is active already, does not predict the golden values now, or lacks assets that
        dr has, naming them.
        """
        selector = self.selector.read()
        _guard_not_active(selector, Side.PRIMARY)
        self._guard_healthy(selector)
        lacking = self.ahead()
        if lacking:
            raise Refused(
                "fail back to primary",
                found=f"dr is ahead by {len(lacking)}: {'; '.join(lacking)}",
                then="bring them home with vertex-dr replicate --to primary, check with vertex-dr diff, then repeat",
            )
        return _plan(selector, Trigger.FAIL_BACK, by=by, reason=reason, clock=self.clock)

    def _guard_healthy(self, selector: Selector) -> None:
        probe = check(
            self.predictions,
            selector.sides[Side.PRIMARY],
            self.golden.golden(),
            prober=self.prober,
            target=Side.PRIMARY,
            clock=self.clock,
            timeout_seconds=PROOF_SECONDS,
        )
        if not probe.is_golden:
            raise Refused(
                "fail back to primary",
                found=f"{selector.sides[Side.PRIMARY].region} predicts no golden values now: {probe.detail}",
                then="wait until the region is back, run vertex-dr replicate --to primary, then repeat",
            )


def _guard_not_active(selector: Selector, to: Side) -> None:
    if selector.active is to:
        raise Refused(
            f"send {selector.service} to {to}",
            found=f"{to} is active already, under epoch {selector.epoch} since {selector.changed_at:%Y-%m-%d %H:%M:%S}",
            then="nothing is left to do; look at vertex-dr status",
        )


def _plan(selector: Selector, trigger: Trigger, *, by: str, reason: str, clock: Clock) -> FailoverPlan:
    now = clock()
    return FailoverPlan(
        service=selector.service,
        epoch=selector.epoch,
        from_side=selector.active,
        to_side=selector.active.other,
        trigger=trigger,
        by=by,
        reason=reason,
        first_failure_at=None,
        detected_at=now,
        decided_at=now,
    )


def _span(seconds: float) -> str:
    """Return the time as operators type it: 4h10m, 90s."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if n]
    return "".join(parts) or "0s"
