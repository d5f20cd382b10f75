"""Compute Engine: only the lookup of a project, by which Terraform turns a number into an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call


class Compute(Service):
    """Answers projects.get; everything else of this API is a 501."""

    api: ClassVar[str] = "compute"
    service_path: ClassVar[str] = "/compute/"

    @handles("projects.get")
    def get_project(self, call: Call) -> dict[str, Any]:
        """Return the project, whether it was named by id or by number."""
        if call.project not in (self.cloud.project, self.cloud.project_number):
            raise ApiError.not_found(f"The resource '{call.name}' was not found")
        return {
            "kind": "compute#project",
            "id": self.cloud.project_number,
            "name": self.cloud.project,
            "defaultServiceAccount": f"{self.cloud.project_number}-compute@developer.gserviceaccount.com",
        }

    def answers(self, call: Call) -> bool:
        """Whether it is the lookup of a project: networks and machines are not pretended."""
        return call.method_id in self.handlers
