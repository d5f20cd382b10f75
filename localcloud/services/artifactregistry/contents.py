"""What Artifact Registry holds: each region's image registry, each repository's packages."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.core.errors import ApiError
from localcloud.services.artifactregistry.oci.registry import Registry
from localcloud.services.artifactregistry.sources import API, PIPELINES, DockerSource, KfpSource, PackageSource

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud


class Pipeline(NamedTuple):
    """A pipeline of a KFP repository."""

    version: str
    text: str


class Contents:
    """What every collection of Artifact Registry works with."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._registries: dict[str, Registry] = {}

    def registry(self, location: str) -> Registry | None:
        """Return the image registry of a region, None where this cloud has no region."""
        if location not in self.cloud.regions:
            return None
        if location not in self._registries:
            root = self.cloud.state_dir / "images" / location
            exists = partial(self._has_repository, location, "DOCKER")
            self._registries[location] = Registry(root, has_repository=exists, now=time.time)
        return self._registries[location]

    def pipeline(self, location: str, project: str, repository: str, package: str, reference: str) -> Pipeline | None:
        """Return version and text of a KFP pipeline by version or tag, None when there is none."""
        name = f"{self.repository_name(location, project, repository)}/packages/{package}"
        tag = self.cloud.store.get(API, f"{name}/tags/{reference}")
        version = tag["version"] if tag else f"{name}/versions/{reference}"
        found = self.cloud.store.get(PIPELINES, version)
        return Pipeline(version.rpartition("/")[2], found["text"]) if found else None

    def repository_name(self, location: str, project: str, repository: str) -> str:
        """Return the resource name of a repository, the project given by id or number."""
        known = self.cloud.project if project == self.cloud.project_number else project
        return f"projects/{known}/locations/{location}/repositories/{repository}"

    def source(self, repository_name: str) -> PackageSource:
        """Return the packages of a repository; raises ApiError 404, or 501 for a format that has none here."""
        repository = self.cloud.store.require(API, repository_name)
        registry = self.registry(repository_name.split("/")[3])
        if repository["format"] == "DOCKER" and registry:
            return DockerSource(repository_name, registry)
        if repository["format"] == "KFP":
            return KfpSource(repository_name, self.cloud.store)
        raise ApiError.unimplemented(f"{API}: packages of format {repository['format']} in {repository_name}")

    def close_registries(self) -> None:
        """Let go of every region's files."""
        for registry in self._registries.values():
            registry.close()
        self._registries.clear()

    def _has_repository(self, location: str, form: str, project: str, repository: str) -> bool:
        found: dict[str, Any] | None = self.cloud.store.get(API, self.repository_name(location, project, repository))
        return found is not None and found["format"] == form
