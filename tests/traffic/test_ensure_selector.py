from __future__ import annotations

import pytest

from tests.memory.traffic import MemoryCopies, MemorySelectors, Numbers, Time
from tests.traffic.samples import DESTINATIONS, NOW, SERVICE, selector
from vertex_dr.kernel.errors import NotFound, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.ensure_selector import EnsureSelector


def ensuring(store: MemorySelectors, copies: MemoryCopies) -> EnsureSelector:
    return EnsureSelector(
        service=SERVICE, sides=DESTINATIONS, store=store, copies=copies, clock=Time(NOW), new_id=Numbers(), by="a test"
    )


def test_a_new_service_starts_at_epoch_1_with_primary_active() -> None:
    store = MemorySelectors()

    created = ensuring(store, MemoryCopies()).run()

    assert (created.epoch, created.active) == (1, Side.PRIMARY)
    assert store.kept[1].selector == created


def test_an_existing_selector_is_left_as_it_is() -> None:
    store = MemorySelectors()
    first = ensuring(store, MemoryCopies()).run()

    again = ensuring(store, MemoryCopies()).run()

    assert again == first
    assert store.version == 1


def test_a_lost_selector_is_restored_above_the_highest_copy_with_its_active_side() -> None:
    copies = MemoryCopies(places={"secret": selector(epoch=4, active="dr"), "bucket": selector(epoch=3)})

    restored = ensuring(MemorySelectors(), copies).run()

    assert (restored.epoch, restored.active) == (5, Side.DR)
    assert restored.reason == "restored from the copy of epoch 4"


def test_whoever_creates_second_gets_what_the_first_one_created() -> None:
    store = MemorySelectors()
    first = ensuring(store, MemoryCopies()).run()
    missing = NotFound("read the selector", found="there was none a moment ago", then="create it")
    store.faults.fail("read", nth=1, with_=missing)

    second = ensuring(store, MemoryCopies()).run()

    assert second == first


def test_no_selector_is_created_while_a_place_of_copies_cannot_be_read_and_the_others_are_empty() -> None:
    store, copies = MemorySelectors(), MemoryCopies()
    copies.faults.fail("secret", nth=1)

    with pytest.raises(Unreachable, match="cannot be told whether it had copies"):
        ensuring(store, copies).run()

    assert not store.kept
    assert ensuring(store, copies).run().epoch == 1
