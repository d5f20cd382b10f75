"""Vertex AI: models with versions, endpoints that really predict, pipeline jobs that are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from localcloud.core.service import Service
from localcloud.services.aiplatform.contents import Contents
from localcloud.services.aiplatform.deployments import Deployments
from localcloud.services.aiplatform.endpoints import Endpoints
from localcloud.services.aiplatform.export import ModelExports
from localcloud.services.aiplatform.models import Models
from localcloud.services.aiplatform.names import API
from localcloud.services.aiplatform.operations import OperationPolling
from localcloud.services.aiplatform.pipelines import PipelineJobs
from localcloud.services.aiplatform.predictions import Predictions
from localcloud.services.aiplatform.upload import ModelUploads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.cloud import Cloud
    from localcloud.core.service import Route
    from localcloud.services.artifactregistry.service import ArtifactRegistry
    from localcloud.services.storage.service import StorageService


class AiPlatform(Service):
    """The service `aiplatform`, and the life of its model servers."""

    api: ClassVar[str] = API
    versions: ClassVar[tuple[str, ...]] = ("v1",)
    proto_package: ClassVar[str] = "google.cloud.aiplatform.v1"
    differences: ClassVar[tuple[str, ...]] = (
        "a model server sees its image's root and its own processes, but this machine's network, processor and memory",
        "a model server's root is read-only; /tmp can be written, and begins empty",
        "device nodes of an image are left out; where localcloud does not run as root, all its files are its user's",
        "a deployed model is one process: machine types, replica counts and autoscaling are kept as data only",
        "a model server listens on AIP_HTTP_PORT, held here whatever containerSpec.ports says: bind with SO_REUSEADDR",
        "pipeline jobs are validated and kept as PIPELINE_STATE_PENDING; their steps are not executed",
        "prebuilt images are served for scikit-learn only, by a server of localcloud's own with this machine's Python",
        "filters of lists take field=value terms joined by AND",
    )

    def __init__(self, cloud: Cloud, registries: ArtifactRegistry, storage: StorageService) -> None:
        super().__init__(cloud)
        self.contents = Contents(cloud, registries, storage)
        self.models = Models(self.contents)
        self.uploads = ModelUploads(self.contents)
        self.exports = ModelExports(self.contents)
        self.endpoints = Endpoints(self.contents, self)
        self.deployments = Deployments(self.contents)
        self.predictions = Predictions(self.contents)
        self.pipeline_jobs = PipelineJobs(self.contents)
        self.polling = OperationPolling(self.contents)
        self.own(self.models, self.uploads, self.exports, self.endpoints)
        self.own(self.deployments, self.predictions, self.pipeline_jobs)

    def routes(self) -> Iterable[Route]:
        """Return the path where clients poll operations."""
        return self.polling.routes()

    async def start(self) -> None:
        """Begin to run the servers of every deployed model; predictions wait until they answer."""
        for region in self.cloud.regions:
            self._run_region(region)

    async def stop(self) -> None:
        """End every model server."""
        await self.contents.fleet.close()

    async def region_dark(self, region: str) -> None:
        """Lose the region's model servers at once."""
        self.contents.fleet.kill(f"projects/{self.cloud.project}/locations/{region}")

    async def region_healed(self, region: str) -> None:
        """Begin to run the region's model servers again."""
        if region in self.cloud.regions:
            self._run_region(region)

    def exists(self, name: str) -> bool:
        """Whether the resource exists, a model version included."""
        return super().exists(name.partition("@")[0])

    def _run_region(self, region: str) -> None:
        if self.cloud.switches.is_dark(region, self.api):
            return
        location = f"projects/{self.cloud.project}/locations/{region}"
        for endpoint in self.cloud.store.children(self.api, location, "endpoints"):
            for deployed in endpoint.get("deployedModels", []):
                self.contents.run_server(endpoint["name"], deployed)
