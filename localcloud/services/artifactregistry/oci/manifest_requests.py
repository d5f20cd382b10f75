"""HTTP of manifests: read, ask, push, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.digest import is_digest

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry
    from localcloud.services.artifactregistry.oci.registry import Registry

_LARGEST = 4 << 20


async def answer_manifest(registry: Registry, request: web.Request, image: str, reference: str) -> web.Response:
    """Answer GET, HEAD, PUT and DELETE of a manifest by tag or digest."""
    match request.method:
        case "GET" | "HEAD":
            return _read(registry, request, image, reference)
        case "PUT":
            return await _push(registry, request, image, reference)
        case "DELETE":
            registry.remove_manifest(image, reference)
            return web.Response(status=202)
        case _:
            raise errors.unsupported(f"{request.method} is not a method of a manifest")


def _read(registry: Registry, request: web.Request, image: str, reference: str) -> web.Response:
    entry = registry.resolve(image, reference)
    if not _accepts(request, entry):
        raise errors.manifest_unknown(
            f"{image} {reference} is of type {entry.media_type}, which the request's Accept does not take"
        )
    headers = {
        "Content-Type": entry.media_type,
        "Docker-Content-Digest": str(entry.digest),
        "ETag": f'"{entry.digest}"',
    }
    if request.method == "HEAD":
        return web.Response(headers=headers | {"Content-Length": str(entry.size)})
    return web.Response(body=registry.read_manifest(entry), headers=headers)


def _accepts(request: web.Request, entry: ManifestEntry) -> bool:
    asked = [
        part.partition(";")[0].strip().lower()
        for line in request.headers.getall("Accept", [])
        for part in line.split(",")
        if part.strip()
    ]
    return not asked or any(kind in {entry.media_type, "*/*", "application/*", "application/json"} for kind in asked)


async def _push(registry: Registry, request: web.Request, image: str, reference: str) -> web.Response:
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > _LARGEST:
            raise errors.too_large(f"the manifest of {image} has more than {_LARGEST} bytes")
    digest, manifest = registry.put_manifest(image, reference, bytes(data), request.headers.get("Content-Type", ""))
    headers = {"Location": f"/v2/{image}/manifests/{digest}", "Docker-Content-Digest": str(digest)}
    if manifest.subject:
        headers["OCI-Subject"] = str(manifest.subject)
    tags = request.query.getall("tag", []) if is_digest(reference) else []
    for tag in tags:
        registry.tag_manifest(image, tag, digest)
    if tags:
        headers["OCI-Tag"] = ", ".join(tags)
    return web.Response(status=201, headers=headers)
