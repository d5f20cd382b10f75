"""What preflight asks of a project; an answer is a fact, and what cannot be asked is raised as the kernel's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.records import Billing, Enabled, Granted, Held, Limits, Locations, Policy, Resource

__all__ = ["Names", "Ports", "ProjectFacts"]


class ProjectFacts(Protocol):
    """What a project may do and where. Each call only reads, and may be repeated; each raises Denied or Unreachable."""

    def services(self, hosts: Sequence[str]) -> Enabled:
        """Return which of these APIs (such as `run.googleapis.com`) are enabled."""

    def billing(self) -> Billing:
        """Return whether the project is billed, and to which account."""

    def locations(self, api: str, region: str) -> Locations:
        """Return where the API serves the project; a regional API is asked at the region's own host."""

    def limits(self, host: str) -> Limits:
        """Return the effective limits by region of every metric that the API lists."""

    def policy(self, constraint: str) -> Policy:
        """Return the organisation policy of the constraint (`gcp.resourceLocations`) that is in force here."""

    def permissions(self, wanted: Sequence[str]) -> Granted:
        """Return which of these permissions the caller holds on the project."""


class Names(Protocol):
    """Who holds the names that will be needed."""

    def held(self, resource: Resource) -> Held:
        """Return who holds the name. Reads only; raises Denied, other than for a bucket's, and Unreachable."""


class Ports(Protocol):
    """Everything that preflight needs of the world."""

    @property
    def facts(self) -> ProjectFacts:
        """The project."""

    @property
    def names(self) -> Names:
        """The names."""
