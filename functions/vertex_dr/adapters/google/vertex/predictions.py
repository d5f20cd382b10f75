"""Predictions of a Vertex AI endpoint over plain REST: the SDK costs a second to import.

Reference: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/predict
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import Unreachable
from vertex_dr.traffic.records import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.http import Rest
    from vertex_dr.traffic.records import Destination

__all__ = ["PredictionsOverRest"]


class PredictionsOverRest:
    """Implements Predictions; the try's number travels in the header X-Vertex-Dr-Try."""

    def __init__(self, rest: Rest, *, project: str, address: Callable[[str], str]) -> None:
        self._rest = rest
        self._project = project
        self._address = address

    def predict(
        self,
        destination: Destination,
        instances: list[Any],
        *,
        parameters: Any = None,
        timeout_seconds: float,
        try_number: int = 1,
    ) -> Answer:
        """Return the endpoint's answer; the port says what is raised."""
        name = f"projects/{self._project}/locations/{destination.region}/endpoints/{destination.endpoint}"
        tried = f"predict with {name}"
        body: dict[str, Any] = {"instances": instances}
        if parameters is not None:
            body["parameters"] = parameters
        found = self._rest.post_json(
            f"{self._address(destination.region)}/v1/{name}:predict",
            body,
            tried=tried,
            timeout_seconds=timeout_seconds,
            headers={"X-Vertex-Dr-Try": str(try_number)},
        )
        predictions = found.get("predictions")
        if not isinstance(predictions, list):
            raise Unreachable(tried, found="an answer without predictions", then="look at the model server's log")
        return Answer(predictions=predictions, model=found.get("model"), model_version=found.get("modelVersionId"))
