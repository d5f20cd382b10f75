"""The upload paths: media, multipart, and the door to resumable uploads."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec
from aiohttp import web

from localcloud.core.bodies import decoded, validated
from localcloud.core.errors import ApiError
from localcloud.services.storage.checksums import from_hash_header
from localcloud.services.storage.objects.fields import measured, writable
from localcloud.services.storage.parts import Parts, shown
from localcloud.services.storage.preconditions import Preconditions
from localcloud.services.storage.uploads.multipart import Multipart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.services.storage.blobs import Content

_CHUNK = 1 << 18


class Uploads(Parts):
    """Takes new objects in."""

    async def upload(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        """Answer POST and PUT of /upload/storage/v1/b/{bucket}/o."""
        bucket = _bucket(request)
        self.check_lit(bucket)
        kind = request.query.get("uploadType") or ("resumable" if "upload_id" in request.query else "media")
        if kind == "resumable":
            return await self.resume(request, bucket)
        self.catalog.bucket(bucket)
        if kind == "multipart":
            return await self._multipart(request, bucket)
        if kind != "media":
            raise ApiError.invalid(f"Invalid uploadType {kind!r}: it is media, multipart or resumable")
        metadata = {"contentType": request.headers.get("Content-Type", "application/octet-stream")}
        content = await self.blobs.receive(request.content.iter_chunked(_CHUNK))
        return json_response(self.finish(bucket, metadata, content, request.query, request.headers))

    def finish(
        self,
        bucket: str,
        metadata: Mapping[str, Any],
        content: Content,
        query: Mapping[str, str],
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        """Make the content a new generation; raises ApiError 400, 404 or 412 with the content thrown away."""
        try:
            name = query.get("name") or metadata.get("name") or ""
            if not name:
                raise ApiError.invalid("Required parameter: name")
            content.checksums.require(metadata)
            content.checksums.require(from_hash_header(headers.get("X-Goog-Hash", "")))
            conditions = Preconditions.of_query(query)
        except ApiError:
            content.path.unlink()
            raise
        fields = writable(metadata) | measured(content.checksums)
        if query.get("contentEncoding"):
            fields["contentEncoding"] = query["contentEncoding"]
        return shown(self.catalog.place(bucket, name, content.path, fields, conditions))

    def checked(self, body: bytes) -> dict[str, Any]:
        """Return the metadata part of an upload, validated as objects.insert's body."""
        return validated(self.document("v1").schemas, "Object", decoded(body))

    @abstractmethod
    async def resume(self, request: web.Request, bucket: str) -> web.StreamResponse:
        """Answer one request of a resumable upload; the part for those says how."""

    async def _multipart(self, request: web.Request, bucket: str) -> web.StreamResponse:
        body = Multipart(request.headers.get("Content-Type", ""), request.content)
        await body.head()
        metadata = self.checked(b"".join([chunk async for chunk in body.chunks()]))
        head = await body.head()
        if head.get("Content-Type"):
            metadata.setdefault("contentType", head["Content-Type"])
        content = await self.blobs.receive(body.chunks())
        await body.drain()
        return json_response(self.finish(bucket, metadata, content, request.query, request.headers))


def json_response(answer: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """Return the answer as JSON."""
    return web.Response(
        body=msgspec.json.encode(answer), content_type="application/json", charset="UTF-8", headers=headers
    )


def _bucket(request: web.Request) -> str:
    """Return the bucket of …/storage/v1/b/{bucket}/o."""
    parts = request.raw_path.partition("?")[0].split("/")
    return unquote(parts[parts.index("b") + 1])
