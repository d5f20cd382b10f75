"""One module is applied for real by pytest-terraform, and looked at with Google's own client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import storage
from pytest_terraform import terraform

from tests.running_cloud import exported
from tests.terraform.tree import provider_configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = Path(__file__).parent / "applied_bucket"
NAME = "demo-applied-bucket"


@pytest.fixture(scope="module", autouse=True)
def _terraform_finds_the_cloud(cloud_environment: dict[str, str]) -> Iterator[None]:
    """Give pytest-terraform its environment before its fixture runs, and take its leavings away."""
    lock = MODULE / ".terraform.lock.hcl"
    lock.unlink(missing_ok=True)  # another provider may have written it
    with exported(cloud_environment), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_CLI_CONFIG_FILE", provider_configuration())
        patch.setenv("TF_VAR_name", NAME)
        yield
    lock.unlink(missing_ok=True)
    (MODULE / "tf_resources.json").unlink(missing_ok=True)


@pytest.fixture
def bucket() -> storage.Bucket:
    return storage.Client(project="demo").get_bucket(NAME)


@terraform("applied_bucket")  # type: ignore[untyped-decorator] # publishes no types
def test_the_applied_bucket_is_what_the_module_promises(applied_bucket: Any, request: pytest.FixtureRequest) -> None:
    found: storage.Bucket = request.getfixturevalue("bucket")

    assert applied_bucket.resources["google_storage_bucket"]["artifacts"]["name"] == found.name
    assert found.location == "EUROPE-WEST4"
    assert found.versioning_enabled
    assert found.iam_configuration.uniform_bucket_level_access_enabled
    assert found.iam_configuration.public_access_prevention == "enforced"
    assert found.soft_delete_policy.retention_duration_seconds == 7 * 24 * 3600
    assert [rule["action"]["type"] for rule in found.lifecycle_rules] == [
        "Delete",
        "Delete",
        "AbortIncompleteMultipartUpload",
    ]
    granted = [b for b in found.get_iam_policy(requested_policy_version=3).bindings if b["role"].endswith("objectUser")]
    assert [b["condition"]["title"] for b in granted] == ["under exports/"]


def test_the_bucket_is_gone_after_the_test() -> None:
    assert storage.Client(project="demo").lookup_bucket(NAME) is None
