"""What a policy's values hold, and what a list policy lets through."""

from __future__ import annotations

import pytest

from preflight.checks.places import group_holds, multi_region_of
from preflight.checks.policies import permits
from preflight.records import Policy, PolicyRule


@pytest.mark.parametrize(
    ("group", "location", "holds"),
    [
        ("in:eu-locations", "europe-west4", True),
        ("in:eu-locations", "europe-west2", False),
        ("in:eu-locations", "eur3", True),
        ("in:europe-locations", "europe-west2", True),
        ("in:europe-locations", "EU", True),
        ("in:us-locations", "us-central1", True),
        ("in:us-locations", "nam5", True),
        ("in:us-locations", "europe-west4", False),
        ("in:europe-west4-locations", "europe-west4", True),
        ("in:europe-west4-locations", "europe-west1", False),
        ("europe-west4", "europe-west4", True),
        ("is:europe-west4", "europe-west1", False),
        ("in:low-carbon-europe-locations", "europe-west4", None),
        ("in:germany-locations", "europe-west3", None),
    ],
)
def test_a_value_group_holds_what_google_says_or_is_not_known(group: str, location: str, *, holds: bool | None) -> None:
    assert group_holds(group, location) is holds


@pytest.mark.parametrize(
    ("region", "multi_region"),
    [("europe-west4", "EU"), ("europe-west6", None), ("us-east4", "US"), ("asia-south1", "ASIA"), ("me-west1", None)],
)
def test_a_region_lies_in_the_multi_region_of_its_buckets(region: str, multi_region: str | None) -> None:
    assert multi_region_of(region) == multi_region


ALLOWED = PolicyRule(allowed=("in:eu-locations",))
UNKNOWN = ("in:low-carbon-locations",)


@pytest.mark.parametrize(
    ("rules", "lets_through"),
    [
        ((), True),
        ((PolicyRule(allow_all=True),), True),
        ((PolicyRule(deny_all=True),), False),
        ((ALLOWED,), True),
        ((PolicyRule(allowed=("us-central1",)),), False),
        ((ALLOWED, PolicyRule(denied=("europe-west4",))), False),
        ((PolicyRule(denied=("europe-west1",)),), True),
        ((PolicyRule(allowed=UNKNOWN),), None),
        ((PolicyRule(denied=UNKNOWN),), None),
        ((PolicyRule(allowed=("europe-west4", *UNKNOWN)),), True),
        ((PolicyRule(allow_all=True), PolicyRule(denied=("in:eu-locations",))), False),
    ],
)
def test_what_is_denied_is_denied_whatever_is_allowed(
    rules: tuple[PolicyRule, ...], *, lets_through: bool | None
) -> None:
    assert permits(Policy(rules=rules), "europe-west4") is lets_through


@pytest.mark.parametrize(
    ("group", "pool", "lets_through"),
    [
        ("under:projects/demo", "projects/demo/locations/europe-west4/workerPools/own", True),
        ("under:projects/other", "projects/demo/locations/europe-west4/workerPools/own", False),
        ("under:organizations/1", "projects/demo/locations/europe-west4/workerPools/own", None),
        ("under:organizations/1", "", False),
    ],
)
def test_a_subtree_holds_the_pools_of_its_project_and_never_the_default_one(
    group: str, pool: str, *, lets_through: bool | None
) -> None:
    assert permits(Policy(rules=(PolicyRule(allowed=(group,)),)), pool) is lets_through
