"""What a new project starts with, and quotas that are told as they were lowered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

HOST = "aiplatform.googleapis.com"
METRICS = f"/serviceusage/v1beta1/projects/demo/services/{HOST}/consumerQuotaMetrics"
GPUS = f"{METRICS}/{HOST}%2Fcustom_model_serving_nvidia_t4_gpus"


def test_a_project_starts_with_the_apis_that_google_enables(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    project = unique("project")
    cloud.admin("POST", "projects", {"project": project})
    services = f"/serviceusage/v1/projects/{project}/services"

    _, found = cloud.call("GET", f"{services}?filter=state:ENABLED")
    _, other = cloud.call("GET", f"{services}/aiplatform.googleapis.com")

    assert {one["config"]["name"] for one in found["services"]} == {
        "serviceusage.googleapis.com",
        "storage.googleapis.com",
    }
    assert other["state"] == "DISABLED"


def test_an_override_lowers_the_limit_of_its_region_alone(cloud: RunningCloud) -> None:
    body = {"overrideValue": "0", "dimensions": {"region": cloud.dr}}
    status, _ = cloud.call("POST", f"{GPUS}/limits/%2Fproject%2Fregion/consumerOverrides?force=true", body)
    _, found = cloud.call("GET", f"{GPUS}?view=FULL")

    buckets = found["consumerQuotaLimits"][0]["quotaBuckets"]
    limits = {one.get("dimensions", {}).get("region"): one["effectiveLimit"] for one in buckets}
    assert (status, limits) == (200, {None: "-1", cloud.primary: "-1", cloud.dr: "0"})


def test_a_region_that_is_not_there_has_no_quota(cloud: RunningCloud) -> None:
    body = {"overrideValue": "1", "dimensions": {"region": "mars-north1"}}

    assert cloud.call("POST", f"{GPUS}/limits/%2Fproject%2Fregion/consumerOverrides", body)[0] == 400


def test_a_metric_that_is_not_known_is_not_found(cloud: RunningCloud) -> None:
    assert cloud.call("GET", f"{METRICS}/{HOST}%2Fno_such_metric")[0] == 404


def test_what_version_1_has_is_not_in_the_beta(cloud: RunningCloud) -> None:
    assert cloud.call("GET", "/serviceusage/v1beta1/projects/demo/services")[0] == 501
