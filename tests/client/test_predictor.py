from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.memory.traffic import MemoryCopies, MemoryPredictions, MemorySelectors
from tests.traffic.samples import REGIONS, change, selector
from vertex_dr import traffic_wiring
from vertex_dr.client import Predictor
from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.settings import Settings, SideSettings
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.follower import Follower

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.traffic.records import Selector

SETTINGS = Settings(
    project="demo",
    side=Side.PRIMARY,
    service="diagnosis",
    sides={
        side: SideSettings(
            region=region, staging_bucket="s", image_repository="i", pipeline_repository="p", endpoint="4711"
        )
        for side, region in REGIONS.items()
    },
    artifact_bucket="artifacts",
    selector_database="vdr-selector",
    selector_secret="vdr-selector-diagnosis",  # noqa: S106 - the name of one
)


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
def store(monkeypatch: pytest.MonkeyPatch) -> Watched:
    store = Watched()
    store.create(change())

    def following(_: Settings, __: str, *, monotonic: Callable[[], float]) -> Any:
        follower = Follower(store, MemoryCopies(), fallback=selector(epoch=0), monotonic=monotonic)
        return follower, MemoryPredictions({region: [region] for region in REGIONS.values()})

    monkeypatch.setattr(traffic_wiring, "following", following)
    return store


def refreshers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "vertex-dr-selector"]


def test_nothing_is_read_before_the_first_prediction(store: Watched) -> None:
    with Predictor("diagnosis", SETTINGS):
        assert store.reads == 0
        assert refreshers() == []


def test_the_background_refresh_follows_a_flip_without_any_failure(store: Watched) -> None:
    with Predictor("diagnosis", SETTINGS, cache_seconds=0.01) as predictor:
        first = predictor.predict([1])
        store._keep(change(epoch=2, active="dr"))
        store.next_read.clear()
        store.next_read.wait(5)
        store.next_read.clear()
        store.next_read.wait(5)
        second = predictor.predict([1])

    assert (first.side, second.side) == (Side.PRIMARY, Side.DR)


@pytest.mark.usefixtures("store")
def test_closing_ends_the_thread_and_predictions_still_work() -> None:
    predictor = Predictor("diagnosis", SETTINGS)
    predictor.predict([1])
    running = len(refreshers())

    predictor.close()
    predictor.close()

    assert (running, refreshers()) == (1, [])
    assert predictor.predict([1]).predictions == ["europe-west4"]


@pytest.mark.usefixtures("store")
def test_threads_share_one_predictor_and_one_refresher() -> None:
    with Predictor("diagnosis", SETTINGS) as predictor:
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


@pytest.mark.usefixtures("store")
def test_a_predictor_that_is_dropped_leaves_no_thread() -> None:
    predictor = Predictor("diagnosis", SETTINGS)
    predictor.predict([1])
    [thread] = refreshers()

    del predictor
    gc.collect()
    thread.join(5)

    assert not thread.is_alive()


def test_settings_of_another_service_are_refused() -> None:
    with Predictor("prognosis", SETTINGS) as predictor, pytest.raises(BadInput, match="those of 'diagnosis'"):
        predictor.predict([1])

    assert refreshers() == []
