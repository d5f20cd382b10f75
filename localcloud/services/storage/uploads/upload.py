"""The upload paths: media, multipart, and the door to resumable uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from localcloud.core.errors import ApiError
from localcloud.services.storage.uploads.multipart import Multipart
from localcloud.services.storage.uploads.new_objects import METHOD, NewObject, NewObjects, json_response
from localcloud.services.storage.uploads.resumable import Resumable

if TYPE_CHECKING:
    from aiohttp import web

    from localcloud.services.storage.contents import Contents

_CHUNK = 1 << 18


class Uploads:
    """Takes new objects in."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._new_objects = NewObjects(contents)
        self._resumable = Resumable(contents, self._new_objects)

    async def upload(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        """Answer POST and PUT of /upload/storage/v1/b/{bucket}/o."""
        bucket = _bucket(request)
        await self._contents.check_lit(bucket)
        principal = self._contents.access.principal(request.headers, METHOD)
        request["localcloud.principal"] = principal
        kind = request.query.get("uploadType") or ("resumable" if "upload_id" in request.query else "media")
        if kind == "resumable":
            return await self._resumable.answer(request, bucket, principal)
        if kind == "multipart":
            return await self._multipart(request, bucket, principal)
        if kind != "media":
            raise ApiError.invalid(f"Invalid uploadType {kind!r}: it is media, multipart or resumable")
        metadata = {"contentType": request.headers.get("Content-Type", "application/octet-stream")}
        new = NewObject(bucket, metadata, request.query, principal)
        self._new_objects.authorize(new)
        content = await self._contents.blobs.receive(request.content.iter_chunked(_CHUNK))
        return json_response(self._new_objects.finish(new, content, request.headers))

    async def _multipart(self, request: web.Request, bucket: str, principal: str | None) -> web.StreamResponse:
        body = Multipart(request.headers.get("Content-Type", ""), request.content)
        await body.head()
        metadata = self._new_objects.checked(b"".join([chunk async for chunk in body.chunks()]))
        head = await body.head()
        if head.get("Content-Type"):
            metadata.setdefault("contentType", head["Content-Type"])
        new = NewObject(bucket, metadata, request.query, principal)
        self._new_objects.authorize(new)
        content = await self._contents.blobs.receive(body.chunks())
        await body.drain()
        return json_response(self._new_objects.finish(new, content, request.headers))


def _bucket(request: web.Request) -> str:
    """Return the bucket of …/storage/v1/b/{bucket}/o."""
    parts = request.raw_path.partition("?")[0].split("/")
    return unquote(parts[parts.index("b") + 1])
