from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.replication.project import PIPELINE
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.records import PipelinePackage

if TYPE_CHECKING:
    from tests.contract.replication.project import Project


def test_a_published_pipeline_is_listed_and_reads_back_byte_for_byte(project: Project) -> None:
    pipelines = project.pipelines(Side.PRIMARY)

    version = pipelines.publish("diagnosis-training", PIPELINE, tags=("latest", "v1"))

    assert version.startswith("sha256:")
    assert pipelines.read("diagnosis-training", version) == PIPELINE
    assert pipelines.packages() == (
        PipelinePackage(package="diagnosis-training", version=version, tags=("latest", "v1")),
    )


def test_the_same_content_is_the_same_version_on_both_sides(project: Project) -> None:
    versions = {
        project.pipelines(side).publish("diagnosis-training", PIPELINE, tags=()) for side in (*Side, Side.PRIMARY)
    }

    assert len(versions) == 1


def test_a_tag_is_set_and_moved_and_repeating_is_safe(project: Project) -> None:
    pipelines = project.pipelines(Side.PRIMARY)
    first = pipelines.publish("diagnosis-training", PIPELINE, tags=())
    second = pipelines.publish("diagnosis-training", PIPELINE + b"# newer\n", tags=())

    for version in (first, second, second):
        pipelines.tag("diagnosis-training", version, "latest")

    assert {p.version: p.tags for p in pipelines.packages()} == {first: (), second: ("latest",)}


def test_content_that_names_another_package_is_a_mismatch(project: Project) -> None:
    with pytest.raises(ReplicaMismatch):
        project.pipelines(Side.PRIMARY).publish("other", PIPELINE, tags=())


def test_reading_a_version_that_does_not_exist_says_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.pipelines(Side.PRIMARY).read("diagnosis-training", "sha256:" + "0" * 64)


def test_an_empty_repository_lists_nothing(project: Project) -> None:
    assert project.pipelines(Side.DR).packages() == ()
