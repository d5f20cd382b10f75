"""A state directory is the whole cloud: what is deployed in it predicts again wherever it is started."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.running_cloud import free_port_base

if TYPE_CHECKING:
    from pathlib import Path

LOCALCLOUD = [sys.executable, "-m", "localcloud.cli"]
RESOURCES = {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}}
REGION = "europe-west4"


def localcloud(*words: str | Path | int) -> None:
    subprocess.run([*LOCALCLOUD, *map(str, words)], check=True, timeout=90)


def test_a_copied_state_directory_has_its_models_deployed_and_images_to_pull(
    tmp_path: Path, make_side: Any, unique: Any
) -> None:
    original, copy, port_base = tmp_path / "original", tmp_path / "copy", free_port_base(9200)
    localcloud("up", "--state", original, "--port-base", port_base, "--no-emulators")
    try:
        side = make_side(REGION, f"http://127.0.0.1:{port_base + 1}", f"http://127.0.0.1:{port_base}", unique("demo"))
        side.write("m/weights.json", '{"factor": 3}')
        image = side.push_server()
        side.upload(side.model(image, artifact="m"), modelId="lasting")
        side.finished(side.vertex("POST", "endpoints?endpointId=7", {"displayName": "lasting"}))
        model = {"model": f"{side.location}/models/lasting", **RESOURCES}
        deployment = {"deployedModel": model, "trafficSplit": {"0": 100}}
        side.finished(side.vertex("POST", "endpoints/7:deployModel", deployment))
    finally:
        localcloud("down", "--state", original)
    shutil.move(original, copy)

    localcloud("up", "--state", copy, "--port-base", port_base, "--no-emulators")
    try:
        answer = side.vertex("POST", "endpoints/7:predict", {"instances": [1]}).json()
        pulled = side.registry("GET", f"small/manifests/{image.partition('@')[2]}").status_code
    finally:
        localcloud("down", "--state", copy)

    assert answer["predictions"] == [4]
    assert answer["modelVersionId"] == "1"
    assert pulled == 200
