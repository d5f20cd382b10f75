"""Two sides in memory, wired as wiring does it, and what a user would do to them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.traffic import Numbers, Time
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.settings import PipelineSettings, Settings, SideSettings
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.records import ContainerSpec, NewVersion
from vertex_dr.wiring.entry_points import Capabilities

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


def environment_of(settings: Settings) -> dict[str, str]:
    """Return what Terraform gives a function with these settings."""
    texts = ("project", "side", "service", "artifact_bucket", "selector_database", "selector_secret")
    urls = [name for name in ("assess_url", "fail_over_url") if getattr(settings, name)]
    return {
        **{f"VERTEX_DR_{name.upper()}": str(getattr(settings, name)) for name in (*texts, *urls)},
        "VERTEX_DR_SIDES": to_json(settings.sides).decode(),
        **({"VERTEX_DR_PIPELINE": to_json(settings.pipeline).decode()} if settings.pipeline else {}),
    }


def _side(region: str) -> SideSettings:
    return SideSettings(
        region=region,
        staging_bucket=f"staging-{region}",
        image_repository="vdr-images",
        pipeline_repository="vdr-pipelines",
        endpoint=ENDPOINT,
    )


class MemorySide(Capabilities):
    """One side, wired as the functions are, and what a user would do to it."""

    def __init__(self, settings: Settings, world: World) -> None:
        self.world = world
        super().__init__(settings, MemoryPorts(settings, world.shared))
        region = world.shared.regions[settings.side]
        self.models, self.images = region.models, region.images
        self.pipelines, self.deployments, self.runs = region.pipelines, region.deployments, region.runs

    @property
    def other(self) -> MemorySide:
        return self.world.sides[self.settings.side.other]

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


class World:
    """Both sides and what they share: a selector at epoch 1, and a time that passes when told."""

    def __init__(self) -> None:
        self.shared = SharedPorts(clock=Time(NOW), new_id=Numbers("{:08d}"))
        self.store, self.selector = self.shared.artifacts, self.shared.selector
        self.sides = {side: MemorySide(settings_of(side), self) for side in Side}
        self.primary.traffic.ensure_selector.run()
        self.shared.new_id.given = 0  # runs are counted from here on

    @property
    def primary(self) -> MemorySide:
        return self.sides[Side.PRIMARY]

    @property
    def dr(self) -> MemorySide:
        return self.sides[Side.DR]

    @property
    def active(self) -> Side:
        return self.selector.selected.active

    @property
    def now(self) -> datetime:
        return self.shared.clock.now

    def flip(self) -> None:
        """Make the other side active, as a failover does."""
        self.selector.flip()

    def pass_time(self, **delta: float) -> None:
        self.shared.clock.now += timedelta(**delta)

    def replicate(self) -> None:
        """Run the scheduled functions once, as they follow each other."""
        self.primary.replication.export_models.run()
        self.dr.replication.mirror_images.run()
        self.dr.replication.publish_pipelines.run()
        self.dr.replication.import_models.run()

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
