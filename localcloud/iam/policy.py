"""Policies as the engine reads them, and whom a member stands for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYONE = "allUsers"
EVERYONE_KNOWN = "allAuthenticatedUsers"
# Members of a bucket's policy that stand for whoever holds a basic role on the project:
# https://cloud.google.com/storage/docs/access-control/iam#convenience-values
CONVENIENCE = {"projectOwner": "roles/owner", "projectEditor": "roles/editor", "projectViewer": "roles/viewer"}


@dataclass(frozen=True, slots=True)
class Binding:
    """One role, granted to members, perhaps under a condition."""

    role: str
    members: frozenset[str]
    condition: str | None = None
    title: str | None = None

    def member_for(self, principal: str | None) -> str | None:
        """Return the member that the principal is, None when it is none. None as principal is the anonymous caller."""
        if principal is not None:
            if principal in self.members:
                return principal
            if EVERYONE_KNOWN in self.members:
                return EVERYONE_KNOWN
        return EVERYONE if EVERYONE in self.members else None


@dataclass(frozen=True, slots=True)
class Policy:
    """The bindings of one resource."""

    bindings: tuple[Binding, ...] = field(default=())

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Policy:
        """Return the policy of its JSON."""
        return cls(
            tuple(
                Binding(
                    role=binding.get("role", ""),
                    members=frozenset(binding.get("members", ())),
                    condition=(binding.get("condition") or {}).get("expression"),
                    title=(binding.get("condition") or {}).get("title"),
                )
                for binding in policy.get("bindings", ())
            )
        )
