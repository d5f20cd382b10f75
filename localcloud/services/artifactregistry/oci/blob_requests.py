"""HTTP of blobs: read (with ranges), ask, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.digest import Digest

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.oci.registry import Registry

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CHUNK = 1 << 18


async def answer_blob(registry: Registry, request: web.Request, image: str, reference: str) -> web.StreamResponse:
    """Answer GET, HEAD and DELETE of one blob."""
    digest = Digest.parse(reference)
    if request.method == "DELETE":
        registry.remove_blob(image, digest)
        return web.Response(status=202)
    if request.method not in {"GET", "HEAD"}:
        raise errors.unsupported(f"{request.method} is not a method of a blob")
    size = registry.blob(image, digest)
    first, last, status = _span(request.headers.get("Range"), size)
    headers = {
        "Docker-Content-Digest": str(digest),
        "Content-Type": "application/octet-stream",
        "Accept-Ranges": "bytes",
        "ETag": f'"{digest}"',
        "Content-Length": str(last - first + 1),
    }
    if status == 206:  # noqa: PLR2004 - HTTP's partial content
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    if request.method == "GET":
        await _send(response, registry, digest, first, last)
    await response.write_eof()
    return response


def _span(asked: str | None, size: int) -> tuple[int, int, int]:
    """First byte, last byte and status of the answer; what cannot be read as one range means the whole blob."""
    match = _RANGE.fullmatch(asked.strip()) if asked else None
    if match is None or match.group(1) == match.group(2) == "":
        return 0, size - 1, 200
    if match.group(1) == "":
        first, last = max(size - int(match.group(2)), 0), size - 1
    else:
        first = int(match.group(1))
        last = min(int(match.group(2) or size - 1), size - 1)
    if first > last:
        raise errors.range_invalid(
            f"the range {asked} lies outside the blob's {size} bytes", {"Content-Range": f"bytes */{size}"}
        )
    return first, last, 206


async def _send(response: web.StreamResponse, registry: Registry, digest: Digest, first: int, last: int) -> None:
    with registry.content.path(digest).open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                break
            left -= len(chunk)
            await response.write(chunk)
