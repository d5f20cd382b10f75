"""One member of one role on one resource: a binding in the resource's IAM policy, changed by read, modify and write."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.terraform_provider.errors import ApiError, NotFound, ProviderError
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.schemas.names import filled, variables
from localcloud.terraform_provider.values import Values, is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session

_CONFLICT = 409
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IamMember(StandardResource):
    """A `_iam_member` type."""

    locks: ClassVar[defaultdict[str, threading.Lock]] = defaultdict(threading.Lock)

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """Leave the provider's project and location to the apply."""

    def create(self, session: Session, planned: Values) -> Values:
        """Make the member hold the role. Repeating is safe."""

        def add(members: list[str]) -> list[str]:
            return sorted({*members, planned["member"]})

        self._edit(session, planned, add)
        return self.read(session, planned)

    def read(self, session: Session, state: Values, *, importing: bool = False) -> Values:
        """Return the state if the member holds the role. Raises NotFound otherwise."""
        target = self.target(state, session.configuration)
        policy = self._policy(session, target)
        condition = _condition(state)
        if importing:
            condition = next(
                (
                    binding.get("condition")
                    for binding in policy.get("bindings", [])
                    if binding["role"] == state["role"]
                    and state["member"] in binding["members"]
                    and (binding.get("condition") or {}).get("title", "") == (condition or {}).get("title", "")
                ),
                condition,
            )
        binding = _binding(policy, state["role"], condition)
        if binding is None or state["member"].lower() not in {member.lower() for member in binding["members"]}:
            raise NotFound(f"IAM policy of {target}", 404, f"{state['member']} does not hold {state['role']}")
        read = {**state, "etag": policy.get("etag")}
        read["condition"] = [{"title": "", "description": "", "expression": "", **condition}] if condition else []
        read |= self._names(target, session.configuration)
        prefix = filled(self.resource.identifier, read, session.configuration) if self.resource.identifier else target
        read["id"] = f"{prefix}/{state['role']}/{state['member']}"
        if condition:
            read["id"] += "/" + "/".join(condition.get(part, "") for part in ("title", "description", "expression"))
        return read

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Nothing of a membership can change in place."""
        del prior
        return self.read(session, planned)

    def remove(self, session: Session, state: Values) -> None:
        """Make the member not hold the role."""
        member = state["member"].lower()
        self._edit(session, state, lambda members: [kept for kept in members if kept.lower() != member])

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """Return the values of "{resource} {role} {member} [{condition title}]"."""
        target, *rest = identifier.split(" ", 3)
        if len(rest) < 2:  # noqa: PLR2004 - role and member
            raise ProviderError(
                f'cannot import {self.name} by "{identifier}": its id is the resource, the role and the member,'
                f" separated by blanks"
            )
        values = self.empty() | {variables(self.resource.path)[-1]: target, "role": rest[0], "member": rest[1]}
        if rest[2:]:
            values["condition"] = [{"title": rest[2]}]
        return values | self._names(self.target(values, configuration), configuration)

    def target(self, values: Values, configuration: Configuration) -> str:
        """Return the path of the resource that the policy belongs to; it may be named by its short or its full name."""
        own = variables(self.resource.path)[-1]
        text = str(values[own])
        if own in ("bucket", "project"):
            text = text.removeprefix("b/").removeprefix("projects/")
        elif "/" in text:
            return text
        return filled(self.resource.path, {**values, own: text}, configuration)

    def _names(self, target: str, configuration: Configuration) -> Values:
        """Return the attributes that name the resource, in the form that the state holds."""
        names = variables(self.resource.path)
        found: Values = {}
        parts = target.split("/")
        for name in names[:-1]:
            section = {"project": "projects"}.get(name, "locations")
            found[name] = parts[parts.index(section) + 1] if section in parts else configuration.default(name)
        found[names[-1]] = parts[-1] if names[-1] == "project" else target
        return found

    def _policy(self, session: Session, target: str) -> dict[str, Any]:
        endpoint = self.resource.endpoint
        match self.resource.policy:
            case "STORAGE":
                return session.call(endpoint, "GET", f"{target}/iam", query={"optionsRequestedPolicyVersion": "3"})
            case "POST3":
                return session.call(
                    endpoint, "POST", f"{target}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}}
                )
            case "POST":
                return session.call(
                    endpoint, "POST", f"{target}:getIamPolicy", query={"options.requestedPolicyVersion": "3"}
                )
            case "GET3":
                return session.call(
                    endpoint, "GET", f"{target}:getIamPolicy", query={"options.requestedPolicyVersion": "3"}
                )
        return session.call(endpoint, "GET", f"{target}:getIamPolicy")

    def _write(self, session: Session, target: str, policy: dict[str, Any]) -> None:
        endpoint = self.resource.endpoint
        match self.resource.policy:
            case "STORAGE":
                session.call(endpoint, "PUT", f"{target}/iam", policy)
            case "POST3":
                session.call(
                    endpoint,
                    "POST",
                    f"{target}:setIamPolicy",
                    {"policy": policy, "updateMask": "bindings,etag,auditConfigs"},
                )
            case _:
                session.call(endpoint, "POST", f"{target}:setIamPolicy", {"policy": policy})

    def _edit(self, session: Session, values: Values, change: Any) -> None:
        """Write the policy with one binding's members changed.

        Another writer's change in between is read again and kept.
        """
        target = self.target(values, session.configuration)
        condition = _condition(values)
        with self.locks[f"{self.resource.endpoint}/{target}"]:
            for attempt in range(_TRIES):
                policy = self._policy(session, target)
                bindings = policy.get("bindings", [])
                binding = _binding(policy, values["role"], condition)
                if binding is None:
                    binding = {"role": values["role"], "members": [], **({"condition": condition} if condition else {})}
                    bindings.append(binding)
                binding["members"] = change(binding["members"])
                written = {name: policy[name] for name in ("auditConfigs", "etag") if name in policy} | {"version": 3}
                if kept := [one for one in bindings if one["members"]]:
                    written["bindings"] = sorted(kept, key=lambda one: (one["role"], "condition" not in one))
                try:
                    return self._write(session, target, written)
                except ApiError as error:
                    if error.code != _CONFLICT or session.stopping.wait(min(0.05 * 2**attempt, 2)):
                        raise
        raise ProviderError(
            f"cannot change the IAM policy of {target}: it was changed by others {_TRIES} times in between;"
            f" repeat the apply"
        )


def _condition(values: Values) -> dict[str, str] | None:
    block = (values.get("condition") or [None])[0]
    return {name: text for name, text in block.items() if is_known(text) and text} if block else None


def _binding(policy: dict[str, Any], role: str, condition: dict[str, str] | None) -> dict[str, Any] | None:
    return next(
        (
            binding
            for binding in policy.get("bindings", [])
            if binding["role"] == role and (binding.get("condition") or None) == condition
        ),
        None,
    )
