from __future__ import annotations

import pytest

from tests.memory.scripted import FaultPlan
from tests.memory.traffic import MemorySelectors
from tests.traffic.samples import NOW, change, selector
from vertex_dr.kernel.errors import FlipLost, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.fail_over import flip, next_epoch
from vertex_dr.traffic.records import CopyState, Phase, Selector


def store_with(faults: FaultPlan | None = None) -> MemorySelectors:
    store = MemorySelectors(faults=faults or FaultPlan())
    store.create(change())
    return store


def flipped(store: MemorySelectors, flip_id: str, *, epoch: int = 2) -> Selector:
    stored = store.stored()
    return flip(store, stored, to=Side.DR, epoch=epoch, flip_id=flip_id, by="someone", reason="outage", at=NOW)


def test_a_flip_changes_side_epoch_and_phase_and_keeps_the_change() -> None:
    store = store_with()

    accepted = flipped(store, "mine")

    assert (accepted.active, accepted.epoch, accepted.phase) == (Side.DR, 2, Phase.FAILED_OVER)
    assert store.kept[2].flip_id == "mine"
    assert store.kept[2].from_side is Side.PRIMARY


def test_the_loser_of_a_race_is_told_who_won() -> None:
    store = store_with()
    before = store.stored()
    flipped(store, "theirs")

    with pytest.raises(FlipLost, match="someone flipped first, to dr under epoch 2"):
        flip(store, before, to=Side.DR, epoch=2, flip_id="mine", by="me", reason="outage", at=NOW)

    assert store.kept[2].flip_id == "theirs"


def test_a_flip_whose_answer_was_lost_has_won_if_the_change_carries_its_id() -> None:
    store = store_with(FaultPlan().fail("commit", nth=1, after_work=True))

    accepted = flipped(store, "mine")

    assert accepted.epoch == 2
    assert store.held == accepted


def test_a_flip_whose_request_was_lost_has_not_happened() -> None:
    store = store_with(FaultPlan().fail("commit", nth=1))

    with pytest.raises(Unreachable):
        flipped(store, "mine")

    assert store.held == selector()


def test_repeating_an_accepted_flip_with_its_id_changes_nothing() -> None:
    store = store_with()
    before = store.stored()
    first = flipped(store, "mine")

    again = flip(store, before, to=Side.DR, epoch=2, flip_id="mine", by="someone", reason="outage", at=NOW)

    assert again == first
    assert list(store.kept) == [1, 2]


def test_the_next_epoch_is_above_the_selector_and_all_its_copies() -> None:
    copies = [
        CopyState(place="secret", selector=selector(epoch=7)),
        CopyState(place="bucket", selector=None, problem="dark"),
    ]

    assert next_epoch(selector(epoch=3), copies) == 8
    assert next_epoch(selector(epoch=9), copies) == 10
    assert next_epoch(None, ()) == 1
