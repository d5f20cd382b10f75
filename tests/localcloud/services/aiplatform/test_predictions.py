"""What a deployed model's server gets, may do, and survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.cloud.aiplatform_v1 import PredictionServiceClient
from google.protobuf.struct_pb2 import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESOURCES = {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}}


def deployed(side: Any, image: str, name: str) -> str:
    """Deploy a model of its own to an endpoint of its own, and return the endpoint's id."""
    side.upload(side.model(image, artifact="factor-3"), modelId=name)
    side.finished(side.vertex("POST", f"endpoints?endpointId={name}", {"displayName": name}))
    body = {"deployedModel": {"model": f"{side.location}/models/{name}", **RESOURCES}, "trafficSplit": {"0": 100}}
    operation = side.finished(side.vertex("POST", f"endpoints/{name}:deployModel", body))
    assert "error" not in operation, operation
    return name


def undeploy(side: Any, name: str) -> None:
    for one in side.vertex("GET", f"endpoints/{name}").json().get("deployedModels", []):
        side.finished(side.vertex("POST", f"endpoints/{name}:undeployModel", {"deployedModelId": one["id"]}))


@pytest.fixture(scope="module")
def endpoint(primary: Any, server_image: str, unique: Callable[[str], str]) -> Iterator[str]:
    name = deployed(primary, server_image, unique("served"))
    yield name
    undeploy(primary, name)


def predict(side: Any, endpoint: str, instances: list[Any], **headers: str) -> Any:
    return side.vertex("POST", f"endpoints/{endpoint}:predict", {"instances": instances}, **headers)


def test_nothing_of_the_project_can_be_imported_by_a_model_server(primary: Any, endpoint: str) -> None:
    answer = predict(primary, endpoint, ["strangers"]).json()

    assert answer["predictions"] == []


def test_a_model_server_gets_the_custom_container_contract(primary: Any, endpoint: str) -> None:
    variables = predict(primary, endpoint, ["environment"]).json()["predictions"][0]

    assert variables["AIP_PREDICT_ROUTE"] == "/predict"
    assert variables["AIP_HEALTH_ROUTE"] == "/health"
    assert variables["AIP_HTTP_PORT"] == variables["PORT"]
    assert variables["AIP_STORAGE_URI"].startswith(f"gs://caip-tenant-{primary.region}/")
    assert variables["AIP_PROJECT_NUMBER"] == "123456789012"
    assert not {"VIRTUAL_ENV", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"} & variables.keys()


def test_a_refusal_of_the_server_reaches_the_caller(primary: Any, endpoint: str) -> None:
    answer = predict(primary, endpoint, ["not a number"])

    assert answer.status_code == 400
    assert "instances must be numbers" in answer.json()["error"]["message"]


def test_an_answer_without_predictions_is_an_internal_error(primary: Any, endpoint: str) -> None:
    assert predict(primary, endpoint, ["nothing"]).status_code == 500


def test_predictions_are_noted_with_the_clients_try(cloud: Any, primary: Any, endpoint: str) -> None:
    predict(primary, endpoint, [7], **{"X-Vertex-Dr-Try": "2"})

    noted = [one for one in cloud.admin("GET", "predictions")["predictions"] if one["endpoint"] == endpoint]
    assert noted[-1]["try"] == "2"
    assert noted[-1]["region"] == primary.region
    assert (noted[-1]["model_version"], noted[-1]["status"]) == ("1", 200)


def test_a_server_that_crashes_is_started_again(primary: Any, server_image: str, unique: Callable[[str], str]) -> None:
    name = deployed(primary, server_image, unique("crashing"))

    crashed = predict(primary, name, ["crash"])
    answers = (predict(primary, name, [1]).status_code for _ in range(5000))

    assert crashed.status_code == 503
    assert 200 in answers
    undeploy(primary, name)


def test_a_deployed_model_outlives_its_repository_and_its_artifact(
    primary: Any, cloud: Any, unique: Callable[[str], str]
) -> None:
    repository, prefix = unique("short-lived"), unique("artifact")
    path = f"/artifactregistry/v1/{primary.location}/repositories"
    primary.call("POST", f"{path}?repository_id={repository}", {"format": "DOCKER"})
    image = primary.push_server(unique("image"))
    primary.write(f"{prefix}/weights.json", '{"factor": 3}')
    name = deployed(primary, image, unique("lasting"))

    primary.registry("DELETE", f"{image.partition('@')[0].rpartition('/')[2]}/manifests/{image.partition('@')[2]}")
    cloud.call("DELETE", f"/storage/v1/b/{primary.bucket}/o/{prefix}%2Fweights.json")
    predict(primary, name, ["crash"])
    answers = (predict(primary, name, [1]).status_code for _ in range(5000))

    assert 200 in answers
    undeploy(primary, name)


def test_a_deployed_model_is_back_after_its_region(
    cloud: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    name = deployed(primary, server_image, unique("returning"))

    cloud.admin("POST", "outage", {"region": primary.region})
    cloud.admin("POST", "heal", {"region": primary.region})

    assert predict(primary, name, [1]).json()["predictions"] == [4]
    undeploy(primary, name)


def test_an_endpoint_without_traffic_says_so(primary: Any, unique: Callable[[str], str]) -> None:
    name = unique("empty")
    primary.finished(primary.vertex("POST", f"endpoints?endpointId={name}", {"displayName": name}))

    answer = predict(primary, name, [1])

    assert answer.status_code == 400
    assert "no deployed model with traffic" in answer.json()["error"]["message"]


def test_an_operation_is_found_where_googles_rest_clients_poll_it(primary: Any, dr: Any) -> None:
    operation = primary.vertex("POST", "endpoints", {"displayName": "polled"}).json()

    polled = primary.call("GET", f"/aiplatform/ui/{operation['name']}").json()
    elsewhere = dr.call("GET", f"/aiplatform/ui/{operation['name']}")

    assert polled == operation
    assert elsewhere.status_code == 404
    primary.finished(primary.call("DELETE", f"/aiplatform/v1/{operation['response']['name']}"))


def test_googles_prediction_client_predicts_over_rest(primary: Any, endpoint: str) -> None:
    client = PredictionServiceClient(
        transport="rest",
        client_options={"api_endpoint": f"https://{primary.region}-aiplatform.googleapis.com"},
        credentials=primary.cloud.credentials,
    )

    answer = client.predict(endpoint=f"{primary.location}/endpoints/{endpoint}", instances=[Value(number_value=2)])

    assert list(answer.predictions) == [7]
    assert answer.model_version_id == "1"


def test_explanations_are_not_pretended(primary: Any, endpoint: str) -> None:
    answer = primary.vertex("POST", f"endpoints/{endpoint}:explain", {"instances": [1]})

    assert answer.status_code == 501
