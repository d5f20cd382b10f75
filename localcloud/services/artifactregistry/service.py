"""Artifact Registry: repositories, what is in them, and the data planes of Docker and KFP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import standard_methods
from localcloud.core.errors import ApiError
from localcloud.core.service import Route, Service, fills, handles
from localcloud.services.artifactregistry.contents import Contents
from localcloud.services.artifactregistry.docker import DockerImages
from localcloud.services.artifactregistry.docker_access import TOKEN_PATH, DockerAccess
from localcloud.services.artifactregistry.files import Files
from localcloud.services.artifactregistry.kfp import KfpPlane
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.oci.requests import answer, refused
from localcloud.services.artifactregistry.packages import Packages
from localcloud.services.artifactregistry.sources import API, PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_HOSTS = {"DOCKER": "docker", "KFP": "kfp"}


class ArtifactRegistry(Service):
    """The service `artifactregistry`."""

    api: ClassVar[str] = API
    versions: ClassVar[tuple[str, ...]] = ("v1",)
    multi_regions: ClassVar[tuple[str, ...]] = ("asia", "europe", "us")
    proto_package: ClassVar[str] = "google.devtools.artifactregistry.v1"
    differences: ClassVar[tuple[str, ...]] = (
        "contents are served of Docker and KFP repositories in this cloud's regions; others are control plane only",
        "cleanup policies are kept as data and not acted on",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.contents = Contents(cloud)
        self.docker_images = DockerImages(self.contents)
        self.packages = Packages(self.contents)
        self.files = Files(self.contents)
        self.kfp = KfpPlane(self.contents)
        self.docker_access = DockerAccess(self.contents)
        self.own(self.docker_images, self.packages, self.files)

    def routes(self) -> Iterable[Route]:
        """Return the data planes."""
        return (
            Route("docker", "*", "/v2", self._answer_images, api="docker"),
            Route("kfp", "*", "/", self.kfp.answer, api="kfp"),
        )

    async def stop(self) -> None:
        """Let go of the registries' files."""
        self.contents.close_registries()

    @fills("projects.locations.repositories")
    def fill_repository(self, call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Check the format, and say where the repository is reached."""
        form = resource.get("format", "FORMAT_UNSPECIFIED")
        if form == "FORMAT_UNSPECIFIED":
            raise ApiError.invalid("repository.format is required")
        if old is not None and form != old["format"]:
            raise ApiError.invalid(f"the format of {resource['name']} is {old['format']} and cannot be changed")
        if not resource.get("mode"):
            resource["mode"] = "STANDARD_REPOSITORY"
        if form in _HOSTS:
            name = f"{call.project}/{resource['name'].rpartition('/')[2]}"
            resource["registryUri"] = f"{call.location}-{_HOSTS[form]}.pkg.dev/{name}"

    @handles("projects.locations.repositories.delete")
    def delete_repository(self, call: Call) -> dict[str, Any]:
        """Make the repository go with all that is in it; raises ApiError 404."""
        deleted = standard_methods.delete(self, call)
        registry = self.contents.registry(call.location)
        if registry:
            registry.remove_repository(f"{call.project}/{call.name.rpartition('/')[2]}")
        for name in self.cloud.store.names(PIPELINES, f"{call.name}/"):
            self.cloud.store.delete(PIPELINES, name)
        return deleted

    async def _answer_images(self, request: web.Request, region: str | None) -> web.StreamResponse:
        registry = self.contents.registry(region or "")
        if registry is None:
            raise ApiError.not_found(f"no registry is served here; regions: {', '.join(self.cloud.regions)}")
        try:
            if request.path == TOKEN_PATH:
                return await self.docker_access.token(request)
            return await answer(registry, self.docker_access.check(request, region or ""))
        except RegistryError as error:
            return refused(error)
