from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.scripted import FaultPlan
from tests.memory.traffic import (
    MemoryGolden,
    MemoryPredictions,
    MemoryProbes,
    MemoryReadiness,
    MemorySelectors,
    Time,
)
from tests.traffic.samples import GOLDEN, NOW, REGIONS, SERVICE, change, trail
from vertex_dr.kernel.errors import FlipLost, Unreachable
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.assess_regions import AssessRegions
from vertex_dr.traffic.records import FailoverPlan, Rehearsal, Stay, StayCode

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record


@dataclass
class World:
    store: MemorySelectors = field(default_factory=MemorySelectors)
    probes: MemoryProbes = field(default_factory=MemoryProbes)
    golden: MemoryGolden = field(default_factory=lambda: MemoryGolden(GOLDEN))
    handed: list[Record | None] = field(default_factory=list)
    handing: FaultPlan = field(default_factory=FaultPlan)
    predictions: MemoryPredictions = field(
        default_factory=lambda: MemoryPredictions(dict.fromkeys(REGIONS.values(), GOLDEN.predictions))
    )

    def hand_over(self, record: Record | None) -> dict[str, Any]:
        self.handed.append(record)
        self.handing.before("hand over")
        return {"epoch": 2}

    def assessing(self) -> AssessRegions:
        return AssessRegions(
            service=SERVICE,
            own=Side.DR,
            policy=PolicySettings(),
            selector=self.store,
            probes=self.probes,
            readiness=MemoryReadiness(),
            golden=self.golden,
            predictions=self.predictions,
            hand_over=self.hand_over,
            clock=Time(NOW),
            by="assess_regions in dr",
        )


@pytest.fixture
def world() -> World:
    made = World()
    made.store.create(change())
    return made


def test_a_plan_is_handed_over_and_the_answer_returned(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))

    assessment = world.assessing().run()

    assert isinstance(assessment.decision, FailoverPlan)
    assert world.handed == [assessment.decision]
    assert assessment.applied == {"epoch": 2}


def test_nothing_is_handed_over_when_clients_stay(world: World) -> None:
    world.probes.record((trail("dr>primary golden"), trail("dr>dr golden")))

    assessment = world.assessing().run()

    assert isinstance(assessment.decision, Stay)
    assert (world.handed, assessment.applied) == ([], None)


def test_a_rehearsal_calls_fail_over_without_a_plan(world: World) -> None:
    world.probes.record((trail("dr>primary golden"), trail("dr>dr golden")))

    assessment = world.assessing().run(is_rehearsal=True)

    assert isinstance(assessment.decision, Stay)
    assert world.handed == [Rehearsal(service=SERVICE, by="assess_regions in dr")]


def test_a_rehearsal_that_meets_an_outage_is_none(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))

    assessment = world.assessing().run(is_rehearsal=True)

    assert world.handed == [assessment.decision]
    assert isinstance(assessment.decision, FailoverPlan)


def test_the_other_side_is_asked_directly_when_no_prober_has_seen_it_lately(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"),))

    decision = world.assessing().decide()

    assert isinstance(decision, FailoverPlan)
    assert world.predictions.asked == [("europe-west1", 1)]


def test_the_direct_question_decides_against_a_side_that_serves_other_values(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"),))
    world.predictions.values["europe-west1"] = [[0.5, 0.5], [0.5, 0.5]]

    decision = world.assessing().decide()

    assert isinstance(decision, Stay)
    assert decision.code is StayCode.TARGET_WRONG


def test_without_golden_values_the_other_side_stays_unseen(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"),))
    world.golden.faults.fail("golden")

    decision = world.assessing().decide()

    assert isinstance(decision, Stay)
    assert decision.code is StayCode.TARGET_UNSEEN


def test_a_lost_race_is_told_to_the_caller(world: World) -> None:
    world.probes.record((trail("dr>primary failed 3 over 7 s"), trail("dr>dr golden")))
    world.handing.fail("hand over", with_=FlipLost("flip", found="the other side's flip came first", then="look"))

    with pytest.raises(FlipLost):
        world.assessing().run()


def test_an_unreadable_selector_decides_nothing(world: World) -> None:
    world.store.faults.fail("read")

    with pytest.raises(Unreachable):
        world.assessing().run()

    assert world.handed == []
