"""What users do with the provider beside applying: drift, imports, replacements, protection, interrupted applies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.errors import ProviderError
from tests.localcloud.callers import revoke

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.parity.cycle import Terraform
    from tests.running_cloud import RunningCloud


@pytest.fixture(scope="module")
def names(unique: Callable[[str], str]) -> dict[str, str]:
    return {kind: unique(kind) for kind in ("bucket", "topic", "secret", "job")}


@pytest.fixture(scope="module")
def configuration(names: dict[str, str]) -> str:
    return f"""
    resource "google_storage_bucket" "b" {{
      name     = "{names["bucket"]}"
      location = "europe-west4"
      labels   = {{ ours = "yes" }}
      versioning {{
        enabled = true
      }}
    }}

    resource "google_storage_bucket_object" "o" {{
      bucket  = google_storage_bucket.b.name
      name    = "a/b.txt"
      content = "one"
    }}

    resource "google_storage_bucket_iam_member" "m" {{
      bucket = google_storage_bucket.b.name
      role   = "roles/storage.objectViewer"
      member = "user:a@example.com"
    }}

    resource "google_pubsub_topic" "t" {{
      name   = "{names["topic"]}"
      labels = {{ ours = "yes" }}
    }}

    resource "google_secret_manager_secret" "s" {{
      secret_id = "{names["secret"]}"
      replication {{
        auto {{}}
      }}
    }}

    resource "google_cloud_scheduler_job" "j" {{
      name     = "{names["job"]}"
      schedule = "0 3 * * *"
      paused   = false
      pubsub_target {{
        topic_name = google_pubsub_topic.t.id
        data       = base64encode("x")
      }}
    }}
    """


@pytest.fixture(scope="module")
def applied(terraform: Callable[[str], Terraform], configuration: str) -> Terraform:
    """The configuration, applied; whoever changes something leaves it as it was."""
    made = terraform(configuration)
    made.run("apply", "-auto-approve")
    return made


def test_drift_is_seen_and_healed(applied: Terraform, cloud: RunningCloud, names: dict[str, str]):
    bucket, job = f"/storage/v1/b/{names['bucket']}", f"projects/demo/locations/europe-west4/jobs/{names['job']}"
    changes = [
        ("PATCH", bucket, {"versioning": {"enabled": False}, "labels": {"ours": "no", "theirs": "x"}}),
        ("POST", f"/cloudscheduler/v1/{job}:pause", {}),
        ("DELETE", f"/secretmanager/v1/projects/demo/secrets/{names['secret']}", None),
        ("POST", f"/upload/storage/v1/b/{names['bucket']}/o?name=a/b.txt&uploadType=media", "theirs"),
    ]
    for change in changes:
        status, answer = cloud.call(*change)
        assert status < 300, answer
    revoke(cloud, bucket, "roles/storage.objectViewer", "user:a@example.com")

    drifted = applied.plan("heal")
    applied.run("apply", "heal")

    assert drifted == {
        "google_cloud_scheduler_job.j": "update",
        "google_secret_manager_secret.s": "create",
        "google_storage_bucket.b": "update",
        "google_storage_bucket_iam_member.m": "create",
        "google_storage_bucket_object.o": "update",
    }
    assert applied.plan("again") == {}
    _, healed = cloud.call("GET", bucket)
    assert healed["versioning"] == {"enabled": True}
    assert healed["labels"] == {"goog-terraform-provisioned": "true", "ours": "yes", "theirs": "x"}


@pytest.mark.usefixtures("applied")
def test_what_exists_is_imported(terraform: Callable[[str], Terraform], configuration: str, names: dict[str, str]):
    ids = {
        "google_storage_bucket.b": names["bucket"],
        "google_storage_bucket_iam_member.m": f"b/{names['bucket']} roles/storage.objectViewer user:a@example.com",
        "google_pubsub_topic.t": names["topic"],
        "google_secret_manager_secret.s": f"projects/demo/secrets/{names['secret']}",
        "google_cloud_scheduler_job.j": f"demo/europe-west4/{names['job']}",
    }
    imports = "".join(f'import {{\n  to = {to}\n  id = "{one}"\n}}\n' for to, one in ids.items())
    made = terraform(configuration + imports)

    planned = made.plan("import")
    made.run("apply", "import")

    assert planned.pop("google_storage_bucket_object.o") == "create"
    assert set(planned.values()) <= {"import", "update"}
    assert made.plan("again") == {}


def test_change_that_cannot_be_made_in_place_replaces(
    terraform: Callable[[str], Terraform], unique: Callable[[str], str]
):
    made = terraform(
        f"""
        variable "format" {{}}

        provider "google" {{
          alias   = "dr"
          project = "demo"
          region  = "europe-west1"
        }}

        resource "google_artifact_registry_repository" "r" {{
          provider      = google.dr
          repository_id = "{unique("repository")}"
          format        = var.format
        }}

        resource "google_artifact_registry_repository_iam_member" "m" {{
          provider   = google.dr
          repository = google_artifact_registry_repository.r.id
          role       = "roles/artifactregistry.reader"
          member     = "user:a@example.com"
        }}
        """
    )
    made.run("apply", "-auto-approve", "-var=format=DOCKER")

    replaced = made.plan("replace", "-var=format=KFP")
    made.run("apply", "replace")

    assert replaced == {
        "google_artifact_registry_repository.r": "replace",
        "google_artifact_registry_repository_iam_member.m": "replace",
    }
    assert made.plan("again", "-var=format=KFP") == {}
    assert made.state()["google_artifact_registry_repository.r"]["location"] == "europe-west1"  # of the second provider


def test_what_is_protected_is_not_destroyed(
    terraform: Callable[[str], Terraform], cloud: RunningCloud, unique: Callable[[str], str]
):
    bucket, topic = unique("bucket"), unique("topic")
    made = terraform(
        f"""
        resource "google_secret_manager_secret" "prevented" {{
          secret_id       = "{unique("secret")}"
          deletion_policy = "PREVENT"
          replication {{
            auto {{}}
          }}
        }}

        resource "google_secret_manager_secret" "protected" {{
          secret_id           = "{unique("secret")}"
          deletion_protection = true
          replication {{
            auto {{}}
          }}
        }}

        resource "google_storage_bucket" "full" {{
          name     = "{bucket}"
          location = "EU"
        }}

        resource "google_pubsub_topic" "abandoned" {{
          name            = "{topic}"
          deletion_policy = "ABANDON"
        }}
        """
    )
    made.run("apply", "-auto-approve")
    cloud.call("POST", f"/upload/storage/v1/b/{bucket}/o?name=kept&uploadType=media", "x")

    with pytest.raises(ProviderError) as refused:
        made.run("destroy", "-no-color", "-auto-approve")

    said = " ".join(str(refused.value).replace("│", "").split())
    assert 'without setting deletion_policy="DELETE" and running `terraform apply`' in said
    assert "without setting deletion_protection=false and running `terraform apply`" in said
    assert "containing objects without `force_destroy` set to true" in said
    assert "google_pubsub_topic.abandoned" not in made.state()
    assert cloud.call("GET", f"/storage/v1/b/{bucket}/o/kept")[0] == 200
    assert cloud.call("GET", f"/pubsub/v1/projects/demo/topics/{topic}")[0] == 200


def test_apply_that_failed_halfway_is_repaired_by_the_next(
    terraform: Callable[[str], Terraform], cloud: RunningCloud, unique: Callable[[str], str]
):
    made = terraform(
        f"""
        resource "google_pubsub_topic" "t" {{
          name = "{unique("topic")}"
        }}

        resource "google_secret_manager_secret" "s" {{
          secret_id = "{unique("secret")}"
          replication {{
            auto {{}}
          }}
        }}
        """
    )
    cloud.admin("POST", "outage", {"region": "global", "api": "secretmanager"})
    try:
        with pytest.raises(ProviderError, match="is the local"):
            made.run("apply", "-no-color", "-auto-approve")
    finally:
        cloud.admin("POST", "heal", {"region": "global"})

    made.run("apply", "-auto-approve")

    assert made.plan("again") == {}


def test_secret_content_is_never_shown(terraform: Callable[[str], Terraform], unique: Callable[[str], str]):
    made = terraform(
        f"""
        resource "google_secret_manager_secret" "s" {{
          secret_id = "{unique("secret")}"
          replication {{
            auto {{}}
          }}
        }}

        resource "google_secret_manager_secret_version" "hidden" {{
          secret      = google_secret_manager_secret.s.id
          secret_data = "opensesame"
        }}

        resource "google_secret_manager_secret_version" "write_only" {{
          secret                 = google_secret_manager_secret.s.id
          secret_data_wo         = "nowhere"
          secret_data_wo_version = 1
        }}
        """
    )

    told = made.run("apply", "-auto-approve")

    assert "opensesame" not in told
    assert "nowhere" not in json.dumps(made.state())
    assert made.plan("again") == {}
