"""The image repository of one side, on Artifact Registry."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.artifact_registry.oci_repository import OciRepository
from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.replication.records import Image

if TYPE_CHECKING:
    from vertex_dr.adapters.google.artifact_registry.oci_repository import StoredManifest
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.sides import Side

__all__ = ["ArtifactRegistryImages"]


@dataclass(frozen=True)
class ArtifactRegistryImages:
    """Implements replication's ImageRepository for one side; it pulls from the repository of the other one."""

    clients: Clients
    side: Side
    list_seconds: float = CALL_SECONDS

    def images(self) -> tuple[Image, ...]:
        """Return every image with its digest and tags, by name and digest."""
        settings = self.clients.settings
        of_side = settings.sides[self.side]
        parent = f"projects/{settings.project}/locations/{of_side.region}/repositories/{of_side.image_repository}"
        listed = ask(
            f"list the images of {parent}",
            lambda: list(
                self._listing.list_docker_images(
                    request={"parent": parent, "page_size": 1000}, timeout=self.list_seconds
                )
            ),
        )
        found = [_image(image) for image in listed]
        return tuple(sorted(found, key=lambda image: image.identity))

    def resolve(self, name: str, tag: str) -> str:
        """Return the digest that the tag names now."""
        digest = self._own.digest(name, tag)
        if digest is None:
            raise NotFound(
                f"find the digest of {name}:{tag} in {self._own.url}",
                found="there is no such tag",
                then="push the image again, or register the version with IMAGE@sha256:DIGEST",
            )
        return digest

    def pull_from_other_side(self, name: str, digest: str) -> None:
        """Make the other side's image exist here with all its parts, each verified by digest."""
        if self._own.digest(name, digest) == digest:
            return
        manifest = self._other.manifest(name, digest)
        _verify(manifest, f"{self._other.url}/{name}", digest)
        parts = json.loads(manifest.content)
        for child in parts.get("manifests", ()):
            self.pull_from_other_side(name, child["digest"])
        for blob in (*([parts["config"]] if "config" in parts else []), *parts.get("layers", ())):
            if not blob.get("urls") and not self._own.has_blob(name, blob["digest"]):
                self._own.copy_blob(name, blob["digest"], source=self._other)
        # Last, so that whoever sees the manifest finds all its parts.
        self._own.put_manifest(name, digest, manifest)

    def tag(self, name: str, digest: str, tag: str) -> None:
        """Make the tag name the image."""
        if self._own.digest(name, tag) != digest:
            self._own.put_manifest(name, tag, self._own.manifest(name, digest))

    @cached_property
    def _listing(self) -> Any:
        return self.clients.artifact_registry()

    @cached_property
    def _own(self) -> OciRepository:
        return self._repository(self.side)

    @cached_property
    def _other(self) -> OciRepository:
        return self._repository(self.side.other)

    def _repository(self, side: Side) -> OciRepository:
        settings = self.clients.settings
        of_side = settings.sides[side]
        root = self.clients.url("docker", of_side.region)
        return OciRepository(http=self.clients.http, url=f"{root}/v2/{settings.project}/{of_side.image_repository}")


def _image(listed: Any) -> Image:
    reference = ImageReference.parse(listed.uri).pinned()
    return Image(name=reference.image, digest=reference.digest or "", tags=tuple(sorted(listed.tags)))


def _verify(manifest: StoredManifest, repository: str, digest: str) -> None:
    found = f"sha256:{hashlib.sha256(manifest.content).hexdigest()}"
    if found != digest:
        raise ReplicaMismatch(
            f"pull {repository}@{digest}",
            found=f"the manifest's content has the digest {found}",
            then="push the image to that repository again",
        )
