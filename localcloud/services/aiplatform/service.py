"""Vertex AI: models with versions, endpoints that really predict, pipeline jobs that are accepted."""

from __future__ import annotations

from typing import ClassVar

from localcloud.services.aiplatform.deployments import DeploymentMethods
from localcloud.services.aiplatform.endpoints import EndpointMethods
from localcloud.services.aiplatform.export import ExportMethods
from localcloud.services.aiplatform.models import ModelMethods
from localcloud.services.aiplatform.operations import OperationPolling
from localcloud.services.aiplatform.pipelines import PipelineJobMethods
from localcloud.services.aiplatform.predictions import PredictionMethods
from localcloud.services.aiplatform.upload import UploadMethods


class AiPlatform(
    ModelMethods,
    UploadMethods,
    ExportMethods,
    EndpointMethods,
    DeploymentMethods,
    PredictionMethods,
    PipelineJobMethods,
    OperationPolling,
):
    """The service `aiplatform`, and the life of its model servers."""

    api: ClassVar[str] = "aiplatform"
    differences: ClassVar[tuple[str, ...]] = (
        "a model's image is unpacked into a folder, and its server runs with the host's Python and no other isolation",
        "a deployed model is one process: machine types, replica counts and autoscaling are kept as data only",
        "a model server listens on AIP_HTTP_PORT, which is a free port here whatever containerSpec.ports says",
        "a model server finds Cloud Storage at STORAGE_EMULATOR_HOST, and gets no token",
        "pipeline jobs are validated and kept as PIPELINE_STATE_PENDING; their steps are not executed",
        "prebuilt images are served for scikit-learn only",
        "filters of lists take field=value terms joined by AND",
    )

    async def start(self) -> None:
        """Begin to run the servers of every deployed model; predictions wait until they answer."""
        for region in self.cloud.regions:
            self._run_region(region)

    async def stop(self) -> None:
        """End every model server."""
        await self.fleet.close()

    async def region_dark(self, region: str) -> None:
        """Lose the region's model servers at once."""
        self.fleet.kill(f"projects/{self.cloud.project}/locations/{region}")

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
                self.run_server(endpoint["name"], deployed)
