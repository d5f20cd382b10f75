from __future__ import annotations

import pytest

from tests.traffic.samples import SERVICE, trail
from tests.traffic.world import FAIL_OVER_URL, TrafficWorld
from vertex_dr.kernel.errors import FlipLost, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import FailoverPlan, Rehearsal, Stay, StayCode


@pytest.fixture
def world() -> TrafficWorld:
    world = TrafficWorld(fail_over_url=FAIL_OVER_URL)
    world.shared.functions.answers[FAIL_OVER_URL] = {"epoch": 2}
    return world


def test_a_plan_is_handed_over_and_the_answer_returned(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))

    assessment = world.traffic.assess_regions.run()

    assert isinstance(assessment.decision, FailoverPlan)
    assert world.handed(FAIL_OVER_URL) == [assessment.decision]
    assert assessment.applied == {"epoch": 2}


def test_nothing_is_handed_over_when_clients_stay(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary golden"), trail("dr>dr golden")))

    assessment = world.traffic.assess_regions.run()

    assert isinstance(assessment.decision, Stay)
    assert (world.handed(FAIL_OVER_URL), assessment.applied) == ([], None)


def test_a_rehearsal_calls_fail_over_without_a_plan(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary golden"), trail("dr>dr golden")))

    assessment = world.traffic.assess_regions.run(is_rehearsal=True)

    assert isinstance(assessment.decision, Stay)
    assert world.handed(FAIL_OVER_URL) == [Rehearsal(service=SERVICE, by="assess_regions in dr")]


def test_a_rehearsal_that_meets_an_outage_is_none(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))

    assessment = world.traffic.assess_regions.run(is_rehearsal=True)

    assert world.handed(FAIL_OVER_URL) == [assessment.decision]
    assert isinstance(assessment.decision, FailoverPlan)


def test_the_other_side_is_asked_directly_when_no_prober_has_seen_it_lately(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"),))

    decision = world.traffic.assess_regions.decide()

    assert isinstance(decision, FailoverPlan)
    assert world.predictions.asked == [("europe-west1", 1)]


def test_the_direct_question_decides_against_a_side_that_serves_other_values(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"),))
    world.predictions.values["europe-west1"] = [[0.5, 0.5], [0.5, 0.5]]

    decision = world.traffic.assess_regions.decide()

    assert isinstance(decision, Stay)
    assert decision.code is StayCode.TARGET_WRONG


def test_without_golden_values_the_other_side_stays_unseen(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"),))
    world.shared.golden.faults.fail("golden")

    decision = world.traffic.assess_regions.decide()

    assert isinstance(decision, Stay)
    assert decision.code is StayCode.TARGET_UNSEEN


def test_a_lost_race_is_told_to_the_caller(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))
    world.shared.functions.faults.fail(
        FAIL_OVER_URL, with_=FlipLost("flip", found="the other side's flip came first", then="look")
    )

    with pytest.raises(FlipLost):
        world.traffic.assess_regions.run()


def test_an_unreadable_selector_decides_nothing(world: TrafficWorld) -> None:
    world.shared.selector.faults.fail("read")

    with pytest.raises(Unreachable):
        world.traffic.assess_regions.run()

    assert world.handed(FAIL_OVER_URL) == []


def test_a_plan_that_nobody_takes_is_applied_here(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))
    world.shared.functions.faults.fail(FAIL_OVER_URL)

    assessment = world.traffic.assess_regions.run()

    assert assessment.applied is not None
    assert assessment.applied["verdict"] == "PASS"
    assert world.shared.selector.selected.active is Side.DR
