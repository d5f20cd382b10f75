"""Service accounts, roles, policies, the project and its APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import resourcemanager_v3

from tests.localcloud.callers import let_mint
from tests.localcloud.google_clients import rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

ACCOUNTS = "/iam/v1/projects/demo/serviceAccounts"
ROLES = "/iam/v1/projects/demo/roles"


@pytest.fixture
def account(cloud: RunningCloud, unique: Callable[[str], str]) -> dict[str, Any]:
    body = {"accountId": unique("sa"), "serviceAccount": {"displayName": "before"}}
    found: dict[str, Any] = cloud.call("POST", ACCOUNTS, body)[1]
    return found


def test_account_is_found_by_email_and_by_number_in_any_project(cloud: RunningCloud, account: dict[str, Any]) -> None:
    found = [
        cloud.call("GET", f"/iam/v1/projects/{project}/serviceAccounts/{key}")[1]
        for project in ("demo", "-")
        for key in (account["email"], account["uniqueId"])
    ]

    assert found == [account] * 4


def test_second_account_of_the_same_id_is_refused(cloud: RunningCloud, account: dict[str, Any]) -> None:
    status, answer = cloud.call("POST", ACCOUNTS, {"accountId": account["email"].partition("@")[0]})

    assert (status, answer["error"]["status"]) == (409, "ALREADY_EXISTS")


def test_mask_in_the_body_says_what_changes(cloud: RunningCloud, account: dict[str, Any]) -> None:
    """Terraform's provider sends the mask in snake case inside the body."""
    changes = {"displayName": "after", "description": "ignored", "etag": account["etag"]}
    cloud.call("PATCH", f"/iam/v1/{account['name']}", {"serviceAccount": changes, "updateMask": "display_name"})

    _, found = cloud.call("GET", f"/iam/v1/{account['name']}")
    assert found["displayName"] == "after"
    assert "description" not in found


def test_disabled_account_mints_no_tokens_until_it_is_enabled(cloud: RunningCloud, account: dict[str, Any]) -> None:
    mint = f"/iamcredentials/v1/projects/-/serviceAccounts/{account['email']}:generateAccessToken"
    let_mint(cloud, account["email"])
    statuses = []
    for verb in ("disable", "enable"):
        cloud.call("POST", f"/iam/v1/{account['name']}:{verb}", {})
        statuses.append(cloud.call("POST", mint, {"scope": []})[0])

    assert statuses == [400, 200]


def test_deleted_account_can_be_brought_back_by_its_number(cloud: RunningCloud, account: dict[str, Any]) -> None:
    cloud.call("DELETE", f"/iam/v1/{account['name']}")
    gone, _ = cloud.call("GET", f"/iam/v1/{account['name']}")
    _, answer = cloud.call("POST", f"{ACCOUNTS}/{account['uniqueId']}:undelete", {})

    assert gone == 404
    assert answer["restoredAccount"]["email"] == account["email"]
    assert cloud.call("GET", f"/iam/v1/{account['name']}")[0] == 200


def test_policy_of_an_account_takes_members_and_gives_them_back(cloud: RunningCloud, account: dict[str, Any]) -> None:
    path = f"/iam/v1/{account['name']}"
    _, fresh = cloud.call("POST", f"{path}:getIamPolicy?options.requestedPolicyVersion=3")
    bindings = [{"role": "roles/iam.serviceAccountUser", "members": ["user:a@example.com"]}]
    _, written = cloud.call(
        "POST", f"{path}:setIamPolicy", {"policy": {"version": 3, "etag": fresh["etag"], "bindings": bindings}}
    )

    assert "bindings" not in fresh
    assert written["bindings"] == bindings
    assert written["etag"] != fresh["etag"]
    assert cloud.call("POST", f"{path}:setIamPolicy", {"policy": {"etag": fresh["etag"]}})[0] == 409


def test_deleted_role_is_hidden_until_it_is_undeleted(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    role_id = unique("role").replace("-", "_")
    _, role = cloud.call("POST", ROLES, {"roleId": role_id, "role": {"title": "t", "includedPermissions": ["a.b.c"]}})
    cloud.call("DELETE", f"/iam/v1/{role['name']}")
    hidden = {one["name"] for one in cloud.call("GET", ROLES)[1]["roles"]}
    recreated, _ = cloud.call("POST", ROLES, {"roleId": role_id})
    _, back = cloud.call("POST", f"/iam/v1/{role['name']}:undelete", {})

    assert role["name"] not in hidden
    assert recreated == 409
    assert "deleted" not in back
    assert back["includedPermissions"] == ["a.b.c"]


def test_predefined_roles_are_not_pretended(cloud: RunningCloud) -> None:
    status, _ = cloud.call("GET", "/iam/v1/roles/run.invoker")

    assert status == 501


def test_project_is_the_same_by_id_and_by_number(cloud: RunningCloud) -> None:
    found = [cloud.call("GET", f"/cloudresourcemanager/v1/projects/{name}")[1] for name in ("demo", "123456789012")]

    assert found[0] == found[1]
    assert (found[0]["projectId"], found[0]["lifecycleState"]) == ("demo", "ACTIVE")
    assert cloud.call("GET", "/compute/v1/projects/123456789012")[1]["name"] == "demo"
    assert cloud.call("GET", "/cloudbilling/v1/projects/demo/billingInfo")[1]["billingEnabled"] is True


def test_googles_client_reads_and_writes_the_project_policy(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    projects = rest(resourcemanager_v3.ProjectsClient, cloud)
    member = f"user:{unique('member')}@demo.test"
    policy = projects.get_iam_policy(request={"resource": "projects/demo"})
    policy.bindings.add(role="roles/viewer", members=[member])
    projects.set_iam_policy(request={"resource": "projects/demo", "policy": policy})

    found = projects.get_iam_policy(request={"resource": "projects/demo"})
    held = {one for binding in found.bindings for one in binding.members}
    del found.bindings[-1]  # the cloud is shared
    projects.set_iam_policy(request={"resource": "projects/demo", "policy": found})
    left = projects.get_iam_policy(request={"resource": "projects/demo"})

    assert member in held
    assert member not in {one for binding in left.bindings for one in binding.members}
    assert projects.get_project(name="projects/demo").project_id == "demo"


def test_enabled_apis_are_listed(cloud: RunningCloud) -> None:
    path = "/serviceusage/v1/projects/demo/services"
    _, operation = cloud.call("POST", f"{path}:batchEnable", {"serviceIds": ["run.googleapis.com", "a.example.com"]})
    cloud.call("POST", f"{path}/a.example.com:disable", {})

    _, listed = cloud.call("GET", f"{path}?filter=state:ENABLED&pageSize=200&fields=services/name,nextPageToken")
    names = {service["name"] for service in listed["services"]}
    assert operation["done"] is True
    assert "projects/123456789012/services/run.googleapis.com" in names
    assert "projects/123456789012/services/a.example.com" not in names
