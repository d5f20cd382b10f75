"""dr's holdings beside primary's, asset kind by asset kind, as an operator would check them by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding
    from vertex_dr.replication.artifacts import FileDigest
    from vertex_dr.replication.records import Inventory

__all__ = ["compare_sides", "staged_files_differing"]

_DESCRIBING = ("display_name", "description", "version_description", "aliases")


def compare_sides(drill: Drill, primary: Inventory, dr: Inventory) -> Iterator[Finding]:
    """Yield one finding a kind of asset, and one about every artifact file that dr staged."""
    replicas = {version.identity: version for version in dr.model_versions}
    yield _lacking(drill, "model-replicated", [v.identity for v in primary.model_versions], set(replicas))
    differing = [
        f"{version.identity}: {field}"
        for version in primary.model_versions
        for field in _DESCRIBING
        if version.identity in replicas and getattr(version, field) != getattr(replicas[version.identity], field)
    ]
    yield drill.check(
        "model-described",
        holds=not differing,
        expected="names, descriptions and aliases are the same on both sides",
        found=f"these differ: {', '.join(differing)}" if differing else "they are",
    )
    yield _lacking(drill, "image-mirrored", [i.digest for i in primary.images], {i.digest for i in dr.images})
    yield _lacking(
        drill, "pipeline-published", [p.identity for p in primary.pipelines], {p.identity for p in dr.pipelines}
    )
    damaged = staged_files_differing(drill)
    yield drill.check(
        "artifact-intact",
        holds=not damaged,
        expected="every file in dr's staging bucket has the checksum of its source in the artifact bucket",
        found="; ".join(damaged) or "they have",
    )


def staged_files_differing(drill: Drill) -> list[str]:
    """Return a line for each staged file whose checksum is not that of the artifact bucket's file."""
    settings = drill.settings[Side.DR]
    bucket = settings.own.staging_bucket
    store = drill.ports(Side.DR).artifacts
    staged = store.files(f"gs://{bucket}/imports/")
    sources = store.files(f"gs://{settings.artifact_bucket}/models/")
    return [
        f"gs://{bucket}/imports/{name} has {_told(found)}, its source has {_told(sources.get(name))}"
        for name, found in staged.items()
        if sources.get(name) != found
    ]


def _told(digest: FileDigest | None) -> str:
    return "nothing" if digest is None else f"crc32c {digest.crc32c}, {digest.size} bytes"


def _lacking(drill: Drill, name: str, wanted: list[str], held: set[str]) -> Finding:
    lacking = [identity for identity in wanted if identity not in held]
    return drill.check(
        name,
        holds=not lacking,
        expected=f"dr has each of the {len(wanted)} that primary has",
        found=f"dr lacks {', '.join(lacking)}" if lacking else f"dr has all {len(wanted)}",
    )
