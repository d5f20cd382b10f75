"""What a side holds and when it was registered; an outage can lose any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.assets import AssetKind

if TYPE_CHECKING:
    from drill.context import Drill
    from vertex_dr.replication.records import Inventory

__all__ = ["holdings"]


def holdings(drill: Drill, inventory: Inventory) -> dict[AssetKind, dict[str, float]]:
    """Return identity → registration time a kind of asset; images and specs date from the drill's own push."""
    identities = {(v.model, v.version): v.identity for v in inventory.model_versions}
    return {
        AssetKind.MODEL_VERSION: {v.identity: v.created_at.timestamp() for v in inventory.model_versions},
        AssetKind.IMAGE: {i.identity: drill.registered.pushed_at for i in inventory.images},
        AssetKind.PIPELINE: {p.identity: drill.registered.published_at for p in inventory.pipelines},
        AssetKind.DEPLOYMENT: {
            f"{identities.get((d.model, d.version), d.model)} on {d.endpoint}": drill.registered.published_at
            for d in inventory.deployments
        },
    }
