"""Scratch resources: the same promises in memory and on the local cloud, and nothing is left of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from preflight.discovery.artifact import artifact
from preflight.records import Written
from vertex_dr.kernel.errors import VertexDrError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.preflight.project import Project

PIPELINE = b"""\
components: {}
deploymentSpec: {}
pipelineInfo:
  name: vertex-dr-preflight
root:
  dag:
    tasks: {}
schemaVersion: 2.1.0
sdkVersion: kfp-2.13.0
"""


def uploaded(project: Project, **labels: str) -> tuple[str, str]:
    bucket = project.scratch.buckets.make(project.region)
    for name, content in artifact().items():
        project.scratch.buckets.write(bucket, f"model/{name}", content)
    return bucket, project.scratch.models.upload(project.region, f"gs://{bucket}/model", labels)


def test_an_object_is_created_once_and_never_replaced(project: Project) -> None:
    buckets = project.scratch.buckets
    bucket = buckets.make(project.region)

    assert buckets.write(bucket, "a/b", b"first") is Written.CREATED
    assert buckets.write(bucket, "a/b", b"second") is Written.EXISTS
    assert buckets.names(bucket, "a/") == ("a/b",)
    assert buckets.names(bucket, "c/") == ()


def test_an_account_may_create_once_it_is_granted_that(project: Project) -> None:
    bucket, email = project.scratch.buckets.make(project.region), project.scratch.accounts.make()
    token = project.scratch.accounts.token(email)

    project.scratch.buckets.grant(bucket, "roles/storage.objectCreator", email)

    assert project.scratch.buckets.may(bucket, "storage.objects.create", token)
    assert project.scratch.buckets.write(bucket, "own", b"1", token=token) is Written.CREATED
    assert project.scratch.buckets.write(bucket, "own", b"2", token=token) in (Written.EXISTS, Written.FORBIDDEN)


def test_an_uploaded_version_tells_its_labels(project: Project) -> None:
    _, version = uploaded(project, preflight="one")

    assert version.endswith("@1")
    assert project.scratch.models.labels(version) == {"preflight": "one"}


def test_the_next_version_of_a_model_has_its_own_labels(project: Project) -> None:
    bucket, version = uploaded(project, first="one")

    second = project.scratch.models.upload(
        project.region, f"gs://{bucket}/model", {"second": "two"}, parent=version.partition("@")[0]
    )

    assert second == f"{version.partition('@')[0]}@2"
    assert project.scratch.models.labels(second)["second"] == "two"


def test_an_export_lies_below_where_it_was_asked_for(project: Project) -> None:
    bucket, version = uploaded(project)

    told = project.scratch.models.export(version, f"gs://{bucket}/export")

    assert told.startswith(f"gs://{bucket}/export/")
    assert project.scratch.buckets.names(bucket, told.removeprefix(f"gs://{bucket}/"))


def test_an_endpoint_that_serves_is_not_destroyed_and_an_empty_one_is(project: Project) -> None:
    _, version = uploaded(project)
    serving, empty = (project.scratch.models.make_endpoint(project.region) for _ in range(2))
    project.scratch.models.deploy(serving, version)

    assert (project.scratch.models.destroy(serving), project.scratch.models.destroy(empty)) == (False, True)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_blob_goes_up_with_a_bearer_token(project: Project, *, at_once: bool) -> None:
    repository = project.scratch.repositories.make(project.region, "DOCKER")

    assert project.scratch.repositories.push_blob(project.region, repository, b"blob", at_once=at_once) == 201


def test_a_spec_is_the_same_version_in_both_regions(project: Project) -> None:
    regions = (project.region, project.other_region)
    repositories = project.scratch.repositories

    versions = {repositories.publish(one, repositories.make(one, "KFP"), PIPELINE) for one in regions}

    assert len(versions) == 1


def test_an_image_repository_takes_no_pipeline(project: Project) -> None:
    repository = project.scratch.repositories.make(project.region, "DOCKER")

    with pytest.raises(VertexDrError):
        project.scratch.repositories.publish(project.region, repository, PIPELINE)


@pytest.fixture(autouse=True)
def everything_is_removed(project: Project) -> Iterator[None]:
    """Whatever a test made is gone after it."""
    yield
    assert project.removals.run() == ()
