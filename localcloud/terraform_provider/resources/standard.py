"""A resource with a name of its own, created by POST or PUT, changed by PATCH: most of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import NotFound, ProviderError, Unread
from localcloud.terraform_provider.resources.api_objects import body_of, read_labels, state_of
from localcloud.terraform_provider.resources.planning import plan_labels
from localcloud.terraform_provider.schemas.names import filled, parsed, variables
from localcloud.terraform_provider.values import UNKNOWN, Values, is_known, without_unknown

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.schemas.blocks import Block
    from localcloud.terraform_provider.schemas.resource_types import ResourceType
    from localcloud.terraform_provider.session import Session

_FROM_PROVIDER = ("project", "region", "location")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardResource:
    """One resource type, as its entry in the table and its schema say."""

    name: str
    resource: ResourceType
    block: Block

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """Add to the planned values what comes from the provider's configuration."""
        for name in _FROM_PROVIDER:
            attribute = self.block.attributes.get(name)
            if attribute and attribute.optional and attribute.computed and config.get(name) is None:
                planned[name] = self._located(name, prior, planned[name], configuration)
        default = self.resource.facts.deletion_policy
        if default and "deletion_policy" in planned and config.get("deletion_policy") is None:
            planned["deletion_policy"] = configuration.deletion_policy or default
        plan_labels(prior, planned, configuration)

    def _located(self, name: str, prior: Values | None, planned: Any, configuration: Configuration) -> Any:
        """Return the project, region or location that a resource without one gets.

        The provider's, by which moving it is a replacement.
        """
        default = configuration.default(name)
        if prior is not None and not default:
            return planned
        return default or UNKNOWN

    def create(self, session: Session, planned: Values) -> Values:
        """Make the resource exist, and return its state."""
        path = self.path(planned, session.configuration)
        body = self.body(planned)
        if self.resource.names_itself:
            body["name"] = path
        else:
            body.pop("name", None)
        if self.resource.put:
            session.call(self.resource.endpoint, "PUT", path, body, region=_region_of(planned))
        else:
            parent, _, own = path.rpartition("/")
            query = {self.resource.id_query: own} if self.resource.id_query else {}
            session.call(self.resource.endpoint, "POST", parent, body, query=query, region=_region_of(planned))
        return self.created(session, planned)

    def created(self, session: Session, planned: Values) -> Values:
        """Return the state of what has just been created. Raises Unread, with what is known of it, if that fails."""
        try:
            return self.read(session, planned)
        except ProviderError as error:
            known = {**planned, "id": self.path(planned, session.configuration)}
            raise Unread(f"it was created, but cannot be read: {error}", without_unknown(known)) from error

    def read(self, session: Session, state: Values, *, importing: bool = False) -> Values:
        """Return the state that the server has. Raises NotFound."""
        path = self.path(state, session.configuration)
        found = session.call(self.resource.endpoint, "GET", path, region=_region_of(state))
        return self.state(session.configuration, state, path, found, importing=importing)

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Change the resource in place, and return its state; what only Terraform knows makes no request."""
        path = self.path(prior, session.configuration)
        if changed := self.changed(prior, planned):
            body = self.update_body(prior, planned)
            wrapped = {self.resource.wrapped: body} if self.resource.wrapped else body
            query = {"updateMask": ",".join(changed)} if self.resource.masked else {}
            session.call(self.resource.endpoint, "PATCH", path, wrapped, query=query, region=_region_of(planned))
        return self.read(session, planned)

    def delete(self, session: Session, state: Values) -> None:
        """Make the resource not exist. Repeating is safe. Raises ProviderError when the state protects it."""
        self.refuse_if_protected(state)
        if state.get("deletion_policy") == "ABANDON":
            return
        try:
            self.remove(session, state)
        except NotFound:
            return

    def remove(self, session: Session, state: Values) -> None:
        """Delete what exists."""
        path = self.path(state, session.configuration)
        session.call(self.resource.endpoint, "DELETE", path, region=_region_of(state))

    def refuse_if_protected(self, state: Values) -> None:
        """Raise ProviderError when the state says that Terraform must not destroy the resource."""
        for setting, value, allowed in (
            ("deletion_protection", True, "false"),
            ("deletion_policy", "PREVENT", '"DELETE"'),
        ):
            if state.get(setting) == value:
                raise ProviderError(
                    f"cannot destroy {self.name} {state.get('id')} without setting {setting}={allowed} and"
                    f" running `terraform apply`"
                )

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """Return the values that an import id names, for read to complete.

        Raises ProviderError when it is malformed.
        """
        values = parsed(self.resource.path, identifier)
        if values is None:
            raise ProviderError(
                f'cannot import {self.name} by "{identifier}": its id has the form {self.resource.path}'
            )
        for name in variables(self.resource.path):
            if not is_known(values.get(name)) and (default := configuration.default(name)):
                values[name] = default
        return self.empty() | values

    def empty(self) -> Values:
        """Return values with nothing set."""
        values: Values = dict.fromkeys(self.block.attributes)
        for name, nested in self.block.nested.items():
            values[name] = None if nested.nesting == "single" else []
        return values

    def path(self, values: Values, configuration: Configuration) -> str:
        """Return the path of the resource below its endpoint."""
        return filled(self.resource.path, values, configuration)

    def body(self, planned: Values) -> dict[str, Any]:
        """Return what create sends."""
        return body_of(self.resource, self.block, planned)

    def changed(self, prior: Values, planned: Values) -> list[str]:
        """Return the API's fields that the plan changes, in the schema's order."""
        before, after = (body_of(self.resource, self.block, values) for values in (prior, planned))
        fields = dict.fromkeys([*before, *after])
        return [name for name in fields if before.get(name) != after.get(name) and name != "name"]

    def update_body(self, prior: Values, planned: Values) -> dict[str, Any]:
        """Return what update sends: all that could change, changed or not."""
        body = self.body(planned)
        also = self.resource.patch_also.split()
        for path, member in self.block.walk():
            if member.field and "." not in path and (path == "name" or (member.force_new and path not in also)):
                body.pop(member.field.path[0], None)
        for name in also:
            attribute = self.block.attributes.get(name)
            if attribute and is_known(prior.get(name)) and prior[name]:
                body[name] = prior[name]
        return body

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state for what the server answered."""
        state = state_of(self.resource, self.block, prior, found)
        state["id"] = filled(self.resource.identifier, prior, configuration) if self.resource.identifier else path
        for name in {*variables(self.resource.path), "project"} & self.block.attributes.keys():
            if not is_known(state.get(name)) or name == "name":
                state[name] = (
                    prior[name] if is_known(prior.get(name)) else configuration.default(name) or state.get(name)
                )
        if self.resource.full_name:
            state["name"] = found.get("name") or path
        elif "name" in state and isinstance(state["name"], str):
            state["name"] = state["name"].rpartition("/")[2]
        read_labels(prior, state, found.get("labels") or {}, found.get("annotations") or {})
        self.fill_virtual(state, configuration, importing=importing)
        return without_unknown(state)  # type: ignore[no-any-return] # a dict gives a dict

    def fill_virtual(self, state: Values, configuration: Configuration, *, importing: bool) -> None:
        """Set what only Terraform knows to its default where it was never set, as after an import."""
        if self.resource.facts.deletion_policy and "deletion_policy" in state and not state["deletion_policy"]:
            state["deletion_policy"] = configuration.deletion_policy or self.resource.facts.deletion_policy
        if importing:
            for name, attribute in self.block.attributes.items():
                if attribute.field is None and attribute.default is not None and state.get(name) is None:
                    state[name] = attribute.default


def _region_of(values: Values) -> str:
    """Return the region that the resource itself names: the host of a regional API is found by it, as really."""
    region = values.get("region")
    return region if isinstance(region, str) else ""
