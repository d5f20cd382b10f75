from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.traffic import MemoryPredictions, MemorySelectors, Time
from tests.traffic.samples import NOW, REGIONS, SERVICE, change
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.errors import BadInput, Denied, NotFound, QuotaExhausted, Unreachable
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from vertex_dr.traffic.failover_router import FailoverRouter, Try
    from vertex_dr.traffic.records import Answer, Destination

PRIMARY, DR = REGIONS[Side.PRIMARY], REGIONS[Side.DR]


@dataclass
class SlowPredictions(MemoryPredictions):
    """Takes time for a region that hangs or is slow."""

    time: Time = field(default_factory=lambda: Time(NOW))
    hanging: set[str] = field(default_factory=set)
    slow: dict[str, float] = field(default_factory=dict)  # seconds that the region takes

    def predict(self, destination: Destination, instances: list[Any], **request: Any) -> Answer:
        if destination.region in self.hanging:
            self.time.sleep(request["timeout_seconds"])
            self.faults.fail(destination.region, nth=1)
        self.time.sleep(self.slow.get(destination.region, 0.0))
        return super().predict(destination, instances, **request)


@dataclass
class World:
    store: MemorySelectors = field(default_factory=MemorySelectors)
    seen: list[Try] = field(default_factory=list)
    predictions: SlowPredictions = field(
        default_factory=lambda: SlowPredictions({PRIMARY: ["from primary"], DR: ["from dr"]})
    )

    def __post_init__(self) -> None:
        self.store.create(change())

    def router(self) -> FailoverRouter:
        world = TrafficWorld(active=None)
        world.ports.selector_reader, world.ports.predictions = self.store, self.predictions
        monotonic = self.predictions.time.monotonic
        return world.traffic.router(SERVICE, timeout_seconds=5, observer=self.seen.append, monotonic=monotonic)


@pytest.fixture
def world() -> World:
    return World()


def test_the_active_side_answers_the_first_try(world: World) -> None:
    prediction = world.router().predict([[1.0]], None)

    assert prediction.predictions == ["from primary"]
    assert (prediction.side, prediction.region, prediction.epoch) == (Side.PRIMARY, PRIMARY, 1)
    assert world.predictions.asked == [(PRIMARY, 1)]


@pytest.mark.parametrize(
    "failure",
    [
        Unreachable("predict", found="refused", then="try again"),
        Denied("predict", found="403", then="grant"),
        NotFound("predict", found="404", then="deploy"),
    ],
)
def test_the_other_side_answers_when_the_active_one_fails(world: World, failure: Exception) -> None:
    world.predictions.faults.fail(PRIMARY, with_=failure)  # type: ignore[arg-type] # each is one of the kernel's

    prediction = world.router().predict([[1.0]], None)

    assert prediction.predictions == ["from dr"]
    assert [(one.number, one.side, one.ok) for one in prediction.tries] == [
        (1, Side.PRIMARY, False),
        (2, Side.DR, True),
    ]
    assert world.predictions.asked == [(PRIMARY, 1), (DR, 2)]


def test_a_failed_try_reads_the_selector_at_once_and_the_next_first_try_follows_the_flip(world: World) -> None:
    router = world.router()
    router.predict([[1.0]], None)
    world.predictions.faults.fail(PRIMARY)
    world.store._keep(change(epoch=2, active="dr"))

    in_the_window = router.predict([[1.0]], None)
    after = router.predict([[1.0]], None)

    assert [one.side for one in in_the_window.tries] == [Side.PRIMARY, Side.DR]
    assert in_the_window.epoch == 2
    assert [one.side for one in after.tries] == [Side.DR]


def test_bad_input_is_the_callers_and_is_not_tried_elsewhere(world: World) -> None:
    refusal = BadInput("predict", found="400: instances must be numbers", then="correct what was sent")
    world.predictions.faults.fail(PRIMARY, with_=refusal)

    with pytest.raises(BadInput, match="instances must be numbers"):
        world.router().predict(["text"], None)

    assert world.predictions.asked == [(PRIMARY, 1)]


def test_when_both_sides_fail_the_error_has_both_causes(world: World) -> None:
    world.predictions.faults.fail(PRIMARY, with_=Unreachable("predict", found="connection refused", then="wait"))
    world.predictions.faults.fail(DR, with_=Unreachable("predict", found="503 overloaded", then="wait"))

    with pytest.raises(Unreachable, match=r"primary \(europe-west4\): connection refused; dr \(europe-west1\): 503"):
        world.router().predict([[1.0]], None)

    assert [one.ok for one in world.seen] == [False, False]


