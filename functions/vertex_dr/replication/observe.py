"""Observe what one side holds now, publish that inventory as a catalog, and read the newest one.

A catalog is written once; the newest is the last by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind, Origin
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.records import Record, from_json, to_json
from vertex_dr.replication.artifacts import ArtifactDigest
from vertex_dr.replication.layout import catalog_prefix, catalog_uri, import_prefix, replicated_origin, side_image
from vertex_dr.replication.records import DIGEST_LABEL, ORIGIN_LABEL, Inventory, ModelVersion, Unusable

if TYPE_CHECKING:
    from collections.abc import Collection

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.ports import (
        ArtifactStore,
        Deployments,
        Fence,
        ImageRepository,
        ModelRegistry,
        PipelineRepository,
    )
    from vertex_dr.replication.records import Deployment, RegisteredVersion

__all__ = ["Catalog", "Observer", "content_differs", "newest_catalog", "publish_catalog"]


@dataclass(frozen=True, slots=True)
class Observer:
    """Looks at one side through its ports."""

    settings: Settings
    side: Side
    registry: ModelRegistry
    store: ArtifactStore
    images: ImageRepository
    pipelines: PipelineRepository
    deployments: Deployments
    fence: Fence
    clock: Clock

    def observe(self, kinds: Collection[AssetKind] = tuple(AssetKind)) -> Inventory:
        """Return what the side holds now of these kinds; assets that cannot be used are listed with the reason.

        Raises Unreachable when the region does not answer: half an inventory would look like a drift.
        """
        side = self.settings.sides[self.side]
        versions: list[ModelVersion] = []
        unusable: list[Unusable] = []
        if AssetKind.MODEL_VERSION in kinds:
            versions, unusable = self._versions()
        deployments = self._deployments(unusable) if AssetKind.DEPLOYMENT in kinds else ()
        return Inventory(
            side=self.side,
            region=side.region,
            observed_at=self.clock(),
            epoch=self.fence.epoch(),
            kinds=tuple(kind for kind in AssetKind if kind in kinds),
            model_versions=tuple(versions),
            images=self.images.images() if AssetKind.IMAGE in kinds else (),
            pipelines=self.pipelines.packages() if AssetKind.PIPELINE in kinds else (),
            deployments=deployments,
            unusable=tuple(unusable),
        )

    def _deployments(self, unusable: list[Unusable]) -> tuple[Deployment, ...]:
        endpoint = self.settings.sides[self.side].endpoint
        try:
            return self.deployments.of(endpoint)
        except NotFound as error:
            unusable.append(Unusable(kind=AssetKind.DEPLOYMENT, subject=f"endpoint {endpoint}", problem=str(error)))
            return ()

    def _versions(self) -> tuple[list[ModelVersion], list[Unusable]]:
        published = self._published()
        versions, unusable = [], []
        for registered in self.registry.versions():
            try:
                versions.append(self._version(registered, published))
            except (BadInput, NotFound) as error:
                subject = f"{registered.model}@{self.side}-{registered.version}"
                unusable.append(Unusable(kind=AssetKind.MODEL_VERSION, subject=subject, problem=str(error)))
        return versions, unusable

    def _published(self) -> dict[str, ArtifactDigest]:
        catalog = newest_catalog(self.store, self.settings, self.side)
        known = catalog.inventory.model_versions if catalog else ()
        return {v.identity: v.artifact for v in known if v.artifact is not None and v.origin.side == self.side}

    def _version(self, seen: RegisteredVersion, published: dict[str, ArtifactDigest]) -> ModelVersion:
        replicated = replicated_origin(self.settings, self.side, seen)
        origin = replicated or Origin(side=self.side, version=seen.version)
        image = self._pinned(seen.container.image)
        if origin.side == self.side:
            artifact = published.get(f"{seen.model}@{origin}")
        else:
            artifact = self._staged(seen.model, origin)
        return ModelVersion(
            model=seen.model,
            origin=origin,
            version=seen.version,
            display_name=seen.display_name,
            description=seen.description,
            version_description=seen.version_description,
            labels={k: v for k, v in seen.labels.items() if k not in {ORIGIN_LABEL, DIGEST_LABEL}},
            aliases=tuple(sorted(seen.aliases)),
            created_at=seen.created_at,
            container=msgspec.structs.replace(seen.container, image=image.uri),
            artifact=artifact,
            ingested_digest=_ingested_digest(seen, replicated),
            resolved_tag=image.resolved_tag,
        )

    def _staged(self, model: str, origin: Origin) -> ArtifactDigest | None:
        if self.side != self.settings.side:
            return None  # a side's staging bucket is read by that side only
        prefix = import_prefix(self.settings, model, origin)
        files = self.store.files(prefix)
        return ArtifactDigest.of(prefix, files) if files else None

    def _pinned(self, uri: str) -> _PinnedImage:
        """Return the image by its digest; an image of neither side stays as it is. Raises BadInput and NotFound."""
        reference = side_image(self.settings, uri)
        if reference is None or reference.digest is not None:
            return _PinnedImage(uri=uri)
        if reference.tag is None:
            return _PinnedImage(uri=str(reference.pinned()))  # with neither tag nor digest, pinned() says why it fails
        digest = self.images.resolve(reference.image, reference.tag)
        by_digest = msgspec.structs.replace(reference, tag=None, digest=digest)
        return _PinnedImage(uri=str(by_digest), resolved_tag=reference.tag)


def _ingested_digest(seen: RegisteredVersion, replicated: Origin | None) -> str | None:
    """Return the digest label of a replica whose labels are its own, or None when another version's may show."""
    is_own_label = replicated is not None and seen.labels.get(ORIGIN_LABEL) == str(replicated)
    return seen.labels.get(DIGEST_LABEL) if is_own_label else None


@dataclass(frozen=True, slots=True)
class _PinnedImage:
    """An image by its digest, and the tag that the digest was found by when the reference had none."""

    uri: str
    resolved_tag: str | None = None


class Catalog(Record, frozen=True, kw_only=True):
    """A published inventory, and its number."""

    sequence: int
    inventory: Inventory


def newest_catalog(store: ArtifactStore, settings: Settings, side: Side) -> Catalog | None:
    """Return the side's newest catalog, or None when it has published none.

    Raises DamagedRecord, naming the object, when that catalog does not parse.
    """
    prefix = catalog_prefix(settings, side)
    numbered = [name for name in store.files(prefix) if name.endswith(".json") and name[:-5].isdigit()]
    if not numbered:
        return None
    name = max(numbered)
    inventory = from_json(Inventory, store.read(prefix + name), source=prefix + name)
    return Catalog(sequence=int(name[:-5]), inventory=inventory)


def publish_catalog(store: ArtifactStore, settings: Settings, inventory: Inventory, *, sequence: int) -> str:
    """Make the inventory the side's catalog of that number, and return its address.

    Raises ReplicaMismatch when another writer has published that number with other content.
    """
    uri = catalog_uri(settings, inventory.side, sequence)
    store.write_once(uri, to_json(inventory))
    return uri


def content_differs(one: Inventory, other: Inventory) -> bool:
    """Return whether the inventories hold different things, whenever and at whatever epoch they were observed."""
    return _content(one) != _content(other)


def _content(inventory: Inventory) -> tuple[object, ...]:
    return (
        inventory.region,
        inventory.kinds,
        inventory.model_versions,
        inventory.images,
        inventory.pipelines,
        inventory.deployments,
        inventory.unusable,
    )
