"""A region dies under load: the whole of traffic on the local cloud, with models that really predict."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.traffic.project import INSTANCES
from tests.contract.two_sides import on
from vertex_dr.client import Predictor, Try
from vertex_dr.kernel.errors import BadInput, Refused, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.kernel.settings import Settings

GOLDEN = [3 * one for one in INSTANCES]
PRIMARY = "europe-west4"


class Load:
    """Eight clients that predict until they are told to stop."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._stopped = threading.Event()
        self._counted = threading.Condition()
        self.answers: list[Any] = []
        self.errors: list[Exception] = []
        self._threads = [threading.Thread(target=self._predict) for _ in range(8)]
        for thread in self._threads:
            thread.start()

    def _predict(self) -> None:
        while not self._stopped.is_set():
            try:
                prediction = self._predictor.predict(INSTANCES)
            except Exception as exc:  # noqa: BLE001 - whatever a caller would see counts
                self.errors.append(exc)
                continue
            with self._counted:
                self.answers.append(prediction)
                self._counted.notify_all()

    def wait_for(self, more: int) -> None:
        with self._counted:
            wanted = len(self.answers) + more
            assert self._counted.wait_for(lambda: len(self.answers) >= wanted or bool(self.errors), timeout=60)

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def started(settings: Settings) -> Settings:
    """The selector exists, and the prober in dr has seen both sides answer."""
    on(settings).traffic.probe_region.run(0)
    return settings


def test_no_caller_sees_an_error_while_a_region_dies_and_the_selector_flips(
    started: Settings, project: TrafficProject
) -> None:
    tries: list[Try] = []
    with Predictor(started.service, started, observer=tries.append, cache_seconds=0.2) as predictor:
        load = Load(predictor)
        load.wait_for(50)
        project.admin("outage", region=PRIMARY)
        load.wait_for(20)
        window = on(started).traffic.probe_region.run(0)
        load.wait_for(200)
        load.stop()

    first, flipped = on(started).ports.selector.changes()
    assert load.errors == []
    assert [one.predictions for one in load.answers] == [GOLDEN] * len(load.answers)
    assert (first.selector.active, flipped.selector.active, flipped.selector.epoch) == (Side.PRIMARY, Side.DR, 2)
    assert window.problems == ()
    of_new_epoch = [one for one in tries if one.number == 1 and one.epoch == 2]
    assert len(of_new_epoch) > 150
    assert {one.side for one in of_new_epoch} == {Side.DR}
    [journal] = _journals(project, started)
    assert journal["verdict"] == Verdict.PASS
    assert [copy["selector"]["epoch"] for copy in journal["copies"]] == [2, 2]


def test_clients_go_back_only_after_primary_is_healthy_and_lacks_nothing(
    started: Settings, project: TrafficProject
) -> None:
    lacking: list[str] = ["model version diagnosis dr-3"]
    plan = on(started).traffic.plan_fail_over.run(
        to=Side.DR, by="operator", reason="an exercise", accept_data_loss_seconds=3600
    )
    on(started).traffic.fail_over.run(plan)
    project.admin("outage", region=PRIMARY)
    back = dataclasses.replace(on(started).traffic.plan_fail_back, ahead=lambda: tuple(lacking))
    with pytest.raises(Refused, match="predicts no golden values now"):
        back.run(by="operator", reason="too early")
    project.admin("heal", region=PRIMARY)
    with pytest.raises(Refused, match="dr is ahead by 1: model version diagnosis dr-3"):
        back.run(by="operator", reason="still too early")
    lacking.clear()

    journal = on(started).traffic.fail_over.run(back.run(by="operator", reason="the region is back"))

    assert (journal.selector.epoch, journal.selector.active) == (3, Side.PRIMARY)
    assert journal.verdict is Verdict.PASS


def test_predictions_go_on_from_a_copy_while_firestore_is_dark(started: Settings, project: TrafficProject) -> None:
    plan = on(started).traffic.plan_fail_over.run(
        to=Side.DR, by="operator", reason="an exercise", accept_data_loss_seconds=3600
    )
    on(started).traffic.fail_over.run(plan)
    project.admin("outage", region="global", api="firestore")

    with Predictor(started.service, started) as predictor:
        prediction = predictor.predict(INSTANCES)

    assert (prediction.side, prediction.epoch, len(prediction.tries)) == (Side.DR, 2, 1)


def test_a_flip_while_firestore_is_dark_is_refused_and_copies_move_nobody(
    started: Settings, project: TrafficProject
) -> None:
    plan = on(started).traffic.plan_fail_over.run(
        to=Side.DR, by="operator", reason="an exercise", accept_data_loss_seconds=3600
    )
    project.admin("outage", region="global", api="firestore")

    with pytest.raises(Unreachable):
        on(started).traffic.fail_over.run(plan)

    assert [one.selector.epoch for one in on(started).ports.copies.states() if one.selector] == [1, 1]


def test_bad_input_is_told_to_the_caller_and_not_tried_elsewhere(started: Settings) -> None:
    tries: list[Try] = []

    with Predictor(started.service, started, observer=tries.append) as predictor, pytest.raises(BadInput):
        predictor.predict(["text"])

    assert [one.side for one in tries] == [Side.PRIMARY]


def test_status_tells_the_epoch_everywhere(started: Settings) -> None:
    report = on(started).traffic.status.run()

    assert report.selector is not None
    assert report.selector.epoch == 1
    assert [copy.selector.epoch for copy in report.copies if copy.selector] == [1, 1]
    assert len(report.probes) == 2
    assert report.problems == ()


def _journals(project: TrafficProject, settings: Settings) -> list[dict[str, Any]]:
    bucket = settings.own.staging_bucket
    listed = project.call("GET", f"/storage/v1/b/{bucket}/o?prefix=journals/fail_over/")
    kept = [
        project.call("GET", f"/storage/v1/b/{bucket}/o/{item['name'].replace('/', '%2F')}?alt=media")
        for item in listed.get("items", [])
    ]
    return [one for one in kept if one.get("plan", {}).get("service") == settings.service]
