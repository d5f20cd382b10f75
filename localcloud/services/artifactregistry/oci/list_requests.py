"""HTTP of lists: an image's tags, and the referrers of a manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from localcloud.services.artifactregistry.oci import errors
from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.manifest import OCI_INDEX

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.oci.registry import Registry


def answer_tags(registry: Registry, request: web.Request, image: str) -> web.Response:
    """Answer the image's tags in order, in pages of `n` behind `last`."""
    if request.method != "GET":
        raise errors.unsupported(f"{request.method} is not a method of a list of tags")
    if not registry.catalog.has_image(image):
        raise errors.name_unknown(f"image {image} not found; push it first")
    last = request.query.get("last", "")
    tags = [tag for tag in registry.catalog.tags(image) if tag > last]
    size = _page_size(request.query.get("n"), len(tags))
    headers = {}
    if 0 < size < len(tags):
        query = urlencode({"n": size, "last": tags[size - 1]})
        headers["Link"] = f'</v2/{image}/tags/list?{query}>; rel="next"'
    return web.json_response({"name": image, "tags": tags[:size]}, headers=headers)


def answer_referrers(registry: Registry, request: web.Request, image: str, reference: str) -> web.Response:
    """Answer an index of the manifests whose subject is this digest; of one artifactType when asked."""
    if request.method != "GET":
        raise errors.unsupported(f"{request.method} is not a method of referrers")
    asked = request.query.get("artifactType")
    manifests: list[dict[str, Any]] = []
    for entry in registry.catalog.referrers(image, Digest.parse(reference)):
        if asked and entry.artifact_type != asked:
            continue
        descriptor: dict[str, Any] = {"mediaType": entry.media_type, "digest": str(entry.digest), "size": entry.size}
        if entry.artifact_type:
            descriptor["artifactType"] = entry.artifact_type
        if entry.annotations:
            descriptor["annotations"] = entry.annotations
        manifests.append(descriptor)
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests}
    headers = {"Content-Type": OCI_INDEX} | ({"OCI-Filters-Applied": "artifactType"} if asked else {})
    return web.Response(body=json.dumps(index).encode(), headers=headers)


def _page_size(asked: str | None, everything: int) -> int:
    if asked is None:
        return everything
    if not asked.isdigit():
        raise errors.name_invalid(f"n is {asked!r}, expected a number")
    return int(asked)
