"""Environment variables of Vertex AI's custom-container contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.core.addresses import environment
from localcloud.runtime.serving.host_files import AUTHORITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud


class ServerRoutes(NamedTuple):
    """What a model server answers on."""

    predict: str
    health: str


def contract_variables(
    cloud: Cloud, *, port: int, routes: ServerRoutes, storage_uri: str | None, prebuilt: bool
) -> dict[str, str]:
    """Return what the contract promises a model server, and how it reaches Google's addresses here."""
    return {
        "AIP_FRAMEWORK": "SCIKIT_LEARN" if prebuilt else "CUSTOM_CONTAINER",
        "AIP_HEALTH_ROUTE": routes.health,
        "AIP_HTTP_PORT": str(port),
        "AIP_MODE": "PREDICTION",
        "AIP_PREDICT_ROUTE": routes.predict,
        "AIP_PROJECT_NUMBER": cloud.project_number,
        "AIP_STORAGE_URI": (storage_uri or "").rstrip("/"),
        "PORT": str(port),
        "SERVING_HOST": "127.0.0.1",
    } | environment.of_workloads(cloud, None if prebuilt else AUTHORITY)


def routes_of(container: Mapping[str, Any], endpoint: str, deployed_id: str) -> ServerRoutes:
    """Return predict and health route of a container, Google's long defaults where it names none."""
    default = f"/v1/endpoints/{endpoint.rpartition('/')[2]}/deployedModels/{deployed_id}"
    return ServerRoutes(container.get("predictRoute") or f"{default}:predict", container.get("healthRoute") or default)
