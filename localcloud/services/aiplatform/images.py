"""Ingesting an image: from a region's registry to an unpacked folder that needs the registry no more."""

from __future__ import annotations

import asyncio
import json
import platform
import shutil
import uuid
from typing import TYPE_CHECKING

import msgspec

from localcloud.core.errors import ApiError
from localcloud.runtime.serving.image import ImageConfig, IngestedImage
from localcloud.services.aiplatform.layers import BadLayer, unpack_layers
from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.oci.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry
    from localcloud.services.artifactregistry.oci.registry import Registry

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class ImageStore:
    """Unpacked images by digest. An image appears whole or not at all; equal images share one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}

    async def ingest(self, registry: Registry, name: str, reference: str) -> str:
        """Make the image of this name and tag or digest available, and return its digest.

        Raises ApiError 400 when the registry lacks it, or it cannot be unpacked. Repeating is safe.
        """
        try:
            entry = registry.resolve(registry.check_name(name), reference)
            digest = str(entry.digest)
            async with self._locks.setdefault(digest, asyncio.Lock()):
                if not self._place(digest).is_dir():
                    await asyncio.to_thread(self._unpack, registry, name, entry)
        except (RegistryError, BadLayer) as error:
            raise ApiError.failed_precondition(
                f"cannot ingest the image {name} {reference}: {error}; push it to this registry and upload again"
            ) from error
        return digest

    def open(self, digest: str) -> IngestedImage:
        """Return the ingested image; raises ApiError 400 when it was never ingested here."""
        place = self._place(digest)
        if not place.is_dir():
            raise ApiError.failed_precondition(
                f"the image {digest} is not in this state directory; upload the model again"
            )
        config = msgspec.json.decode((place / "config.json").read_bytes(), type=ImageConfig)
        return IngestedImage(root=place / "root", config=config)

    def _place(self, digest: str) -> Path:
        return self._folder / digest.replace(":", "-")

    def _unpack(self, registry: Registry, name: str, entry: ManifestEntry) -> None:
        manifest_entry = _for_this_machine(registry, name, entry)
        document = json.loads(registry.read_manifest(manifest_entry))
        config = ImageConfig.parse(registry.content.read(Digest.parse(document["config"]["digest"])))
        layers = [registry.content.path(Digest.parse(layer["digest"])) for layer in document.get("layers", [])]
        staged = self._folder / f"staged-{uuid.uuid4().hex}"
        try:
            unpack_layers(layers, staged / "root")
            (staged / "config.json").write_bytes(msgspec.json.encode(config))
            staged.replace(self._place(str(entry.digest)))
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _for_this_machine(registry: Registry, name: str, entry: ManifestEntry) -> ManifestEntry:
    """Return the image itself, or of an index the image for this machine's processor."""
    if not read_manifest(registry.read_manifest(entry), entry.media_type).is_index:
        return entry
    listed = json.loads(registry.read_manifest(entry))["manifests"]
    wanted = _ARCHITECTURES.get(platform.machine(), platform.machine())
    for descriptor in listed:
        has = descriptor.get("platform") or {}
        if has.get("architecture") == wanted and has.get("os") == "linux":
            return registry.resolve(name, descriptor["digest"])
    raise BadLayer(f"the index {entry.digest} lists no image for linux/{wanted}")
