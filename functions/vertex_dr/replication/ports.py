"""What replication needs of the world, one Protocol a thing; adapters return these records and raise kernel errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.artifacts import FileDigest
    from vertex_dr.replication.journal import Proof
    from vertex_dr.replication.records import (
        Deployment,
        Image,
        Manifest,
        NewVersion,
        PipelinePackage,
        RegisteredVersion,
    )

__all__ = [
    "ArtifactStore",
    "Deployments",
    "Fence",
    "ImageRepository",
    "ModelRegistry",
    "PipelineRepository",
    "PipelineRuns",
    "ProofLog",
]


class Fence(Protocol):
    """Tells what the selector says now, so that a stale writer stops. Raises Unreachable, never an older answer."""

    def epoch(self) -> int:
        """Return the selector's epoch."""
        ...

    def active(self) -> Side:
        """Return the side that clients are sent to."""
        ...


class ModelRegistry(Protocol):
    """The model registry of one side's region."""

    def versions(self, model: str | None = None) -> tuple[RegisteredVersion, ...]:
        """Return every version of that model, or of every model, oldest first within a model.

        A model that does not exist has none.
        """
        ...

    def export(self, model: str, version: str, *, to: str) -> str:
        """Export the artifact into a new folder below the gs:// prefix and return that folder's gs:// address.

        Repeating makes another folder. Raises BadInput when the version has no artifact to export.
        """
        ...

    def upload(self, new: NewVersion) -> str:
        """Register the version, the first one of a model under that very id, and return its number.

        Repeating is safe: an upload of the same that is still running is waited for, and its version counts while it is
        there. Raises Unreachable when it has not ended in time; it goes on, and so does the next call. Raises Refused,
        BadInput or NotFound when the image or the artifact is not in the region.
        """
        ...

    def set_aliases(self, model: str, version: str, *, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        """Move the aliases in add to this version and take those in remove from it. Repeating is safe."""
        ...

    def describe(self, new: NewVersion, *, version: str) -> None:
        """Give the version the names, descriptions and labels of new. Repeating is safe."""
        ...


class ArtifactStore(Protocol):
    """Objects in buckets, by gs:// address."""

    def files(self, prefix: str) -> dict[str, FileDigest]:
        """Return every object below the gs:// prefix, by its name relative to it; an empty dict when there is none."""
        ...

    def read(self, uri: str) -> bytes:
        """Return the object's content. Raises NotFound when there is none."""
        ...

    def write_once(self, uri: str, content: bytes) -> None:
        """Make the object exist with that content. Repeating is safe.

        Raises ReplicaMismatch when it exists with other content, which stays as it was.
        """
        ...

    def copy_once(self, source: str, destination: str, *, expected: FileDigest | None = None) -> FileDigest:
        """Make the destination exist with the source's content, copied inside Cloud Storage. Repeating is safe.

        Raises NotFound when there is no source, and ReplicaMismatch when the destination exists with other content
        (which stays as it was) or when the source is not what was expected.
        """
        ...


class ImageRepository(Protocol):
    """The image repository of one side."""

    def images(self) -> tuple[Image, ...]:
        """Return every image with its digest and tags, by name and digest."""
        ...

    def resolve(self, name: str, tag: str) -> str:
        """Return the digest that the tag names now. Raises NotFound when there is none."""
        ...

    def pull_from_other_side(self, name: str, digest: str) -> None:
        """Make the other side's image exist here with all its parts, each verified by digest. Repeating is safe.

        Raises NotFound when the other side lacks it, and ReplicaMismatch when its content does not have that digest.
        """
        ...

    def tag(self, name: str, digest: str, tag: str) -> None:
        """Make the tag name the image. Repeating is safe."""
        ...


class PipelineRepository(Protocol):
    """The repository of compiled pipelines of one side."""

    def packages(self) -> tuple[PipelinePackage, ...]:
        """Return every version of every package with its tags, by package and version."""
        ...

    def resolve(self, package: str, tag: str) -> str:
        """Return the version that the tag names now. Raises NotFound when there is none."""
        ...

    def read(self, package: str, version: str) -> bytes:
        """Return the compiled pipeline. Raises NotFound when there is none."""
        ...

    def publish(self, package: str, content: bytes, *, tags: tuple[str, ...]) -> str:
        """Make the compiled pipeline a version of the package, with these tags, and return the version.

        Repeating is safe. Raises ReplicaMismatch when the content names another package.
        """
        ...

    def tag(self, package: str, version: str, tag: str) -> None:
        """Make the tag name that version. Repeating is safe."""
        ...


class Deployments(Protocol):
    """What the endpoints of one side serve."""

    def of(self, endpoint: str) -> tuple[Deployment, ...]:
        """Return what the endpoint serves. Raises NotFound when there is no such endpoint."""
        ...

    def deploy(self, manifest: Manifest, *, version: str) -> str:
        """Deploy the version beside what serves already, then give it all traffic, and return the deployment's id.

        Repeating is safe: a deployment like it that is still running is waited for, and one that is there counts.
        Raises Unreachable when it has not ended in time; it goes on, and so does the next call.
        """
        ...

    def shift_traffic(self, endpoint: str, *, to: str) -> None:
        """Give the deployment all traffic. Repeating is safe."""
        ...

    def undeploy(self, endpoint: str, deployment: str) -> None:
        """Take the deployment off the endpoint. Repeating is safe."""
        ...


class PipelineRuns(Protocol):
    """Runs of pipelines in one side's region."""

    def start(self, *, package: str, version: str, run_id: str, service_account: str | None) -> str:
        """Start a run of that version of the package from the side's own repository and return the run's name.

        Repeating with the same run_id starts nothing more and returns the same name.
        """
        ...


class ProofLog(Protocol):
    """Where a side's readiness is kept for whoever decides about a failover."""

    def record(self, proof: Proof) -> None:
        """Keep the proof as the own side's newest readiness. Repeating is safe."""
        ...
