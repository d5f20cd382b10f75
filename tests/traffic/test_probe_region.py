from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.scripted import FaultPlan
from tests.memory.traffic import MemoryCopies, MemoryGolden, MemoryPredictions, MemoryProbes, ThreadTime
from tests.traffic.samples import GOLDEN, NOW, REGIONS, SERVICE, selector, trail
from vertex_dr.kernel.errors import Denied, Refused
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probe_region import ProbeRegion
from vertex_dr.traffic.records import Rehearsal

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record


@dataclass
class World:
    time: ThreadTime = field(default_factory=lambda: ThreadTime(NOW))
    log: MemoryProbes = field(default_factory=MemoryProbes)
    copies: MemoryCopies = field(default_factory=MemoryCopies)
    hand_overs: list[float] = field(default_factory=list)
    rehearsals: list[Record] = field(default_factory=list)
    handing: FaultPlan = field(default_factory=FaultPlan)
    predictions: MemoryPredictions = field(
        default_factory=lambda: MemoryPredictions(dict.fromkeys(REGIONS.values(), GOLDEN.predictions))
    )

    def hand_over(self, record: Record | None) -> dict[str, Any]:
        if record is not None:
            self.rehearsals.append(record)
            self.handing.before("rehearse")
            return {}
        self.hand_overs.append((self.time.now - NOW).total_seconds())
        self.handing.before("hand over")
        return {}

    def probing(self) -> ProbeRegion:
        return ProbeRegion(
            service=SERVICE,
            prober=Side.DR,
            policy=PolicySettings(),
            selector=selector,
            log=self.log,
            golden=MemoryGolden(GOLDEN),
            predictions=self.predictions,
            hand_over=self.hand_over,
            copies=self.copies,
            clock=self.time,
            sleep=self.time.sleep,
        )


@pytest.fixture
def world() -> World:
    return World()


def test_a_window_probes_both_sides_every_five_seconds_for_55(world: World) -> None:
    window = world.probing().run()

    assert window.rounds == 12
    assert len(world.predictions.asked) == 24
    assert window.trails[0].last.at == NOW + timedelta(seconds=55)


def test_healthy_sides_are_recorded_and_bother_nobody(world: World) -> None:
    world.probing().run()

    assert {key: one.consecutive_failures for key, one in world.log.kept.items()} == {
        (Side.DR, Side.PRIMARY): 0,
        (Side.DR, Side.DR): 0,
    }
    assert world.hand_overs == []


def test_a_side_that_failed_is_asked_again_after_a_second_until_the_outage_is_certain(world: World) -> None:
    for nth in (3, 4, 5):
        world.predictions.faults.fail("europe-west4", nth=nth)

    world.probing().run()

    assert world.hand_overs == [12.0, 15.0]
    assert world.log.kept[Side.DR, Side.PRIMARY].consecutive_failures == 0


def test_a_side_that_answers_again_before_the_outage_is_certain_bothers_nobody(world: World) -> None:
    world.predictions.faults.fail("europe-west4", nth=3)

    world.probing().run()

    assert world.hand_overs == []
    assert len(world.predictions.asked) == 25


def test_an_outage_that_lasts_is_handed_over_at_every_beat(world: World) -> None:
    world.predictions.faults.fail("europe-west4")

    world.probing().run(15)

    assert world.hand_overs == [2.0, 5.0, 10.0, 15.0]


def test_a_failure_at_the_end_of_a_window_is_confirmed_past_its_end(world: World) -> None:
    world.predictions.faults.fail("europe-west4", nth=12)
    world.predictions.faults.fail("europe-west4", nth=13)
    world.predictions.faults.fail("europe-west4", nth=14)

    world.probing().run()

    assert world.hand_overs == [57.0]


def test_a_streak_goes_on_from_one_window_to_the_next(world: World) -> None:
    before = trail("dr>primary failed 1 over 5 s, 5 s old")
    world.log.record((before,))
    world.predictions.faults.fail("europe-west4")

    world.probing().run(0)

    found = world.log.kept[Side.DR, Side.PRIMARY]
    assert found.consecutive_failures == 3
    assert found.first_failure_at == before.first_failure_at
    assert world.hand_overs == [1.0]


def test_a_streak_that_nobody_watched_starts_again(world: World) -> None:
    world.log.record((trail("dr>primary failed 5 over 99 s, 60 s old"),))
    world.predictions.faults.fail("europe-west4", nth=1)

    window = world.probing().run(0)

    assert window.hand_overs == 0
    assert world.log.kept[Side.DR, Side.PRIMARY].consecutive_failures == 0


def test_other_values_than_the_golden_ones_are_no_outage(world: World) -> None:
    world.predictions.values["europe-west4"] = [[0.5, 0.5], [0.5, 0.5]]

    world.probing().run(0)

    found = world.log.kept[Side.DR, Side.PRIMARY]
    assert (found.last.is_answered, found.last.is_golden, found.consecutive_failures) == (True, False, 0)


def test_probing_goes_on_when_nobody_takes_the_hand_over(world: World) -> None:
    world.predictions.faults.fail("europe-west4")
    world.handing.fail("hand over", nth=1)
    world.handing.fail("hand over", nth=2, with_=Refused("flip", found="another flip came first", then="look"))

    window = world.probing().run(10)

    assert world.hand_overs == [2.0, 5.0, 10.0]
    assert window.hand_overs == 2
    assert window.problems == ("cannot reach hand over: it is dark; try again",)


def test_probing_goes_on_when_the_log_is_dark(world: World) -> None:
    world.predictions.faults.fail("europe-west4")
    world.log.faults.fail("record primary", nth=3)

    window = world.probing().run(5)

    assert world.hand_overs == [5.0]
    assert window.trails[0].consecutive_failures == 4
    assert len(window.problems) == 1


def test_each_window_rehearses_the_hand_over_once(world: World) -> None:
    world.probing().run()

    assert world.rehearsals == [Rehearsal(service=SERVICE, by="probe_region in dr")]


def test_a_broken_hand_over_is_known_before_it_is_needed(world: World) -> None:
    world.handing.fail("rehearse", with_=Denied("call assess_regions", found="403", then="grant run.invoker"))

    window = world.probing().run(0)

    assert window.problems == ("cannot call assess_regions: 403; grant run.invoker",)


def test_missing_copies_are_rewritten_at_the_end(world: World) -> None:
    world.copies.places["bucket"] = selector()

    world.probing().run(0)

    assert world.copies.places == {"secret": selector(), "bucket": selector()}
