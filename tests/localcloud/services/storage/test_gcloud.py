"""`gcloud storage` on the local cloud, with nothing but what `localcloud env` prints."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.running_cloud import RunningCloud

Gcloud = "Callable[..., str]"


@pytest.fixture
def gcloud(cloud: RunningCloud, tmp_path: Path) -> Gcloud:
    env = dict(os.environ) | cloud.env | {"CLOUDSDK_CONFIG": str(tmp_path / "gcloud")}

    def run(*arguments: str) -> str:
        command = ["gcloud", "storage", *arguments, "--quiet"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_gcloud_makes_a_bucket_and_copies_in_and_out(gcloud: Gcloud, unique: Callable[[str], str], tmp_path: Path):
    bucket = f"gs://{unique('gcloud')}"
    (tmp_path / "note.txt").write_text("kept\n")

    gcloud("buckets", "create", bucket, "--location=europe-west1")
    gcloud("cp", str(tmp_path / "note.txt"), f"{bucket}/folder/note.txt")

    assert f"{bucket}/" in gcloud("buckets", "list", "--format=value(storage_url)").split()
    assert gcloud("cat", f"{bucket}/folder/note.txt") == "kept\n"
