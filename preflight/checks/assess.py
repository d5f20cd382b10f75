"""All checks, in the order in which a reader mends what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.apis import apis, billing
from preflight.checks.locations import locations
from preflight.checks.names import names
from preflight.checks.permissions import permissions
from preflight.checks.policies import policies
from preflight.checks.quotas import quotas
from preflight.checks.regions import builds, regions

if TYPE_CHECKING:
    from preflight.records import Declaration, Observations, PreflightFinding

__all__ = ["assess"]

_CHECKS = (billing, apis, permissions, regions, builds, quotas, policies, names, locations)


def assess(declaration: Declaration, seen: Observations) -> tuple[PreflightFinding, ...]:
    """Return every finding on what is declared, given what was observed."""
    return tuple(finding for check in _CHECKS for finding in check(declaration, seen))
