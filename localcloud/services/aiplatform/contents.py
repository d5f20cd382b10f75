"""What Vertex AI holds: the model registry, ingested images and artifacts, the model servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.clock import now
from localcloud.iam.agents import server_account
from localcloud.runtime.serving.fleet import Fleet
from localcloud.services.aiplatform.artifacts import Artifacts
from localcloud.services.aiplatform.images import ImageStore
from localcloud.services.aiplatform.names import API, typed
from localcloud.services.aiplatform.registry import ModelRegistry

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from localcloud.core.cloud import Cloud
    from localcloud.runtime.serving.server import ModelServer
    from localcloud.services.artifactregistry.service import ArtifactRegistry
    from localcloud.services.storage.service import StorageService

_AT_ONCE_SECONDS = 0.5
"""An operation that is over this soon is answered as done, so that clients need not poll."""


class Contents:
    """What every collection of Vertex AI works with."""

    def __init__(self, cloud: Cloud, registries: ArtifactRegistry, storage: StorageService) -> None:
        self.cloud = cloud
        self.registries = registries
        self.models = ModelRegistry(cloud.store)
        self.images = ImageStore(cloud.state_dir / "serving" / "roots")
        self.artifacts = Artifacts(cloud, storage)
        self.fleet = Fleet(cloud, self.images.open, cloud.state_dir / "serving")

    async def operation(
        self,
        parent: str,
        kind: str,
        work: Coroutine[Any, Any, dict[str, Any]],
        extra: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Start a long-running operation of this metadata kind; it is answered as done when it is over at once."""
        moment = now()
        metadata = typed(kind, {"genericMetadata": {"createTime": moment, "updateTime": moment}} | (extra or {}))
        operation = self.cloud.operations.start(API, parent, work, metadata)
        return await self.cloud.operations.wait(API, operation["name"], _AT_ONCE_SECONDS)

    def require_readable(self, location: str, path: str) -> None:
        """Return when Vertex AI's agent may read from the repository of `project/repository/…`; raises ApiError 403."""
        project, repository, *_ = path.split("/")
        name = self.registries.contents.repository_name(location, project, repository)
        resource = self.cloud.access.project.named("artifactregistry", name)
        self.cloud.access.require_agent(API, "artifactregistry.repositories.downloadArtifacts", resource)

    def run_server(self, endpoint: str, deployed: dict[str, Any]) -> ModelServer:
        """Begin to run the server of a deployed model, and return it."""
        record = self.models.require(deployed["model"])
        version_id = deployed["modelVersionId"]
        container = record.versions[version_id].get("containerSpec", {})
        account = deployed.get("serviceAccount") or server_account(self.cloud.project_number)
        ingested = record.ingested(version_id)
        return self.fleet.run(endpoint, deployed["id"], container, ingested, account.partition(":")[2] or account)


def location_of(name: str) -> str:
    """Return `projects/…/locations/…` of a resource's name."""
    return "/".join(name.split("/")[:4])
