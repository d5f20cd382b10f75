"""Policies of the project are kept, and the one in force is told; without one, the constraint's default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.localcloud.callers import PROJECT, grant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_cloud import RunningCloud

POLICIES = "/orgpolicy/v2/projects/demo/policies"
LOCATIONS = "gcp.resourceLocations"


@pytest.fixture(autouse=True)
def _administrator(cloud: RunningCloud) -> None:
    """An owner may read policies of organisations; who sets them has a role for it."""
    operator = "serviceAccount:operator@demo.iam.gserviceaccount.com"
    grant(cloud, PROJECT, "roles/orgpolicy.policyAdmin", operator)


@pytest.fixture
def restricted(cloud: RunningCloud) -> Iterator[RunningCloud]:
    """The cloud while the project's locations are restricted."""
    rules = [{"values": {"allowedValues": ["in:eu-locations"]}}]
    body = {"name": f"projects/demo/policies/{LOCATIONS}", "spec": {"rules": rules}}
    assert cloud.call("POST", POLICIES, body)[0] == 200
    yield cloud
    assert cloud.call("DELETE", f"{POLICIES}/{LOCATIONS}")[0] == 200


@pytest.mark.parametrize(
    ("constraint", "rule"),
    [(LOCATIONS, {"allowAll": True}), ("iam.disableServiceAccountCreation", {"enforce": False})],
)
def test_a_constraint_without_a_policy_has_its_default(
    cloud: RunningCloud, constraint: str, rule: dict[str, bool]
) -> None:
    status, found = cloud.call("GET", f"{POLICIES}/{constraint}:getEffectivePolicy")

    assert (status, found["spec"]["rules"]) == (200, [rule])


def test_a_policy_of_the_project_is_in_force_until_it_is_deleted(restricted: RunningCloud) -> None:
    _, found = restricted.call("GET", f"{POLICIES}/{LOCATIONS}:getEffectivePolicy")

    assert found["name"] == f"projects/123456789012/policies/{LOCATIONS}"
    assert found["spec"]["rules"] == [{"values": {"allowedValues": ["in:eu-locations"]}}]


def test_a_policy_is_made_once(restricted: RunningCloud) -> None:
    body = {"name": f"projects/demo/policies/{LOCATIONS}", "spec": {"rules": [{"allowAll": True}]}}

    assert restricted.call("POST", POLICIES, body)[0] == 409


def test_an_unknown_constraint_is_not_found(cloud: RunningCloud) -> None:
    body = {"name": "projects/demo/policies/gcp.noSuchThing", "spec": {"rules": [{"allowAll": True}]}}

    assert cloud.call("GET", f"{POLICIES}/gcp.noSuchThing:getEffectivePolicy")[0] == 404
    assert cloud.call("POST", POLICIES, body)[0] == 404


def test_the_constraints_that_are_known_are_listed(cloud: RunningCloud) -> None:
    _, found = cloud.call("GET", "/orgpolicy/v2/projects/demo/constraints")

    names = {one["name"].rpartition("/")[2] for one in found["constraints"]}
    assert {LOCATIONS, "iam.disableServiceAccountCreation"} <= names
