"""Reading bytes: alt=media of the JSON API, the download path, and GET and HEAD of the XML API."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from localcloud.core.errors import ApiError
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.services.storage.contents import Contents

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_METHOD = "objects.get"
_XML_CODES = {
    401: "AccessDenied",
    403: "AccessDenied",
    404: "NoSuchKey",
    412: "PreconditionFailed",
    400: "InvalidArgument",
    416: "InvalidRange",
}


class Downloads:
    """Streams objects from their files."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def download(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        """Answer GET /download/storage/v1/b/{bucket}/o/{object}."""
        parts = request.raw_path.partition("?")[0].split("/")
        _, _, _, _, _, bucket, _, *rest = map(unquote, parts)
        name = "/".join(rest)
        await self._contents.check_lit(bucket)
        self._authorize(request, bucket, name)
        found = self._contents.catalog.require(bucket, name, request.query.get("generation"))
        Preconditions.of_query(request.query).check_read(found)
        return await self.send(request, found)

    async def xml(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        """Answer GET and HEAD of /{bucket}/{object}; errors are the XML API's."""
        bucket, _, name = request.raw_path.partition("?")[0].lstrip("/").partition("/")
        await self._contents.check_lit(unquote(bucket))
        try:
            self._authorize(request, unquote(bucket), unquote(name))
            found = self._contents.catalog.require(unquote(bucket), unquote(name), request.query.get("generation"))
            Preconditions.of_headers(request.headers).check_read(found)
            return await self.send(request, found)
        except ApiError as error:
            return _xml_error(error)

    def _authorize(self, request: web.Request, bucket: str, name: str) -> None:
        principal = self._contents.access.principal(request.headers, _METHOD)
        request["localcloud.principal"] = principal
        self._contents.access.authorize(_METHOD, principal, {"bucket": bucket, "object": name}, {})

    async def send(self, request: web.Request, found: dict[str, Any]) -> web.StreamResponse:
        """Answer with the object's bytes, whole or the range that was asked for; raises ApiError 416."""
        size = int(found["size"])
        headers = _headers(found)
        if found.get("contentEncoding") == "gzip" and "gzip" not in request.headers.get("Accept-Encoding", ""):
            return self._decompressed(found, headers)
        start, end = _range(request.headers.get("Range", ""), size)
        is_part = "Range" in request.headers and (start, end) != (0, size)
        response = web.StreamResponse(status=HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK, headers=headers)
        if is_part:
            response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        response.content_length = end - start
        await response.prepare(request)
        if request.method != "HEAD":
            for chunk in self._contents.blobs.read(found["generation"], start, end - start):
                await response.write(chunk)
        await response.write_eof()
        return response

    def _decompressed(self, found: Mapping[str, Any], headers: dict[str, str]) -> web.Response:
        """Transcode as Google does for a caller that does not take gzip."""
        headers.pop("Content-Encoding")
        body = gzip.decompress(b"".join(self._contents.blobs.read(found["generation"])))
        return web.Response(body=body, headers=headers | {"Warning": "214 UploadServer gunzipped"})


def _headers(found: Mapping[str, Any]) -> dict[str, str]:
    updated = datetime.fromisoformat(found["updated"])
    hashes = [f"crc32c={found['crc32c']}"] + ([f"md5={found['md5Hash']}"] if "md5Hash" in found else [])
    headers = {
        "Content-Type": found.get("contentType") or "application/octet-stream",
        "ETag": found["etag"],
        "Last-Modified": format_datetime(updated, usegmt=True),
        "Accept-Ranges": "bytes",
        "X-Goog-Generation": found["generation"],
        "X-Goog-Metageneration": found["metageneration"],
        "X-Goog-Hash": ",".join(hashes),
        "X-Goog-Storage-Class": found["storageClass"],
        "X-Goog-Stored-Content-Length": found["size"],
        "X-Goog-Stored-Content-Encoding": found.get("contentEncoding", "identity"),
    }
    for header, field in (
        ("Cache-Control", "cacheControl"),
        ("Content-Disposition", "contentDisposition"),
        ("Content-Encoding", "contentEncoding"),
        ("Content-Language", "contentLanguage"),
    ):
        if found.get(field):
            headers[header] = found[field]
    return headers | {f"X-Goog-Meta-{key}": value for key, value in found.get("metadata", {}).items()}


def _range(header: str, size: int) -> tuple[int, int]:
    """Return start and end of what is asked for; a header that is no single byte range asks for everything."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return 0, size
    start = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    end = min(int(match[2]) + 1, size) if match[1] and match[2] else size
    if start >= size or start >= end:
        raise ApiError(416, "OUT_OF_RANGE", f"The requested range cannot be satisfied: {header} of {size} bytes.")
    return start, end


def _xml_error(error: ApiError) -> web.Response:
    if error.code == HTTPStatus.NOT_MODIFIED:
        return web.Response(status=error.code)
    code = "NoSuchBucket" if "bucket does not exist" in error.message else _XML_CODES.get(error.code, "InternalError")
    text = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{error.message}</Message></Error>"
    return web.Response(text=text, status=error.code, content_type="application/xml", charset="UTF-8")
