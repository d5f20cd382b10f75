"""The door of a region's registry: one path under /v2/, one handler."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.blob_requests import answer_blob
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.oci.list_requests import answer_referrers, answer_tags
from localcloud.services.artifactregistry.oci.manifest_requests import answer_manifest
from localcloud.services.artifactregistry.oci.upload_requests import answer_upload, begin_upload

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.oci.registry import Registry

_PATH = re.compile(
    r"/v2/(?P<image>.+?)/(?:(?P<begin>blobs/uploads/?)|blobs/uploads/(?P<upload>[^/]+)|blobs/(?P<blob>[^/]+)"
    r"|manifests/(?P<manifest>[^/]+)|(?P<tags>tags/list)|referrers/(?P<referrers>[^/]+))"
)
_VERSION = {"Docker-Distribution-API-Version": "registry/2.0"}


async def answer(registry: Registry, request: web.Request) -> web.StreamResponse:
    """Answer one request under /v2/; every refusal is an error document of the specification."""
    try:
        response = await _dispatch(registry, request)
    except RegistryError as error:
        return refused(error)
    if not response.prepared:
        response.headers.update(_VERSION)
    return response


def refused(error: RegistryError) -> web.Response:
    """Return the error document that the specification prescribes."""
    return web.json_response(error.body(), status=error.status, headers={**_VERSION, **error.headers})


async def _dispatch(registry: Registry, request: web.Request) -> web.StreamResponse:
    if request.path in {"/v2", "/v2/"}:
        return web.json_response({})
    path = _PATH.fullmatch(request.path)
    if path is None:
        raise errors.name_unknown(f"no such path in the registry: {request.path}")
    image = registry.check_name(path["image"])
    noun, value = next((noun, value) for noun, value in path.groupdict().items() if value and noun != "image")
    response: web.StreamResponse
    match noun:
        case "begin":
            response = await begin_upload(registry, request, image)
        case "upload":
            response = await answer_upload(registry, request, image, value)
        case "blob":
            response = await answer_blob(registry, request, image, value)
        case "manifest":
            response = await answer_manifest(registry, request, image, value)
        case "tags":
            response = answer_tags(registry, request, image)
        case _:
            response = answer_referrers(registry, request, image, value)
    return response