def test_predictions_go_on_when_selector_and_copies_are_dark(world: World) -> None:
    world.store.faults.fail("read")
    world.predictions.faults.fail(PRIMARY)

    prediction = world.router().predict([[1.0]], None)

    assert prediction.predictions == ["from dr"]
    assert prediction.epoch == 0


def test_the_observer_sees_each_try(world: World) -> None:
    world.predictions.faults.fail(PRIMARY, nth=1)

    prediction = world.router().predict([[1.0]], None)

    assert tuple(world.seen) == prediction.tries
    assert [one.detail for one in world.seen] == ["it is dark", "answered"]


def test_while_one_caller_waits_for_a_hanging_side_the_others_go_straight_to_their_second_try(world: World) -> None:
    router = world.router()
    world.predictions.hanging = {PRIMARY}

    first = router.predict([[1.0]], None)
    second = router.predict([[1.0]], None)

    assert [(one.number, one.side) for one in first.tries] == [(1, Side.PRIMARY), (2, Side.DR)]
    assert [(one.number, one.side) for one in second.tries] == [(2, Side.DR)]


def test_a_hanging_side_is_asked_again_by_one_caller_a_timeout_later(world: World) -> None:
    router = world.router()
    world.predictions.hanging = {PRIMARY}
    router.predict([[1.0]], None)
    world.predictions.time.sleep(5)
    world.predictions.hanging = set()

    healed = router.predict([[1.0]], None)
    after = router.predict([[1.0]], None)

    assert [(one.number, one.side, one.ok) for one in healed.tries] == [(1, Side.PRIMARY, True)]
    assert [(one.number, one.side) for one in after.tries] == [(1, Side.PRIMARY)]


def test_a_hanging_side_still_answers_when_the_other_one_fails(world: World) -> None:
    router = world.router()
    world.predictions.hanging = {PRIMARY}
    router.predict([[1.0]], None)
    world.predictions.hanging = set()
    world.predictions.faults.fail(DR)

    prediction = router.predict([[1.0]], None)

    assert [(one.number, one.side, one.ok) for one in prediction.tries] == [
        (2, Side.DR, False),
        (1, Side.PRIMARY, True),
    ]


def test_after_the_flip_the_new_side_gets_first_tries_at_once(world: World) -> None:
    router = world.router()
    world.predictions.hanging = {PRIMARY}
    router.predict([[1.0]], None)
    world.store._keep(change(epoch=2, active="dr"))

    prediction = router.predict([[1.0]], None)

    assert [(one.number, one.side) for one in prediction.tries] == [(1, Side.DR)]


def out_of_quota(retry_after_seconds: float | None = None) -> QuotaExhausted:
    return QuotaExhausted("predict", found="429", then="ask for more", retry_after_seconds=retry_after_seconds)


def test_a_side_that_is_out_of_quota_is_not_doubted(world: World) -> None:
    router = world.router()
    router.predict([[1.0]], None)
    reads = world.store.reads
    world.predictions.faults.fail(PRIMARY, with_=out_of_quota())

    predictions = [router.predict([[1.0]], None) for _ in range(3)]

    assert [one.side for one in predictions] == [Side.DR] * 3
    assert world.store.reads == reads


@pytest.mark.parametrize(
    "failure",
    [out_of_quota(2), Unreachable("predict", found="503", then="try again", retry_after_seconds=2)],
    ids=lambda failure: failure.found,
)
def test_a_side_that_asks_for_time_gets_it(world: World, failure: Unreachable) -> None:
    router = world.router()
    world.predictions.faults.fail(PRIMARY, nth=1, with_=failure)
    router.predict([[1.0]], None)
    world.predictions.asked.clear()

    router.predict([[1.0]], None)
    world.predictions.time.sleep(1.9)
    router.predict([[1.0]], None)
    world.predictions.time.sleep(0.2)
    router.predict([[1.0]], None)

    assert world.predictions.asked == [(DR, 2), (DR, 2), (PRIMARY, 1)]


def test_no_side_is_left_alone_for_longer_than_a_try_may_take(world: World) -> None:
    router = world.router()
    world.predictions.faults.fail(PRIMARY, nth=1, with_=out_of_quota(3600))
    router.predict([[1.0]], None)
    world.predictions.asked.clear()
    world.predictions.time.sleep(5)

    router.predict([[1.0]], None)

    assert world.predictions.asked == [(PRIMARY, 1)]


def test_a_side_that_is_slow_but_in_time_answers(world: World) -> None:
    world.predictions.slow[PRIMARY] = 2.4

    router = world.router()
    predictions = [router.predict([[1.0]], None) for _ in range(3)]

    assert [(one.side, one.tries[0].latency_ms) for one in predictions] == [(Side.PRIMARY, 2400)] * 3
