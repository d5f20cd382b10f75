"""gcloud, with nothing but the variables of `localcloud env`, sees what is there."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.localcloud.deployed import PROBE, account, allow, archive, deploy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.running_cloud import RunningCloud

pytestmark = pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud (Google Cloud CLI) is not on PATH")


@pytest.fixture(scope="module")
def gcloud(cloud: RunningCloud, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    folder: Path = tmp_path_factory.mktemp("gcloud")
    settings = {"CLOUDSDK_CONFIG": str(folder), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1", "NO_COLOR": "1"}
    environment = {**os.environ, **cloud.env, **settings}

    def run(*arguments: str) -> str:
        command = ["gcloud", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_gcloud_lists_and_describes_functions(
    cloud: RunningCloud, gcloud: Callable[..., str], unique: Callable[[str], str]
) -> None:
    name = unique("listed")
    deploy(cloud, name, archive({"main.py": PROBE}))

    described = gcloud("functions", "describe", name, "--region", "europe-west4", "--format", "value(state)")
    assert name in gcloud("functions", "list", "--format", "value(name)")
    assert described.strip() == "ACTIVE"


def test_gcloud_runs_a_job(cloud: RunningCloud, gcloud: Callable[..., str], unique: Callable[[str], str]) -> None:
    name, caller = unique("target"), account(cloud, unique("clock"))
    uri = deploy(cloud, name, archive({"main.py": PROBE}))["response"]["url"]
    allow(cloud, name, f"serviceAccount:{caller}")
    parent = "/cloudscheduler/v1/projects/demo/locations/europe-west4/jobs"
    target = {"uri": uri, "oidcToken": {"serviceAccountEmail": caller}}
    job = {"name": f"projects/demo/locations/europe-west4/jobs/{name}", "schedule": "0 6 * * 1", "httpTarget": target}
    cloud.call("POST", parent, job)
    gcloud("scheduler", "jobs", "run", name, "--location", "europe-west4")

    while "lastAttemptTime" not in (found := cloud.call("GET", f"{parent}/{name}")[1]):
        pass
    assert found["status"] == {}
    assert name in gcloud("scheduler", "jobs", "list", "--location", "europe-west4", "--format", "value(name)")


def test_gcloud_reads_back_a_secret(
    cloud: RunningCloud, gcloud: Callable[..., str], unique: Callable[[str], str]
) -> None:
    name = unique("secret")
    secrets = "/secretmanager/v1/projects/demo/secrets"
    cloud.call("POST", f"{secrets}?secretId={name}", {"replication": {"automatic": {}}})
    cloud.call("POST", f"{secrets}/{name}:addVersion", {"payload": {"data": base64.b64encode(b"told").decode()}})

    assert gcloud("secrets", "versions", "access", "latest", "--secret", name) == "told"
    assert name in gcloud("secrets", "list", "--format", "value(name)")


def test_gcloud_lists_service_accounts(gcloud: Callable[..., str]) -> None:
    found = gcloud("iam", "service-accounts", "list", "--format", "value(email)")

    assert "operator@demo.iam.gserviceaccount.com" in found.split()
