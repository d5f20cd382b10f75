"""Use case: put what originates on this side where the other side finds it, even when this region is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.artifacts import ArtifactDigest
from vertex_dr.replication.catalogs import content_differs, newest_catalog, publish_catalog
from vertex_dr.replication.checks import finding
from vertex_dr.replication.models.plan_export import plan_export
from vertex_dr.replication.steps import ExportArtifact, PublishCatalog

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.catalogs import Catalog
    from vertex_dr.replication.execution import Flow
    from vertex_dr.replication.journal import Finding, Journal, Proof
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, ModelRegistry
    from vertex_dr.replication.records import Inventory, ModelVersion
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["ExportModels"]


@dataclass(frozen=True, slots=True)
class ExportModels:
    """Exports the side's own versions into the artifact bucket and publishes the side's inventory as a catalog."""

    settings: Settings
    observer: Observer
    registry: ModelRegistry
    store: ArtifactStore
    flow: Flow

    def observe(self) -> tuple[Inventory, Catalog | None]:
        """Return what this side holds, and what it last published."""
        return self.observer.observe(), newest_catalog(self.store, self.settings, self.settings.side)

    def plan(self) -> Plan:
        """Return what has to be exported and published now; nothing is written."""
        own, newest = self.observe()
        return plan_export(self.settings, own, newest)

    def apply(self, plan: Plan) -> Journal:
        """Carry the plan out; repeating is safe, write-once names that exist with the same content are left."""
        exported: dict[str, ArtifactDigest] = {}
        return self.flow.apply(plan, lambda step: self._perform(step, exported))

    def prove(self, journal: Journal) -> Proof:
        """Return whether the newest catalog now is what this side holds."""
        return self.flow.prove(journal, self._findings)

    def run(self) -> Journal:
        """Observe, plan, apply, prove, and keep the journal."""
        journal = self.apply(self.plan())
        return self.flow.keep(journal, self.prove(journal))

    def _perform(self, step: Step, exported: dict[str, ArtifactDigest]) -> str:
        if isinstance(step, ExportArtifact):
            exported[step.subject] = self._export(step)
            return exported[step.subject].uri
        if isinstance(step, PublishCatalog):
            own = self.observer.observe()
            versions = tuple(_with_artifact(v, exported) for v in own.model_versions)
            inventory = msgspec.structs.replace(own, model_versions=versions)
            return publish_catalog(self.store, self.settings, inventory, sequence=step.sequence)
        raise TypeError(f"export_models has no step {type(step).__name__}")

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

    def _findings(self) -> tuple[Finding, ...]:
        own, newest = self.observe()
        subject = f"catalog of {own.side}"
        if newest is None:
            return (finding("catalog-published", Verdict.FAIL, subject, "no catalog"),)
        if content_differs(own, newest.inventory):
            found = f"catalog {newest.sequence} differs from what {own.side} holds"
            return (finding("catalog-published", Verdict.FAIL, subject, found),)
        return (finding("catalog-published", Verdict.PASS, subject, f"catalog {newest.sequence}"),)


def _with_artifact(version: ModelVersion, exported: dict[str, ArtifactDigest]) -> ModelVersion:
    if version.artifact is not None or version.identity not in exported:
        return version
    return msgspec.structs.replace(version, artifact=exported[version.identity])
