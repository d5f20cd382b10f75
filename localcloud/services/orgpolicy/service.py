"""Organization Policy: what is set on the one project; no organisation or folder stands above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import standard_methods
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call

# Constraints that are known here, and whether they are lists; both allow everything by default.
# https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
_LISTS = (
    "cloudbuild.allowedWorkerPools",
    "cloudfunctions.allowedIngressSettings",
    "cloudfunctions.restrictAllowedGenerations",
    "compute.vmExternalIpAccess",
    "gcp.resourceLocations",
    "gcp.restrictNonCmekServices",
    "gcp.restrictServiceUsage",
    "run.allowedIngress",
    "run.allowedVPCEgress",
    "storage.retentionPolicySeconds",
)
_BOOLEANS = (
    "cloudfunctions.requireVPCConnector",
    "iam.disableServiceAccountCreation",
    "iam.disableServiceAccountKeyCreation",
    "storage.publicAccessPrevention",
    "storage.uniformBucketLevelAccess",
)


class OrgPolicy(Service):
    """Keeps the project's policies, and tells which one is in force."""

    api: ClassVar[str] = "orgpolicy"
    versions: ClassVar[tuple[str, ...]] = ("v2",)
    differences: ClassVar[tuple[str, ...]] = (
        "organisation policies are kept and told, not enforced; conditions of rules are not read",
    )

    @handles("projects.constraints.list")
    def list_constraints(self, call: Call) -> dict[str, Any]:
        """Return the constraints that are known here."""
        lists = [_constraint(call, name, {"listConstraint": {"supportsIn": True}}) for name in _LISTS]
        return {"constraints": lists + [_constraint(call, name, {"booleanConstraint": {}}) for name in _BOOLEANS]}

    @handles("projects.policies.create")
    def create_policy(self, call: Call) -> dict[str, Any]:
        """Make the policy exist; raises ApiError 404 for an unknown constraint, 409 when the policy exists."""
        _require_known(str(call.body.get("name", "")).rpartition("/")[2])
        return standard_methods.create(self, call)

    @handles("projects.policies.getEffectivePolicy")
    def effective(self, call: Call) -> dict[str, Any]:
        """Return the project's own policy, or the constraint's default; raises ApiError 404 for an unknown one."""
        constraint = call.name.rpartition("/")[2]
        _require_known(constraint)
        name = f"projects/{self.cloud.project_number}/policies/{constraint}"
        own = (self.cloud.store.get(self.api, call.name) or {}).get("spec", {})
        default = [{"allowAll": True}] if constraint in _LISTS else [{"enforce": False}]
        return {"name": name, "spec": {"rules": own.get("rules") or default}}


def _constraint(call: Call, name: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"name": f"{call.name}/{name}", "constraintDefault": "ALLOW"} | kind


def _require_known(constraint: str) -> None:
    if constraint not in (*_LISTS, *_BOOLEANS):
        raise ApiError.not_found(f"The constraint {constraint} does not exist.")
