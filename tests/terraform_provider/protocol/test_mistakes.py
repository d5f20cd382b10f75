"""What the provider says to a configuration that cannot work, and that Terraform's own tests run with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.parity.cycle import Terraform


def test_unknown_type_is_told_beside_the_types_that_are_known(terraform: Callable[[str], Terraform]):
    made = terraform('resource "google_redis_instance" "r" {\n  name = "r"\n}')

    with pytest.raises(ProviderError) as refused:
        made.run("validate", "-no-color")

    said = " ".join(str(refused.value).replace("│", "").split())
    assert 'does not support resource type "google_redis_instance"' in said
    assert "knows only the types of localcloud/terraform_provider/schemas/resource_types.py" in said


def test_no_proxy_is_one_clear_line(terraform: Callable[[str], Terraform]):
    made = terraform('resource "google_pubsub_topic" "t" {\n  name = "t"\n}')
    bare = {name: text for name, text in made.environment.items() if name.lower() != "https_proxy"}

    done = subprocess.run(
        ["terraform", "plan", "-no-color"], cwd=made.directory, env=bare, check=False, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "never talks to Google: HTTPS_PROXY is not set" in " ".join(done.stderr.replace("│", "").split())


def test_mistakes_are_found_without_a_cloud(terraform: Callable[[str], Terraform]):
    made = terraform(
        """
        resource "google_cloud_scheduler_job" "j" {
          name = "j"
        }

        resource "google_firestore_database" "d" {
          name        = "d"
          location_id = "eur3"
          type        = "MONGO"
        }
        """
    )

    found = json.loads(made.run("validate", "-json", accepted=(1,)))

    errors = sorted(one["summary"] for one in found["diagnostics"] if one["severity"] == "error")
    assert errors == [
        '"app_engine_http_target": one of `app_engine_http_target,http_target,pubsub_target` must be specified',
        'expected type to be one of ["FIRESTORE_NATIVE" "DATASTORE_MODE"], got MONGO',
    ]


def test_terraforms_own_tests_run_with_a_mocked_provider(terraform: Callable[[str], Terraform]):
    made = terraform('resource "google_pubsub_topic" "t" {\n  name = "t"\n}')
    (made.directory / "topic.tftest.hcl").write_text(
        """
        mock_provider "google" {}

        run "topic" {
          assert {
            condition     = google_pubsub_topic.t.name == "t"
            error_message = "The topic has another name."
          }
        }
        """
    )

    assert "1 passed, 0 failed" in made.run("test", "-no-color")


def test_parity_says_loudly_that_nothing_was_compared():
    environment = {name: text for name, text in os.environ.items() if name != "REAL_PROVIDER"}
    command = [sys.executable, "-m", "localcloud.terraform_provider.parity"]

    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

    assert done.returncode == 0
    assert "SKIPPED: the stand-in provider was compared with NOTHING" in done.stderr
