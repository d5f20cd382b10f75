"""Manifests: what Terraform declares that an endpoint should serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.records import from_json
from vertex_dr.replication.layout import manifest_prefix
from vertex_dr.replication.records import Manifest
from vertex_dr.replication.steps import Skipped

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.ports import ArtifactStore

__all__ = ["read_manifests"]


def read_manifests(store: ArtifactStore, settings: Settings) -> tuple[tuple[Manifest, ...], tuple[Skipped, ...]]:
    """Return the manifests of the own side by name, and those that cannot be read with the reason."""
    manifests: list[Manifest] = []
    damaged: list[Skipped] = []
    prefix = manifest_prefix(settings)
    for name in sorted(store.files(prefix)):
        uri = prefix + name
        try:
            manifests.append(from_json(Manifest, store.read(uri), source=uri))
        except DamagedRecord as error:
            damaged.append(Skipped(check="manifest-readable", subject=uri, problem=str(error)))
    return tuple(manifests), tuple(damaged)
