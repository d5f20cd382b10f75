"""Callers other than the operator: service accounts with the roles that a test gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.running_cloud import RunningCloud

TRIES = 5
PROJECT = "/cloudresourcemanager/v1/projects/demo"


def let_mint(cloud: RunningCloud, email: str) -> None:
    """Let the operator make tokens of the account: owning a project does not allow it."""
    path = f"/iam/v1/projects/demo/serviceAccounts/{email}"
    operator = f"serviceAccount:operator@{cloud.project}.iam.gserviceaccount.com"
    grant(cloud, path, "roles/iam.serviceAccountTokenCreator", operator)


def grant(cloud: RunningCloud, resource: str, role: str, member: str, **condition: str) -> None:
    """Add one binding to the policy of what stands at this path; another writer's change in between is kept."""
    binding: dict[str, Any] = {"role": role, "members": [member]}
    if condition:
        binding["condition"] = condition
    for _ in range(TRIES):
        policy = _policy(cloud, resource)
        if binding in policy.get("bindings", []):
            return
        policy |= {"version": 3, "bindings": [*policy.get("bindings", []), binding]}
        status, answer = _write(cloud, resource, policy)
        if status not in {409, 412}:
            break
    assert status == 200, answer


def revoke(cloud: RunningCloud, resource: str, role: str, member: str) -> None:
    """Take one binding away."""
    policy = _policy(cloud, resource)
    held = [binding for binding in policy["bindings"] if binding["role"] == role and member in binding["members"]]
    assert held, f"{member} has no {role} on {resource} that could be taken away"
    for binding in held:
        binding["members"] = [one for one in binding["members"] if one != member]
    status, answer = _write(cloud, resource, policy | {"version": 3})
    assert status == 200, answer


@dataclass(frozen=True)
class Caller:
    """A service account that calls."""

    cloud: RunningCloud
    email: str
    token: str

    @property
    def member(self) -> str:
        return f"serviceAccount:{self.email}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send one request as this account."""
        return self.cloud.call(method, path, body, Authorization=f"Bearer {self.token}", **headers)

    def may(self, role: str, resource: str = PROJECT, **condition: str) -> Caller:
        """Give the account a role; the account is returned."""
        grant(self.cloud, resource, role, self.member, **condition)
        return self


def caller(cloud: RunningCloud, name: str) -> Caller:
    """Return a new service account that holds nothing."""
    status, account = cloud.call("POST", "/iam/v1/projects/demo/serviceAccounts", {"accountId": name})
    assert status == 200, account
    let_mint(cloud, account["email"])
    path = f"/iamcredentials/v1/projects/-/serviceAccounts/{account['email']}:generateAccessToken"
    status, answer = cloud.call("POST", path, {"scope": ["https://www.googleapis.com/auth/cloud-platform"]})
    assert status == 200, answer
    return Caller(cloud, account["email"], answer["accessToken"])


def _policy(cloud: RunningCloud, resource: str) -> dict[str, Any]:
    method, path = ("GET", f"{resource}/iam") if "/storage/v1/" in resource else ("GET", f"{resource}:getIamPolicy")
    if "/iam/v1/" in resource or "cloudresourcemanager" in resource:
        method = "POST"
    status, answer = cloud.call(method, path, {} if method == "POST" else None)
    assert status == 200, answer
    policy: dict[str, Any] = answer
    return policy


def _write(cloud: RunningCloud, resource: str, policy: dict[str, Any]) -> tuple[int, Any]:
    if "/storage/v1/" in resource:
        return cloud.call("PUT", f"{resource}/iam", policy)
    return cloud.call("POST", f"{resource}:setIamPolicy", {"policy": policy})
