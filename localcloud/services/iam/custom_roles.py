"""Custom roles of a project, deleted softly as Google does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core import masks, paging, standard_methods
from localcloud.core.errors import ApiError
from localcloud.core.service import handles

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

__all__ = ["CustomRoles"]

_API = "iam"


class CustomRoles:
    """The role methods of the IAM service."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    @handles("projects.roles.create")
    def create_role(self, call: Call) -> dict[str, Any]:
        """Make the role exist; 409 when it does, also when it is deleted softly."""
        name = f"{call.name}/{call.body.get('roleId', '')}"
        if self._cloud.store.get(_API, name) is not None:
            raise ApiError.already_exists(f"A role named {call.body.get('roleId')} in {call.parent} already exists.")
        return self._keep_role({**call.body.get("role", {}), "name": name})

    @handles("projects.roles.list")
    def list_roles(self, call: Call) -> dict[str, Any]:
        """Return a page of the project's roles; deleted ones only on demand."""
        with_deleted = call.query.get("showDeleted", "").lower() == "true"
        roles = self._cloud.store.children(_API, call.parent, "roles")
        return paging.listed(
            "roles", [role for role in roles if with_deleted or not role.get("deleted")], call.query, even_empty=True
        )

    @handles("projects.roles.patch")
    def patch_role(self, call: Call) -> dict[str, Any]:
        """Change what the mask names, without one whatever is sent."""
        role = self._cloud.store.require(_API, call.name)
        changes = {key: value for key, value in call.body.items() if key not in ("name", "etag")}
        masks.apply(role, changes, call.field_mask() or list(changes))
        return self._keep_role(role)

    @handles("projects.roles.delete")
    def delete_role(self, call: Call) -> dict[str, Any]:
        """Mark the role as deleted."""
        return self._keep_role(self._cloud.store.require(_API, call.name) | {"deleted": True})

    @handles("projects.roles.undelete")
    def undelete_role(self, call: Call) -> dict[str, Any]:
        """Take the mark away."""
        role = self._cloud.store.require(_API, call.name)
        role.pop("deleted", None)
        return self._keep_role(role)

    @handles("roles.get", "roles.list")
    def predefined(self, call: Call) -> dict[str, Any]:
        """Raise ApiError 501: what a predefined role holds is known to Google alone."""
        raise ApiError.unimplemented(f"{_API}.{call.method_id}")

    def _keep_role(self, role: dict[str, Any]) -> dict[str, Any]:
        role["etag"] = standard_methods.etag()
        self._cloud.store.put(_API, role["name"], role)
        return role
