"""One region's image registry: content and catalog together, under the rules of the OCI distribution specification."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.catalog import Catalog
from localcloud.services.artifactregistry.oci.content import Content
from localcloud.services.artifactregistry.oci.digest import Digest, is_digest
from localcloud.services.artifactregistry.oci.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry

_NAME = re.compile(r"[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_ROOM_FOR_PROJECT_REPOSITORY_AND_IMAGE = 3


class StoredManifest(NamedTuple):
    """A manifest that the registry has taken."""

    digest: Digest
    manifest: Manifest


class Registry:
    """Images of one region. Names are `{project}/{repository}/{image}`, as at Google."""

    def __init__(self, root: Path, *, has_repository: Callable[[str, str], bool], now: Callable[[], float]) -> None:
        self.content = Content(root / "content")
        self.catalog = Catalog(root / "catalog.sqlite")
        self._has_repository = has_repository
        self._now = now

    def close(self) -> None:
        """Let go of the files."""
        self.catalog.close()

    def check_name(self, image: str) -> str:
        """Return the image's name; raises RegistryError unless it is well formed and its repository exists."""
        if not _NAME.fullmatch(image):
            raise errors.name_invalid(
                f"{image!r} is no image name: lower case letters, digits and . _ - between slashes"
            )
        parts = image.split("/")
        if len(parts) < _ROOM_FOR_PROJECT_REPOSITORY_AND_IMAGE:
            raise errors.name_unknown(f"{image!r} names no image: expected project/repository/image")
        if not self._has_repository(parts[0], parts[1]):
            raise errors.name_unknown(f"Repository {parts[1]!r} of project {parts[0]!r} not found; create it first")
        return image

    # Blobs

    def blob(self, image: str, digest: Digest) -> int:
        """Return the size of the image's blob; raises RegistryError 404 BLOB_UNKNOWN."""
        size = self.catalog.blob_size(image, digest)
        if size is None:
            raise errors.blob_unknown(f"{image} has no blob {digest}; push it first")
        return size

    def add_blob(self, image: str, data: bytes) -> Digest:
        """Make the image have these bytes as a blob, and return their digest. Repeating the call is safe."""
        digest = self.content.add(data)
        self.catalog.add_blob(image, digest, len(data), self._now())
        return digest

    def finish_upload(self, image: str, upload: str, digest: Digest) -> None:
        """Make the image have the uploaded bytes as a blob; raises RegistryError 400 when their digest is another."""
        size = self.content.finish_upload(upload, digest)
        self.catalog.add_blob(image, digest, size, self._now())

    def mount(self, image: str, digest: Digest, source: str | None) -> bool:
        """Make the image have a blob of the source (with None: of its own repository); False when it is not there."""
        if source is None:
            size = self.catalog.blob_anywhere(digest, "/".join(image.split("/")[:2]))
        else:
            size = self.catalog.blob_size(source, digest)
        if size is None:
            return False
        self.catalog.add_blob(image, digest, size, self._now())
        return True

    def remove_blob(self, image: str, digest: Digest) -> None:
        """Make the image no longer have the blob; raises RegistryError 404 BLOB_UNKNOWN."""
        if not self.catalog.remove_blob(image, digest):
            raise errors.blob_unknown(f"{image} has no blob {digest}")
        self._sweep(digest)

    # Manifests

    def resolve(self, image: str, reference: str) -> ManifestEntry:
        """Return the manifest that a tag or digest names; raises RegistryError 404 MANIFEST_UNKNOWN."""
        digest = Digest.parse(reference) if is_digest(reference) else self.catalog.tag(image, reference)
        entry = self.catalog.manifest(image, digest) if digest else None
        if entry is None:
            if not self.catalog.has_image(image):
                raise errors.name_unknown(f"image {image} not found; push it first")
            raise errors.manifest_unknown(f"{image} has no manifest {reference}; push it first")
        return entry

    def put_manifest(self, image: str, reference: str, data: bytes, content_type: str) -> StoredManifest:
        """Make the image have the manifest, under the tag when the reference is one.

        Raises RegistryError 400 when it cannot be read, its digest is not the reference, or a blob of it was not
        pushed before. Repeating the call is safe.
        """
        digest = Digest.of(data)
        if is_digest(reference):
            asked = Digest.parse(reference)
            digest = Digest.of(data, asked.algorithm)
            if digest != asked:
                raise errors.digest_invalid(f"the manifest's digest is {digest}, not {asked}")
        elif not _TAG.fullmatch(reference):
            raise errors.manifest_invalid(f"{reference!r} is no tag: letters, digits and . _ -, at most 128")
        manifest = read_manifest(data, content_type)
        for blob in manifest.blobs:
            if self.catalog.blob_size(image, blob) is None:
                raise errors.manifest_blob_unknown(f"the manifest names {blob}, which {image} lacks; push it before")
        for listed in manifest.manifests:
            if self.catalog.manifest(image, listed) is None:
                raise errors.manifest_blob_unknown(f"the index lists {listed}, which {image} lacks; push it before")
        self.content.add(data, digest.algorithm)
        self.catalog.add_manifest(image, digest, len(data), manifest, self._now())
        if not is_digest(reference):
            self.catalog.set_tag(image, reference, digest, self._now())
        return StoredManifest(digest, manifest)

    def tag_manifest(self, image: str, tag: str, digest: Digest) -> None:
        """Make the tag name the manifest; raises RegistryError when there is none, or the tag is no tag."""
        if not _TAG.fullmatch(tag):
            raise errors.manifest_invalid(f"{tag!r} is no tag: letters, digits and . _ -, at most 128")
        self.resolve(image, str(digest))
        self.catalog.set_tag(image, tag, digest, self._now())

    def remove_manifest(self, image: str, reference: str) -> None:
        """Make a tag go, or a manifest with its tags; raises RegistryError 404 MANIFEST_UNKNOWN."""
        if not is_digest(reference):
            if not self.catalog.remove_tag(image, reference):
                raise errors.manifest_unknown(f"{image} has no tag {reference}")
            return
        digest = Digest.parse(reference)
        if not self.catalog.remove_manifest(image, digest):
            raise errors.manifest_unknown(f"{image} has no manifest {reference}")
        self._sweep(digest)

    def remove_repository(self, repository: str) -> None:
        """Make every image of `project/repository` go with its content. Repeating is safe."""
        digests = {entry.digest for entry in self.catalog.manifests(repository)}
        for image in self.catalog.images_with_blobs(repository):
            digests |= {digest for digest, _, _ in self.catalog.blobs(image)}
        self.catalog.remove_repository(repository)
        for digest in digests:
            self._sweep(digest)

    def read_manifest(self, entry: ManifestEntry) -> bytes:
        """Return the manifest's bytes as they were pushed."""
        return self.content.read(entry.digest)

    def _sweep(self, digest: Digest) -> None:
        if not self.catalog.uses(digest):
            self.content.remove(digest)
