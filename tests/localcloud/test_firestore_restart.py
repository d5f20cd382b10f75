"""What was there when the cloud went down is there when a copy of its state comes up."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

from tests.localcloud.deployed import PROBE, allow, archive, deploy, invoke
from tests.running_cloud import LOCALCLOUD, RunningCloud, free_port_base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def running(state: Path, port_base: int) -> Iterator[RunningCloud]:
    place = ["--state", str(state)]
    manual = ["--scheduler", "manual"]
    subprocess.run([*LOCALCLOUD, "up", *place, "--port-base", str(port_base), *manual], check=True, timeout=90)
    try:
        yield RunningCloud(port_base)
    finally:
        subprocess.run([*LOCALCLOUD, "down", *place], check=False, timeout=60)  # one test kills it itself


def test_copied_state_serves_documents_functions_and_topics_again(tmp_path: Path) -> None:
    port_base = free_port_base(10700)
    document = "/firestore/v1/projects/demo/databases/kept/documents/selectors/diagnosis"
    databases = "/firestore/v1/projects/demo/databases?databaseId=kept"
    with running(tmp_path / "first", port_base) as cloud:
        cloud.call("POST", databases, {"type": "FIRESTORE_NATIVE", "locationId": "eur3"})
        cloud.call("PATCH", document, {"fields": {"epoch": {"integerValue": "3"}}})
        cloud.call("PUT", "/pubsub/v1/projects/demo/topics/gcr", {"labels": {"a": "b"}})
        uri = deploy(cloud, "kept", archive({"main.py": PROBE}))["response"]["url"]
        allow(cloud, "kept", "allUsers")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    shutil.rmtree(tmp_path / "first")

    with running(tmp_path / "second", port_base) as cloud:
        published, _ = cloud.call(
            "POST", "/pubsub/v1/projects/demo/topics/gcr:publish", {"messages": [{"data": "eA=="}]}
        )
        assert cloud.call("GET", document)[1]["fields"] == {"epoch": {"integerValue": "3"}}
        assert invoke(uri).json()["service"] == "kept"
        assert published == 200


def test_children_do_not_outlive_a_killed_cloud(tmp_path: Path) -> None:
    port_base = free_port_base(10700)
    with running(tmp_path, port_base) as cloud:
        uri = deploy(cloud, "orphan", archive({"main.py": PROBE}))["response"]["url"]
        allow(cloud, "orphan", "allUsers")
        invoke(uri)
        daemon = psutil.Process(int(cloud.admin("GET", "status")["pid"]))
        children = daemon.children(recursive=True)
        daemon.kill()

        _, alive = psutil.wait_procs(children, timeout=10)

    assert len(children) >= 4
    assert alive == []
