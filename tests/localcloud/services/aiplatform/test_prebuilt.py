"""Google's prebuilt scikit-learn images: a model file is enough."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

import joblib
import pytest
from sklearn.linear_model import LinearRegression

from localcloud.runtime.serving.prebuilt import is_prebuilt

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE = "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest"


@pytest.mark.parametrize("kind", ["joblib", "pkl"])
def test_a_model_with_a_prebuilt_image_predicts_what_it_learnt(
    sdk: Any, primary: Any, unique: Callable[[str], str], kind: str
) -> None:
    model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    file = io.BytesIO()
    (joblib if kind == "joblib" else pickle).dump(model, file)
    folder = unique("sklearn")
    primary.write(f"{folder}/model.{kind}", file.getvalue())

    uploaded = sdk.Model.upload(
        display_name=folder,
        artifact_uri=f"gs://{primary.bucket}/{folder}",
        serving_container_image_uri=IMAGE,
    )
    endpoint = uploaded.deploy(machine_type="n1-standard-2")
    predictions = endpoint.predict([[3.0], [4.0]]).predictions

    assert predictions == pytest.approx(model.predict([[3.0], [4.0]]).tolist())
    endpoint.delete(force=True)


def test_a_folder_without_a_model_file_fails_the_deployment(primary: Any, unique: Callable[[str], str]) -> None:
    name = unique("empty")
    primary.write(f"{name}/notes.txt", "no model")
    primary.upload(primary.model(IMAGE, artifact=name), modelId=name)
    primary.finished(primary.vertex("POST", f"endpoints?endpointId={name}", {"displayName": name}))
    resources = {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}
    deployed = {"model": f"{primary.location}/models/{name}", "dedicatedResources": resources}

    operation = primary.finished(
        primary.vertex("POST", f"endpoints/{name}:deployModel", {"deployedModel": deployed, "trafficSplit": {"0": 100}})
    )

    assert "no model.joblib or model.pkl" in operation["error"]["message"]


def test_a_prebuilt_image_without_artifact_fails_the_upload(primary: Any) -> None:
    operation = primary.upload(primary.model(IMAGE, artifact=None))

    assert "a prebuilt image needs artifact_uri" in operation["error"]["message"]


@pytest.mark.parametrize(
    ("image", "is_taken"),
    [
        ("us-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-0:latest", True),
        ("asia-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-6@sha256:0", True),
        ("europe-docker.pkg.dev/vertex-ai/prediction/xgboost-cpu.1-6:latest", False),
        ("europe-west4-docker.pkg.dev/demo/vdr-images/sklearn-cpu.1-6:latest", False),
    ],
)
def test_only_scikit_learns_prebuilt_images_are_taken_for_such(image: str, *, is_taken: bool) -> None:
    assert is_prebuilt(image) is is_taken
