"""google_secret_manager_secret_version: content that is written once, enabled, disabled and destroyed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import NotFound, ProviderError
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.values import Values, is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session

_ENDPOINT = "secret_manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretVersion(StandardResource):
    """One version of a secret."""

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """Everything about a version follows from its secret."""

    def create(self, session: Session, planned: Values, config: Values | None = None) -> Values:
        """Add the version, enabled or disabled."""
        data = planned.get("secret_data") or (config or {}).get("secret_data_wo") or ""
        payload = data if planned.get("is_secret_data_base64") else base64.b64encode(data.encode()).decode()
        made = session.call(_ENDPOINT, "POST", f"{planned['secret']}:addVersion", {"payload": {"data": payload}})
        session.call(_ENDPOINT, "POST", f"{made['name']}:{'disable' if planned.get('enabled') is False else 'enable'}")
        return self.created(session, {**planned, "name": made["name"]})

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Enable or disable the version."""
        if prior.get("enabled") != planned.get("enabled"):
            session.call(_ENDPOINT, "POST", f"{prior['name']}:{'enable' if planned.get('enabled') else 'disable'}")
        return self.read(session, planned)

    def remove(self, session: Session, state: Values) -> None:
        """Destroy the version's content, or only disable it if that is the deletion policy."""
        verb = "disable" if state.get("deletion_policy") == "DISABLE" else "destroy"
        session.call(_ENDPOINT, "POST", f"{state['name']}:{verb}")

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """Return the values of "projects/{project}/secrets/{secret}/versions/{version}"."""
        del configuration
        if "/versions/" not in identifier:
            raise ProviderError(
                f'cannot import {self.name} by "{identifier}": its id has the form'
                f" projects/{{project}}/secrets/{{secret}}/versions/{{version}}"
            )
        return self.empty() | {"name": identifier, "deletion_policy": "DELETE"}

    def path(self, values: Values, configuration: Configuration) -> str:
        """Return the version's full name."""
        del configuration
        return str(values["name"])

    def read(self, session: Session, state: Values, *, importing: bool = False) -> Values:
        """Return the state, with the content if the state holds content. Raises NotFound for a destroyed version."""
        name = self.path(state, session.configuration)
        found = session.call(_ENDPOINT, "GET", name)
        if found.get("state") == "DESTROYED":
            raise NotFound(f"GET {name}", 404, "the version is destroyed")
        read = self.state(session.configuration, state, name, found, importing=importing)
        if found.get("state") == "ENABLED" and (importing or is_known(state.get("secret_data"))):
            data = session.call(_ENDPOINT, "GET", f"{name}:access")["payload"]["data"]
            read["secret_data"] = data if state.get("is_secret_data_base64") else base64.b64decode(data).decode()
        return read

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state with what the version's name says."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        secret, _, version = path.partition("/versions/")
        state |= {"secret": secret, "version": version, "enabled": found.get("state") == "ENABLED", "id": path}
        state |= {"project": prior["project"] if is_known(prior.get("project")) else None}
        state |= {"is_secret_data_base64": bool(state.get("is_secret_data_base64")), "secret_data_wo": None}
        state["deletion_policy"] = state.get("deletion_policy") or "DELETE"
        return state
