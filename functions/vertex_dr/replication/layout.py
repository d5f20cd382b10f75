"""Where replication keeps things: names of objects and references, from settings alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.assets import Origin
from vertex_dr.kernel.errors import BadInput

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.records import RegisteredVersion

__all__ = [
    "catalog_prefix",
    "catalog_uri",
    "export_prefix",
    "import_prefix",
    "manifest_prefix",
    "own_image",
    "published_prefix",
    "replicated_origin",
    "side_image",
]


def published_prefix(settings: Settings, model: str, origin: Origin) -> str:
    """Return the write-once folder of a version's artifact in the dual-region bucket."""
    return f"gs://{settings.artifact_bucket}/models/{model}/{origin}/"


def catalog_prefix(settings: Settings, side: Side) -> str:
    """Return the folder of the side's catalogs."""
    return f"gs://{settings.artifact_bucket}/catalogs/{side}/"


def catalog_uri(settings: Settings, side: Side, sequence: int) -> str:
    """Return the object of the side's catalog with that number; names sort as the numbers do."""
    return f"{catalog_prefix(settings, side)}{sequence:020d}.json"


def export_prefix(settings: Settings, model: str, origin: Origin) -> str:
    """Return the folder of the own staging bucket in which each export of the version makes a folder of its own."""
    return f"gs://{settings.own.staging_bucket}/exports/{model}/{origin}/"


def import_prefix(settings: Settings, model: str, origin: Origin) -> str:
    """Return the folder of the own staging bucket that a replica is ingested from."""
    return f"gs://{settings.own.staging_bucket}/imports/{model}/{origin}/"


def replicated_origin(settings: Settings, side: Side, version: RegisteredVersion) -> Origin | None:
    """Return the origin of a replica that is registered on the side, or None for a version of the side's own.

    What a version was ingested from tells: only replicas are ingested from the folder of their origin, and it is set in
    the request that registers them and never changes. A label tells nothing: Vertex AI shows the labels of model and
    version as one, so a version that users register beside a replica may show the replica's.
    """
    folder = f"gs://{settings.sides[side].staging_bucket}/imports/{version.model}/"
    name = version.artifact_uri.removeprefix(folder).rstrip("/")
    if not version.artifact_uri.startswith(folder) or "/" in name:
        return None
    try:
        return Origin.parse(name)
    except BadInput:
        return None


def manifest_prefix(settings: Settings) -> str:
    """Return the folder of the own staging bucket where Terraform declares models."""
    return f"gs://{settings.own.staging_bucket}/manifests/models/"


def side_image(settings: Settings, uri: str) -> ImageReference | None:
    """Return the reference when either side's repository has that name, or None: any other image is not moved."""
    try:
        reference = ImageReference.parse(uri)
    except BadInput:
        return None
    for side in settings.sides.values():
        ours = (settings.project, side.region, side.image_repository)
        if (reference.project, reference.region, reference.repository) == ours:
            return reference
    return None


def own_image(settings: Settings, uri: str) -> str:
    """Return how the own region's repository names the image; an image of neither side keeps its reference."""
    reference = side_image(settings, uri)
    if reference is None:
        return uri
    moved = reference.in_region(settings.own.region, repository=settings.own.image_repository)
    return str(msgspec.structs.replace(moved, tag=None))  # a tag may name another image there
