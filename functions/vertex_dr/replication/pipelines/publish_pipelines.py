"""Use case: hold every compiled pipeline of the other side here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import ReplicaMismatch
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.compare import BothSides, reason_to_copy
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.journal import finding
from vertex_dr.replication.steps import Plan, PublishPackage

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import Fence, PipelineRepository
    from vertex_dr.replication.records import Drift
    from vertex_dr.replication.steps import Step

__all__ = ["PublishPipelines", "plan_publish"]


@dataclass(frozen=True, kw_only=True)
class PublishPipelines(PlannedUseCase[BothSides]):
    """Pulls package versions and tags from the other side's pipeline repository into the own one."""

    own_side: Observer
    other_side: Observer
    source: PipelineRepository
    target: PipelineRepository
    fence: Fence

    def observe(self) -> BothSides:
        """Return the pipelines of both repositories. Raises Unreachable when the other region is dark."""
        source, target = (side.observe((AssetKind.PIPELINE,)) for side in (self.other_side, self.own_side))
        return BothSides(source=source, target=target, active=self.fence.active())

    def plan(self) -> Plan:
        """Return what has to be published and tagged now; nothing is written."""
        return plan_publish(self.settings, self.observe().compare())

    def perform(self, step: Step) -> str:
        """Publish the version, then its tags, and return it; a version is the digest of its content."""
        if not isinstance(step, PublishPackage):
            raise TypeError(f"publish_pipelines has no step {type(step).__name__}")
        content = self.source.read(step.package, step.version)
        version = self.target.publish(step.package, content, tags=())
        if version != step.version:
            raise ReplicaMismatch(
                f"publish {step.subject} on {self.settings.side}",
                found=f"the repository made it version {version}",
                then=f"push the pipeline to {self.settings.side.other}'s repository again",
            )
        for tag in step.tags:
            self.target.tag(step.package, version, tag)
        return version

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return a finding for each version or tag of the other side that is still not here."""
        drift = self.observe().compare()
        return tuple(
            finding("pipeline-published", Verdict.FAIL, package.identity, f"{drift.target}'s repository lacks it")
            for package in drift.missing_pipelines
        )


def plan_publish(settings: Settings, drift: Drift) -> Plan:
    """Return a step for each pipeline version, or tag of one, that is missing here."""
    steps = tuple(
        PublishPackage(
            subject=package.identity,
            reason=reason_to_copy(drift, package),
            package=package.package,
            version=package.version,
            tags=package.tags,
        )
        for package in drift.missing_pipelines
    )
    return Plan(entry_point="publish_pipelines", side=settings.side, epoch=drift.epoch, steps=steps)
