"""Cloud Billing: that the project has an account, which Terraform asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core.service import Service, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call


class CloudBilling(Service):
    """Says that billing is enabled; nothing costs anything here."""

    api: ClassVar[str] = "cloudbilling"
    differences: ClassVar[tuple[str, ...]] = ("the project's billing account is made up and cannot be changed",)

    @handles("projects.getBillingInfo")
    def billing_info(self, call: Call) -> dict[str, Any]:
        """Return the project's billing account."""
        return {
            "name": f"{call.name}/billingInfo",
            "projectId": self.cloud.project,
            "billingAccountName": "billingAccounts/000000-000000-000000",
            "billingEnabled": True,
        }
