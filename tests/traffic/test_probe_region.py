from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.traffic import MemoryFunctions, ThreadTime
from tests.traffic.samples import NOW, SERVICE, selector, trail
from tests.traffic.world import ASSESS_URL, TrafficWorld
from vertex_dr.kernel.errors import Denied, Refused
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import Rehearsal

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record


@dataclass
class Assessing(MemoryFunctions):
    """The function assess_regions: it keeps when it was called; faults are "rehearse" and "hand over"."""

    time: ThreadTime = field(default_factory=lambda: ThreadTime(NOW))
    rehearsals: list[Record] = field(default_factory=list)
    hand_overs: list[float] = field(default_factory=list)

    def call(self, url: str, record: Record | None, *, timeout_seconds: float) -> dict[str, Any]:
        assert url == ASSESS_URL
        assert timeout_seconds > 0
        if record is None:
            self.hand_overs.append((self.time.now - NOW).total_seconds())
            self.faults.before("hand over")
        else:
            self.rehearsals.append(record)
            self.faults.before("rehearse")
        return {}


@pytest.fixture
def assessing() -> Assessing:
    return Assessing()


@pytest.fixture
def world(assessing: Assessing) -> TrafficWorld:
    return TrafficWorld(time=assessing.time, functions=assessing, assess_url=ASSESS_URL)


def test_a_window_probes_both_sides_every_five_seconds_for_55(world: TrafficWorld) -> None:
    window = world.traffic.probe_region.run()

    assert window.rounds == 12
    assert len(world.predictions.asked) == 24
    assert window.trails[0].last.at == NOW + timedelta(seconds=55)


def test_healthy_sides_are_recorded_and_bother_nobody(world: TrafficWorld, assessing: Assessing) -> None:
    world.traffic.probe_region.run()

    assert {key: one.consecutive_failures for key, one in world.shared.probes.kept.items()} == {
        (Side.DR, Side.PRIMARY): 0,
        (Side.DR, Side.DR): 0,
    }
    assert assessing.hand_overs == []


def test_a_side_that_failed_is_asked_again_after_a_second_until_the_outage_is_certain(
    world: TrafficWorld, assessing: Assessing
) -> None:
    for nth in (3, 4, 5):
        world.predictions.faults.fail("europe-west4", nth=nth)

    world.traffic.probe_region.run()

    assert assessing.hand_overs == [12.0, 15.0]
    assert world.shared.probes.kept[Side.DR, Side.PRIMARY].consecutive_failures == 0


def test_a_side_that_answers_again_before_the_outage_is_certain_bothers_nobody(
    world: TrafficWorld, assessing: Assessing
) -> None:
    world.predictions.faults.fail("europe-west4", nth=3)

    world.traffic.probe_region.run()

    assert assessing.hand_overs == []
    assert len(world.predictions.asked) == 25


def test_an_outage_that_lasts_is_handed_over_at_every_beat(world: TrafficWorld, assessing: Assessing) -> None:
    world.predictions.faults.fail("europe-west4")

    world.traffic.probe_region.run(15)

    assert assessing.hand_overs == [2.0, 5.0, 10.0, 15.0]


def test_a_failure_at_the_end_of_a_window_is_confirmed_past_its_end(world: TrafficWorld, assessing: Assessing) -> None:
    world.predictions.faults.fail("europe-west4", nth=12)
    world.predictions.faults.fail("europe-west4", nth=13)
    world.predictions.faults.fail("europe-west4", nth=14)

    world.traffic.probe_region.run()

    assert assessing.hand_overs == [57.0]


def test_a_streak_goes_on_from_one_window_to_the_next(world: TrafficWorld, assessing: Assessing) -> None:
    before = trail("dr>primary failed 1 over 5 s, 5 s old")
    world.shared.probes.record((before,))
    world.predictions.faults.fail("europe-west4")

    world.traffic.probe_region.run(0)

    found = world.shared.probes.kept[Side.DR, Side.PRIMARY]
    assert found.consecutive_failures == 3
    assert found.first_failure_at == before.first_failure_at
    assert assessing.hand_overs == [1.0]


def test_a_streak_that_nobody_watched_starts_again(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>primary failed 5 over 99 s, 60 s old"),))
    world.predictions.faults.fail("europe-west4", nth=1)

    window = world.traffic.probe_region.run(0)

    assert window.hand_overs == 0
    assert world.shared.probes.kept[Side.DR, Side.PRIMARY].consecutive_failures == 0


def test_other_values_than_the_golden_ones_are_no_outage(world: TrafficWorld) -> None:
    world.predictions.values["europe-west4"] = [[0.5, 0.5], [0.5, 0.5]]

    world.traffic.probe_region.run(0)

    found = world.shared.probes.kept[Side.DR, Side.PRIMARY]
    assert (found.last.is_answered, found.last.is_golden, found.consecutive_failures) == (True, False, 0)


def test_probing_goes_on_when_nobody_takes_the_hand_over(world: TrafficWorld, assessing: Assessing) -> None:
    world.predictions.faults.fail("europe-west4")
    denied = Denied("call assess_regions", found="403", then="grant run.invoker")
    assessing.faults.fail("hand over", nth=1, with_=denied)
    assessing.faults.fail("hand over", nth=2, with_=Refused("flip", found="another flip came first", then="look"))

    window = world.traffic.probe_region.run(10)

    assert assessing.hand_overs == [2.0, 5.0, 10.0]
    assert window.hand_overs == 2
    assert window.problems == ("cannot call assess_regions: 403; grant run.invoker",)


def test_probing_goes_on_when_the_log_is_dark(world: TrafficWorld, assessing: Assessing) -> None:
    world.predictions.faults.fail("europe-west4")
    world.shared.probes.faults.fail("record primary", nth=3)

    window = world.traffic.probe_region.run(5)

    assert assessing.hand_overs == [5.0]
    assert window.trails[0].consecutive_failures == 4
    assert len(window.problems) == 1


def test_each_window_rehearses_the_hand_over_once(world: TrafficWorld, assessing: Assessing) -> None:
    world.traffic.probe_region.run()

    assert assessing.rehearsals == [Rehearsal(service=SERVICE, by="probe_region in dr")]


def test_a_broken_hand_over_is_known_before_it_is_needed(world: TrafficWorld, assessing: Assessing) -> None:
    assessing.faults.fail("rehearse", with_=Denied("call assess_regions", found="403", then="grant run.invoker"))

    window = world.traffic.probe_region.run(0)

    assert window.problems == ("cannot call assess_regions: 403; grant run.invoker",)


def test_missing_copies_are_rewritten_at_the_end(world: TrafficWorld) -> None:
    world.shared.copies.places["bucket"] = selector()

    world.traffic.probe_region.run(0)

    assert world.shared.copies.places == {"secret": selector(), "bucket": selector()}


def test_an_outage_that_no_function_takes_is_decided_and_acted_on_here(
    world: TrafficWorld, assessing: Assessing
) -> None:
    world.predictions.faults.fail("europe-west4")
    assessing.faults.fail("hand over")

    window = world.traffic.probe_region.run(5)

    assert (world.shared.selector.selected.active, world.shared.selector.selected.epoch) == (Side.DR, 2)
    assert window.problems == ()
