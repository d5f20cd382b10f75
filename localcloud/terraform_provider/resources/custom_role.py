"""google_project_iam_custom_role: its id stays taken, so a role that was deleted comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import NotFound, ProviderError
from localcloud.terraform_provider.resources.standard import StandardResource

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values

_ENDPOINT = "iam_beta"
_CHANGEABLE = ("description", "includedPermissions", "stage", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRole(StandardResource):
    """A role of a project's own."""

    def create(self, session: Session, planned: Values) -> Values:
        """Make the role exist, new or back from its deletion. Raises ProviderError when it exists undeleted."""
        path = self.path(planned, session.configuration)
        try:
            found = session.call(_ENDPOINT, "GET", path)
        except NotFound:
            body = {"roleId": planned["role_id"], "role": self._role(planned)}
            session.call(_ENDPOINT, "POST", path.rpartition("/")[0], body)
            return self.created(session, planned)
        if not found.get("deleted"):
            raise ProviderError(f"Custom project role {path} already exists and must be imported")
        self._undelete(session, path, found)
        session.call(_ENDPOINT, "PATCH", path, self._role(planned))
        return self.created(session, planned)

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Change the role, and bring it back where somebody has deleted it."""
        path = self.path(prior, session.configuration)
        if self.changed(prior, planned):
            self._undelete(session, path, session.call(_ENDPOINT, "GET", path))
            session.call(_ENDPOINT, "PATCH", path, self._role(planned))
        return self.read(session, planned)

    @staticmethod
    def _undelete(session: Session, path: str, found: dict[str, Any]) -> None:
        if found.get("deleted"):
            session.call(_ENDPOINT, "POST", f"{path}:undelete", {})

    def _role(self, planned: Values) -> dict[str, Any]:
        return {name: value for name, value in self.body(planned).items() if name in _CHANGEABLE}

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state, with the id that the role's name ends in."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        return state | {"role_id": found["name"].rpartition("/")[2], "deleted": bool(found.get("deleted"))}
