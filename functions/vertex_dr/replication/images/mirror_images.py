"""Use case: hold every image of the other side here, under the same digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.compare import BothSides, reason_to_copy
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.journal import finding
from vertex_dr.replication.layout import side_image
from vertex_dr.replication.observe import newest_catalog
from vertex_dr.replication.records import Image
from vertex_dr.replication.steps import MirrorImage, Plan

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, Fence, ImageRepository
    from vertex_dr.replication.records import Drift
    from vertex_dr.replication.steps import Step

__all__ = ["MirrorImages", "plan_mirror"]


@dataclass(frozen=True, kw_only=True)
class MirrorImages(PlannedUseCase[BothSides]):
    """Pulls images by digest from the other side's repository into the own one."""

    own_side: Observer
    other_side: Observer
    images: ImageRepository
    store: ArtifactStore
    fence: Fence

    def observe(self) -> BothSides:
        """Return the images of both repositories; those that the other side's catalog serves models with count too.

        Raises Unreachable when the other region is dark.
        """
        source = self.other_side.observe((AssetKind.IMAGE,))
        listed = {image.identity for image in source.images}
        referenced = tuple(image for image in self._referenced() if image.identity not in listed)
        return BothSides(
            source=msgspec.structs.replace(source, images=(*source.images, *referenced)),
            target=self.own_side.observe((AssetKind.IMAGE,)),
            active=self.fence.active(),
        )

    def plan(self) -> Plan:
        """Return what has to be pulled and tagged now; nothing is written."""
        return plan_mirror(self.settings, self.observe().compare())

    def perform(self, step: Step) -> str:
        """Pull the image, then set its tags, and return its digest; parts that are here are not pulled again."""
        if not isinstance(step, MirrorImage):
            raise TypeError(f"mirror_images has no step {type(step).__name__}")
        # A tag must never name an image that is only half here, so tags come last.
        self.images.pull_from_other_side(step.name, step.digest)
        for tag in step.tags:
            self.images.tag(step.name, step.digest, tag)
        return step.digest

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return a finding for each image of the other side that still cannot be pulled here by the same digest."""
        drift = self.observe().compare()
        return tuple(
            finding("image-mirrored", Verdict.FAIL, image.identity, f"{drift.target}'s repository lacks it")
            for image in drift.missing_images
        )

    def _referenced(self) -> list[Image]:
        catalog = newest_catalog(self.store, self.settings, self.settings.side.other)
        found: set[tuple[str, str]] = set()
        for version in catalog.inventory.model_versions if catalog else ():
            reference = side_image(self.settings, version.container.image)
            if reference is not None and reference.digest is not None:
                found.add((reference.image, reference.digest))
        return [Image(name=name, digest=digest) for name, digest in sorted(found)]


def plan_mirror(settings: Settings, drift: Drift) -> Plan:
    """Return a step for each image, or tag of an image, that is missing here."""
    steps = tuple(
        MirrorImage(
            subject=image.identity,
            reason=reason_to_copy(drift, image),
            name=image.name,
            digest=image.digest,
            tags=image.tags,
        )
        for image in drift.missing_images
    )
    return Plan(entry_point="mirror_images", side=settings.side, epoch=drift.epoch, steps=steps)
