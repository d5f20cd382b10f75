"""The ways of a prediction, a version and a decision are those that docs/architecture.md tells: real runs take them.

Each runs in this process, as the wiring that ships wires it, with Google's adapters against the local cloud.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

import main
from tests.contract.replication.project import GoogleProject, new_version
from tests.contract.traffic.project import INSTANCES, TrafficProject, prepare
from tests.contract.two_sides import make_two_sides, on
from tests.opened_files import opened_files
from tests.replication.world import environment_of
from tests.ways import MOST_FILES, is_looked_up, walked, words
from vertex_dr.adapters.google.firestore.selector import FirestoreSelector
from vertex_dr.client import Predictor
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.records import Change, Stored
    from vertex_dr.wiring.entry_points import Connect

NOBODY = "http://127.0.0.1:9"  # the port that discards: nobody listens, so each prober goes on in its own process


class NotingSelector(FirestoreSelector):
    """The selector on Firestore; it notes what had been entered when Firestore accepted a flip."""

    def __init__(self, *given: Any, entered: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.entered = entered
        self.by_commit: list[str] = []

    def commit(self, change: Change, *, replaces: Stored) -> None:
        super().commit(change, replaces=replaces)
        self.by_commit = [*self.entered]


class NotingPorts(GooglePorts):
    """Google's ports, with a selector that notes when it was flipped."""

    def __init__(self, settings: Settings, entered: list[str]) -> None:
        super().__init__(settings)
        self._entered = entered

    @cached_property
    def selector(self) -> NotingSelector:
        return NotingSelector(self._documents, service=self.settings.service, entered=self._entered)


def run(entry_point: str, settings: Settings, *, body: bytes = b"", connect: Connect = GooglePorts) -> None:
    """Run the entry point as its Cloud Function does: from a request and the environment that Terraform gives."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(settings).items():
            patch.setenv(name, value)
        request = Request(EnvironBuilder(method="POST", data=body).get_environ())
        answer, status, _ = main.answer(entry_point, request, connect=lambda _: connect(settings))
    assert status == 200, answer


def prediction(project: TrafficProject) -> list[str]:
    settings = project.settings
    on(settings).traffic.ensure_selector.run()
    with opened_files("functions") as entered, Predictor(settings.service, settings) as predictor:
        found = predictor.predict(INSTANCES)
    assert found.side is Side.PRIMARY
    return entered


def decision(project: TrafficProject) -> list[str]:
    """From the schedule to the commit: what a flip does afterwards (proof, copies, journal) is no part of the way."""
    settings = msgspec.structs.replace(project.settings, assess_url=NOBODY, fail_over_url=NOBODY)
    on(settings).traffic.probe_region.run(0)
    project.admin("outage", region=settings.sides[Side.PRIMARY].region)
    try:
        with opened_files("functions") as entered:
            ports = NotingPorts(settings, entered)
            run("probe_region", settings, body=b'{"seconds": 0}', connect=lambda _: ports)
    finally:
        project.admin("heal", region=settings.sides[Side.PRIMARY].region)
    assert on(settings).ports.selector.read().epoch == 2
    return ports.selector.by_commit


def version(cloud: Any, name: str) -> list[str]:
    two_sides = make_two_sides(cloud, name)
    on(two_sides.primary).traffic.ensure_selector.run()
    project = GoogleProject(two_sides)
    project.models(Side.PRIMARY).upload(new_version(project, 3, aliases=("default", "champion")))
    with opened_files("functions") as exported:
        run("export_models", two_sides.primary)
    on(two_sides.dr).replication.mirror_images.run()
    with opened_files("functions") as imported:
        run("import_models", two_sides.dr)
    assert [one.version for one in on(two_sides.dr).ports.models(Side.DR).versions()] == ["1"]
    return [*exported, *imported]


@pytest.fixture(scope="module")
def entered(cloud: Any, unique: Callable[[str], str]) -> dict[str, set[str]]:
    """The files that one run of each way entered, by the way's title."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOOGLE_APPLICATION_CREDENTIALS", cloud.env["GOOGLE_APPLICATION_CREDENTIALS"])
        project = prepare(cloud, cloud.env, unique("ways"), str(time.time_ns() // 1000)[-10:])
        for side in Side:
            project.serve(side, 3)
        return {
            "One prediction": {*prediction(project.for_service(unique("predicted")))},
            "One version": {*version(cloud, unique("two-sides"))},
            "One decision": {*decision(project.for_service(unique("decided")))},
        }


@pytest.mark.parametrize("way", ["One prediction", "One version", "One decision"])
def test_a_run_enters_the_files_that_the_page_lists_and_no_more_than_promised(
    way: str, entered: dict[str, set[str]]
) -> None:
    found = {file for file in entered[way] if not is_looked_up(file)}

    assert found == {*walked(way)}
    assert len(found) <= MOST_FILES[way]


def test_each_word_that_the_page_says_is_looked_up_is_one_that_a_way_needs(entered: dict[str, set[str]]) -> None:
    files = set.union(*entered.values())

    assert [word for word in words() if not any(is_looked_up(file, word) for file in files)] == []
