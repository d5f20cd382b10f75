"""The prediction server of the serving image, as its container would run it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples.diagnosis.training import train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_cloud import RunningCloud

SERVER = Path("examples/diagnosis/serving/server.py").resolve()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    train(folder, "second", regularisation=1.0)
    return folder / "second"


@pytest.fixture(scope="module")
def bucket(cloud: RunningCloud, trained: Path, unique: Callable[[str], str]) -> str:
    """The trained artifact in Cloud Storage."""
    name = unique("models")
    cloud.call("POST", "/storage/v1/b?project=demo", {"name": name, "location": cloud.primary})
    for file in (trained / "artifact").iterdir():
        place = cloud.url(f"/upload/storage/v1/b/{name}/o?uploadType=media&name=diagnosis%2F{file.name}")
        cloud.session.post(place, data=file.read_bytes()).raise_for_status()
    return name


def start(cloud: RunningCloud, uri: str) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        **cloud.env,
        "AIP_HTTP_PORT": "0",  # the kernel gives one, and the first line of its log tells which
        "AIP_HEALTH_ROUTE": "/health",
        "AIP_PREDICT_ROUTE": "/predict",
        "AIP_STORAGE_URI": uri,
        "SERVING_HOST": "127.0.0.1",
    }
    return subprocess.Popen([sys.executable, SERVER], env=environment, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def server(cloud: RunningCloud, bucket: str) -> Iterator[http.client.HTTPConnection]:
    process = start(cloud, f"gs://{bucket}/diagnosis")
    assert process.stderr is not None
    said, _, port = process.stderr.readline().strip().rpartition(" on port ")
    assert said.startswith("serving gs://")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    yield connection
    connection.close()
    process.terminate()
    assert process.wait(10) == 0


def ask(server: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    server.request(method, path, body=None if body is None else json.dumps(body))
    answer = server.getresponse()
    return answer.status, json.loads(answer.read())


def test_the_health_route_tells_which_model_is_loaded(server: http.client.HTTPConnection) -> None:
    status, body = ask(server, "GET", "/health")

    assert (status, body["model"]["name"]) == (200, "second")


def test_predictions_are_the_golden_ones_of_training(server: http.client.HTTPConnection, trained: Path) -> None:
    golden = json.loads((trained / "golden.json").read_text())

    status, body = ask(server, "POST", "/predict", {"instances": golden["instances"]})

    assert status == 200
    assert body["predictions"] == [pytest.approx(row, abs=golden["tolerance"]) for row in golden["predictions"]]


@pytest.mark.parametrize("body", [{}, {"instances": [[1, 2]]}, {"instances": "x"}, {"instances": [["a"] * 30]}])
def test_instances_that_do_not_fit_are_a_400_and_the_connection_stays(
    body: dict[str, Any], server: http.client.HTTPConnection
) -> None:
    status, answer = ask(server, "POST", "/predict", body)

    assert (status, "cannot predict" in answer["error"]) == (400, True)
    assert ask(server, "GET", "/health")[0] == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_names_the_right_one(method: str, server: http.client.HTTPConnection) -> None:
    status, body = ask(server, method, "/v1/elsewhere", {} if method == "POST" else None)

    assert status == 404
    assert "/health" in body["error"] or "/predict" in body["error"]


def test_a_folder_without_a_model_ends_the_server_with_its_reason(cloud: RunningCloud) -> None:
    process = start(cloud, "gs://elsewhere/diagnosis")

    _, said = process.communicate(timeout=30)

    assert process.returncode != 0
    assert "elsewhere" in said.splitlines()[-1]
