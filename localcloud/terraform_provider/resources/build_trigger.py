"""google_cloudbuild_trigger: known by the id that the server gives it, and replaced as a whole by every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.schemas.names import filled

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values

_ENDPOINT = "cloud_build"
_APPROVAL = "approvalConfig"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTrigger(StandardResource):
    """A trigger of Cloud Build."""

    def create(self, session: Session, planned: Values) -> Values:
        """Make the trigger exist under an id of the server's."""
        path = filled("projects/{project}/locations/{location}/triggers", planned, session.configuration)
        made = session.call(_ENDPOINT, "POST", path, self.body(planned))
        return self.created(session, {**planned, "trigger_id": made["id"]})

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Put everything that is planned in the place of what is there."""
        if self.changed(prior, planned):
            body = {**self.body(planned), "id": prior["trigger_id"]}
            body.setdefault(_APPROVAL, {})
            session.call(_ENDPOINT, "PATCH", self.path(prior, session.configuration), body)
        return self.read(session, planned)

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state; no approval is needed where the server says nothing of one."""
        approval = found.get(_APPROVAL) or {}
        found = {**found, _APPROVAL: {"approvalRequired": approval.get("approvalRequired", False)}}
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        return state | {"name": found["name"], "trigger_id": found["id"]}
