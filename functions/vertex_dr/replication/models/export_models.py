"""Use case: put what originates on this side where the other side finds it, even when this region is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.artifacts import ArtifactDigest
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.journal import finding
from vertex_dr.replication.layout import export_prefix, published_prefix
from vertex_dr.replication.observe import content_differs, newest_catalog, publish_catalog
from vertex_dr.replication.steps import ExportArtifact, Plan, PublishCatalog, Skipped, Step

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Catalog, Observer
    from vertex_dr.replication.ports import ArtifactStore, ModelRegistry
    from vertex_dr.replication.records import Inventory, ModelVersion

__all__ = ["ExportModels", "HeldAndPublished", "plan_export"]

# The lifecycle of the artifact bucket takes catalogs away after a year (terraform/envs/global/artifacts.tf), whichever
# is the newest: so there is always one that is far younger.
_OLDEST_CATALOG = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAndPublished:
    """What this side holds, and its newest catalog, or None while it has published none."""

    held: Inventory
    published: Catalog | None


@dataclass(frozen=True, kw_only=True)
class ExportModels(PlannedUseCase[HeldAndPublished]):
    """Exports the side's own versions into the artifact bucket and publishes the side's inventory as a catalog."""

    own_side: Observer
    registry: ModelRegistry
    store: ArtifactStore
    _exported: dict[str, ArtifactDigest] = field(default_factory=dict, init=False, repr=False)

    def observe(self) -> HeldAndPublished:
        """Return what this side holds, and what it last published."""
        published = newest_catalog(self.store, self.settings, self.settings.side)
        return HeldAndPublished(held=self.own_side.observe(), published=published)

    def plan(self) -> Plan:
        """Return what has to be exported and published now; nothing is written."""
        return plan_export(self.settings, self.observe())

    def apply(self, plan: Plan) -> Journal:
        """Carry the plan out; the catalog then lists what this plan has exported, and nothing of an earlier one."""
        self._exported.clear()
        return super().apply(plan)

    def perform(self, step: Step) -> str:
        """Do the step, and return the artifact's or the catalog's address; names that hold the same are left."""
        if isinstance(step, ExportArtifact):
            self._exported[step.subject] = self._export(step)
            return self._exported[step.subject].uri
        if isinstance(step, PublishCatalog):
            held = self.own_side.observe()
            versions = tuple(_with_artifact(v, self._exported) for v in held.model_versions)
            inventory = msgspec.structs.replace(held, model_versions=versions)
            return publish_catalog(self.store, self.settings, inventory, sequence=step.sequence)
        raise TypeError(f"export_models has no step {type(step).__name__}")

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return whether the newest catalog now is what this side holds."""
        seen = self.observe()
        held, published = seen.held, seen.published
        subject = f"catalog of {held.side}"
        if published is None:
            return (finding("catalog-published", Verdict.FAIL, subject, "no catalog"),)
        if content_differs(held, published.inventory):
            found = f"catalog {published.sequence} differs from what {held.side} holds"
            return (finding("catalog-published", Verdict.FAIL, subject, found),)
        return (finding("catalog-published", Verdict.PASS, subject, f"catalog {published.sequence}"),)

    def _export(self, step: ExportArtifact) -> ArtifactDigest:
        folder = self.registry.export(step.model, step.version, to=step.staging)
        files = self.store.files(folder)
        if not files:
            raise BadInput(
                f"export {step.subject}",
                found=f"Vertex AI exported nothing into {folder}",
                then="look at the version's artifact, and register it again with one",
            )
        copied = {
            name: self.store.copy_once(folder + name, step.destination + name, expected=digest)
            for name, digest in files.items()
        }
        return ArtifactDigest.of(step.destination, copied)


def _with_artifact(version: ModelVersion, exported: dict[str, ArtifactDigest]) -> ModelVersion:
    if version.artifact is not None or version.identity not in exported:
        return version
    return msgspec.structs.replace(version, artifact=exported[version.identity])


def plan_export(settings: Settings, seen: HeldAndPublished) -> Plan:
    """Return an export for each version of the side's own whose artifact no catalog lists yet, then the catalog.

    The catalog is published only when it says something new. A version that cannot be used is left out loudly.
    """
    held, newest = seen.held, seen.published
    steps: list[Step] = [
        ExportArtifact(
            subject=version.identity,
            reason=f"no catalog of {held.side} lists its artifact yet",
            model=version.model,
            version=version.version,
            staging=export_prefix(settings, version.model, version.origin),
            destination=published_prefix(settings, version.model, version.origin),
        )
        for version in held.model_versions
        if version.origin.side == held.side and version.artifact is None
    ]
    reason = _reason(held, newest, exports=len(steps))
    if reason:
        sequence = newest.sequence + 1 if newest else 1
        steps.append(
            PublishCatalog(subject=f"catalog of {held.side}", reason=reason, side=held.side, sequence=sequence)
        )
    skipped = tuple(
        Skipped(check="artifact-exported", subject=asset.subject, problem=asset.problem)
        for asset in held.unusable
        if asset.kind is AssetKind.MODEL_VERSION
    )
    return Plan(entry_point="export_models", side=settings.side, epoch=held.epoch, steps=tuple(steps), skipped=skipped)


def _reason(held: Inventory, newest: Catalog | None, *, exports: int) -> str:
    if newest is None:
        return f"{held.side} has published no catalog yet"
    if exports:
        return f"{exports} artifact(s) are new since catalog {newest.sequence}"
    if content_differs(held, newest.inventory):
        return f"what {held.side} holds has changed since catalog {newest.sequence}"
    age = held.observed_at - newest.inventory.observed_at
    if age >= _OLDEST_CATALOG:
        return f"catalog {newest.sequence} is {age.days} days old, and old ones expire"
    return ""
