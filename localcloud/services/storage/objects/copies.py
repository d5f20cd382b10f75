"""copyTo and rewriteTo: the bytes stay where they are, the new generation gets a second name for them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.storage.catalog import API
from localcloud.services.storage.contents import Contents, shown
from localcloud.services.storage.objects.fields import writable
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.call import Call

_MEBIBYTE = 1 << 20
# Google moves as much as fits into a call of half a minute; here it is little, so that tests meet the second call.
_MOST_ACROSS_LOCATIONS = 16 * _MEBIBYTE


class Copies:
    """Copies within and between buckets."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("objects.copy")
    async def copy_object(self, call: Call) -> dict[str, Any]:
        """Make the destination a copy of the source; raises ApiError 404 or 412."""
        return shown(self._copy(call, await self._source(call)))

    @handles("objects.rewrite")
    async def rewrite_object(self, call: Call) -> dict[str, Any]:
        """Copy at most maxBytesRewrittenPerCall bytes; a token continues where the last call ended."""
        source = await self._source(call)
        size = int(source["size"])
        token = call.query.get("rewriteToken")
        progress = self._progress(token, source) if token else 0
        progress = min(size, progress + min(_most(call.query, size), self._most_at_once(call, size)))
        answer = {
            "kind": "storage#rewriteResponse",
            "totalBytesRewritten": str(progress),
            "objectSize": str(size),
            "done": progress == size,
        }
        if progress < size:
            destination = self._contents.catalog.find(
                call.params["destinationBucket"], call.params["destinationObject"]
            )
            Preconditions.of_query(call.query).check(destination)
            token = token or secrets.token_urlsafe(24)
            rewrite = {"generation": source["generation"], "progress": progress}
            self._contents.cloud.store.put(API, f"rewrites/{token}", rewrite)
            return answer | {"rewriteToken": token}
        answer["resource"] = shown(self._copy(call, source))
        self._contents.cloud.store.delete(API, f"rewrites/{token}")
        return answer

    @handles("objects.move")
    async def move_object(self, call: Call) -> dict[str, Any]:
        """Give the object another name in its bucket; raises ApiError 404 or 412."""
        source = await self._source(call)
        moved = self._copy(call, source)
        self._contents.catalog.remove(source, for_good=False)
        return shown(moved)

    async def _source(self, call: Call) -> dict[str, Any]:
        bucket = call.params.get("sourceBucket") or call.params["bucket"]
        await self._contents.check_lit(bucket)
        await self._contents.check_lit(call.params.get("destinationBucket") or bucket)
        source = self._contents.catalog.require(
            bucket, call.params["sourceObject"], call.query.get("sourceGeneration") or None
        )
        Preconditions.of_query(call.query, "ifSource").check(source)
        return source

    def _copy(self, call: Call, source: dict[str, Any]) -> dict[str, Any]:
        bucket = call.params.get("destinationBucket") or call.params["bucket"]
        self._contents.catalog.bucket(bucket)
        found = {key: source[key] for key in ("size", "md5Hash", "crc32c", "componentCount") if key in source}
        asked = writable(call.body)
        inherited = writable(source)
        inherited.pop("storageClass", None)  # the destination bucket's default applies unless the caller asks
        fields = ({"contentType": source.get("contentType")} | asked if asked else inherited) | found
        content = self._contents.blobs.share(source["generation"])
        conditions = Preconditions.of_query(call.query)
        return self._contents.catalog.place(bucket, call.params["destinationObject"], content, fields, conditions)

    def _most_at_once(self, call: Call, size: int) -> int:
        """Return how many bytes one call may move: all within a location, some of them across."""
        buckets = (self._contents.catalog.bucket(call.params[name]) for name in ("sourceBucket", "destinationBucket"))
        return size if len({bucket["location"] for bucket in buckets}) == 1 else _MOST_ACROSS_LOCATIONS

    def _progress(self, token: str, source: Mapping[str, Any]) -> int:
        rewrite = self._contents.cloud.store.get(API, f"rewrites/{token}")
        if rewrite is None or rewrite["generation"] != source["generation"]:
            raise ApiError.invalid("The rewrite token is not of this source: start the rewrite again without a token")
        progress: int = rewrite["progress"]
        return progress


def _most(query: Mapping[str, str], size: int) -> int:
    text = query.get("maxBytesRewrittenPerCall")
    if not text:
        return size
    if not text.isdigit() or int(text) == 0 or int(text) % _MEBIBYTE:
        raise ApiError.invalid(f"maxBytesRewrittenPerCall must be an integral multiple of 1 MiB, got {text}")
    return int(text)
