"""Ingesting an image: from a region's registry to an unpacked folder that needs the registry no more."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import platform
import shutil
import threading
import uuid
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from localcloud.core.errors import ApiError
from localcloud.runtime.serving.host_files import AUTHORITY
from localcloud.runtime.serving.image import ImageConfig, IngestedImage
from localcloud.runtime.serving.inside import inside
from localcloud.services.aiplatform.layers import BadLayer, unpack_layer
from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.oci.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry
    from localcloud.services.artifactregistry.oci.registry import Registry

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


_MOUNT_POINTS = ("proc", "dev", "tmp", "sys")
_FILES = ("/etc/hosts", "/etc/resolv.conf", str(AUTHORITY))


class ImageStore:
    """Roots of images by digest. An image appears whole or not at all; equal images share one root.

    Each layer is unpacked once over those below it: images that begin with the same layers share their files, as links.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, asyncio.Lock] = {}
        self._unpacking = threading.RLock()

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
        except (RegistryError, BadLayer, ValueError) as error:
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
        if len(layers) != len(config.diff_ids):
            raise BadLayer(f"the manifest lists {len(layers)} layers, and the image's config {len(config.diff_ids)}")
        staged = self._folder / f"staged-{uuid.uuid4().hex}"
        try:
            staged.mkdir(parents=True)
            below = self._chain(layers[:-1], config.diff_ids[:-1])
            _copy_as_links(below, staged / "root")
            for layer, diff_id in list(zip(layers, config.diff_ids, strict=True))[-1:]:
                unpack_layer(layer, staged / "root", diff_id)
            _make_places(staged / "root", config.working_dir)
            (staged / "config.json").write_bytes(msgspec.json.encode(config))
            staged.replace(self._place(str(entry.digest)))
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _chain(self, layers: Sequence[Path], diff_ids: Sequence[str]) -> Path | None:
        """Return the folder of these layers, one over the other, unpacked where that was not done; None for none."""
        if not layers:
            return None
        place = self._folder / "layers" / hashlib.sha256(" ".join(diff_ids).encode()).hexdigest()
        with self._unpacking:
            if place.is_dir():
                return place
            below = self._chain(layers[:-1], diff_ids[:-1])
            staged = place.with_name(f"staged-{uuid.uuid4().hex}")
            try:
                _copy_as_links(below, staged)
                unpack_layer(layers[-1], staged, diff_ids[-1])
                staged.replace(place)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
        return place


def _copy_as_links(source: Path | None, target: Path) -> None:
    """Make the target a folder with the same files, each a link; folders keep owner and mode. Empty for no source."""
    target.mkdir(parents=True)
    if source is None:
        return
    for found in os.scandir(source):
        if found.is_dir(follow_symlinks=False):
            _copy_as_links(Path(found.path), target / found.name)
        else:
            os.link(found.path, target / found.name, follow_symlinks=False)
    if os.geteuid() == 0:
        has = source.stat()
        os.chown(target, has.st_uid, has.st_gid)
    shutil.copystat(source, target)


def _make_places(root: Path, working_dir: str) -> None:
    """Make what a container runtime adds to an image: where it mounts, and the folder in which the program starts."""
    for name in _MOUNT_POINTS:
        place = root / name
        if place.is_symlink() or not place.is_dir():
            place.unlink(missing_ok=True)
            place.mkdir()
    for path in map(PurePosixPath, _FILES):
        place = inside(root, str(path.parent)) / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_symlink():
            place.unlink()
        if not place.exists():
            place.touch()
    inside(root, working_dir).mkdir(parents=True, exist_ok=True)


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
