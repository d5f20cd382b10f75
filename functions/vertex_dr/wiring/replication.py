"""Replication's use cases, built from settings and ports."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.wiring.bridges import SelectorFence

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.deployments.reconcile_models import ReconcileModels
    from vertex_dr.replication.execution import PlannedUseCase, PlanRunner
    from vertex_dr.replication.images.mirror_images import MirrorImages
    from vertex_dr.replication.models.export_models import ExportModels
    from vertex_dr.replication.models.import_models import ImportModels
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.pipelines.publish_pipelines import PublishPipelines
    from vertex_dr.replication.pipelines.run_pipelines import RunPipelines
    from vertex_dr.replication.readiness.verify_replicas import VerifyReplicas
    from vertex_dr.wiring.ports import Ports

__all__ = ["Replication"]

# ruff: noqa: PLC0415 - a door loads the use case that it runs and no other


class Replication:
    """One side's replication; a use case is built when it is first asked for, and building it does no I/O."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self._settings = settings
        self._ports = ports
        self._fence = SelectorFence(lambda: ports.selector)

    @cached_property
    def export_models(self) -> ExportModels:
        """Put this side's models and its catalog into the artifact bucket."""
        from vertex_dr.replication.models.export_models import ExportModels

        return ExportModels(
            settings=self._settings,
            own_side=self._own_side,
            registry=self._ports.models(self._settings.side),
            store=self._ports.artifacts,
            runner=self._runner,
        )

    @cached_property
    def mirror_images(self) -> MirrorImages:
        """Hold the other side's images in this side's repository."""
        from vertex_dr.replication.images.mirror_images import MirrorImages

        return MirrorImages(
            settings=self._settings,
            own_side=self._own_side,
            other_side=self._other_side,
            images=self._ports.images(self._settings.side),
            store=self._ports.artifacts,
            fence=self._fence,
            runner=self._runner,
        )

    @cached_property
    def publish_pipelines(self) -> PublishPipelines:
        """Hold the other side's pipelines in this side's repository."""
        from vertex_dr.replication.pipelines.publish_pipelines import PublishPipelines

        return PublishPipelines(
            settings=self._settings,
            own_side=self._own_side,
            other_side=self._other_side,
            source=self._ports.pipelines(self._settings.side.other),
            target=self._ports.pipelines(self._settings.side),
            fence=self._fence,
            runner=self._runner,
        )

    @cached_property
    def import_models(self) -> ImportModels:
        """Register the other side's models on this side."""
        from vertex_dr.replication.models.import_models import ImportModels

        return ImportModels(
            settings=self._settings,
            own_side=self._own_side,
            registry=self._ports.models(self._settings.side),
            store=self._ports.artifacts,
            fence=self._fence,
            runner=self._runner,
        )

    @cached_property
    def reconcile_models(self) -> ReconcileModels:
        """Make this side's endpoints serve what Terraform declares."""
        from vertex_dr.replication.deployments.reconcile_models import ReconcileModels

        return ReconcileModels(
            settings=self._settings,
            own_side=self._own_side,
            store=self._ports.artifacts,
            deployments=self._ports.deployments(self._settings.side),
            runner=self._runner,
        )

    @cached_property
    def verify_replicas(self) -> VerifyReplicas:
        """Tell whether this side could take over, and keep the answer."""
        from vertex_dr.replication.readiness.verify_replicas import VerifyReplicas
        from vertex_dr.wiring.bridges import ProofRecorder

        return VerifyReplicas(
            settings=self._settings,
            own_side=self._own_side,
            other_side=self._other_side,
            store=self._ports.artifacts,
            fence=self._fence,
            readiness=ProofRecorder(self._settings.side, self._ports.readiness),
            clock=self._ports.clock,
        )

    @cached_property
    def run_pipelines(self) -> RunPipelines:
        """Start the pipeline if this side is the active one."""
        from vertex_dr.replication.pipelines.run_pipelines import RunPipelines

        return RunPipelines(
            settings=self._settings,
            fence=self._fence,
            pipelines=self._ports.pipelines(self._settings.side),
            runs=self._ports.pipeline_runs,
            clock=self._ports.clock,
            new_id=self._ports.new_id,
            runner=self._runner,
        )

    def planned(self, name: str) -> PlannedUseCase[Any]:
        """Return the use case of that name, one of those of a replication."""
        use_cases: dict[str, Callable[[], PlannedUseCase[Any]]] = {
            "export_models": lambda: self.export_models,
            "mirror_images": lambda: self.mirror_images,
            "publish_pipelines": lambda: self.publish_pipelines,
            "import_models": lambda: self.import_models,
            "reconcile_models": lambda: self.reconcile_models,
        }
        return use_cases[name]()

    def observer(self, side: Side) -> Observer:
        """Return what looks at that side."""
        from vertex_dr.replication.observe import Observer

        return Observer(
            settings=self._settings,
            side=side,
            registry=self._ports.models(side),
            store=self._ports.artifacts,
            images=self._ports.images(side),
            pipelines=self._ports.pipelines(side),
            deployments=self._ports.deployments(side),
            fence=self._fence,
            clock=self._ports.clock,
        )

    @property
    def _own_side(self) -> Observer:
        return self.observer(self._settings.side)

    @property
    def _other_side(self) -> Observer:
        return self.observer(self._settings.side.other)

    @property
    def _runner(self) -> PlanRunner:
        from vertex_dr.replication.execution import PlanRunner

        return PlanRunner(fence=self._fence, journals=self._ports.journals, clock=self._ports.clock)
