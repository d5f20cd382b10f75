"""Which one permission tells that a role is held: one that the role has and that its place can test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["telling_permission"]

# https://cloud.google.com/iam/docs/roles-permissions, read 2026-11-24: each permission is one of its role's.
_PREDEFINED = {
    "roles/aiplatform.user": "aiplatform.endpoints.predict",
    "roles/aiplatform.viewer": "aiplatform.endpoints.get",
    "roles/artifactregistry.reader": "artifactregistry.repositories.downloadArtifacts",
    "roles/artifactregistry.writer": "artifactregistry.repositories.uploadArtifacts",
    "roles/datastore.user": "datastore.entities.get",
    "roles/datastore.viewer": "datastore.entities.get",
    "roles/iam.serviceAccountUser": "iam.serviceAccounts.actAs",
    "roles/logging.logWriter": "logging.logEntries.create",
    "roles/secretmanager.secretAccessor": "secretmanager.versions.access",
    "roles/secretmanager.secretVersionAdder": "secretmanager.versions.add",
    "roles/storage.objectCreator": "storage.objects.create",
    "roles/storage.objectUser": "storage.objects.update",
    "roles/storage.objectViewer": "storage.objects.list",
}


def telling_permission(role: str, custom_roles: Mapping[str, Sequence[str]]) -> str | None:
    """Return the permission that tells the role, of a custom role its first; None for a role that nobody knows."""
    if role in custom_roles:
        return min(custom_roles[role], default=None)
    return _PREDEFINED.get(role)
