"""Packages, versions and tags of a repository, whatever its format keeps them in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from localcloud.core.errors import ApiError
from localcloud.services.artifactregistry.oci.digest import Digest

if TYPE_CHECKING:
    from localcloud.core.store import Store
    from localcloud.services.artifactregistry.oci.catalog import ManifestEntry
    from localcloud.services.artifactregistry.oci.registry import Registry

API = "artifactregistry"
PIPELINES = "artifactregistry.pipelines"
"""Where the store keeps the text of KFP versions, beside the public resources."""


class PackageSource(Protocol):
    """One repository's packages. Ids are plain, names are `{repository}/packages/{id}/…` with `/` in ids escaped."""

    def packages(self) -> list[dict[str, Any]]:
        """Return every package."""

    def versions(self, package: str) -> list[dict[str, Any]]:
        """Return every version of a package, newest first."""

    def tags(self, package: str) -> list[dict[str, Any]]:
        """Return every tag of a package."""

    def set_tag(self, package: str, tag: str, version: str) -> None:
        """Make the tag name the version; raises ApiError 404 when there is no such version."""

    def remove_tag(self, package: str, tag: str) -> None:
        """Make the tag go. Repeating is safe."""

    def remove_version(self, package: str, version: str) -> None:
        """Make the version and its tags go. Repeating is safe."""


def timestamp(seconds: float) -> str:
    """Return seconds since the epoch as Google's APIs write a time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class DockerSource:
    """Images are packages, manifests are versions."""

    def __init__(self, repository: str, registry: Registry) -> None:
        self._repository = repository
        parts = repository.split("/")
        self._prefix = f"{parts[1]}/{parts[5]}"
        self._registry = registry

    def packages(self) -> list[dict[str, Any]]:
        """Return the images."""
        found = []
        for image in self._registry.catalog.images(self._prefix):
            times = [entry.updated for entry in self._registry.catalog.image_manifests(image)]
            name = self._name(image.removeprefix(f"{self._prefix}/"))
            found.append({"name": name, "createTime": timestamp(min(times)), "updateTime": timestamp(max(times))})
        return found

    def versions(self, package: str) -> list[dict[str, Any]]:
        """Return the image's manifests."""
        image = f"{self._prefix}/{package}"
        tags = self.tags(package)
        return [self._version(package, entry, tags) for entry in self._registry.catalog.image_manifests(image)]

    def tags(self, package: str) -> list[dict[str, Any]]:
        """Return the image's tags."""
        name = self._name(package)
        found = self._registry.catalog.tags(f"{self._prefix}/{package}")
        return [{"name": f"{name}/tags/{tag}", "version": f"{name}/versions/{found[tag]}"} for tag in found]

    def set_tag(self, package: str, tag: str, version: str) -> None:
        """Tag a manifest."""
        self._registry.tag_manifest(f"{self._prefix}/{package}", tag, Digest.parse(version))

    def remove_tag(self, package: str, tag: str) -> None:
        """Take a tag away."""
        self._registry.catalog.remove_tag(f"{self._prefix}/{package}", tag)

    def remove_version(self, package: str, version: str) -> None:
        """Remove a manifest."""
        self._registry.remove_manifest(f"{self._prefix}/{package}", version)

    def _name(self, package: str) -> str:
        return f"{self._repository}/packages/{quote(package, safe='')}"

    def _version(self, package: str, entry: ManifestEntry, tags: list[dict[str, Any]]) -> dict[str, Any]:
        name = f"{self._name(package)}/versions/{entry.digest}"
        related = [tag for tag in tags if tag["version"] == name]
        metadata = {
            "name": name.replace("/packages/", "/dockerImages/").replace("/versions/", "@"),
            "imageSizeBytes": str(entry.content_size),
            "mediaType": entry.media_type,
        }
        times = {"createTime": timestamp(entry.created), "updateTime": timestamp(entry.updated)}
        return {"name": name, "metadata": metadata, **times} | ({"relatedTags": related} if related else {})


class KfpSource:
    """Pipelines are packages; versions carry the digest of their text."""

    def __init__(self, repository: str, store: Store) -> None:
        self._repository = repository
        self._store = store

    def packages(self) -> list[dict[str, Any]]:
        """Return the pipelines."""
        return self._store.children(API, self._repository, "packages")

    def versions(self, package: str) -> list[dict[str, Any]]:
        """Return the pipeline's versions with the tags on them."""
        tags = self.tags(package)
        found = self._store.children(API, self._name(package), "versions")
        found.sort(key=lambda version: version["createTime"], reverse=True)
        for version in found:
            related = [tag for tag in tags if tag["version"] == version["name"]]
            version.update({"relatedTags": related} if related else {})
        return found

    def tags(self, package: str) -> list[dict[str, Any]]:
        """Return the pipeline's tags."""
        return self._store.children(API, self._name(package), "tags")

    def set_tag(self, package: str, tag: str, version: str) -> None:
        """Tag a version."""
        name = f"{self._name(package)}/versions/{version}"
        if self._store.get(API, name) is None:
            raise ApiError.not_found(f"version {name} not found; upload it first")
        tag_name = f"{self._name(package)}/tags/{tag}"
        self._store.put(API, tag_name, {"name": tag_name, "version": name})

    def remove_tag(self, package: str, tag: str) -> None:
        """Take a tag away."""
        self._store.delete(API, f"{self._name(package)}/tags/{tag}")

    def remove_version(self, package: str, version: str) -> None:
        """Remove a version with its text and tags, and the package with its last version."""
        name = f"{self._name(package)}/versions/{version}"
        for tag in self.tags(package):
            if tag["version"] == name:
                self._store.delete(API, tag["name"])
        self._store.delete(API, name)
        self._store.delete(PIPELINES, name)
        if not self._store.children(API, self._name(package), "versions"):
            self._store.delete(API, self._name(package))

    def _name(self, package: str) -> str:
        return f"{self._repository}/packages/{package}"
