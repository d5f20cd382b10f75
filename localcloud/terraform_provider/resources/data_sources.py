"""The data sources: what a configuration may ask of the provider and the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.terraform_provider.schemas.names import filled

if TYPE_CHECKING:
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values


def client_config(session: Session, config: Values) -> Values:
    """Return what the provider is configured with; no request is made."""
    own = session.configuration
    return {
        **config,
        "project": own.project,
        "region": own.region,
        "zone": own.zone,
        "access_token": own.access_token,
        "default_labels": own.default_labels,
        "id": f"projects/{own.project}/regions/{own.region}/zones/{own.zone}",
    }


def project(session: Session, config: Values) -> Values:
    """Return the project and the billing account it is charged to."""
    path = filled("projects/{project}", {"project": config.get("project_id")}, session.configuration)
    found = session.call("resource_manager", "GET", path)
    billing = session.call("cloud_billing", "GET", f"{path}/billingInfo")
    labels = found.get("labels") or {}
    parent = found.get("parent") or {}
    return {
        **config,
        "id": path,
        "project_id": found.get("projectId"),
        "number": str(found.get("projectNumber", "")),
        "name": found.get("name"),
        "labels": labels,
        "effective_labels": labels,
        "terraform_labels": labels,
        "org_id": parent.get("id", "") if parent.get("type") == "organization" else "",
        "folder_id": parent.get("id", "") if parent.get("type") == "folder" else "",
        "billing_account": str(billing.get("billingAccountName", "")).removeprefix("billingAccounts/"),
        "deletion_policy": "PREVENT",
    }


DATA_SOURCES = {"google_client_config": client_config, "google_project": project}
