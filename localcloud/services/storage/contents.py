"""What Cloud Storage holds, which every collection of it works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.services.storage.access import StorageAccess
from localcloud.services.storage.blobs import Blobs
from localcloud.services.storage.catalog import API, Catalog
from localcloud.services.storage.links import Links

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud

_PRIVATE = "_"


class Contents:
    """The blobs, the catalog of objects, and where a bucket lives."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.links = Links()
        self.blobs = Blobs(cloud.state_dir / "blobs")
        self.catalog = Catalog(cloud.store, self.blobs, self.links)
        self.access = StorageAccess(cloud, self.catalog)

    def bucket_region(self, bucket: str) -> str | None:
        """Return the region that alone holds the bucket; None for a bucket of several regions, or no bucket."""
        found = self.cloud.store.get(API, f"b/{bucket}")
        location = found["location"].lower() if found else ""
        return location if location in self.cloud.regions else None

    async def check_lit(self, bucket: str) -> None:
        """Return when a request may reach the bucket's only region; raises as `Switches.check` does."""
        await self.cloud.switches.check(self.bucket_region(bucket), API)


def shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bucket or object as callers see it."""
    return {key: value for key, value in found.items() if not key.startswith(_PRIVATE)}
