"""Compare two inventories: what the target lacks, and what it has in another form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import BadInput
from vertex_dr.replication.records import Drift, Image, PipelinePackage, StaleVersion

if TYPE_CHECKING:
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.records import ContainerSpec, Inventory, ModelVersion

__all__ = ["BothSides", "compare", "lacking", "reason_to_copy"]

Tagged = TypeVar("Tagged", Image, PipelinePackage)


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """What a source and its target held when they were observed for one comparison, and which side was active then."""

    source: Inventory
    target: Inventory
    active: Side

    def compare(self) -> Drift:
        """Return what the target lacks or has in another form; aliases and moved tags follow the active side."""
        return compare(self.source, self.target, aliases_follow=self.active)


def compare(source: Inventory, target: Inventory, *, aliases_follow: Side) -> Drift:
    """Return what the target lacks, and what it has in another form.

    Only versions that originate on the source are compared. Aliases are compared only when the source is the side that
    they follow, and then on every version that both hold: an operator may have moved one to a replica. A tag that both
    sides have follows that side too, since two sides that mirror each other would otherwise trade a moved tag for ever.
    """
    replicas = {v.identity: v for v in reversed(target.model_versions)}
    originals = tuple(v for v in source.model_versions if v.origin.side == source.side)
    follow = aliases_follow == source.side
    stale = []
    for version in source.model_versions:
        replica = replicas.get(version.identity)
        if replica is None:
            continue
        differs = _differences(version, replica, aliases=follow)
        if version.origin.side != source.side:
            differs = tuple(name for name in differs if name == "aliases")
        if differs:
            stale.append(StaleVersion(source=version, replica=replica, differs=differs))
    known = {v.identity for v in source.model_versions}
    return Drift(
        source=source.side,
        target=target.side,
        epoch=target.epoch,
        source_observed_at=source.observed_at,
        target_observed_at=target.observed_at,
        missing_versions=tuple(v for v in originals if v.identity not in replicas),
        stale_versions=tuple(stale),
        missing_images=_missing(source.images, target.images, follow=follow),
        missing_pipelines=_missing(source.pipelines, target.pipelines, follow=follow),
        extra=tuple(v.identity for v in target.model_versions if v.identity not in known),
    )


def lacking(drift: Drift) -> tuple[str, ...]:
    """Return one line for each asset that the target of the drift lacks or has in another form."""
    target = drift.target
    return (
        *(f"model version {v.identity} is not on {target}" for v in drift.missing_versions),
        *(f"model version {s.source.identity} differs in {', '.join(s.differs)}" for s in drift.stale_versions),
        *(f"image {i.identity} is not on {target} with its tags" for i in drift.missing_images),
        *(f"pipeline {p.identity} is not on {target} with its tags" for p in drift.missing_pipelines),
    )


def reason_to_copy(drift: Drift, asset: Image | PipelinePackage) -> str:
    """Return the sentence that says why the asset, or its tags, are copied to the target."""
    tags = f" with the tags {', '.join(asset.tags)}" if asset.tags else ""
    return f"{drift.source}'s repository has it{tags}, {drift.target}'s does not"


def _missing(source: tuple[Tagged, ...], target: tuple[Tagged, ...], *, follow: bool) -> tuple[Tagged, ...]:
    """Return what the target lacks, with the tags that it should give it: all, or those that it has nowhere yet."""
    held = {asset.identity: set(asset.tags) for asset in target}
    taken = set() if follow else {(_name(asset), tag) for asset in target for tag in asset.tags}
    wanted = (
        msgspec.structs.replace(asset, tags=tuple(tag for tag in asset.tags if (_name(asset), tag) not in taken))
        for asset in source
    )
    return tuple(a for a in wanted if a.identity not in held or set(a.tags) - held[a.identity])


def _name(asset: Image | PipelinePackage) -> str:
    return asset.identity.partition("@")[0]


def _differences(source: ModelVersion, replica: ModelVersion, *, aliases: bool) -> tuple[str, ...]:
    """Return the names of the fields in which the replica differs; an empty tuple when it is equal."""
    found = [
        name
        for name in ("display_name", "description", "version_description")
        if getattr(source, name) != getattr(replica, name)
    ]
    # A label more on the replica is none of the version: Vertex AI shows those of the target's model with it.
    if not source.labels.items() <= replica.labels.items():
        found.append("labels")
    if aliases and set(source.aliases) != set(replica.aliases):
        found.append("aliases")
    if source.artifact is not None and replica.ingested_digest not in {None, source.artifact.label}:
        found.append("artifact")
    if _served(source.container) != _served(replica.container):
        found.append("container")
    return tuple(found)


def _served(container: ContainerSpec) -> tuple[object, ...]:
    """Return what must be equal on both sides; the image by name and digest, since its region differs."""
    try:
        reference = ImageReference.parse(container.image)
        image = f"{reference.image}@{reference.digest}"
    except BadInput:
        image = container.image
    routes = (container.predict_route, container.health_route)
    return (image, container.command, container.args, sorted(container.env.items()), container.ports, routes)
