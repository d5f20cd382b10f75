"""Each port twice: in memory, and on the local cloud through Google's own libraries."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.traffic.project import TrafficProject, prepare
from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.traffic import Time
from tests.replication.world import settings_of
from tests.traffic.samples import NOW
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vertex_dr.kernel.settings import Settings


@pytest.fixture(scope="session")
def traffic_project(cloud: Any, unique: Callable[[str], str]) -> Iterator[TrafficProject]:
    """A project with an endpoint a side that serves the golden values."""
    environment = cloud.env
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOOGLE_APPLICATION_CREDENTIALS", environment["GOOGLE_APPLICATION_CREDENTIALS"])
        project = prepare(cloud, environment, unique("served"), str(time.time_ns() // 1000)[-10:])
        for side in Side:
            project.serve(side, 3)
        yield project


@pytest.fixture
def project(traffic_project: TrafficProject, unique: Callable[[str], str]) -> Iterator[TrafficProject]:
    """The same project with a service of its own, lit again after the test."""
    project = traffic_project.for_service(unique("svc"))
    yield project
    for region in ("europe-west4", "europe-west1", "global"):
        project.admin("heal", region=region)


@pytest.fixture
def settings(project: TrafficProject) -> Settings:
    return project.settings


@pytest.fixture
def google(settings: Settings) -> GooglePorts:
    """Google's ports, for what only a real service can do wrong."""
    return GooglePorts(settings)


@pytest.fixture(params=["memory", "google"])
def ports(request: pytest.FixtureRequest) -> MemoryPorts | GooglePorts:
    """All of traffic's ports, in memory and on the local cloud."""
    if request.param == "google":
        return request.getfixturevalue("google")
    return MemoryPorts(settings_of(Side.DR), SharedPorts(clock=Time(NOW)))
