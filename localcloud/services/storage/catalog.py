"""Which objects exist: live generations and noncurrent ones, each with its metadata and its blob."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from localcloud.core.store import Store
    from localcloud.services.storage.blobs import Blobs
    from localcloud.services.storage.links import Links

API = "storage"
_ANYTHING = Preconditions()
# A line feed cannot stand in an object's name, so it ends the name in the key of a noncurrent generation.
_END = "\n"


class Catalog:
    """Objects in the store: live ones under `o/{bucket}/`, noncurrent ones under `n/{bucket}/`."""

    def __init__(self, store: Store, blobs: Blobs, links: Links) -> None:
        self._store = store
        self._blobs = blobs
        self._links = links
        self._last_generation = 0

    def bucket(self, name: str) -> dict[str, Any]:
        """Return the bucket; raises ApiError 404."""
        found = self._store.get(API, f"b/{name}")
        if found is None:
            raise ApiError.not_found("The specified bucket does not exist.")
        return found

    def find(self, bucket: str, name: str, generation: str | None = None) -> dict[str, Any] | None:
        """Return the live object, or the generation that is asked for, or None."""
        live = self._store.get(API, f"o/{bucket}/{name}")
        if generation is None or (live is not None and live["generation"] == generation):
            return live
        return self._store.get(API, _noncurrent_key(bucket, name, generation))

    def require(self, bucket: str, name: str, generation: str | None = None) -> dict[str, Any]:
        """Return the object as find does; raises ApiError 404."""
        found = self.find(bucket, name, generation)
        if found is None:
            self.bucket(bucket)
            raise ApiError.not_found(f"No such object: {bucket}/{name}")
        return found

    def place(
        self,
        bucket: str,
        name: str,
        content: Path,
        metadata: Mapping[str, Any],
        conditions: Preconditions = _ANYTHING,
    ) -> dict[str, Any]:
        """Make the content the object's new live generation, or raise ApiError 404 or 412 with nothing changed."""
        try:
            holder = self.bucket(bucket)
            live = self.find(bucket, name)
            conditions.check(live)
        except ApiError:
            content.unlink(missing_ok=True)
            raise
        generation = self.next_generation()
        self._blobs.place(content, generation)
        if live is not None:
            self._retire(holder, live)
        moment = now()
        placed = {
            **metadata,
            "kind": "storage#object",
            "name": name,
            "bucket": bucket,
            "generation": generation,
            "metageneration": "1",
            "storageClass": metadata.get("storageClass") or holder["storageClass"],
            "timeCreated": moment,
            "updated": moment,
            "timeStorageClassUpdated": moment,
            "timeFinalized": moment,
        }
        return self._save(f"o/{bucket}/{name}", placed)

    def change(self, found: dict[str, Any]) -> dict[str, Any]:
        """Keep new metadata of an existing generation; its metageneration grows by one."""
        found["metageneration"] = str(int(found["metageneration"]) + 1)
        found["updated"] = now()
        return self._save(self._key(found), found)

    def remove(self, found: dict[str, Any], *, for_good: bool) -> None:
        """Make the object not live; for good, or where the bucket keeps no versions, the generation is gone."""
        holder = self.bucket(found["bucket"])
        if for_good or "timeDeleted" in found:
            self._forget(found)
        else:
            self._retire(holder, found)

    def live(self, bucket: str, prefix: str = "", start: str = "") -> Iterator[dict[str, Any]]:
        """Yield the live objects whose names start with prefix and are not below start, in order."""
        head = f"o/{bucket}/"
        for key in self._store.names(API, head + prefix, start=head + start):
            if (found := self._store.get(API, key)) is not None:
                yield found

    def generations(self, bucket: str, prefix: str = "", start: str = "") -> Iterator[dict[str, Any]]:
        """Yield all generations by name, oldest first, live ones last."""
        keys = [
            (name, f"{int(generation):020d}", key)
            for key in self._store.names(API, f"n/{bucket}/{prefix}")
            for name, _, generation in [key.removeprefix(f"n/{bucket}/").partition(_END)]
        ]
        head = f"o/{bucket}/"
        keys += [(key.removeprefix(head), "~", key) for key in self._store.names(API, head + prefix)]
        for name, _, key in sorted(keys):
            if name >= start and (found := self._store.get(API, key)) is not None:
                yield found

    def is_empty(self, bucket: str) -> bool:
        """Whether the bucket holds no generation of any object."""
        return not self._store.names(API, f"o/{bucket}/") and not self._store.names(API, f"n/{bucket}/")

    def next_generation(self) -> str:
        """Return the microseconds of now, above every generation given before."""
        self._last_generation = max(self._last_generation + 1, time.time_ns() // 1000)
        return str(self._last_generation)

    def _retire(self, holder: Mapping[str, Any], live: dict[str, Any]) -> None:
        if not holder.get("versioning", {}).get("enabled"):
            self._forget(live)
            return
        self._store.delete(API, self._key(live))
        live["timeDeleted"] = now()
        self._save(self._key(live), live)

    def _forget(self, found: Mapping[str, Any]) -> None:
        self._store.delete(API, self._key(found))
        self._blobs.remove(found["generation"])

    def _save(self, key: str, found: dict[str, Any]) -> dict[str, Any]:
        found |= self._links.of_object(found)
        self._store.put(API, key, found)
        return found

    def _key(self, found: Mapping[str, Any]) -> str:
        if "timeDeleted" in found:
            return _noncurrent_key(found["bucket"], found["name"], found["generation"])
        return f"o/{found['bucket']}/{found['name']}"


def _noncurrent_key(bucket: str, name: str, generation: str) -> str:
    return f"n/{bucket}/{name}{_END}{generation}"
