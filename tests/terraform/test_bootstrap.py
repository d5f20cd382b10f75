"""The state buckets are made once, mended when they differ, and never taken from somebody else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from google.cloud import storage

from tests.running_cloud import exported

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def client(cloud_environment: dict[str, str]) -> Iterator[storage.Client]:
    with exported(cloud_environment):
        yield storage.Client(project="demo")


def bootstrap(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "scripts" / "bootstrap"), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_the_state_buckets_are_private_versioned_and_in_their_own_places(
    cloud_environment: dict[str, str], client: storage.Client
) -> None:
    done = bootstrap(cloud_environment, "demo", "--prefix", "fst")

    assert done.returncode == 0, done.stderr
    for name, location in [("global", "EU"), ("europe-west4", "EUROPE-WEST4"), ("europe-west1", "EUROPE-WEST1")]:
        bucket = client.get_bucket(f"demo-fst-tfstate-{name}")
        assert bucket.location == location
        assert bucket.versioning_enabled
        assert bucket.iam_configuration.uniform_bucket_level_access_enabled
        assert bucket.soft_delete_policy.retention_duration_seconds == 30 * 24 * 3600


def test_repeating_changes_nothing_and_mends_what_was_changed(
    cloud_environment: dict[str, str], client: storage.Client
) -> None:
    bootstrap(cloud_environment, "demo", "--prefix", "rep")
    changed = client.get_bucket("demo-rep-tfstate-global")
    changed.versioning_enabled = False
    changed.patch()

    again = bootstrap(cloud_environment, "demo", "--prefix", "rep")

    assert again.returncode == 0, again.stderr
    assert "demo-rep-tfstate-global in EU: brought up to date" in again.stdout
    assert "demo-rep-tfstate-europe-west4 in EUROPE-WEST4: there already" in again.stdout
    assert client.get_bucket("demo-rep-tfstate-global").versioning_enabled


def test_a_bucket_in_another_place_is_refused_with_what_to_do(
    cloud_environment: dict[str, str], client: storage.Client
) -> None:
    client.create_bucket("demo-far-tfstate-europe-west4", location="europe-west1")

    refused = bootstrap(cloud_environment, "demo", "--prefix", "far")

    assert refused.returncode == 2
    assert "demo-far-tfstate-europe-west4" in refused.stderr
    assert "it is in EUROPE-WEST1, and must be in EUROPE-WEST4" in refused.stderr


def test_the_buckets_of_a_project_can_lie_in_another(cloud_environment: dict[str, str], client: storage.Client) -> None:
    done = bootstrap(cloud_environment, "shop-prod", "--prefix", "sta", "--state-project", "demo")

    assert done.returncode == 0, done.stderr
    assert client.get_bucket("shop-prod-sta-tfstate-global").location == "EU"


def test_one_region_for_both_sides_is_refused(cloud_environment: dict[str, str]) -> None:
    refused = bootstrap(cloud_environment, "demo", "--dr", "europe-west4")

    assert refused.returncode == 2
    assert "must be two regions, got europe-west4 twice" in refused.stderr
