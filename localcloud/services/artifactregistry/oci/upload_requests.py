"""HTTP of uploads: begun by POST, grown by PATCH, finished by PUT; monolithic and mounting POSTs too."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from aiohttp import web

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.digest import Digest

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.oci.registry import Registry

_CONTENT_RANGE = re.compile(r"(?:bytes )?(\d+)-(\d+)(?:/.*)?")
_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")
_CHUNK = 1 << 18


async def begin_upload(registry: Registry, request: web.Request, image: str) -> web.Response:
    """Answer POST: mount a blob, take it whole, or begin an upload."""
    if request.method != "POST":
        raise errors.unsupported(f"{request.method} is not a method of the uploads of {image}")
    mount = request.query.get("mount")
    if mount:
        digest = Digest.parse(mount)
        if registry.mount(image, digest, request.query.get("from")):
            return _created(image, digest)
    upload = registry.content.begin_upload()
    asked = request.query.get("digest")
    if asked:
        digest = Digest.parse(asked)
        await _append(registry, request, upload)
        await _finish(registry, image, upload, digest)
        return _created(image, digest)
    return web.Response(status=202, headers=_progress(registry, image, upload))


async def answer_upload(registry: Registry, request: web.Request, image: str, upload: str) -> web.Response:
    """Answer GET, PATCH, PUT and DELETE of one upload."""
    if not _UPLOAD_ID.fullmatch(upload) or not registry.content.upload_path(upload).is_file():
        raise errors.upload_unknown(f"no upload {upload!r} of {image}: it was finished or cancelled; begin again")
    match request.method:
        case "GET":
            return web.Response(status=204, headers=_progress(registry, image, upload))
        case "DELETE":
            registry.content.upload_path(upload).unlink()
            return web.Response(status=204)
        case "PATCH":
            _check_order(registry, request, image, upload)
            await _append(registry, request, upload)
            return web.Response(status=202, headers=_progress(registry, image, upload))
        case "PUT":
            digest = Digest.parse(request.query.get("digest", ""))
            _check_order(registry, request, image, upload)
            await _append(registry, request, upload)
            await _finish(registry, image, upload, digest)
            return _created(image, digest)
        case _:
            raise errors.unsupported(f"{request.method} is not a method of an upload")


def _check_order(registry: Registry, request: web.Request, image: str, upload: str) -> None:
    asked = request.headers.get("Content-Range")
    if asked is None:
        return
    size = registry.content.upload_path(upload).stat().st_size
    match = _CONTENT_RANGE.fullmatch(asked.strip())
    if match is None or int(match.group(1)) != size:
        raise errors.range_invalid(
            f"the chunk {asked!r} does not follow the {size} bytes that are here",
            _progress(registry, image, upload),
        )


async def _append(registry: Registry, request: web.Request, upload: str) -> None:
    with registry.content.upload_path(upload).open("ab") as file:
        async for chunk in request.content.iter_chunked(_CHUNK):
            file.write(chunk)


async def _finish(registry: Registry, image: str, upload: str, digest: Digest) -> None:
    await asyncio.to_thread(registry.finish_upload, image, upload, digest)


def _created(image: str, digest: Digest) -> web.Response:
    headers = {"Location": f"/v2/{image}/blobs/{digest}", "Docker-Content-Digest": str(digest)}
    return web.Response(status=201, headers=headers)


def _progress(registry: Registry, image: str, upload: str) -> dict[str, str]:
    size = registry.content.upload_path(upload).stat().st_size
    return {
        "Location": f"/v2/{image}/blobs/uploads/{upload}",
        "Range": f"0-{max(size - 1, 0)}",
        "Docker-Upload-UUID": upload,
    }
