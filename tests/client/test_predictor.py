from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.traffic import MemoryPredictions, MemorySelectors, Time
from tests.replication.world import settings_of
from tests.traffic.samples import NOW, REGIONS, change
from vertex_dr.client import Predictor
from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.records import Selector


class Watched(MemorySelectors):
    """Tells when it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.next_read = threading.Event()

    def read(self) -> Selector:
        found = super().read()
        self.next_read.set()
        return found


@pytest.fixture
def store() -> Watched:
    store = Watched()
    store.create(change())
    return store


@pytest.fixture
def predictor_of(store: Watched) -> Callable[..., Predictor]:
    """Make predictors over the store, each region answering with its name."""
    shared = SharedPorts(clock=Time(NOW), selector=store)

    def connect(settings: Settings) -> MemoryPorts:
        ports = MemoryPorts(settings, shared)
        ports.predictions = MemoryPredictions({region: [region] for region in REGIONS.values()})
        return ports

    def predictor(service: str = "diagnosis", **options: Any) -> Predictor:
        return Predictor(service, settings_of(Side.PRIMARY), connect=connect, **options)

    return predictor


def refreshers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "vertex-dr-selector"]


def test_nothing_is_read_before_the_first_prediction(store: Watched, predictor_of: Callable[..., Predictor]) -> None:
    with predictor_of():
        assert store.reads == 0
        assert refreshers() == []


def test_the_background_refresh_follows_a_flip_without_any_failure(
    store: Watched, predictor_of: Callable[..., Predictor]
) -> None:
    with predictor_of(cache_seconds=0.01) as predictor:
        first = predictor.predict([1])
        store._keep(change(epoch=2, active="dr"))
        store.next_read.clear()
        store.next_read.wait(5)
        store.next_read.clear()
        store.next_read.wait(5)
        second = predictor.predict([1])

    assert (first.side, second.side) == (Side.PRIMARY, Side.DR)


def test_closing_ends_the_thread_and_predictions_still_work(predictor_of: Callable[..., Predictor]) -> None:
    predictor = predictor_of()
    predictor.predict([1])
    running = len(refreshers())

    predictor.close()
    predictor.close()

    assert (running, refreshers()) == (1, [])
    assert predictor.predict([1]).predictions == ["europe-west4"]


def test_threads_share_one_predictor_and_one_refresher(predictor_of: Callable[..., Predictor]) -> None:
    with predictor_of() as predictor:
        answers: list[list[Any]] = []
        threads = [
            threading.Thread(target=lambda: answers.append(predictor.predict([1]).predictions)) for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == [["europe-west4"]] * 16
        assert len(refreshers()) == 1


def test_a_predictor_that_is_dropped_leaves_no_thread(predictor_of: Callable[..., Predictor]) -> None:
    predictor = predictor_of()
    predictor.predict([1])
    [thread] = refreshers()

    del predictor
    gc.collect()
    thread.join(5)

    assert not thread.is_alive()


def test_settings_of_another_service_are_refused(predictor_of: Callable[..., Predictor]) -> None:
    with predictor_of("prognosis") as predictor, pytest.raises(BadInput, match="those of 'diagnosis'"):
        predictor.predict([1])

    assert refreshers() == []
