from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.replication.world import World
from tests.traffic.samples import NOW
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Readiness, Trigger

if TYPE_CHECKING:
    from vertex_dr.traffic.operator_plans import PlanFailOver


def known(verdict: Verdict, *, lag: float | None = 0) -> Readiness:
    findings = ("deployment-matches: nothing is deployed",) if verdict is Verdict.FAIL else ()
    return Readiness(
        side=Side.DR, verdict=verdict, findings=findings, observed_at=NOW - timedelta(minutes=5), lag_seconds=lag
    )


def planning(readiness: Readiness | None) -> PlanFailOver:
    world = TrafficWorld()
    if readiness:
        world.shared.readiness.record(readiness)
    return world.traffic.plan_fail_over


def test_an_operator_fails_over_to_a_ready_side() -> None:
    plan = planning(known(Verdict.PASS)).run(to=Side.DR, by="operator", reason="maintenance")

    assert (plan.from_side, plan.to_side, plan.trigger) == (Side.PRIMARY, Side.DR, Trigger.OPERATOR)
    assert plan.reason == "maintenance; its replicas were PASS and 0 s behind when verified 300 s ago"


def test_failing_over_is_refused_while_replicas_lag_behind_the_objective() -> None:
    with pytest.raises(Refused, match=r"4h10m behind, the objective is 1h; .*--accept-data-loss 4h10m"):
        planning(known(Verdict.PASS, lag=15000)).run(to=Side.DR, by="operator", reason="outage")


def test_accepting_the_loss_covers_the_lag() -> None:
    plan = planning(known(Verdict.PASS, lag=15000)).run(
        to=Side.DR, by="operator", reason="outage", accept_data_loss_seconds=15000
    )

    assert plan.to_side is Side.DR


def test_accepting_less_than_the_lag_is_refused() -> None:
    with pytest.raises(Refused, match="4h10m behind"):
        planning(known(Verdict.PASS, lag=15000)).run(
            to=Side.DR, by="operator", reason="outage", accept_data_loss_seconds=3600
        )


def test_failing_over_to_an_unfit_side_names_the_findings() -> None:
    with pytest.raises(Refused, match="deployment-matches: nothing is deployed"):
        planning(known(Verdict.FAIL)).run(to=Side.DR, by="operator", reason="outage")


def test_failing_over_to_a_side_that_nobody_verified_is_refused() -> None:
    with pytest.raises(Refused, match="nobody verified the replicas of dr yet"):
        planning(None).run(to=Side.DR, by="operator", reason="outage")


def test_failing_over_to_the_active_side_is_refused() -> None:
    with pytest.raises(Refused, match="primary is active already, under epoch 1"):
        planning(None).run(to=Side.PRIMARY, by="operator", reason="by mistake")


@pytest.fixture
def failed_over() -> World:
    """Both sides with their registries; dr is active under epoch 2."""
    world = World()
    world.flip()
    return world


def test_fail_back_is_planned_once_primary_is_healthy_and_lacks_nothing(failed_over: World) -> None:
    plan = failed_over.primary.traffic.plan_fail_back.run(by="operator", reason="the region is back")

    assert (plan.epoch, plan.from_side, plan.to_side, plan.trigger) == (2, Side.DR, Side.PRIMARY, Trigger.FAIL_BACK)
    assert failed_over.primary.ports.predictions.asked == [("europe-west4", 1)]


def test_fail_back_is_refused_while_dr_is_ahead_and_names_what_primary_lacks(failed_over: World) -> None:
    image = failed_over.dr.image().partition("@")[2]
    failed_over.dr.register(3)

    with pytest.raises(Refused, match="dr is ahead by 2: ") as caught:
        failed_over.primary.traffic.plan_fail_back.run(by="operator", reason="the region is back")

    assert "diagnosis@dr-1" in caught.value.found
    assert f"server@{image}" in caught.value.found


def test_fail_back_is_refused_while_primary_does_not_predict(failed_over: World) -> None:
    failed_over.primary.ports.predictions.faults.fail("europe-west4")

    with pytest.raises(Refused, match="europe-west4 predicts no golden values now: it is dark"):
        failed_over.primary.traffic.plan_fail_back.run(by="operator", reason="the region is back")


def test_fail_back_is_refused_when_primary_is_active() -> None:
    with pytest.raises(Refused, match="primary is active already"):
        World().primary.traffic.plan_fail_back.run(by="operator", reason="by mistake")
