"""The decision: whether a principal has a permission on a resource, and which binding gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localcloud.iam import conditions
from localcloud.iam.policy import CONVENIENCE
from localcloud.iam.resources import Holder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from localcloud.iam.policy import Binding, Policy
    from localcloud.iam.resources import Resource
    from localcloud.iam.roles import Roles


@dataclass(frozen=True, slots=True)
class Use:
    """The binding that allowed a call: where it is, what it grants to whom, and its condition's title."""

    holder: Holder
    role: str
    member: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the binding that allowed it. `unknown` names conditions that could not be evaluated."""

    use: Use | None
    unknown: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the principal has the permission."""
        return self.use is not None


@dataclass(frozen=True, slots=True)
class Engine:
    """Decides by the policies that are effective now; it changes nothing and asks no clock."""

    policies: Callable[[Holder], Policy]
    roles: Roles

    def decide(
        self,
        principal: str | None,
        permission: str,
        resource: Resource,
        at: datetime,
        attributes: Mapping[str, Any] | None = None,
    ) -> Decision:
        """Return whether the principal (None: anonymous) has the permission on the resource."""
        asked = _Asked(principal, permission, resource, at, attributes or {})
        for holder in resource.holders:
            for binding in self.policies(holder).bindings:
                member = self._member(binding, principal, holder)
                if member is None or permission not in self.roles.permissions(binding.role):
                    continue
                if binding.condition is None or asked.fulfils(binding.condition):
                    return Decision(Use(holder, binding.role, member, binding.title), tuple(asked.unknown))
        return Decision(None, tuple(asked.unknown))

    def _member(self, binding: Binding, principal: str | None, holder: Holder) -> str | None:
        found = binding.member_for(principal)
        if found is not None or principal is None or holder.api != "storage":
            return found
        for member in binding.members:
            kind, _, project = member.partition(":")
            role = CONVENIENCE.get(kind)
            if role and self._has_basic_role(principal, role, project):
                return member
        return None

    def _has_basic_role(self, principal: str, role: str, project: str) -> bool:
        policy = self.policies(Holder("cloudresourcemanager", f"projects/{project}"))
        return any(one.role == role and principal in one.members for one in policy.bindings)


@dataclass(slots=True)
class _Asked:
    principal: str | None
    permission: str
    resource: Resource
    at: datetime
    attributes: Mapping[str, Any]
    unknown: list[str] = field(default_factory=list)

    def fulfils(self, expression: str) -> bool:
        try:
            return conditions.holds(expression, self.resource, self.at, self.attributes)
        except conditions.ConditionUnknown as unknown:
            self.unknown.append(str(unknown))
            return False
