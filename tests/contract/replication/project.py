"""The project that every contract runs on, made twice: in memory, and on the local cloud by Google's libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tests.replication.world import World
from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
from vertex_dr.adapters.google.artifact_registry.pipelines import ArtifactRegistryPipelines
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.adapters.google.storage.objects import StorageObjects
from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
from vertex_dr.adapters.google.vertex.models import VertexModels
from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns
from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.records import ContainerSpec, Manifest, NewVersion

if TYPE_CHECKING:
    from tests.contract.two_sides import TwoSides
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.ports import (
        ArtifactStore,
        Deployments,
        ImageRepository,
        ModelRegistry,
        PipelineRepository,
        PipelineRuns,
    )

PIPELINE = b"""\
components: {}
deploymentSpec: {}
pipelineInfo:
  name: diagnosis-training
root:
  dag:
    tasks: {}
schemaVersion: 2.1.0
sdkVersion: kfp-2.13.0
"""


class Project(Protocol):
    """One project with both sides: their ports, and what a user does without them."""

    settings: Settings
    store: ArtifactStore

    def models(self, side: Side) -> ModelRegistry: ...
    def images(self, side: Side) -> ImageRepository: ...
    def pipelines(self, side: Side) -> PipelineRepository: ...
    def deployments(self, side: Side) -> Deployments: ...
    def runs(self, side: Side) -> PipelineRuns: ...
    def put(self, uri: str, content: bytes) -> None: ...
    def push(self, side: Side, image: str, tag: str) -> ImageReference: ...


class MemoryProject:
    """Everything in memory."""

    def __init__(self) -> None:
        self.world = World()
        self.settings = self.world.primary.settings
        self.store = self.world.store

    def models(self, side: Side) -> ModelRegistry:
        return self.world.sides[side].models

    def images(self, side: Side) -> ImageRepository:
        return self.world.sides[side].images

    def pipelines(self, side: Side) -> PipelineRepository:
        return self.world.sides[side].pipelines

    def deployments(self, side: Side) -> Deployments:
        return self.world.sides[side].deployments

    def runs(self, side: Side) -> PipelineRuns:
        return self.world.sides[side].runs

    def put(self, uri: str, content: bytes) -> None:
        self.world.store.objects[uri] = content

    def push(self, side: Side, image: str, tag: str) -> ImageReference:
        return ImageReference.parse(self.world.sides[side].image(image, tag=tag))


@dataclass
class GoogleProject:
    """Everything on the local cloud, through the adapters that production uses."""

    two_sides: TwoSides

    def __post_init__(self) -> None:
        self.settings = self.two_sides.primary
        self.clients = Clients(self.settings)
        self.store = StorageObjects(self.clients)

    def models(self, side: Side) -> ModelRegistry:
        return VertexModels(self.clients, self.settings.sides[side].region)

    def images(self, side: Side) -> ImageRepository:
        return ArtifactRegistryImages(self.clients, side)

    def pipelines(self, side: Side) -> PipelineRepository:
        return ArtifactRegistryPipelines(self.clients, side)

    def deployments(self, side: Side) -> Deployments:
        return VertexDeployments(self.clients, self.settings.sides[side].region)

    def runs(self, side: Side) -> PipelineRuns:
        return VertexPipelineRuns(self.clients, side)

    def put(self, uri: str, content: bytes) -> None:
        bucket, _, name = uri.removeprefix("gs://").partition("/")
        self.two_sides.write(bucket, name, content)

    def push(self, side: Side, image: str, tag: str) -> ImageReference:
        # The tag goes into the content too, so that each tag has a digest of its own.
        uri = self.two_sides.push_image(self.two_sides.settings[side], image, tag=tag, offset=sum(tag.encode()))
        return ImageReference.parse(uri)

    def read_raw(self, uri: str) -> bytes:
        bucket, _, name = uri.removeprefix("gs://").partition("/")
        answer = self.two_sides.send("GET", f"/{bucket}/{name}")
        return answer.content


def staging(project: Project, side: Side = Side.PRIMARY) -> str:
    return f"gs://{project.settings.sides[side].staging_bucket}/"


def new_version(project: Project, factor: int, **more: Any) -> NewVersion:
    """Train: put an artifact into primary's staging bucket, and describe the version made of it."""
    folder = f"{staging(project)}training/{factor}/"
    project.put(f"{folder}weights.json", b'{"factor": %d}' % factor)
    project.put(f"{folder}more/notes.txt", b"notes of %d" % factor)
    container = ContainerSpec(
        image=str(project.push(Side.PRIMARY, "server", "v1")),
        predict_route="/predict",
        health_route="/health",
        env={"MODE": "fast"},
        ports=(8080,),
    )
    fields: dict[str, Any] = {
        "model": "diagnosis",
        "display_name": "Diagnosis",
        "description": "tells good from bad",
        "version_description": f"factor {factor}",
        "labels": {"team": "ml"},
        "aliases": (),
        "artifact_uri": folder,
        "container": container,
    }
    return NewVersion(**fields | more)


def manifest(project: Project, **more: Any) -> Manifest:
    fields: dict[str, Any] = {
        "model": "diagnosis",
        "endpoint": project.settings.own.endpoint,
        "machine_type": "n1-standard-2",
    }
    return Manifest(**fields | more)
