from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.replication.project import manifest, new_version
from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from tests.contract.replication.project import Project


@pytest.fixture
def registered(project: Project) -> Project:
    """Two versions of a model in primary."""
    for factor in (3, 5):
        project.models(Side.PRIMARY).upload(new_version(project, factor))
    return project


def test_an_endpoint_serves_nothing_at_first(project: Project) -> None:
    assert project.deployments(Side.PRIMARY).of(project.settings.own.endpoint) == ()


def test_an_endpoint_that_does_not_exist_says_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.deployments(Side.PRIMARY).of("99")


def test_a_deployed_version_shows_its_machines_and_has_all_traffic(registered: Project) -> None:
    deployments = registered.deployments(Side.PRIMARY)

    name = deployments.deploy(manifest(registered, max_replicas=3), version="1")

    (seen,) = deployments.of(registered.settings.own.endpoint)
    assert (seen.id, seen.model, seen.version, seen.traffic) == (name, "diagnosis", "1", 100)
    assert (seen.machine_type, seen.min_replicas, seen.max_replicas) == ("n1-standard-2", 1, 3)


def test_the_next_deployment_takes_all_traffic_and_the_first_stays_until_it_is_undeployed(registered: Project) -> None:
    deployments, endpoint = registered.deployments(Side.PRIMARY), registered.settings.own.endpoint
    first = deployments.deploy(manifest(registered), version="1")
    second = deployments.deploy(manifest(registered), version="2")

    between = {d.id: d.traffic for d in deployments.of(endpoint)}
    for _ in range(2):
        deployments.undeploy(endpoint, first)

    assert between == {first: 0, second: 100}
    assert [d.id for d in deployments.of(endpoint)] == [second]


def test_traffic_is_shifted_and_repeating_is_safe(registered: Project) -> None:
    deployments, endpoint = registered.deployments(Side.PRIMARY), registered.settings.own.endpoint
    first = deployments.deploy(manifest(registered), version="1")
    second = deployments.deploy(manifest(registered), version="2")

    for _ in range(2):
        deployments.shift_traffic(endpoint, to=first)

    assert {d.id: d.traffic for d in deployments.of(endpoint)} == {first: 100, second: 0}


def test_a_version_whose_undeployment_was_asked_for_is_deployed_again(registered: Project) -> None:
    deployments, endpoint = registered.deployments(Side.PRIMARY), registered.settings.own.endpoint
    first = deployments.deploy(manifest(registered), version="1")
    deployments.undeploy(endpoint, first)

    second = deployments.deploy(manifest(registered), version="1")

    assert [one.id for one in deployments.of(endpoint)] == [second]
    assert first != second


def test_a_deployment_whose_answer_was_lost_is_not_repeated(registered: Project) -> None:
    deployments, endpoint = registered.deployments(Side.PRIMARY), registered.settings.own.endpoint

    ids = {deployments.deploy(manifest(registered), version="1") for _ in range(2)}

    assert {one.id for one in deployments.of(endpoint)} == ids
    assert len(ids) == 1
