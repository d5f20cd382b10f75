"""Predictions of a Vertex AI endpoint over plain REST: the SDK costs a second to import.

Reference: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/predict
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import Unreachable
from vertex_dr.traffic.records import Answer

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.traffic.records import Destination, Instances

__all__ = ["VertexPredictions"]


class VertexPredictions:
    """Implements Predictions; the try's number travels in the header X-Vertex-Dr-Try."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._http = clients.http

    def predict(
        self,
        destination: Destination,
        instances: Instances,
        *,
        parameters: Any = None,
        timeout_seconds: float,
        try_number: int = 1,
    ) -> Answer:
        """Return the endpoint's answer; the port says what is raised."""
        project, region = self._clients.settings.project, destination.region
        name = f"projects/{project}/locations/{region}/endpoints/{destination.endpoint}"
        tried = f"predict with {name}"
        body: dict[str, Any] = {"instances": instances}
        if parameters is not None:
            body["parameters"] = parameters
        found = self._http.post_json(
            f"{self._clients.url('aiplatform', region)}/v1/{name}:predict",
            body,
            tried=tried,
            timeout_seconds=timeout_seconds,
            headers={"X-Vertex-Dr-Try": str(try_number)},
        )
        predictions = found.get("predictions")
        if not isinstance(predictions, list):
            raise Unreachable(tried, found="an answer without predictions", then="look at the model server's log")
        return Answer(predictions=predictions, model=found.get("model"), model_version=found.get("modelVersionId"))
