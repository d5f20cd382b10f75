"""What a user does with Google's own SDK: upload, versions, deploy, predict, export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import GoogleAPICallError

if TYPE_CHECKING:
    from collections.abc import Callable

ROUTES = {"serving_container_predict_route": "/predict", "serving_container_health_route": "/health"}


def _upload(sdk: Any, primary: Any, image: str, artifact: str = "factor-3", **fields: Any) -> Any:
    return sdk.Model.upload(
        display_name=fields.pop("display_name", "small"),
        artifact_uri=f"gs://{primary.bucket}/{artifact}",
        serving_container_image_uri=image,
        **ROUTES,
        **fields,
    )


def test_an_uploaded_model_is_deployed_and_predicts(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    model = _upload(sdk, primary, server_image, model_id=unique("model"))
    endpoint = sdk.Endpoint.create(display_name=unique("endpoint"))

    endpoint.deploy(model, machine_type="n1-standard-2", min_replica_count=1, traffic_percentage=100)
    prediction = endpoint.predict([1, 2.5])

    assert prediction.predictions == [4.0, 8.5]
    assert prediction.model_version_id == "1"
    assert prediction.model_resource_name == model.resource_name
    assert [deployed.id for deployed in endpoint.list_models()] == [prediction.deployed_model_id]
    endpoint.delete(force=True)


def test_versions_carry_aliases_descriptions_and_labels(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    first = _upload(
        sdk, primary, server_image, model_id=unique("model"), version_aliases=["blue"], labels={"stage": "one"}
    )
    second = _upload(
        sdk,
        primary,
        server_image,
        parent_model=first.resource_name,
        is_default_version=False,
        version_aliases=["green"],
        version_description="better",
    )

    first.versioning_registry.add_version_aliases(["candidate"], version="2")
    first.versioning_registry.remove_version_aliases(["green"], version="2")
    versions = {info.version_id: info for info in first.versioning_registry.list_versions()}

    assert second.version_id == "2"
    assert sorted(versions["1"].version_aliases) == ["blue", "default"]
    assert versions["2"].version_aliases == ["candidate"]
    assert versions["2"].version_description == "better"
    assert sdk.Model(first.resource_name, version="candidate").version_id == "2"
    assert sdk.Model(first.resource_name).version_id == "1"
    assert first.labels == {"stage": "one"}


def test_a_new_default_version_takes_the_alias_from_the_old_one(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    first = _upload(sdk, primary, server_image, model_id=unique("model"))

    second = _upload(sdk, primary, server_image, parent_model=first.resource_name)

    assert "default" in second.version_aliases
    assert sdk.Model(first.resource_name, version="1").version_aliases == []


def test_an_export_makes_a_folder_of_its_own(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    model = _upload(sdk, primary, server_image, model_id=unique("model"))

    output = model.export_model("custom-trained", artifact_destination=f"gs://{primary.bucket}/exports")

    folder = output["artifactOutputUri"]
    prefix = f"gs://{primary.bucket}/exports/model-{model.name}/custom-trained/"
    assert folder.startswith(prefix)
    name = folder.removeprefix(f"gs://{primary.bucket}/") + "/weights.json"
    copied = primary.call("GET", f"/download/storage/v1/b/{primary.bucket}/o/{name.replace('/', '%2F')}?alt=media")
    assert copied.json() == {"factor": 3}


def test_an_upload_without_artifact_files_fails_in_its_operation(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    with pytest.raises(GoogleAPICallError, match="no files under the artifact directory"):
        _upload(sdk, primary, server_image, artifact="nothing-here", model_id=unique("model"))


def test_raw_predictions_say_which_model_gave_them(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    model = _upload(sdk, primary, server_image, model_id=unique("model"))
    endpoint = sdk.Endpoint.create(display_name=unique("endpoint"))
    endpoint.deploy(model, machine_type="n1-standard-2", min_replica_count=1)

    path = f"/aiplatform/v1/{endpoint.resource_name}:rawPredict"
    answer = primary.call("POST", path, {"instances": [1]})

    assert answer.json() == {"predictions": [4]}
    assert answer.headers["X-Vertex-AI-Model-Version-Id"] == "1"
    assert answer.headers["X-Vertex-AI-Model"] == model.resource_name
    endpoint.delete(force=True)


def test_a_model_can_be_renamed_and_deleted(
    sdk: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    model = _upload(sdk, primary, server_image, model_id=unique("model"))

    model.update(display_name="renamed", description="said", labels={"a": "b"})
    found = sdk.Model.list(filter='display_name="renamed"')
    model.delete()

    assert [one.resource_name for one in found] == [model.resource_name]
    assert json.loads(primary.vertex("GET", f"models/{model.name}").text)["error"]["status"] == "NOT_FOUND"
