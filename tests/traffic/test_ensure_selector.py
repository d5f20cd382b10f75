from __future__ import annotations

import pytest

from tests.traffic.samples import selector
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.errors import NotFound, Unreachable
from vertex_dr.kernel.sides import Side


@pytest.fixture
def world() -> TrafficWorld:
    """Nobody has created the selector yet."""
    return TrafficWorld(active=None)


def test_a_new_service_starts_at_epoch_1_with_primary_active(world: TrafficWorld) -> None:
    created = world.traffic.ensure_selector.run()

    assert (created.epoch, created.active) == (1, Side.PRIMARY)
    assert world.shared.selector.kept[1].selector == created


def test_an_existing_selector_is_left_as_it_is(world: TrafficWorld) -> None:
    first = world.traffic.ensure_selector.run()

    again = world.traffic.ensure_selector.run()

    assert again == first
    assert world.shared.selector.version == 1


def test_a_lost_selector_is_restored_above_the_highest_copy_with_its_active_side(world: TrafficWorld) -> None:
    world.shared.copies.places = {"secret": selector(epoch=4, active="dr"), "bucket": selector(epoch=3)}

    restored = world.traffic.ensure_selector.run()

    assert (restored.epoch, restored.active) == (5, Side.DR)
    assert restored.reason == "restored from the copy of epoch 4"


def test_whoever_creates_second_gets_what_the_first_one_created(world: TrafficWorld) -> None:
    first = world.traffic.ensure_selector.run()
    missing = NotFound("read the selector", found="there was none a moment ago", then="create it")
    world.shared.selector.faults.fail("read", nth=1, with_=missing)

    second = world.traffic.ensure_selector.run()

    assert second == first


def test_no_selector_is_created_while_a_place_of_copies_cannot_be_read_and_the_others_are_empty(
    world: TrafficWorld,
) -> None:
    world.shared.copies.faults.fail("secret", nth=1)

    with pytest.raises(Unreachable, match="cannot be told whether it had copies"):
        world.traffic.ensure_selector.run()

    assert not world.shared.selector.kept
    assert world.traffic.ensure_selector.run().epoch == 1
