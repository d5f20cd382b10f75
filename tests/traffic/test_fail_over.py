from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.memory.traffic import (
    MemoryCopies,
    MemoryGolden,
    MemoryJournals,
    MemoryPredictions,
    MemorySelectors,
    Numbers,
    Time,
)
from tests.traffic.samples import GOLDEN, NOW, REGIONS, SERVICE, change, selector
from vertex_dr.kernel.errors import FlipLost, Refused, StaleEpoch
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.fail_over import FailOver
from vertex_dr.traffic.hold import HoldSelector
from vertex_dr.traffic.records import FailoverPlan, Trigger


@dataclass
class World:
    store: MemorySelectors = field(default_factory=MemorySelectors)
    copies: MemoryCopies = field(default_factory=MemoryCopies)
    journals: MemoryJournals = field(default_factory=MemoryJournals)
    golden: MemoryGolden = field(default_factory=lambda: MemoryGolden(GOLDEN))
    predictions: MemoryPredictions = field(
        default_factory=lambda: MemoryPredictions(dict.fromkeys(REGIONS.values(), GOLDEN.predictions))
    )

    def __post_init__(self) -> None:
        self.store.create(change())

    def applying(self) -> FailOver:
        return FailOver(
            own=Side.DR,
            store=self.store,
            copies=self.copies,
            predictions=self.predictions,
            golden=self.golden,
            journals=lambda: self.journals,
            clock=Time(NOW),
            new_id=Numbers(),
        )


def plan(*, epoch: int = 1, to: Side = Side.DR, trigger: Trigger = Trigger.OUTAGE) -> FailoverPlan:
    return FailoverPlan(
        service=SERVICE,
        epoch=epoch,
        from_side=to.other,
        to_side=to,
        trigger=trigger,
        by="assess_regions in dr",
        reason="primary is dark",
        first_failure_at=NOW,
        detected_at=NOW,
        decided_at=NOW,
    )


@pytest.fixture
def world() -> World:
    return World()


def test_an_applied_plan_moves_the_selector_and_is_proved_by_a_golden_prediction(world: World) -> None:
    journal = world.applying().run(plan())

    assert (journal.selector.active, journal.selector.epoch) == (Side.DR, 2)
    assert journal.verdict is Verdict.PASS
    assert journal.verified_at == NOW
    assert world.predictions.asked == [("europe-west1", 1)]


def test_a_rehearsal_tells_what_a_flip_would_start_from_and_writes_nothing(world: World) -> None:
    rehearsed = world.applying().rehearse()

    assert (rehearsed.epoch, rehearsed.active) == (1, Side.PRIMARY)
    assert list(world.store.kept) == [1]
    assert world.journals.kept == []


def test_copies_and_journal_follow_the_flip(world: World) -> None:
    journal = world.applying().run(plan())

    assert {copy.epoch for copy in world.copies.places.values() if copy} == {2}
    assert [entry_point for entry_point, _ in world.journals.kept] == ["fail_over"]
    assert journal.journal == "gs://staging/journals/fail_over/1.json"


def test_a_dark_copy_and_a_dark_journal_do_not_undo_the_flip(world: World) -> None:
    world.copies.faults.fail("secret")
    world.journals.faults.fail("keep")

    journal = world.applying().run(plan())

    assert journal.selector.active is Side.DR
    assert journal.verdict is Verdict.PASS
    assert len(journal.problems) == 2
    assert world.copies.places["bucket"] == journal.selector


def test_a_restored_database_cannot_go_back_below_its_copies(world: World) -> None:
    world.copies.places["bucket"] = selector(epoch=6)

    journal = world.applying().run(plan())

    assert journal.selector.epoch == 7


def test_repeating_a_plan_that_was_applied_is_refused(world: World) -> None:
    world.applying().run(plan())

    with pytest.raises(FlipLost, match="made dr active under epoch 2"):
        world.applying().run(plan())

    assert list(world.store.kept) == [1, 2]


def test_a_plan_of_an_older_epoch_is_refused(world: World) -> None:
    world.applying().run(plan())
    world.applying().run(plan(epoch=2, to=Side.PRIMARY))

    with pytest.raises(StaleEpoch, match="after the plan was made at epoch 1"):
        world.applying().run(plan(epoch=1))

    assert world.store.read().active is Side.PRIMARY


def test_a_hold_that_came_after_the_plan_stops_it_and_an_operator_still_flips(world: World) -> None:
    HoldSelector(store=world.store, clock=Time(NOW)).set(by="operator", reason="maintenance")

    with pytest.raises(Refused, match="operator has held the selector since the plan was made: maintenance"):
        world.applying().run(plan())

    assert world.store.read().active is Side.PRIMARY
    assert world.applying().run(plan(trigger=Trigger.OPERATOR)).selector.active is Side.DR


def test_the_verdict_is_fail_when_the_new_side_predicts_other_values(world: World) -> None:
    world.predictions.values["europe-west1"] = [[0.5, 0.5], [0.5, 0.5]]

    journal = world.applying().run(plan())

    assert journal.verdict is Verdict.FAIL
    assert "other values than the golden ones" in journal.finding


def test_the_verdict_is_inconclusive_when_golden_values_cannot_be_read(world: World) -> None:
    world.golden.faults.fail("golden")

    journal = world.applying().run(plan())

    assert journal.verdict is Verdict.INCONCLUSIVE
    assert journal.selector.active is Side.DR
