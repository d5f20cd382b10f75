"""Use case: register here what the other side has published, as it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.compare import BothSides
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.journal import finding
from vertex_dr.replication.layout import replicated_origin
from vertex_dr.replication.models.plan_import import plan_import
from vertex_dr.replication.observe import newest_catalog
from vertex_dr.replication.records import DIGEST_LABEL, ORIGIN_LABEL, NewVersion
from vertex_dr.replication.steps import DescribeVersion, SetAliases, StageFile, UploadVersion

if TYPE_CHECKING:
    from vertex_dr.replication.artifacts import ArtifactDigest
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, Fence, ModelRegistry
    from vertex_dr.replication.records import ModelVersion
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["ImportModels"]

_KINDS = (AssetKind.MODEL_VERSION, AssetKind.IMAGE)


@dataclass(frozen=True, kw_only=True)
class ImportModels(PlannedUseCase[BothSides]):
    """Registers the versions of the other side's newest catalog in this side's registry."""

    own_side: Observer
    registry: ModelRegistry
    store: ArtifactStore
    fence: Fence

    def observe(self) -> BothSides:
        """Return what the other side's newest catalog lists and what this side holds.

        The catalog lies in the dual-region bucket, so it is there when the other region is not. Raises NotFound when
        the other side has never published one.
        """
        other = self.settings.side.other
        catalog = newest_catalog(self.store, self.settings, other)
        if catalog is None:
            raise NotFound(
                f"import models of {other} into {self.settings.side}",
                found=f"{other} has published no catalog",
                then=f"run export_models on {other} first",
            )
        held = self.own_side.observe(_KINDS)
        return BothSides(source=catalog.inventory, target=held, active=self.fence.active())

    def plan(self) -> Plan:
        """Return what has to be staged and registered now; nothing is written."""
        sides = self.observe()
        return plan_import(self.settings, sides.compare(), sides.target, aliases_follow=sides.active)

    def perform(self, step: Step) -> str:
        """Do the step, and return what was staged or registered; a version that is registered is left as it is."""
        if isinstance(step, StageFile):
            self.store.copy_once(step.source, step.destination, expected=step.expected)
            return step.destination
        if isinstance(step, UploadVersion):
            return self._upload(step)
        if isinstance(step, DescribeVersion):
            self.registry.describe(_replica(step.source, step.source.artifact, image=""), version=step.version)
            return step.version
        if isinstance(step, SetAliases):
            self.registry.set_aliases(step.model, step.version, add=step.add, remove=step.remove)
            return step.version
        raise TypeError(f"import_models has no step {type(step).__name__}")

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return a finding for each version of the catalog that is not registered here as it is there."""
        drift = self.observe().compare()
        missing = [
            finding("model-replicated", Verdict.FAIL, v.identity, f"not registered on {drift.target}")
            for v in drift.missing_versions
        ]
        stale = [
            finding("model-matches", Verdict.FAIL, s.source.identity, f"differs in {', '.join(s.differs)}")
            for s in drift.stale_versions
        ]
        return (*missing, *stale)

    def _upload(self, step: UploadVersion) -> str:
        difference = step.staged.first_difference(self.store.files(step.staged.uri))
        if difference is not None:
            raise ReplicaMismatch(
                f"register {step.subject} from {step.staged.uri}{difference.name}",
                found=f"the catalog says {difference.expected}, the staged object is {difference.found}",
                then="delete that object (its older generation is kept) and run import_models again",
            )
        for registered in self.registry.versions(step.source.model):
            if replicated_origin(self.settings, self.settings.side, registered) == step.source.origin:
                return registered.version  # an earlier run registered it and lost the answer
        new = _replica(step.source, step.staged, image=step.image)
        return self.registry.upload(msgspec.structs.replace(new, aliases=step.aliases))


def _replica(source: ModelVersion, artifact: ArtifactDigest | None, *, image: str) -> NewVersion:
    labels = {**source.labels, ORIGIN_LABEL: str(source.origin)}
    if artifact is not None:
        labels[DIGEST_LABEL] = artifact.label
    return NewVersion(
        model=source.model,
        display_name=source.display_name,
        description=source.description,
        version_description=source.version_description,
        labels=labels,
        artifact_uri=artifact.uri if artifact else "",
        container=msgspec.structs.replace(source.container, image=image),
    )
