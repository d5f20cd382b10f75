"""The standard methods, seen from outside on resources that no service wrote anything for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import artifactregistry_v1

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

PARENT = "projects/demo/locations/europe-west4"
TENSORBOARDS = f"/aiplatform/v1/{PARENT}/tensorboards"


@pytest.fixture
def tensorboard(cloud: RunningCloud, unique: Callable[[str], str]) -> dict[str, Any]:
    _, operation = cloud.call("POST", TENSORBOARDS, {"displayName": unique("board"), "labels": {"a": "1", "b": "2"}})
    _, found = cloud.call("GET", f"/aiplatform/v1/{operation['response']['name']}")
    return found


def test_a_create_is_an_operation_that_answers_the_resource_with_its_type(cloud: RunningCloud):
    status, operation = cloud.call("POST", TENSORBOARDS, {"displayName": "typed", "labels": None})

    assert (status, operation["done"]) == (200, True)
    assert operation["response"]["@type"] == "type.googleapis.com/google.cloud.aiplatform.v1.Tensorboard"
    assert operation["name"].startswith(f"{PARENT}/operations/")
    assert cloud.call("GET", f"/aiplatform/v1/{operation['name']}") == (200, operation)


def test_a_resource_gets_times_and_an_etag(tensorboard: dict[str, Any]):
    assert tensorboard["createTime"] == tensorboard["updateTime"]
    assert tensorboard["etag"]


def test_a_patch_changes_what_its_mask_names_and_clears_what_is_absent(
    cloud: RunningCloud, tensorboard: dict[str, Any]
):
    path = f"/aiplatform/v1/{tensorboard['name']}?updateMask=labels.a,display_name,description"
    _, operation = cloud.call("PATCH", path, {"displayName": "new", "labels": {"b": "9"}})

    found = operation["response"]

    assert (found["displayName"], found["labels"]) == ("new", {"b": "2"})
    assert "description" not in found
    assert found["etag"] != tensorboard["etag"]


def test_a_mask_that_names_no_field_is_refused(cloud: RunningCloud, tensorboard: dict[str, Any]):
    path = f"/aiplatform/v1/{tensorboard['name']}?updateMask=colour"

    status, answer = cloud.call("PATCH", path, {"displayName": "new"})

    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_an_outdated_etag_aborts_a_patch(cloud: RunningCloud, tensorboard: dict[str, Any]):
    path = f"/aiplatform/v1/{tensorboard['name']}?updateMask=displayName"

    status, answer = cloud.call("PATCH", path, {"displayName": "lost", "etag": "old"})

    assert (status, answer["error"]["status"]) == (409, "ABORTED")
    assert cloud.call("GET", f"/aiplatform/v1/{tensorboard['name']}")[1]["displayName"] == tensorboard["displayName"]


def test_a_deleted_resource_is_not_found(cloud: RunningCloud, tensorboard: dict[str, Any]):
    path = f"/aiplatform/v1/{tensorboard['name']}"
    _, operation = cloud.call("DELETE", path)

    status, answer = cloud.call("GET", path)

    assert operation["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    assert (status, answer["error"]["status"]) == (404, "NOT_FOUND")
    assert cloud.call("DELETE", path)[0] == 404


def test_a_list_comes_page_by_page(cloud: RunningCloud, tensorboard: dict[str, Any]):
    base = f"/aiplatform/v1/{tensorboard['name']}/experiments"
    for number in range(3):
        cloud.call("POST", f"{base}?tensorboardExperimentId=e{number}", {})

    _, first = cloud.call("GET", f"{base}?pageSize=2&filter=")
    _, second = cloud.call("GET", f"{base}?pageSize=2&pageToken={first['nextPageToken']}")

    names = [
        one["name"].rpartition("/")[2] for one in first["tensorboardExperiments"] + second["tensorboardExperiments"]
    ]
    assert names == ["e0", "e1", "e2"]
    assert "nextPageToken" not in second


def test_a_page_token_that_nobody_gave_is_refused(cloud: RunningCloud):
    assert cloud.call("GET", f"{TENSORBOARDS}?pageToken=x")[0] == 400


def test_an_id_that_is_taken_is_a_conflict(cloud: RunningCloud, tensorboard: dict[str, Any]):
    path = f"/aiplatform/v1/{tensorboard['name']}/experiments?tensorboard_experiment_id=same"
    cloud.call("POST", path, {})

    status, answer = cloud.call("POST", path, {})

    assert (status, answer["error"]["status"]) == (409, "ALREADY_EXISTS")


def test_a_wrapped_resource_is_kept_without_its_wrapper(cloud: RunningCloud, unique: Callable[[str], str]):
    pool = unique("pool")
    body = {"deploymentResourcePool": {"dedicatedResources": {"minReplicaCount": 1}}, "deploymentResourcePoolId": pool}
    cloud.call("POST", f"/aiplatform/v1/{PARENT}/deploymentResourcePools", body)

    _, found = cloud.call("GET", f"/aiplatform/v1/{PARENT}/deploymentResourcePools/{pool}")

    assert found["name"] == f"{PARENT}/deploymentResourcePools/{pool}"
    assert found["dedicatedResources"] == {"minReplicaCount": 1}


def test_a_project_number_in_a_path_is_the_project(cloud: RunningCloud, tensorboard: dict[str, Any]):
    path = "/aiplatform/v1/" + tensorboard["name"].replace("projects/demo", "projects/123456789012")

    assert cloud.call("GET", path) == (200, tensorboard)


def test_a_policy_can_be_set_on_any_resource_and_goes_with_it(cloud: RunningCloud, unique: Callable[[str], str]):
    path = f"/artifactregistry/v1/{PARENT}/repositories/{unique('policy')}"
    collection, _, name = path.rpartition("/")
    cloud.call("POST", f"{collection}?repository_id={name}", {"format": "DOCKER"})
    _, empty = cloud.call("GET", f"{path}:getIamPolicy")
    binding = {"role": "roles/artifactregistry.reader", "members": ["allUsers"]}
    cloud.call("POST", f"{path}:setIamPolicy", {"policy": empty | {"bindings": [binding], "version": 3}})

    _, policy = cloud.call("GET", f"{path}:getIamPolicy?options.requestedPolicyVersion=3")
    stale, _ = cloud.call("POST", f"{path}:setIamPolicy", {"policy": empty})
    absent, _ = cloud.call("GET", f"{path}-absent:getIamPolicy")

    assert (policy["version"], policy["bindings"]) == (3, [binding])
    assert (stale, absent) == (409, 404)


def test_a_method_that_nobody_wrote_is_501_and_remembered(cloud: RunningCloud):
    path = f"/aiplatform/v1/{PARENT}/publishers/google/models/x:countTokens"

    status, answer = cloud.call("POST", path, {})

    assert (status, answer["error"]["status"]) == (501, "UNIMPLEMENTED")
    assert cloud.admin("GET", "status")["unimplemented"]["aiplatform.projects.locations.publishers.models.countTokens"]


def test_a_path_that_no_document_knows_is_not_found(cloud: RunningCloud):
    for path in (f"/aiplatform/v1/{PARENT}/wishes", "/aiplatform/v9/projects/demo"):
        assert cloud.call("GET", path)[0] == 404


def test_a_body_that_is_no_json_is_refused(cloud: RunningCloud):
    status, answer = cloud.call("POST", TENSORBOARDS, None, **{"X-Empty": "1"})
    broken, text = cloud.call("POST", TENSORBOARDS, "a string")

    assert status == 200, answer
    assert broken == 400
    assert "Root element must be a message" in text["error"]["message"]


def test_a_regions_host_refuses_the_resources_of_another(cloud: RunningCloud, tensorboard: dict[str, Any]):
    here, _ = cloud.at(cloud.primary).call("GET", f"/aiplatform/v1/{tensorboard['name']}")
    there, answer = cloud.at(cloud.dr).call("GET", f"/aiplatform/v1/{tensorboard['name']}")

    assert (here, there) == (200, 400)
    assert answer["error"]["details"][0]["fieldViolations"] == [
        {
            "field": "name",
            "description": "The provided location ID doesn't match the endpoint. "
            "The valid location ID is `europe-west1`.",
        }
    ]


def test_enum_numbers_of_googles_rest_client_become_names(cloud: RunningCloud, unique: Callable[[str], str]):
    client = artifactregistry_v1.ArtifactRegistryClient(
        transport="rest",
        credentials=cloud.credentials,
    )
    name = unique("packages")
    repository = artifactregistry_v1.Repository(format_=artifactregistry_v1.Repository.Format.KFP)
    made = client.create_repository(parent=PARENT, repository=repository, repository_id=name).result()

    _, found = cloud.call("GET", f"/artifactregistry/v1/{made.name}")

    assert found["format"] == "KFP"
    assert client.get_repository(name=made.name).format_ is artifactregistry_v1.Repository.Format.KFP


def test_every_request_is_in_the_access_log(cloud: RunningCloud, tensorboard: dict[str, Any]):
    log = cloud.state_dir / "access.jsonl"

    assert any(tensorboard["name"] in line for line in log.read_text().splitlines())
