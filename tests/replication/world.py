"""Two sides in memory, wired as wiring does it, and what a user would do to them."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from tests.memory.artifacts import MemoryArtifacts
from tests.memory.deployments import MemoryDeployments
from tests.memory.fence import MemoryFence, MemoryReadiness
from tests.memory.images import MemoryImages
from tests.memory.models import MemoryModels
from tests.memory.pipelines import MemoryPipelines, MemoryRuns
from vertex_dr.kernel.settings import PipelineSettings, Settings, SideSettings
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.export_models import ExportModels
from vertex_dr.replication.flow import Flow
from vertex_dr.replication.import_models import ImportModels
from vertex_dr.replication.mirror_images import MirrorImages
from vertex_dr.replication.observe import Observer
from vertex_dr.replication.publish_pipelines import PublishPipelines
from vertex_dr.replication.reconcile_models import ReconcileModels
from vertex_dr.replication.records import ContainerSpec
from vertex_dr.replication.registered import NewVersion
from vertex_dr.replication.run_pipelines import RunPipelines
from vertex_dr.replication.verify_replicas import VerifyReplicas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDPOINT = "424242"
NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
PIPELINE = b"pipelineInfo:\n  name: diagnosis-training\n"


def settings_of(side: Side) -> Settings:
    return Settings(
        project="demo",
        side=side,
        service="diagnosis",
        sides={
            Side.PRIMARY: _side("europe-west4"),
            Side.DR: _side("europe-west1"),
        },
        artifact_bucket="artifacts",
        selector_database="vdr-selector",
        selector_secret="vdr-selector-diagnosis",  # noqa: S106 - a name
        pipeline=PipelineSettings(package="diagnosis-training", service_account="runs@demo"),
    )


def _side(region: str) -> SideSettings:
    return SideSettings(
        region=region,
        staging_bucket=f"staging-{region}",
        image_repository="vdr-images",
        pipeline_repository="vdr-pipelines",
        endpoint=ENDPOINT,
    )


@dataclass(slots=True)
class MemorySide:
    """One side: its ports and its use cases."""

    settings: Settings
    world: World
    models: MemoryModels
    images: MemoryImages
    pipelines: MemoryPipelines = field(default_factory=MemoryPipelines)
    deployments: MemoryDeployments = field(default_factory=lambda: MemoryDeployments(serving={ENDPOINT: []}))
    runs: MemoryRuns = field(default_factory=MemoryRuns)
    readiness: MemoryReadiness = field(default_factory=MemoryReadiness)

    def observer(self, *, of: MemorySide | None = None) -> Observer:
        seen = of or self
        return Observer(
            settings=self.settings,
            side=seen.settings.side,
            registry=seen.models,
            store=self.world.store,
            images=seen.images,
            pipelines=seen.pipelines,
            deployments=seen.deployments,
            fence=self.world.fence,
            now=self.world.now,
        )

    @property
    def flow(self) -> Flow:
        return Flow(
            settings=self.settings,
            store=self.world.store,
            fence=self.world.fence,
            now=self.world.now,
            run_id=self.world.run_id,
        )

    @property
    def other(self) -> MemorySide:
        return self.world.sides[self.settings.side.other]

    @property
    def exporting(self) -> ExportModels:
        return ExportModels(
            settings=self.settings,
            observer=self.observer(),
            registry=self.models,
            store=self.world.store,
            flow=self.flow,
        )

    @property
    def importing(self) -> ImportModels:
        return ImportModels(
            settings=self.settings,
            observer=self.observer(),
            registry=self.models,
            store=self.world.store,
            active=self.world.fence,
            flow=self.flow,
        )

    @property
    def mirroring(self) -> MirrorImages:
        return MirrorImages(
            settings=self.settings,
            own=self.observer(),
            other=self.observer(of=self.other),
            images=self.images,
            store=self.world.store,
            active=self.world.fence,
            flow=self.flow,
        )

    @property
    def publishing(self) -> PublishPipelines:
        return PublishPipelines(
            settings=self.settings,
            own=self.observer(),
            other=self.observer(of=self.other),
            source=self.other.pipelines,
            target=self.pipelines,
            active=self.world.fence,
            flow=self.flow,
        )

    @property
    def reconciling(self) -> ReconcileModels:
        return ReconcileModels(
            settings=self.settings,
            observer=self.observer(),
            store=self.world.store,
            deployments=self.deployments,
            flow=self.flow,
        )

    @property
    def verifying(self) -> VerifyReplicas:
        return VerifyReplicas(
            settings=self.settings,
            own=self.observer(),
            other=self.observer(of=self.other),
            store=self.world.store,
            active=self.world.fence,
            readiness=self.readiness,
            now=self.world.now,
        )

    @property
    def running_pipelines(self) -> RunPipelines:
        return RunPipelines(
            settings=self.settings,
            active=self.world.fence,
            fence=self.world.fence,
            runs=self.runs,
            flow=self.flow,
        )

    def image(self, name: str = "server", *, tag: str = "v1") -> str:
        """Push an image, and return its reference by digest."""
        digest = "sha256:" + hashlib.sha256(f"{name}:{tag}".encode()).hexdigest()
        self.images.held.setdefault((name, digest), set())
        self.images.tag(name, digest, tag)
        return f"{self.settings.own.region}-docker.pkg.dev/demo/vdr-images/{name}@{digest}"

    def register(self, factor: int, *, aliases: tuple[str, ...] = (), image: str | None = None, **more: Any) -> str:
        """Train and register a version as a user does, and return its number."""
        folder = f"gs://{self.settings.own.staging_bucket}/training/{factor}/"
        self.world.store.objects[f"{folder}weights.json"] = b'{"factor": %d}' % factor
        self.world.store.objects[f"{folder}more/notes.txt"] = b"notes of %d" % factor
        fields: dict[str, Any] = {
            "model": "diagnosis",
            "display_name": "Diagnosis",
            "description": "tells good from bad",
            "version_description": f"factor {factor}",
            "labels": {"team": "ml"},
        } | more
        container = ContainerSpec(
            image=image or self.image(), predict_route="/predict", health_route="/health", env={"MODE": "fast"}
        )
        return self.models.upload(NewVersion(**fields, aliases=aliases, artifact_uri=folder, container=container))

    def declare(self, **more: Any) -> None:
        """Declare the model as Terraform does."""
        manifest = {"schema": 1, "model": "diagnosis", "endpoint": ENDPOINT, "machine_type": "n1-standard-2"} | more
        name = f"{manifest['model']}-{manifest['endpoint']}.json"
        uri = f"gs://{self.settings.own.staging_bucket}/manifests/models/{name}"
        self.world.store.objects[uri] = msgspec.json.encode(manifest)


@dataclass(slots=True)
class World:
    """Both sides and what they share."""

    store: MemoryArtifacts = field(default_factory=MemoryArtifacts)
    fence: MemoryFence = field(default_factory=MemoryFence)
    sides: dict[Side, MemorySide] = field(default_factory=dict)
    instant: datetime = NOW
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        images = {side: MemoryImages() for side in Side}
        for side in Side:
            settings = settings_of(side)
            images[side].other = images[side.other]
            models = MemoryModels(settings=settings, store=self.store, images=images[side])
            self.sides[side] = MemorySide(settings=settings, world=self, models=models, images=images[side])

    @property
    def primary(self) -> MemorySide:
        return self.sides[Side.PRIMARY]

    @property
    def dr(self) -> MemorySide:
        return self.sides[Side.DR]

    @property
    def now(self) -> Callable[[], datetime]:
        return lambda: self.instant

    @property
    def run_id(self) -> Callable[[], str]:
        return lambda: f"{next(self.ids):08d}"

    def pass_time(self, **delta: float) -> None:
        self.instant += timedelta(**delta)

    def replicate(self) -> None:
        """Run the scheduled functions once, as they follow each other."""
        self.primary.exporting.run()
        self.dr.mirroring.run()
        self.dr.publishing.run()
        self.dr.importing.run()

    def darken(self, side: MemorySide) -> None:
        """Let the side's region answer nothing; the dual-region bucket goes on."""
        for port in (side.models, side.images, side.pipelines, side.deployments):
            for call in ("versions", "images", "packages", "of", "read", "pull_from_other_side", "export"):
                port.faults.fail(call)


def two_versions(world: World) -> None:
    """Let primary have two versions of a model, an image, a pipeline."""
    world.primary.register(3)
    world.primary.register(5, aliases=("default", "champion"))
    world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
