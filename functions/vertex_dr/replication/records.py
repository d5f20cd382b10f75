"""What one side held at one instant, and what it lacks."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vertex_dr.kernel.assets import AssetKind, Origin
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.artifacts import ArtifactDigest

__all__ = [
    "DIGEST_LABEL",
    "ORIGIN_LABEL",
    "ContainerSpec",
    "Deployment",
    "Drift",
    "Image",
    "Inventory",
    "Manifest",
    "ModelVersion",
    "NewVersion",
    "PipelinePackage",
    "RegisteredVersion",
    "StaleVersion",
    "Unusable",
]

ORIGIN_LABEL = "vertex-dr-origin"
DIGEST_LABEL = "vertex-dr-digest"


class ContainerSpec(Record, frozen=True, kw_only=True):
    """How a model version is served; the image is pinned by digest."""

    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: dict[str, str] = msgspec.field(default_factory=dict)
    ports: tuple[int, ...] = ()
    predict_route: str = ""
    health_route: str = ""


class ModelVersion(Record, frozen=True, kw_only=True):
    """One version of a model on one side; (model, origin) tells it from all others on both sides.

    `version` is this side's number of it. `artifact` is None as long as no export or import of it has completed.
    `resolved_tag` is the tag that the image was uploaded with when it came without a digest.
    """

    model: str
    origin: Origin
    version: str
    display_name: str
    description: str = ""
    version_description: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    created_at: datetime
    container: ContainerSpec
    artifact: ArtifactDigest | None = None
    ingested_digest: str | None = None
    resolved_tag: str | None = None

    @property
    def identity(self) -> str:
        """Return the name of the version that both sides agree on, such as `diagnosis@primary-2`."""
        return f"{self.model}@{self.origin}"


class RegisteredVersion(Record, frozen=True, kw_only=True):
    """One version as its region's registry shows it: with every label, and the image reference as it was uploaded."""

    model: str
    version: str
    display_name: str
    description: str = ""
    version_description: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    created_at: datetime
    artifact_uri: str = ""
    container: ContainerSpec


class NewVersion(Record, frozen=True, kw_only=True):
    """A version as it is given to a registry."""

    model: str
    display_name: str
    description: str = ""
    version_description: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    artifact_uri: str
    container: ContainerSpec


class Image(Record, frozen=True, kw_only=True):
    """One image of a side's image repository."""

    name: str
    digest: str
    tags: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Return the name that both sides agree on."""
        return f"{self.name}@{self.digest}"


class PipelinePackage(Record, frozen=True, kw_only=True):
    """One version of a compiled pipeline; the version is the digest of its content."""

    package: str
    version: str
    tags: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Return the name that both sides agree on."""
        return f"{self.package}@{self.version}"


class Deployment(Record, frozen=True, kw_only=True):
    """One model version that an endpoint serves, and its share of the traffic in percent."""

    endpoint: str
    id: str
    model: str
    version: str
    machine_type: str
    min_replicas: int
    max_replicas: int
    traffic: int


class Manifest(Record, frozen=True, kw_only=True):
    """A model that Terraform declares: the alias's version serves all traffic of the endpoint."""

    schema: int = 1
    model: str
    alias: str = "default"
    endpoint: str
    machine_type: str
    min_replicas: int = 1
    max_replicas: int = 1


class Unusable(Record, frozen=True, kw_only=True):
    """An asset that was seen and cannot be replicated or read as it is, with the sentence that says why."""

    kind: AssetKind
    subject: str
    problem: str


class Inventory(Record, frozen=True, kw_only=True):
    """What one side held at one instant, as far as the kinds in `kinds` were looked at."""

    schema: int = 1
    side: Side
    region: str
    observed_at: datetime
    epoch: int
    kinds: tuple[AssetKind, ...] = tuple(AssetKind)
    model_versions: tuple[ModelVersion, ...] = ()
    images: tuple[Image, ...] = ()
    pipelines: tuple[PipelinePackage, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    unusable: tuple[Unusable, ...] = ()


class StaleVersion(Record, frozen=True, kw_only=True):
    """A replica whose description, labels, aliases or content differ from its source; the names of what differs."""

    source: ModelVersion
    replica: ModelVersion
    differs: tuple[str, ...]


class Drift(Record, frozen=True, kw_only=True):
    """What a target lacks of its source, or has in another form; `extra` is on the target only and is left alone."""

    schema: int = 1
    source: Side
    target: Side
    epoch: int
    source_observed_at: datetime
    target_observed_at: datetime
    missing_versions: tuple[ModelVersion, ...] = ()
    stale_versions: tuple[StaleVersion, ...] = ()
    missing_images: tuple[Image, ...] = ()
    missing_pipelines: tuple[PipelinePackage, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether the target has everything that its source has."""
        return not (self.missing_versions or self.stale_versions or self.missing_images or self.missing_pipelines)
