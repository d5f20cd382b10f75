"""Where adapters meet capabilities: one function an object, each importing its adapters inside itself.

A door loads only what it uses: what flips the selector never imports Vertex AI or Cloud Storage. Traffic's objects are
built in `traffic_wiring` and offered here under the same names.
"""

# ruff: noqa: PLC0415 - an import inside a function is what this file is for

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vertex_dr import traffic_wiring
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.traffic_wiring import (
    applying,
    assess_regions,
    assessing,
    changes,
    copies,
    ensure_selector,
    fail_over,
    following,
    holding,
    plan_fail_over,
    probe_region,
    probing,
    readiness,
    selector,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.adapters.google.firestore.readiness_proofs import ReadinessProofs
    from vertex_dr.adapters.google.firestore.selector_fence import SelectorFence
    from vertex_dr.adapters.google.storage.objects import StorageObjects
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.export_models import ExportModels
    from vertex_dr.replication.flow import Flow
    from vertex_dr.replication.import_models import ImportModels
    from vertex_dr.replication.journal import Journal, Proof
    from vertex_dr.replication.mirror_images import MirrorImages
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.publish_pipelines import PublishPipelines
    from vertex_dr.replication.reconcile_models import ReconcileModels
    from vertex_dr.replication.records import Drift, Inventory
    from vertex_dr.replication.run_pipelines import RunPipelines
    from vertex_dr.replication.verify_replicas import VerifyReplicas
    from vertex_dr.traffic.by_hand import PlanFailBack

__all__ = [
    "ahead",
    "applying",
    "assess_regions",
    "assessing",
    "changes",
    "copies",
    "drift",
    "ensure_selector",
    "export_models",
    "exporting",
    "fail_over",
    "following",
    "holding",
    "import_models",
    "importing",
    "inventory",
    "mirror_images",
    "mirroring",
    "plan_fail_back",
    "plan_fail_over",
    "probe_region",
    "probing",
    "publish_pipelines",
    "publishing",
    "readiness",
    "reconcile_models",
    "reconciling",
    "run_pipelines",
    "running_pipelines",
    "selector",
    "status",
    "verify_replicas",
    "verifying",
]


def exporting(settings: Settings) -> ExportModels:
    """Return what exports this side's models."""
    from vertex_dr.adapters.google.vertex.models import VertexModels
    from vertex_dr.replication.export_models import ExportModels

    clients, fence = Clients(settings), _fence(settings)
    store = _store(clients)
    return ExportModels(
        settings=settings,
        observer=observing(clients, settings.side, fence),
        registry=VertexModels(clients, settings.own.region),
        store=store,
        flow=_flow(settings, store, fence),
    )


def importing(settings: Settings) -> ImportModels:
    """Return what imports the other side's models into this side."""
    from vertex_dr.adapters.google.vertex.models import VertexModels
    from vertex_dr.replication.import_models import ImportModels

    clients, fence = Clients(settings), _fence(settings)
    store = _store(clients)
    return ImportModels(
        settings=settings,
        observer=observing(clients, settings.side, fence),
        registry=VertexModels(clients, settings.own.region),
        store=store,
        active=fence,
        flow=_flow(settings, store, fence),
    )


def mirroring(settings: Settings) -> MirrorImages:
    """Return what pulls the other side's images into this side's repository."""
    from vertex_dr.adapters.google.artifact_registry.images import DockerImages
    from vertex_dr.replication.mirror_images import MirrorImages

    clients, fence = Clients(settings), _fence(settings)
    store = _store(clients)
    return MirrorImages(
        settings=settings,
        own=observing(clients, settings.side, fence),
        other=observing(clients, settings.side.other, fence),
        images=DockerImages(clients, settings.side),
        store=store,
        active=fence,
        flow=_flow(settings, store, fence),
    )


def publishing(settings: Settings) -> PublishPipelines:
    """Return what publishes the other side's pipelines in this side's repository."""
    from vertex_dr.adapters.google.artifact_registry.pipelines import KfpPipelines
    from vertex_dr.replication.publish_pipelines import PublishPipelines

    clients, fence = Clients(settings), _fence(settings)
    return PublishPipelines(
        settings=settings,
        own=observing(clients, settings.side, fence),
        other=observing(clients, settings.side.other, fence),
        source=KfpPipelines(clients, settings.side.other),
        target=KfpPipelines(clients, settings.side),
        active=fence,
        flow=_flow(settings, _store(clients), fence),
    )


def reconciling(settings: Settings) -> ReconcileModels:
    """Return what makes this side's endpoints serve what Terraform declares."""
    from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
    from vertex_dr.replication.reconcile_models import ReconcileModels

    clients, fence = Clients(settings), _fence(settings)
    store = _store(clients)
    return ReconcileModels(
        settings=settings,
        observer=observing(clients, settings.side, fence),
        store=store,
        deployments=VertexDeployments(clients, settings.own.region),
        flow=_flow(settings, store, fence),
    )


def verifying(settings: Settings) -> VerifyReplicas:
    """Return what tells whether this side could take over."""
    from vertex_dr.replication.verify_replicas import VerifyReplicas

    clients, fence = Clients(settings), _fence(settings)
    return VerifyReplicas(
        settings=settings,
        own=observing(clients, settings.side, fence),
        other=observing(clients, settings.side.other, fence),
        store=_store(clients),
        active=fence,
        readiness=_proofs(settings),
        now=_now,
    )


def running_pipelines(settings: Settings) -> RunPipelines:
    """Return what starts the pipeline on the active side."""
    from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns
    from vertex_dr.replication.run_pipelines import RunPipelines

    clients, fence = Clients(settings), _fence(settings)
    return RunPipelines(
        settings=settings,
        active=fence,
        fence=fence,
        runs=VertexPipelineRuns(clients, settings.side),
        flow=_flow(settings, _store(clients), fence),
    )


def export_models(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; what to export is observed, so the body says nothing."""
    use = exporting(settings)
    return lambda _: use.run()


def import_models(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; what to import is observed, so the body says nothing."""
    use = importing(settings)
    return lambda _: use.run()


def mirror_images(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; what to mirror is observed, so the body says nothing."""
    use = mirroring(settings)
    return lambda _: use.run()


def publish_pipelines(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; what to publish is observed, so the body says nothing."""
    use = publishing(settings)
    return lambda _: use.run()


def reconcile_models(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; what to deploy is declared, so the body says nothing."""
    use = reconciling(settings)
    return lambda _: use.run()


def verify_replicas(settings: Settings) -> Callable[[Mapping[str, Any]], Proof]:
    """Return the entry point; what to verify is observed, so the body says nothing."""
    use = verifying(settings)
    return lambda _: use.run()


def run_pipelines(settings: Settings) -> Callable[[Mapping[str, Any]], Journal]:
    """Return the entry point; the pipeline is configured, so the body says nothing."""
    use = running_pipelines(settings)
    return lambda _: use.run()


def inventory(settings: Settings, side: Side) -> Inventory:
    """Return what that side holds now."""
    return observing(Clients(settings), side, _fence(settings)).observe()


def drift(settings: Settings) -> Drift:
    """Return what this process's side lacks of what the other side holds."""
    return verifying(settings).compare()


def ahead(settings: Settings) -> Callable[[], tuple[str, ...]]:
    """Return what names each thing that dr has and primary lacks, both observed when it is called."""
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.ahead import lacking
    from vertex_dr.replication.compare import compare

    def observe() -> tuple[str, ...]:
        clients, fence = Clients(settings), _fence(settings)
        source, target = (observing(clients, side, fence).observe() for side in (Side.DR, Side.PRIMARY))
        return lacking(compare(source, target, aliases_follow=fence.active()))

    return observe


def plan_fail_back(settings: Settings) -> PlanFailBack:
    """Return the operator's plan to fail back, which is refused while dr is ahead of primary."""
    return traffic_wiring.plan_fail_back(settings, ahead(settings))


def observing(clients: Clients, side: Side, fence: SelectorFence) -> Observer:
    """Return what looks at one side."""
    from vertex_dr.adapters.google.artifact_registry.images import DockerImages
    from vertex_dr.adapters.google.artifact_registry.pipelines import KfpPipelines
    from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
    from vertex_dr.adapters.google.vertex.models import VertexModels
    from vertex_dr.replication.observe import Observer

    region = clients.settings.sides[side].region
    return Observer(
        settings=clients.settings,
        side=side,
        registry=VertexModels(clients, region),
        store=_store(clients),
        images=DockerImages(clients, side),
        pipelines=KfpPipelines(clients, side),
        deployments=VertexDeployments(clients, region),
        fence=fence,
        now=_now,
    )


def _store(clients: Clients) -> StorageObjects:
    from vertex_dr.adapters.google.storage.objects import StorageObjects

    return StorageObjects(clients)


def _fence(settings: Settings) -> SelectorFence:
    from vertex_dr.adapters.google.firestore.selector_fence import SelectorFence

    return SelectorFence(lambda: selector(settings))


def _proofs(settings: Settings) -> ReadinessProofs:
    from vertex_dr.adapters.google.firestore.readiness_proofs import ReadinessProofs

    return ReadinessProofs(settings.side, readiness(settings))


def _flow(settings: Settings, store: StorageObjects, fence: SelectorFence) -> Flow:
    from vertex_dr.replication.flow import Flow

    return Flow(settings=settings, store=store, fence=fence, now=_now, run_id=_run_id)


def _now() -> datetime:
    return datetime.now(UTC)


def _run_id() -> str:
    return uuid.uuid4().hex[:8]
