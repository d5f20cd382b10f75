"""Every API tells where it serves: the cloud's regions, and its own multi-regions beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.running_cloud import RunningCloud

REGIONS = ["europe-west1", "europe-west4"]


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("/aiplatform/v1/projects/demo/locations", []),
        ("/artifactregistry/v1/projects/demo/locations", ["asia", "europe", "us"]),
        ("/cloudfunctions/v2/projects/demo/locations", []),
        ("/cloudscheduler/v1/projects/demo/locations", []),
        ("/firestore/v1/projects/demo/locations", ["eur3", "nam5", "nam7"]),
        ("/run/v1/projects/demo/locations", []),
        ("/secretmanager/v1/projects/demo/locations", []),
    ],
)
def test_an_api_lists_where_it_serves(cloud: RunningCloud, path: str, beside: list[str]) -> None:
    status, found = cloud.call("GET", path)

    assert (status, [one["locationId"] for one in found["locations"]]) == (200, sorted([*REGIONS, *beside]))


def test_a_location_is_read_by_its_name(cloud: RunningCloud) -> None:
    path = "/firestore/v1/projects/demo/locations"

    assert cloud.call("GET", f"{path}/eur3")[1]["name"] == "projects/demo/locations/eur3"
    assert cloud.call("GET", f"{path}/mars1")[0] == 404


def test_locations_come_in_pages(cloud: RunningCloud) -> None:
    path = "/artifactregistry/v1/projects/demo/locations?pageSize=3"
    _, first = cloud.call("GET", path)
    _, second = cloud.call("GET", f"{path}&pageToken={first['nextPageToken']}")

    assert [len(page["locations"]) for page in (first, second)] == [3, 2]


def test_nothing_else_of_run_answers_in_version_1(cloud: RunningCloud) -> None:
    assert cloud.call("GET", "/run/v1/projects/demo/locations/europe-west4/services")[0] == 501
