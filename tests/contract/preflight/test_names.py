"""Who holds a name: the same answers in memory and of the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from preflight.records import NameKind, Resource
from tests.contract.preflight.project import account, repository

if TYPE_CHECKING:
    from tests.contract.preflight.project import Project

REGION = "europe-west4"
FREE = {
    NameKind.BUCKET: "no-such-bucket-anywhere",
    NameKind.DATABASE: "projects/demo/databases/no-such-database",
    NameKind.ENDPOINT: f"projects/demo/locations/{REGION}/endpoints/404404404",
    NameKind.FUNCTION: f"projects/demo/locations/{REGION}/functions/no-such-function",
    NameKind.REPOSITORY: repository(REGION, "no-such-repository").name,
    NameKind.SECRET: "projects/demo/secrets/no-such-secret",
    NameKind.SERVICE_ACCOUNT: account("no-such-account").name,
    NameKind.TOPIC: "projects/demo/topics/no-such-topic",
}


@pytest.mark.parametrize("kind", NameKind)
def test_what_does_not_exist_is_nobodys(project: Project, kind: NameKind) -> None:
    assert project.names.held(Resource(kind=kind, name=FREE[kind])).by == "nobody"


def test_a_bucket_of_the_project_tells_where_it_lies(project: Project) -> None:
    made = project.make_bucket(regions=("europe-west1", "europe-west4"))

    found = project.names.held(made)

    assert (found.by, found.location, set(found.data_locations)) == ("project", "EU", {"europe-west1", "europe-west4"})
    assert found.labels == {"application": "vertex-dr"}


def test_a_bucket_of_another_project_is_anothers(project: Project) -> None:
    assert project.names.held(project.others_bucket()).by == "another"


def test_a_resource_of_the_project_tells_its_labels_and_region(project: Project) -> None:
    found = project.names.held(project.make_repository(labels={"application": "another"}))

    assert (found.by, found.location, found.labels) == ("project", project.region, {"application": "another"})


@pytest.mark.parametrize(
    ("description", "labels"), [("vertex-dr: builds.", {"application": "vertex-dr"}), ("somebody's", {})]
)
def test_an_account_is_known_by_its_description(project: Project, description: str, labels: dict[str, str]) -> None:
    found = project.names.held(project.make_account(description=description))

    assert (found.by, found.labels) == ("project", labels)
