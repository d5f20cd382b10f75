from __future__ import annotations

import pytest

from tests.traffic.samples import NOW, SERVICE, selector
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.errors import FlipLost, Refused, StaleEpoch
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import FailoverPlan, Trigger


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
def world() -> TrafficWorld:
    return TrafficWorld()


def test_an_applied_plan_moves_the_selector_and_is_proved_by_a_golden_prediction(world: TrafficWorld) -> None:
    journal = world.traffic.fail_over.run(plan())

    assert (journal.selector.active, journal.selector.epoch) == (Side.DR, 2)
    assert journal.verdict is Verdict.PASS
    assert journal.verified_at == NOW
    assert world.predictions.asked == [("europe-west1", 1)]


def test_a_rehearsal_tells_what_a_flip_would_start_from_and_writes_nothing(world: TrafficWorld) -> None:
    rehearsed = world.traffic.rehearse_fail_over.run()

    assert (rehearsed.epoch, rehearsed.active) == (1, Side.PRIMARY)
    assert list(world.shared.selector.kept) == [1]
    assert world.shared.journals.kept == []


def test_copies_and_journal_follow_the_flip(world: TrafficWorld) -> None:
    journal = world.traffic.fail_over.run(plan())

    assert {copy.epoch for copy in world.shared.copies.places.values() if copy} == {2}
    assert [entry_point for entry_point, _ in world.shared.journals.kept] == ["fail_over"]
    assert journal.journal == "gs://staging/journals/fail_over/1.json"


def test_a_dark_copy_and_a_dark_journal_do_not_undo_the_flip(world: TrafficWorld) -> None:
    world.shared.copies.faults.fail("secret")
    world.shared.journals.faults.fail("keep")

    journal = world.traffic.fail_over.run(plan())

    assert journal.selector.active is Side.DR
    assert journal.verdict is Verdict.PASS
    assert len(journal.problems) == 2
    assert world.shared.copies.places["bucket"] == journal.selector


def test_a_restored_database_cannot_go_back_below_its_copies(world: TrafficWorld) -> None:
    world.shared.copies.places["bucket"] = selector(epoch=6)

    journal = world.traffic.fail_over.run(plan())

    assert journal.selector.epoch == 7


def test_repeating_a_plan_that_was_applied_is_refused(world: TrafficWorld) -> None:
    world.traffic.fail_over.run(plan())

    with pytest.raises(FlipLost, match="made dr active under epoch 2"):
        world.traffic.fail_over.run(plan())

    assert list(world.shared.selector.kept) == [1, 2]


def test_a_plan_of_an_older_epoch_is_refused(world: TrafficWorld) -> None:
    world.traffic.fail_over.run(plan())
    world.traffic.fail_over.run(plan(epoch=2, to=Side.PRIMARY))

    with pytest.raises(StaleEpoch, match="after the plan was made at epoch 1"):
        world.traffic.fail_over.run(plan(epoch=1))

    assert world.shared.selector.read().active is Side.PRIMARY


def test_a_hold_that_came_after_the_plan_stops_it_and_an_operator_still_flips(world: TrafficWorld) -> None:
    world.traffic.hold.run(by="operator", reason="maintenance")

    with pytest.raises(Refused, match="operator has held the selector since the plan was made: maintenance"):
        world.traffic.fail_over.run(plan())

    assert world.shared.selector.read().active is Side.PRIMARY
    assert world.traffic.fail_over.run(plan(trigger=Trigger.OPERATOR)).selector.active is Side.DR


def test_the_verdict_is_fail_when_the_new_side_predicts_other_values(world: TrafficWorld) -> None:
    world.predictions.values["europe-west1"] = [[0.5, 0.5], [0.5, 0.5]]

    journal = world.traffic.fail_over.run(plan())

    assert journal.verdict is Verdict.FAIL
    assert "other values than the golden ones" in journal.finding


def test_the_verdict_is_inconclusive_when_golden_values_cannot_be_read(world: TrafficWorld) -> None:
    world.shared.golden.faults.fail("golden")

    journal = world.traffic.fail_over.run(plan())

    assert journal.verdict is Verdict.INCONCLUSIVE
    assert journal.selector.active is Side.DR
