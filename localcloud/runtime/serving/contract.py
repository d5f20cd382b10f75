"""Environment variables of Vertex AI's custom-container contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud


def contract_variables(
    cloud: Cloud, *, port: int, routes: tuple[str, str], storage_uri: str | None, prebuilt: bool
) -> dict[str, str]:
    """Return what the contract promises a model server, and where it finds Cloud Storage here."""
    predict_route, health_route = routes
    return {
        "AIP_FRAMEWORK": "SCIKIT_LEARN" if prebuilt else "CUSTOM_CONTAINER",
        "AIP_HEALTH_ROUTE": health_route,
        "AIP_HTTP_PORT": str(port),
        "AIP_MODE": "PREDICTION",
        "AIP_PREDICT_ROUTE": predict_route,
        "AIP_PROJECT_NUMBER": cloud.project_number,
        "AIP_STORAGE_URI": (storage_uri or "").rstrip("/"),
        "PORT": str(port),
        "SERVING_HOST": "127.0.0.1",
        "STORAGE_EMULATOR_HOST": cloud.global_url,
    }


def routes_of(container: Mapping[str, Any], endpoint: str, deployed_id: str) -> tuple[str, str]:
    """Return predict and health route of a container, Google's long defaults where it names none."""
    default = f"/v1/endpoints/{endpoint.rpartition('/')[2]}/deployedModels/{deployed_id}"
    return container.get("predictRoute") or f"{default}:predict", container.get("healthRoute") or default
