"""Use case: start the training pipeline on the active side, and on no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import BadSettings, Refused
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.journal import Outcome, finding
from vertex_dr.replication.steps import Plan, StartPipeline

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.ids import NewId
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.ports import Fence, PipelineRepository, PipelineRuns
    from vertex_dr.replication.steps import Step

__all__ = ["ActiveSide", "RunPipelines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSide:
    """Which side the selector names, and under which epoch."""

    side: Side
    epoch: int


@dataclass(frozen=True, kw_only=True)
class RunPipelines(PlannedUseCase[ActiveSide]):
    """Starts the configured pipeline in the own region, if the selector names this side."""

    fence: Fence
    pipelines: PipelineRepository
    runs: PipelineRuns
    clock: Clock
    new_id: NewId

    def observe(self) -> ActiveSide:
        """Return the active side and the epoch."""
        # The epoch is read first: a flip between the two reads is then seen before the step runs.
        epoch = self.fence.epoch()
        return ActiveSide(side=self.fence.active(), epoch=epoch)

    def plan(self) -> Plan:
        """Return the one step that starts the version that the configured tag names now.

        The tag is resolved here: what the journal says was run is then what was run, wherever the tag goes, and Vertex
        AI answers 500 to a template that is named by a tag (googleapis/python-aiplatform issues 2181 and 2398).
        Raises NotFound when the tag names nothing, and BadSettings when no pipeline is configured. Raises Refused when
        the selector names the other side: two sides training at once would register two versions of the same thing.
        """
        active = self.observe()
        if active.side != self.settings.side:
            raise Refused(
                f"start the pipeline on {self.settings.side}",
                found=f"the selector names {active.side} as the active side (epoch {active.epoch})",
                then=f"let {active.side}'s schedule run it, or pause this one by Terraform",
            )
        pipeline = self.settings.pipeline
        if pipeline is None:
            raise BadSettings(
                "start the pipeline",
                found="VERTEX_DR_PIPELINE is not set",
                then="let Terraform set it: `pipeline` of the service, in terraform/modules/names/settings.tf",
            )
        step = StartPipeline(
            subject=f"{pipeline.package}:{pipeline.tag}",
            reason=f"the schedule fired and the selector names {active.side} (epoch {active.epoch})",
            package=pipeline.package,
            version=self.pipelines.resolve(pipeline.package, pipeline.tag),
            run_id=f"{pipeline.package}-{self.clock():%Y%m%d%H%M%S}-{self.new_id()[:8]}",
            service_account=pipeline.service_account,
        )
        return Plan(entry_point="run_pipelines", side=self.settings.side, epoch=active.epoch, steps=(step,))

    def perform(self, step: Step) -> str:
        """Start the run and return its name; repeating the same plan starts nothing more."""
        if not isinstance(step, StartPipeline):
            raise TypeError(f"run_pipelines has no step {type(step).__name__}")
        return self.runs.start(
            package=step.package, version=step.version, run_id=step.run_id, service_account=step.service_account
        )

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return the name of the run that was started: Vertex AI has given it, so nothing is observed again."""
        return tuple(
            finding("pipeline-started", Verdict.PASS, entry.step.subject, entry.result)
            for entry in journal.entries
            if entry.outcome is Outcome.DONE
        )
