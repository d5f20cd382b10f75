"""What was there when the cloud went down is there when a copy of its state comes up."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.localcloud.deployed import PROBE, allow, archive, deploy
from tests.running_cloud import start_cloud, stop_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.running_cloud import RunningCloud

DATABASES = "/firestore/v1/projects/demo/databases"
DOCUMENT = f"{DATABASES}/kept/documents/selectors/diagnosis"
TOPIC = "/pubsub/v1/projects/demo/topics/gcr"


@contextmanager
def running(state: Path) -> Iterator[RunningCloud]:
    cloud = start_cloud(state, "--scheduler", "manual")
    try:
        yield cloud
    finally:
        stop_cloud(state, check=False)  # the last test has killed it


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud on the copied state of one that went down, where the function `kept` was deployed."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("copies") / "second"
    with running(first) as cloud:
        cloud.call("POST", f"{DATABASES}?databaseId=kept", {"type": "FIRESTORE_NATIVE", "locationId": "eur3"})
        cloud.call("PATCH", DOCUMENT, {"fields": {"epoch": {"integerValue": "3"}}})
        cloud.call("PUT", TOPIC, {"labels": {"a": "b"}})
        deploy(cloud, "kept", archive({"main.py": PROBE}))
        allow(cloud, "kept", "allUsers")
    shutil.copytree(first, second)
    shutil.rmtree(first)
    with running(second) as cloud:
        yield cloud


def invoke_kept(cloud: RunningCloud) -> str:
    return str(cloud.session.post("https://kept-123456789012.europe-west4.run.app").json()["service"])


def test_copied_state_has_its_documents(restarted: RunningCloud) -> None:
    assert restarted.call("GET", DOCUMENT)[1]["fields"] == {"epoch": {"integerValue": "3"}}


def test_copied_state_has_its_topics_and_moves_messages(restarted: RunningCloud) -> None:
    published, _ = restarted.call("POST", f"{TOPIC}:publish", {"messages": [{"data": "eA=="}]})

    assert published == 200
    assert restarted.call("GET", TOPIC)[1]["labels"] == {"a": "b"}


def test_copied_state_runs_its_functions(restarted: RunningCloud) -> None:
    assert invoke_kept(restarted) == "kept"


def test_children_do_not_outlive_a_killed_cloud(restarted: RunningCloud) -> None:
    """It ends the cloud of this module: it stays the last test here."""
    invoke_kept(restarted)
    daemon = psutil.Process(int(restarted.admin("GET", "status")["pid"]))
    children = daemon.children(recursive=True)
    daemon.kill()

    _, alive = psutil.wait_procs(children, timeout=10)
    assert len(children) >= 4
    assert alive == []
