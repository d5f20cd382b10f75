"""google_service_account: created under an id, known by its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import ApiError
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.schemas.names import filled, snake
from localcloud.terraform_provider.values import Values, is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session

_ENDPOINT = "iam_beta"
_CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount(StandardResource):
    """An identity of a project."""

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """The address follows from the id, so that others can be planned with it."""
        StandardResource.plan(self, prior, config, planned, configuration)
        if prior is None and is_known(planned.get("account_id")) and is_known(planned.get("project")):
            project = planned["project"]
            if ":" in project:  # a project of a domain: its part comes first in the address
                domain, _, own = project.partition(":")
                project = f"{own}.{domain}"
            email = f"{planned['account_id']}@{project}.iam.gserviceaccount.com"
            planned |= {"email": email, "member": f"serviceAccount:{email}"}

    def create(self, session: Session, planned: Values) -> Values:
        """Make the service account exist."""
        described = {name: text for name, text in self.body(planned).items() if name in ("displayName", "description")}
        path = filled("projects/{project}/serviceAccounts", planned, session.configuration)
        try:
            made = session.call(
                _ENDPOINT, "POST", path, {"accountId": planned["account_id"], "serviceAccount": described}
            )
        except ApiError as error:
            if error.code != _CONFLICT or not planned.get("create_ignore_already_exists"):
                raise
            made = {"email": planned["email"]}
        # One that is to be disabled is enabled at first, as with the real provider: the next apply disables it.
        return self.created(session, {**planned, "email": made["email"]})

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Change how it is described, and whether it is disabled."""
        path = self.path(prior, session.configuration)
        before, after = self.body(prior), self.body(planned)
        changed = [name for name in ("description", "displayName") if before.get(name) != after.get(name)]
        if changed:
            etag = session.call(_ENDPOINT, "GET", path).get("etag")
            account = {name: after.get(name, "") for name in changed} | ({"etag": etag} if etag else {})
            session.call(
                _ENDPOINT, "PATCH", path, {"serviceAccount": account, "updateMask": ",".join(map(snake, changed))}
            )
        if bool(prior.get("disabled")) != bool(planned.get("disabled")):
            session.call(_ENDPOINT, "POST", f"{path}:{'disable' if planned.get('disabled') else 'enable'}", {})
        return self.read(session, planned)

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state with the address and what follows from it."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        email = found["email"]
        state |= {"email": email, "member": f"serviceAccount:{email}", "account_id": email.partition("@")[0]}
        state |= {"project": found.get("projectId") or state["project"], "unique_id": found.get("uniqueId")}
        return state
