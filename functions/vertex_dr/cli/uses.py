"""Replication's use cases in the order in which one replication needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from vertex_dr import wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Journal
    from vertex_dr.replication.steps import Plan

__all__ = ["UseCase", "uses"]


class UseCase(Protocol):
    """Observe, compare, plan, apply, prove."""

    def plan(self) -> Plan:
        """Return the steps that would be done now; nothing is written."""
        ...

    def run(self) -> Journal:
        """Do all five, and return the journal with its proof."""
        ...


def uses() -> dict[str, Callable[[Settings], UseCase]]:
    """Return each use case's name with what builds it for a side."""
    return {
        "export_models": wiring.exporting,
        "mirror_images": wiring.mirroring,
        "publish_pipelines": wiring.publishing,
        "import_models": wiring.importing,
        "reconcile_models": wiring.reconciling,
    }
