"""Resource Manager: the one project, in both versions of its API, and its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call

_CREATED = "2020-01-01T00:00:00Z"


class CloudResourceManager(Service):
    """Knows the cloud's own project; every other one is a 403, as at Google for what a caller cannot see."""

    api: ClassVar[str] = "cloudresourcemanager"
    versions: ClassVar[tuple[str, ...]] = ("v1", "v3")
    differences: ClassVar[tuple[str, ...]] = ("there is one project, without organization or folders",)

    @handles("projects.get")
    def get_project(self, call: Call) -> dict[str, Any]:
        """Return the project in the words of the version asked for."""
        if not self.exists(call.name):
            raise ApiError.denied(
                f"The caller does not have permission to see {call.name}, or it does not exist; "
                f"this cloud has the project {self.cloud.project}"
            )
        return self._project(call.version)

    @handles("projects.list", "projects.search")
    def list_projects(self, call: Call) -> dict[str, Any]:
        """Return the one project to whoever may get it."""
        access = self.cloud.access
        if not access.holds(call.principal, "resourcemanager.projects.get", access.project.resource()):
            return {}
        return {"projects": [self._project(call.version)]}

    @handles("projects.getAncestry")
    def ancestry(self, _call: Call) -> dict[str, Any]:
        """Return the project as its own and only ancestor."""
        return {"ancestor": [{"resourceId": {"type": "project", "id": self.cloud.project}}]}

    def exists(self, name: str) -> bool:
        """Whether the name is that of the project."""
        return name == f"projects/{self.cloud.project}"

    def _project(self, version: str) -> dict[str, Any]:
        project, number = self.cloud.project, self.cloud.project_number
        if version == "v1":
            return {
                "projectId": project,
                "projectNumber": number,
                "name": project,
                "lifecycleState": "ACTIVE",
                "createTime": _CREATED,
            }
        return {
            "name": f"projects/{number}",
            "projectId": project,
            "displayName": project,
            "state": "ACTIVE",
            "createTime": _CREATED,
        }
