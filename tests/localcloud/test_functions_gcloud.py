"""gcloud, with nothing but the variables of `localcloud env`, sees what is there."""

from __future__ import annotations

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
    place = ("--location", "europe-west4")
    gcloud(
        *("scheduler", "jobs", "create", "http", name, *place, "--schedule", "0 6 * * 1"),
        *("--uri", uri, "--oidc-service-account-email", caller),
    )
    gcloud("scheduler", "jobs", "run", name, *place)

    path = f"/cloudscheduler/v1/projects/demo/locations/europe-west4/jobs/{name}"
    while "lastAttemptTime" not in (job := cloud.call("GET", path)[1]):
        pass
    assert job["status"] == {}
    assert name in gcloud("scheduler", "jobs", "list", *place, "--format", "value(name)")


def test_gcloud_reads_back_a_secret(gcloud: Callable[..., str], unique: Callable[[str], str], tmp_path: Path) -> None:
    name = unique("secret")
    (tmp_path / "payload").write_text("told to gcloud")
    gcloud("secrets", "create", name, "--replication-policy", "automatic", "--data-file", str(tmp_path / "payload"))

    assert gcloud("secrets", "versions", "access", "latest", "--secret", name) == "told to gcloud"
    assert name in gcloud("secrets", "list", "--format", "value(name)")


def test_gcloud_lists_service_accounts(gcloud: Callable[..., str]) -> None:
    found = gcloud("iam", "service-accounts", "list", "--format", "value(email)")

    assert "operator@demo.iam.gserviceaccount.com" in found.split()
