from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.memory.traffic import MemoryCopies, MemorySelectors, Time
from tests.traffic.samples import NOW, SERVICE, change, selector
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from vertex_dr.traffic.failover_router import Follower


def following(store: MemorySelectors, copies: MemoryCopies | None = None, time: Time | None = None) -> Follower:
    world = TrafficWorld(active=None)
    world.ports.selector_reader, world.ports.copies = store, copies or MemoryCopies()
    return world.traffic.router(SERVICE, timeout_seconds=5, monotonic=(time or Time(NOW)).monotonic).follower


def store_at(*epochs_and_sides: tuple[int, str]) -> MemorySelectors:
    store = MemorySelectors()
    for epoch, active in epochs_and_sides:
        store._keep(change(epoch=epoch, active=active))
    return store


def test_the_selector_is_read_once_and_then_served_from_the_cache() -> None:
    store = store_at((1, "primary"))
    follower = following(store)

    found = [follower.for_first_try().epoch for _ in range(5)]

    assert found == [1] * 5
    assert store.reads == 1


def test_a_refresh_brings_a_newer_selector() -> None:
    store = store_at((1, "primary"))
    follower = following(store)
    follower.for_first_try()
    store._keep(change(epoch=2, active="dr"))

    follower.refresh()

    assert follower.for_first_try().active is Side.DR


def test_an_older_selector_never_replaces_a_newer_one() -> None:
    store = store_at((3, "dr"))
    follower = following(store)
    follower.for_first_try()
    store.held = selector(epoch=2)

    follower.refresh()

    assert follower.for_first_try() == selector(epoch=3, active="dr")


def test_while_firestore_is_away_the_cache_serves() -> None:
    store = store_at((3, "dr"))
    follower = following(store)
    follower.for_first_try()
    store.faults.fail("read")

    follower.refresh()

    assert follower.for_first_try() == selector(epoch=3, active="dr")


def test_without_firestore_the_highest_readable_copy_counts() -> None:
    store = MemorySelectors()
    store.faults.fail("read")
    copies = MemoryCopies(places={"secret": selector(epoch=4, active="dr"), "bucket": selector(epoch=3)})

    assert following(store, copies).for_first_try() == selector(epoch=4, active="dr")


def test_a_copy_below_what_was_seen_does_not_count() -> None:
    store = store_at((5, "dr"))
    follower = following(store, MemoryCopies(places={"secret": selector(epoch=4), "bucket": None}))
    follower.for_first_try()
    store.faults.fail("read")

    follower.refresh()

    assert follower.for_first_try().epoch == 5


def test_when_nothing_can_be_read_the_fallback_serves() -> None:
    store, copies = MemorySelectors(), MemoryCopies()
    store.faults.fail("read")
    copies.faults.fail("secret")
    copies.faults.fail("bucket")

    found = following(store, copies).for_first_try()

    assert (found.epoch, found.active, found.reason) == (0, Side.PRIMARY, "no selector was read yet")


def test_in_doubt_every_first_try_reads_until_the_selector_has_moved() -> None:
    store = store_at((1, "primary"))
    follower = following(store)
    follower.for_first_try()
    follower.doubt(1)
    before = store.reads

    follower.for_first_try()
    store._keep(change(epoch=2, active="dr"))
    moved = follower.for_first_try()
    follower.for_first_try()

    assert moved.active is Side.DR
    assert store.reads == before + 2


def test_doubt_ends_when_the_active_side_answers_again() -> None:
    store = store_at((1, "primary"))
    follower = following(store)
    follower.for_first_try()
    follower.doubt(1)
    follower.trust(1)
    before = store.reads

    follower.for_first_try()

    assert store.reads == before


def test_doubt_of_an_epoch_that_is_over_is_no_doubt() -> None:
    store = store_at((2, "dr"))
    follower = following(store)
    follower.for_first_try()
    follower.doubt(1)
    before = store.reads

    follower.for_first_try()

    assert store.reads == before


def test_in_doubt_a_dark_firestore_is_not_asked_again_at_once() -> None:
    store, time = store_at((1, "primary")), Time(NOW)
    follower = following(store, time=time)
    follower.for_first_try()
    store.faults.fail("read")
    follower.doubt(1)
    asked = store.faults._calls["read"]

    follower.for_first_try()
    time.sleep(1.5)
    follower.for_first_try()

    assert store.faults._calls["read"] == asked + 1


def test_callers_that_wait_together_share_one_read() -> None:
    store = store_at((1, "primary"))
    reading, go_on = threading.Event(), threading.Event()
    read = store.read

    def slow_read() -> object:
        reading.set()
        go_on.wait(5)
        return read()

    store.read = slow_read  # type: ignore[assignment,method-assign] # the first read waits for the other callers
    follower = following(store)
    first = threading.Thread(target=follower.refresh)
    first.start()
    reading.wait(5)
    others = [threading.Thread(target=follower.refresh) for _ in range(7)]
    for one in others:
        one.start()
    go_on.set()
    for one in (first, *others):
        one.join(5)

    assert follower.for_first_try().epoch == 1
    assert store.reads <= 3
