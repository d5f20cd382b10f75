"""Every resource type is created, planned again, changed in place and destroyed by Terraform on the local cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.parity.comparison import mutations
from localcloud.terraform_provider.parity.cycle import STEPS
from localcloud.terraform_provider.schemas.resource_types import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.parity.cycle import Cycle

GOLDEN = Path(__file__).parent / "golden"
CHANGED_IN_PLACE = {
    "google_artifact_registry_repository",
    "google_cloud_scheduler_job",
    "google_cloudbuild_trigger",
    "google_cloudfunctions2_function",
    "google_firestore_database",
    "google_project_iam_custom_role",
    "google_project_service",
    "google_pubsub_topic",
    "google_secret_manager_secret",
    "google_secret_manager_secret_version",
    "google_service_account",
    "google_storage_bucket",
    "google_storage_bucket_object",
    "google_vertex_ai_endpoint",
}  # nothing of an IAM membership can change in place


def of_type(planned: dict[str, str], resource_type: str) -> set[str]:
    return {action for address, action in planned.items() if address.partition(".")[0] == resource_type}


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_type_is_created(cycle: Cycle, resource_type: str):
    assert of_type(cycle.plans["create"], resource_type) == {"create"}


@pytest.mark.parametrize("step", ["create", "update"])
@pytest.mark.parametrize("resource_type", RESOURCES)
def test_type_plans_nothing_after_apply(cycle: Cycle, resource_type: str, step: str):
    assert any(address.startswith(f"{resource_type}.") for address in cycle.states[step])
    assert of_type(cycle.replans[step], resource_type) == set()


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_type_changes_in_place_where_its_api_can(cycle: Cycle, resource_type: str):
    expected = {"update"} if resource_type in CHANGED_IN_PLACE else set()

    assert of_type(cycle.plans["update"], resource_type) == expected


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_type_is_destroyed(cycle: Cycle, resource_type: str):
    assert of_type(cycle.plans["destroy"], resource_type) == {"delete"}


@pytest.mark.parametrize("step", STEPS)
def test_requests_are_the_ones_that_were_held_against_the_real_provider(
    cycle: Cycle, step: str, golden: Callable[[Path, str], None]
):
    """Before accepting other requests, run `make provider-parity`: these equal the real provider's."""
    found = "".join(f"{json.dumps(made, sort_keys=True)}\n" for made in mutations(cycle.requests[step]))

    golden(GOLDEN / "requests" / f"{step}.jsonl", found)


def test_no_operation_is_left_in_a_wait(cycle: Cycle):
    asked = [request.path for step in STEPS for request in cycle.requests[step] if "/operations/" in request.path]

    assert len(asked) < 60
