"""dockerImages of Artifact Registry: what was pushed, as the control plane shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from localcloud.core import paging
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.manifest import DOCKER_LIST, OCI_INDEX
from localcloud.services.artifactregistry.sources import API, timestamp

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.artifactregistry.contents import Contents
    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry
    from localcloud.services.artifactregistry.oci.registry import Registry


class DockerImages:
    """`projects.locations.repositories.dockerImages`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.repositories.dockerImages.list")
    def list_docker_images(self, call: Call) -> dict[str, Any]:
        """Return every image of the repository, newest first."""
        registry = self._docker_registry(call.parent)
        found = [
            _docker_image(registry, call.parent, entry)
            for entry in registry.catalog.manifests(f"{call.project}/{call.parent.rpartition('/')[2]}")
        ]
        if call.query.get("orderBy", "").startswith("upload_time") and "desc" not in call.query["orderBy"]:
            found.reverse()
        return paging.listed("dockerImages", found, call.query)

    @handles("projects.locations.repositories.dockerImages.get")
    def get_docker_image(self, call: Call) -> dict[str, Any]:
        """Return one image by digest; raises ApiError 404."""
        repository = "/".join(call.name.split("/")[:6])
        registry = self._docker_registry(repository)
        image, _, digest = unquote(call.params["dockerImagesId"]).partition("@")
        name = f"{call.project}/{repository.rpartition('/')[2]}/{image}"
        entry = registry.catalog.manifest(name, Digest.parse(digest)) if digest.startswith("sha") else None
        if entry is None:
            raise ApiError.not_found(f"image {call.name} not found; push it, or ask by image@sha256:…")
        return _docker_image(registry, repository, entry)

    def _docker_registry(self, repository: str) -> Registry:
        if self._contents.cloud.store.require(API, repository)["format"] != "DOCKER":
            raise ApiError.failed_precondition(f"{repository} is no Docker repository")
        registry = self._contents.registry(repository.split("/")[3])
        if registry is None:
            raise ApiError.unimplemented(f"{API}: images outside the regions {', '.join(self._contents.cloud.regions)}")
        return registry


def _docker_image(registry: Registry, repository: str, entry: ManifestEntry) -> dict[str, Any]:
    location = repository.split("/")[3]
    image = "/".join(entry.image.split("/")[2:])
    tags = [tag for tag, digest in registry.catalog.tags(entry.image).items() if digest == entry.digest]
    document = json.loads(registry.read_manifest(entry))
    found: dict[str, Any] = {
        "name": f"{repository}/dockerImages/{quote(image, safe='')}@{entry.digest}",
        "uri": f"{location}-docker.pkg.dev/{entry.image}@{entry.digest}",
        "imageSizeBytes": str(entry.content_size),
        "uploadTime": timestamp(entry.created),
        "updateTime": timestamp(entry.updated),
        "mediaType": entry.media_type,
    }
    if tags:
        found["tags"] = tags
    if document.get("artifactType"):
        found["artifactType"] = document["artifactType"]
    if entry.media_type in {OCI_INDEX, DOCKER_LIST}:
        found["imageManifests"] = [_listed(descriptor) for descriptor in document.get("manifests", [])]
    return found


def _listed(descriptor: dict[str, Any]) -> dict[str, Any]:
    platform = descriptor.get("platform") or {}
    known = {key: platform[key] for key in ("architecture", "os", "variant") if platform.get(key)}
    return {"digest": descriptor["digest"], "mediaType": descriptor.get("mediaType", "")} | known
