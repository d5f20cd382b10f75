"""What the caller must hold to apply, and for what; the README's roles hold all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.finding import failed, passed, unasked
from preflight.records import Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Declaration, Observations, PreflightFinding

__all__ = ["NEEDED_PERMISSIONS", "permissions"]

# By the role of README's "A real project" that holds them.
_BY_ROLE = {
    "aiplatform.admin": "aiplatform.endpoints.create aiplatform.endpoints.get",
    "artifactregistry.admin": (
        "artifactregistry.repositories.create artifactregistry.repositories.get"
        " artifactregistry.repositories.getIamPolicy artifactregistry.repositories.setIamPolicy"
        " artifactregistry.repositories.uploadArtifacts"
    ),
    "cloudfunctions.admin": (
        "cloudfunctions.functions.create cloudfunctions.functions.get cloudfunctions.operations.get"
    ),
    "cloudscheduler.admin": (
        "cloudscheduler.jobs.create cloudscheduler.jobs.get cloudscheduler.jobs.enable cloudscheduler.jobs.pause"
    ),
    "datastore.owner": "datastore.databases.create datastore.databases.getMetadata",
    "iam.roleAdmin": "iam.roles.create iam.roles.get iam.roles.update",
    "iam.serviceAccountAdmin": (
        "iam.serviceAccounts.create iam.serviceAccounts.get iam.serviceAccounts.getIamPolicy"
        " iam.serviceAccounts.setIamPolicy"
    ),
    "iam.serviceAccountUser": "iam.serviceAccounts.actAs",
    "pubsub.admin": "pubsub.topics.create pubsub.topics.get",
    "resourcemanager.projectIamAdmin": (
        "resourcemanager.projects.get resourcemanager.projects.getIamPolicy resourcemanager.projects.setIamPolicy"
    ),
    "run.admin": "run.services.getIamPolicy run.services.setIamPolicy",
    "secretmanager.admin": (
        "secretmanager.secrets.create secretmanager.secrets.get secretmanager.secrets.getIamPolicy"
        " secretmanager.secrets.setIamPolicy"
    ),
    "serviceusage.serviceUsageAdmin": (
        "serviceusage.services.enable serviceusage.services.get serviceusage.services.list"
    ),
    "storage.admin": (
        "storage.buckets.create storage.buckets.get storage.buckets.getIamPolicy storage.buckets.setIamPolicy"
        " storage.buckets.update storage.objects.create storage.objects.delete storage.objects.get storage.objects.list"
    ),
}
NEEDED_PERMISSIONS = {one: role for role, names in _BY_ROLE.items() for one in names.split()}


def permissions(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each role that an apply lives of: whether all of it that is needed is held."""
    if isinstance(seen.permissions, Unasked):
        yield unasked("permission", declaration.project, expected="what an apply needs", answer=seen.permissions)
        return
    held = set(seen.permissions.permissions)
    for role, names in _BY_ROLE.items():
        wanted = names.split()
        missing = [one for one in wanted if one not in held]
        expected = f"{len(wanted)} permissions of {role}"
        if missing:
            yield failed(
                "permission",
                role,
                expected=expected,
                found=f"missing: {', '.join(missing)}",
                remedy=f"gcloud projects add-iam-policy-binding {declaration.project} --member=YOU --role=roles/{role}",
            )
        else:
            yield passed("permission", role, expected=expected, found="all held")
