"""The APIs that Terraform enables, those that must be there before it can, and billing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.finding import failed, passed, unasked, uncertain
from preflight.records import Billing, Enabled, Granted, Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Declaration, Observations, PreflightFinding

__all__ = ["NEEDED_APIS", "apis", "billing"]

# Those of terraform/envs/global/services.tf; a test compares them.
NEEDED_APIS = (
    "aiplatform.googleapis.com",
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
)
# Terraform's own first questions go to these: without them it can enable nothing.
_BEFORE_TERRAFORM = {"cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"}
_ENABLE = "serviceusage.services.enable"


def apis(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each API: enabled, or such that Terraform will enable it."""
    if isinstance(seen.services, Unasked):
        yield unasked("api", "all", expected="enabled, or Terraform may enable them", answer=seen.services)
        return
    for host in NEEDED_APIS:
        yield _api(declaration, seen, seen.services, host)


def _api(declaration: Declaration, seen: Observations, services: Enabled, host: str) -> PreflightFinding:
    enable = f"gcloud services enable {host} --project={declaration.project}"
    if services.services.get(host, False):
        return passed("api", host, expected="enabled", found="enabled")
    if host in _BEFORE_TERRAFORM:
        return failed("api", host, expected="enabled before Terraform starts", found="not enabled", remedy=enable)
    expected = "enabled, or Terraform may enable it"
    if isinstance(seen.permissions, Unasked):
        found = f"not enabled, and whether you hold {_ENABLE} could not be asked"
        return uncertain("api", host, expected=expected, found=found, remedy=enable)
    if _ENABLE not in seen.permissions.permissions:
        return failed("api", host, expected=expected, found=f"not enabled, and you lack {_ENABLE}", remedy=enable)
    return passed("api", host, expected=expected, found="not enabled; terraform/envs/global enables it")


def billing(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield the finding whether the project can be billed."""
    expected = "an open billing account"
    match seen.billing:
        case Unasked() as answer:
            yield unasked("billing", declaration.project, expected=expected, answer=answer)
        case Billing(is_enabled=True, account=account):
            yield passed("billing", declaration.project, expected=expected, found=account)
        case Billing(account=account):
            yield failed(
                "billing",
                declaration.project,
                expected=expected,
                found=f"{account} is closed or suspended" if account else "none is linked",
                remedy=f"gcloud billing projects link {declaration.project} --billing-account=ACCOUNT",
            )


def may(seen: Observations, permission: str) -> bool | None:
    """Whether the caller holds the permission; None when that could not be asked."""
    return permission in seen.permissions.permissions if isinstance(seen.permissions, Granted) else None
