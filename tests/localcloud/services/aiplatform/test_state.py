"""A state directory is the whole cloud: what is deployed in it predicts again wherever it is started."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from tests.running_cloud import start_cloud, stop_cloud

if TYPE_CHECKING:
    from pathlib import Path

RESOURCES = {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}}
REGION = "europe-west4"


def test_a_copied_state_directory_has_its_models_deployed_and_images_to_pull(
    tmp_path: Path, make_side: Any, unique: Any
) -> None:
    original, copy = tmp_path / "original", tmp_path / "copy"
    cloud = start_cloud(original, "--no-emulators")
    try:
        side = make_side(cloud, REGION, unique("demo"))
        side.write("m/weights.json", '{"factor": 3}')
        image = side.push_server()
        side.upload(side.model(image, artifact="m"), modelId="lasting")
        side.finished(side.vertex("POST", "endpoints?endpointId=7", {"displayName": "lasting"}))
        model = {"model": f"{side.location}/models/lasting", **RESOURCES}
        deployment = {"deployedModel": model, "trafficSplit": {"0": 100}}
        side.finished(side.vertex("POST", "endpoints/7:deployModel", deployment))
    finally:
        stop_cloud(original)
    shutil.move(original, copy)

    copied = start_cloud(copy, "--no-emulators")
    try:
        side = make_side(copied, REGION, side.bucket)
        answer = side.vertex("POST", "endpoints/7:predict", {"instances": [1]}).json()
        pulled = side.registry("GET", f"small/manifests/{image.partition('@')[2]}").status_code
    finally:
        stop_cloud(copy)

    assert answer["predictions"] == [4]
    assert answer["modelVersionId"] == "1"
    assert pulled == 200
