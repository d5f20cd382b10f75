"""Terraform's own state backend on the local cloud: state by the root path, real locks."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud import storage

    from tests.running_cloud import RunningCloud

CONFIGURATION = """
terraform {
  backend "gcs" {
    bucket = "%s"
    prefix = "env/global"
  }
}
variable "content" {
  type    = string
  default = "first"
}
resource "terraform_data" "kept" {
  input = var.content
}
"""
LOCK = "env/global/default.tflock"
EMPTY_PLAN, CHANGES_IN_PLAN = 0, 2

Terraform = "Callable[..., subprocess.CompletedProcess[str]]"


@pytest.fixture
def terraform(cloud: RunningCloud, versioned: storage.Bucket, tmp_path: Path) -> Terraform:
    (tmp_path / "main.tf").write_text(CONFIGURATION % versioned.name)
    (tmp_path / "empty.tfrc").touch()
    env = dict(os.environ) | cloud.env | {"TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc"), "TF_IN_AUTOMATION": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *arguments, "-no-color"]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120)

    assert run("init", "-input=false").returncode == 0
    return run


def test_state_is_kept_in_the_bucket_and_read_again(terraform: Terraform, versioned: storage.Bucket):
    assert terraform("apply", "-auto-approve").returncode == 0

    again = terraform("plan", "-detailed-exitcode")
    changed = terraform("plan", "-detailed-exitcode", "-var=content=second")

    assert (again.returncode, changed.returncode) == (EMPTY_PLAN, CHANGES_IN_PLAN)
    assert [blob.name for blob in versioned.list_blobs()] == ["env/global/default.tfstate"]


def test_a_held_lock_refuses_an_apply_until_it_is_forced_open(terraform: Terraform, versioned: storage.Bucket):
    lock = versioned.blob(LOCK)
    lock.upload_from_string('{"ID":"abc","Operation":"apply","Who":"someone","Version":"1","Path":""}')

    refused = terraform("apply", "-auto-approve")
    forced = terraform("force-unlock", "-force", str(lock.generation))
    applied = terraform("apply", "-auto-approve")

    assert refused.returncode == 1
    assert "someone" in refused.stderr
    assert (forced.returncode, applied.returncode) == (0, 0)
    assert not versioned.blob(LOCK).exists()
