"""Endpoints, deployments and traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

RESOURCES = {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}}


class Deployable:
    """A model with two versions (factor 3 and 5) and an endpoint."""

    def __init__(self, side: Any, model: str, endpoint: str) -> None:
        self.side, self.model, self.endpoint = side, model, endpoint

    def deploy(self, version: str, **fields: Any) -> dict[str, Any]:
        model = {"model": f"{self.side.location}/models/{self.model}@{version}", **RESOURCES}
        answer = self.side.vertex("POST", f"endpoints/{self.endpoint}:deployModel", {"deployedModel": model, **fields})
        return self.side.finished(answer)["response"]["deployedModel"]

    def read(self) -> dict[str, Any]:
        return self.side.vertex("GET", f"endpoints/{self.endpoint}").json()

    def call(self, verb: str, body: dict[str, Any]) -> Any:
        return self.side.vertex("POST", f"endpoints/{self.endpoint}:{verb}", body)


@pytest.fixture
def deployable(primary: Any, server_image: str, unique: Callable[[str], str]) -> Any:
    model, endpoint = unique("model"), unique("e")
    primary.upload(primary.model(server_image, artifact="factor-3"), modelId=model)
    parent = f"{primary.location}/models/{model}"
    primary.upload(primary.model(server_image, artifact="factor-5"), parentModel=parent)
    primary.finished(primary.vertex("POST", f"endpoints?endpointId={endpoint}", {"displayName": endpoint}))
    made = Deployable(primary, model, endpoint)
    yield made
    for deployed in made.read().get("deployedModels", []):
        primary.finished(made.call("undeployModel", {"deployedModelId": deployed["id"], "trafficSplit": {}}))


def test_traffic_follows_the_split(deployable: Any) -> None:
    first = deployable.deploy("1", trafficSplit={"0": 100})
    second = deployable.deploy("2", trafficSplit={"0": 100, first["id"]: 0})

    answer = deployable.call("predict", {"instances": [1]}).json()

    assert answer["predictions"] == [6]
    assert answer["deployedModelId"] == second["id"]
    assert answer["modelVersionId"] == "2"
    assert answer["modelDisplayName"] == "small"
    assert deployable.read()["trafficSplit"] == {second["id"]: 100}


@pytest.mark.parametrize("split", [{"0": 90}, {"0": 50, "nobody": 50}, {"0": 150, "nobody": -50}])
def test_a_split_that_is_not_whole_is_refused(deployable: Any, split: dict[str, int]) -> None:
    model = {"model": f"{deployable.side.location}/models/{deployable.model}", **RESOURCES}

    answer = deployable.call("deployModel", {"deployedModel": model, "trafficSplit": split})

    assert answer.status_code == 400
    assert "traffic_split" in answer.json()["error"]["message"]


def test_a_deployed_model_with_traffic_is_not_undeployed_while_another_stays(deployable: Any) -> None:
    first = deployable.deploy("1", trafficSplit={"0": 100})
    second = deployable.deploy("2")

    refused = deployable.call("undeployModel", {"deployedModelId": first["id"]})
    moved = deployable.call("undeployModel", {"deployedModelId": first["id"], "trafficSplit": {second["id"]: 100}})
    deployable.side.finished(moved)

    assert refused.status_code == 400
    assert [one["id"] for one in deployable.read()["deployedModels"]] == [second["id"]]
    assert deployable.call("predict", {"instances": [1]}).json()["predictions"] == [6]


def test_a_deployed_version_and_a_used_endpoint_cannot_be_deleted(deployable: Any) -> None:
    deployable.deploy("2", trafficSplit={"0": 100})

    version = deployable.side.vertex("DELETE", f"models/{deployable.model}@2:deleteVersion")
    model = deployable.side.vertex("DELETE", f"models/{deployable.model}")
    endpoint = deployable.side.vertex("DELETE", f"endpoints/{deployable.endpoint}")

    assert [version.status_code, model.status_code, endpoint.status_code] == [400, 400, 400]
    assert "undeploy it first" in model.json()["error"]["message"]


def test_a_model_shows_where_it_is_deployed(deployable: Any) -> None:
    deployed = deployable.deploy("2")

    found = deployable.side.vertex("GET", f"models/{deployable.model}@2").json()["deployedModels"]

    name = f"{deployable.side.location}/endpoints/{deployable.endpoint}"
    assert found == [{"endpoint": name, "deployedModelId": deployed["id"]}]
    assert "deployedModels" not in deployable.side.vertex("GET", f"models/{deployable.model}@1").json()


def test_a_patch_moves_traffic_and_leaves_deployments_alone(deployable: Any) -> None:
    first, second = deployable.deploy("1", trafficSplit={"0": 100}), deployable.deploy("2")
    path = f"endpoints/{deployable.endpoint}"

    moved = deployable.side.vertex("PATCH", f"{path}?updateMask=trafficSplit", {"trafficSplit": {second["id"]: 100}})
    wrong = deployable.side.vertex("PATCH", f"{path}?updateMask=trafficSplit", {"trafficSplit": {"9": 100}})

    assert moved.json()["trafficSplit"] == {second["id"]: 100}
    assert [one["id"] for one in moved.json()["deployedModels"]] == [first["id"], second["id"]]
    assert wrong.status_code == 400


def test_replica_counts_of_a_deployed_model_can_change(deployable: Any) -> None:
    deployed = deployable.deploy("1", trafficSplit={"0": 100})
    scale = {"id": deployed["id"], "dedicatedResources": {"minReplicaCount": 1, "maxReplicaCount": 3}}

    change = {"deployedModel": scale, "updateMask": "dedicatedResources.maxReplicaCount"}
    deployable.side.finished(deployable.call("mutateDeployedModel", change))

    found = deployable.read()["deployedModels"][0]["dedicatedResources"]
    assert (found["minReplicaCount"], found["maxReplicaCount"]) == (1, 3)


def test_a_deployment_without_a_machine_type_is_refused(deployable: Any) -> None:
    model = {"model": f"{deployable.side.location}/models/{deployable.model}"}

    answer = deployable.call("deployModel", {"deployedModel": model})

    assert answer.status_code == 400
    assert "machine_spec.machine_type" in answer.json()["error"]["message"]


def test_a_server_that_cannot_start_fails_the_deployment_with_its_last_words(
    deployable: Any, server_image: str
) -> None:
    side = deployable.side
    side.write("broken/weights.json", '{"broken": true}')
    parent = f"{side.location}/models/{deployable.model}"
    version = side.upload(side.model(server_image, artifact="broken"), parentModel=parent)["response"]["modelVersionId"]

    model = {"model": f"{parent}@{version}", **RESOURCES}
    operation = side.finished(deployable.call("deployModel", {"deployedModel": model, "trafficSplit": {"0": 100}}))

    assert "the weights are broken" in operation["error"]["message"]
    assert "deployedModels" not in deployable.read()
