"""Catalogs: the inventories that a side has published; written once, the newest is the last by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.records import Record, from_json, to_json
from vertex_dr.replication.layout import catalog_prefix, catalog_uri
from vertex_dr.replication.records import Inventory

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.ports import ArtifactStore

__all__ = ["Catalog", "content_differs", "newest_catalog", "publish_catalog"]


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
