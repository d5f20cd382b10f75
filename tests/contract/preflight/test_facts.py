"""What a project may do and where: the same answers in memory and of the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from preflight.checks.permissions import NEEDED_PERMISSIONS
from preflight.checks.policies import CONSTRAINTS, permits
from preflight.checks.regions import REGIONAL_APIS
from preflight.records import PolicyRule
from tests.contract.preflight.project import CPUS

if TYPE_CHECKING:
    from tests.contract.preflight.project import Project


def test_an_api_counts_as_enabled_once_it_is(project: Project) -> None:
    hosts = ["dataflow.googleapis.com", "composer.googleapis.com"]
    project.enable(hosts[0])

    assert project.facts.services(hosts).services == {hosts[0]: True, hosts[1]: False}


def test_more_apis_than_one_call_takes_are_all_answered(project: Project) -> None:
    hosts = [f"api{number}.googleapis.com" for number in range(45)]

    assert set(project.facts.services(hosts).services) == set(hosts)


def test_a_project_with_an_account_is_billed(project: Project) -> None:
    found = project.facts.billing()

    assert found.is_enabled
    assert found.account.startswith("billingAccounts/")


@pytest.mark.parametrize("api", REGIONAL_APIS)
def test_every_regional_api_tells_where_it_serves(project: Project, api: str) -> None:
    found = project.facts.locations(api, project.region).names

    assert {project.region, project.other_region} <= set(found)
    assert "europe-west99" not in found


def test_firestore_offers_multi_regions_beside_regions(project: Project) -> None:
    assert {"eur3", project.region} <= set(project.facts.locations("firestore", "").names)


def test_a_quota_that_is_lowered_in_one_region_is_lowered_there(project: Project) -> None:
    project.lower_quota(project.other_region, 3)

    found = project.facts.limits("aiplatform.googleapis.com").metrics[CPUS]

    assert (found[project.other_region], found[project.region]) == (3, -1)


def test_an_api_without_metrics_has_no_limits(project: Project) -> None:
    assert project.facts.limits("iam.googleapis.com").metrics == {}


def test_a_constraint_without_a_policy_lets_everything_through(project: Project) -> None:
    for constraint in CONSTRAINTS:
        found = project.facts.policy(constraint)
        assert permits(found, "europe-west4") is True
        assert not any(rule.enforce for rule in found.rules)


def test_a_policy_that_is_set_is_in_force(project: Project) -> None:
    project.set_policy("gcp.resourceLocations", PolicyRule(allowed=("in:us-locations",)))
    project.set_policy("cloudfunctions.requireVPCConnector", PolicyRule(enforce=True))

    assert permits(project.facts.policy("gcp.resourceLocations"), "europe-west4") is False
    assert project.facts.policy("cloudfunctions.requireVPCConnector").rules == (PolicyRule(enforce=True),)


def test_an_unknown_constraint_is_no_obstacle(project: Project) -> None:
    assert project.facts.policy("gcp.noSuchConstraint").rules == ()


def test_an_owner_who_administers_storage_holds_what_an_apply_needs(project: Project) -> None:
    wanted = tuple(NEEDED_PERMISSIONS)

    assert project.facts.permissions(wanted).permissions == wanted
