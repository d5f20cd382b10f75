"""google_project_service: an API that is enabled in a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import NotFound
from localcloud.terraform_provider.resources.standard import StandardResource

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectService(StandardResource):
    """One enabled API."""

    def create(self, session: Session, planned: Values) -> Values:
        """Make the API be enabled."""
        session.call("service_usage", "POST", self.path(planned, session.configuration) + ":enable", {})
        return self.created(session, planned)

    def remove(self, session: Session, state: Values) -> None:
        """Disable the API, if that is what destroying means."""
        if state.get("disable_on_destroy"):
            body = {"disableDependentServices": True} if state.get("disable_dependent_services") else {}
            session.call("service_usage", "POST", self.path(state, session.configuration) + ":disable", body)

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """Return the values of "{project}/{service}"."""
        project, _, service = identifier.rpartition("/")
        return self.empty() | {"project": project or configuration.project, "service": service}

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state. Raises NotFound when the API is not enabled."""
        if found.get("state") != "ENABLED":
            raise NotFound(f"GET {path}", 404, "the service is not enabled")
        return StandardResource.state(self, configuration, prior, path, found, importing=importing)
