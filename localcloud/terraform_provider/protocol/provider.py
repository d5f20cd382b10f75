"""The methods that Terraform calls."""

from __future__ import annotations

import functools
import json
import threading
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.configuration import Configuration
from localcloud.terraform_provider.errors import NotFound, ProviderError, Unread
from localcloud.terraform_provider.protocol.diagnostics import answered, attribute_path, error, warning
from localcloud.terraform_provider.protocol.schemas import schema_response
from localcloud.terraform_provider.protocol.upgrade import fitted
from localcloud.terraform_provider.protocol.validation import validate
from localcloud.terraform_provider.resources.catalogue import Catalogue
from localcloud.terraform_provider.resources.data_sources import DATA_SOURCES
from localcloud.terraform_provider.resources.planning import plan_block, replacements
from localcloud.terraform_provider.resources.secret_version import SecretVersion
from localcloud.terraform_provider.values import Values, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.resources.standard import StandardResource
    from localcloud.terraform_provider.session import Session

_IMPORTED = b"imported"  # travels with an imported resource to its first read


class Provider:
    """One run of the provider; Terraform configures it once."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._stopping = threading.Event()

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """What is served; read when it is first asked for, so that its absence is a diagnostic and not a crash."""
        return Catalogue.load()

    @property
    def session(self) -> Session:
        """The session of the configured provider."""
        if self._session is None:
            raise ProviderError("the provider was not configured before it was used")
        return self._session

    def methods(self) -> dict[str, Callable[[Any], dict[str, Any]]]:
        """Return the protocol's methods by name."""
        return {
            "GetProviderSchema": self.schema,
            "ValidateProviderConfig": self.validate_provider,
            "ValidateResourceConfig": self.validate_resource,
            "ValidateDataResourceConfig": self.validate_data,
            "UpgradeResourceState": self.upgrade,
            "ConfigureProvider": self.configure,
            "ReadResource": self.read,
            "PlanResourceChange": self.plan,
            "ApplyResourceChange": self.apply,
            "ImportResourceState": self.import_state,
            "ReadDataSource": self.read_data,
            "StopProvider": self.stop_requested,
        }

    def stop(self) -> None:
        """Make everything that waits end soon."""
        self._stopping.set()

    def stop_requested(self, _request: Any) -> dict[str, Any]:
        """Stop, as Terraform asks after the user's first interrupt."""
        self.stop()
        return {}

    @answered
    def schema(self, _request: Any) -> dict[str, Any]:
        """Return all schemas."""
        return schema_response(self.catalogue)

    @answered
    def validate_provider(self, _request: Any) -> dict[str, Any]:
        """Say loudly who serves. The provider block is judged when it is configured, with the environment."""
        known = ", ".join([*self.catalogue.resources, *(f"data {name}" for name in self.catalogue.data_sources)])
        detail = (
            "It talks to a local cloud on this machine only, never to Google, and knows only the types of"
            f" localcloud/terraform_provider/schemas/resource_types.py: {known}."
        )
        return {"diagnostics": [warning("localcloud's stand-in serves as hashicorp/google", detail)]}

    @answered
    def validate_resource(self, request: Any) -> dict[str, Any]:
        """Return what is wrong with a resource's configuration."""
        kind = self.catalogue.resource(request.type_name)
        findings = validate(kind.block, kind.resource.facts, unpack(request.config) or {})
        return {"diagnostics": [error(sentence, path=path) for sentence, path in findings]}

    @answered
    def validate_data(self, request: Any) -> dict[str, Any]:
        """Return what is wrong with a data source's configuration: nothing, if the type is known."""
        if request.type_name not in DATA_SOURCES:
            raise ProviderError(
                f"localcloud's stand-in for hashicorp/google does not know the data source {request.type_name}"
            )
        return {}

    @answered
    def upgrade(self, request: Any) -> dict[str, Any]:
        """Return a stored state in today's schema; it may be another version's, or the real provider's."""
        block = self.catalogue.resource(request.type_name).block
        return {"upgraded_state": pack(fitted(block, json.loads(request.raw_state.json)))}

    @answered
    def configure(self, request: Any) -> dict[str, Any]:
        """Take the provider block and the environment.

        Refuses a proxy that is not on this machine, and trust in anybody but localcloud.
        """
        # Half of the plugins that Terraform starts only say what their schemas are: these do without the HTTP client.
        from localcloud.terraform_provider.session import Session  # noqa: PLC0415 - only a configured provider needs it, and its import is half of the start

        self._session = Session(Configuration.of(unpack(request.config) or {}), stopping=self._stopping)
        return {}

    @answered
    def read(self, request: Any) -> dict[str, Any]:
        """Return what the server has; null when it has nothing any more."""
        kind = self.catalogue.resource(request.type_name)
        state = unpack(request.current_state)
        try:
            found = kind.read(self.session, state, importing=request.private == _IMPORTED)
        except NotFound:
            found = None
        return {"new_state": pack(found)}

    @answered
    def plan(self, request: Any) -> dict[str, Any]:
        """Return the planned values, and which changes need a replacement."""
        kind = self.catalogue.resource(request.type_name)
        prior, config = unpack(request.prior_state), unpack(request.config)
        if config is None or unpack(request.proposed_new_state) is None:
            return {"planned_state": pack(None), "planned_private": request.prior_private}
        planned = plan_block(kind.block, prior, config)
        kind.plan(prior, config, planned, self.session.configuration)
        paths = replacements(kind.block, prior, planned) if prior else []
        return {
            "planned_state": pack(planned),
            "requires_replace": [attribute_path(path) for path in paths],
            "legacy_type_system": True,
        }

    @answered
    def apply(self, request: Any) -> dict[str, Any]:
        """Create, update or delete, and return the new state; after a failure the state is what is known to exist."""
        kind = self.catalogue.resource(request.type_name)
        prior, planned = unpack(request.prior_state), unpack(request.planned_state)
        try:
            state = self._applied(kind, prior, planned, unpack(request.config))
        except ProviderError as raised:
            kept = raised.state if isinstance(raised, Unread) else prior
            verb = "deleting" if planned is None else "creating" if prior is None else "updating"
            failed = error(f"Error {verb} {request.type_name}: {raised}")
            return {"new_state": pack(kept), "diagnostics": [failed], "legacy_type_system": True}
        return {"new_state": pack(state), "legacy_type_system": True}

    def _applied(
        self, kind: StandardResource, prior: Values | None, planned: Values | None, config: Values | None
    ) -> Values | None:
        if planned is None:
            kind.delete(self.session, prior or {})
            return None
        if prior is not None:
            return kind.update(self.session, prior, planned)
        if isinstance(kind, SecretVersion):
            return kind.create(self.session, planned, config)
        return kind.create(self.session, planned)

    @answered
    def import_state(self, request: Any) -> dict[str, Any]:
        """Return the values that the import id names; the read that follows completes them."""
        kind = self.catalogue.resource(request.type_name)
        values = kind.imported(request.id, self.session.configuration)
        values["id"] = request.id
        return {"imported_resources": [{"type_name": request.type_name, "state": pack(values), "private": _IMPORTED}]}

    @answered
    def read_data(self, request: Any) -> dict[str, Any]:
        """Return what a data source finds."""
        block = self.catalogue.data_sources[request.type_name]
        config = dict.fromkeys(block.attributes) | (unpack(request.config) or {})
        return {"state": pack(DATA_SOURCES[request.type_name](self.session, config))}
