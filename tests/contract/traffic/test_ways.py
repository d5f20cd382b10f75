"""The ways of a prediction and of a decision are those that docs/architecture.md tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Request
from werkzeug.test import EnvironBuilder

import main
from tests.contract.traffic.project import INSTANCES
from tests.contract.two_sides import on
from tests.opened_files import opened_files
from tests.replication.world import environment_of
from tests.ways import Way, walked_through
from vertex_dr.client import Predictor
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    import pytest

    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.kernel.settings import Settings

NOBODY = "http://127.0.0.1:9"  # the port that discards: nobody listens, so each prober goes on in its own process


def test_a_prediction_enters_the_files_that_the_page_lists(settings: Settings) -> None:
    on(settings).traffic.ensure_selector.run()

    with opened_files("functions") as entered, Predictor(settings.service, settings) as predictor:
        predictor.predict(INSTANCES)

    way = Way.told("One prediction")
    assert walked_through(entered) == {*way.walked, *way.passed}


def test_a_decision_enters_the_files_that_the_page_lists(
    settings: Settings, project: TrafficProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(settings).traffic.probe_region.run(0)
    project.admin("outage", region=settings.sides[settings.side.other].region)
    settings = msgspec.structs.replace(settings, assess_url=NOBODY, fail_over_url=NOBODY)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    request = Request(EnvironBuilder(method="POST", data=b'{"seconds": 0}').get_environ())

    with opened_files("functions") as entered:
        body, status, _ = main.answer("probe_region", request, connect=lambda _: GooglePorts(settings))

    assert status == 200, body
    way = Way.told("One decision")
    assert on(settings).ports.selector.read().epoch == 2
    assert walked_through(entered) == {*way.walked, *way.passed}
