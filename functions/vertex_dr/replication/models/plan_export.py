"""Decide what a side has to export and publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.replication.catalogs import content_differs
from vertex_dr.replication.layout import export_prefix, published_prefix
from vertex_dr.replication.steps import ExportArtifact, Plan, PublishCatalog, Skipped, Step

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.catalogs import Catalog
    from vertex_dr.replication.records import Inventory

__all__ = ["plan_export"]


def plan_export(settings: Settings, own: Inventory, newest: Catalog | None) -> Plan:
    """Return an export for each version of the side's own whose artifact no catalog lists yet, then the catalog.

    The catalog is published only when it says something new. A version that cannot be used is left out loudly.
    """
    steps: list[Step] = [
        ExportArtifact(
            subject=version.identity,
            reason=f"no catalog of {own.side} lists its artifact yet",
            model=version.model,
            version=version.version,
            staging=export_prefix(settings, version.model, version.origin),
            destination=published_prefix(settings, version.model, version.origin),
        )
        for version in own.model_versions
        if version.origin.side == own.side and version.artifact is None
    ]
    reason = _reason(own, newest, exports=len(steps))
    if reason:
        sequence = newest.sequence + 1 if newest else 1
        steps.append(PublishCatalog(subject=f"catalog of {own.side}", reason=reason, side=own.side, sequence=sequence))
    skipped = tuple(
        Skipped(check="artifact-exported", subject=asset.subject, problem=asset.problem)
        for asset in own.unusable
        if asset.kind is AssetKind.MODEL_VERSION
    )
    return Plan(entry_point="export_models", side=settings.side, epoch=own.epoch, steps=tuple(steps), skipped=skipped)


def _reason(own: Inventory, newest: Catalog | None, *, exports: int) -> str:
    if newest is None:
        return f"{own.side} has published no catalog yet"
    if exports:
        return f"{exports} artifact(s) are new since catalog {newest.sequence}"
    if content_differs(own, newest.inventory):
        return f"what {own.side} holds has changed since catalog {newest.sequence}"
    return ""
