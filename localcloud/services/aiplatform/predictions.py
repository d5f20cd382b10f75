"""Predictions: from an endpoint to the server of one of its deployed models, and noted for the drill."""

from __future__ import annotations

import base64
import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from localcloud.core.errors import ApiError
from localcloud.core.faults.alteration import altered
from localcloud.core.service import handles
from localcloud.services.aiplatform import traffic
from localcloud.services.aiplatform.names import API

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.call import Call
    from localcloud.runtime.serving.server import Answer
    from localcloud.services.aiplatform.contents import Contents

_PATIENCE_SECONDS = 15.0
"""How long a prediction waits for a server that is coming up after a start or a heal of the region."""
_PASSED_ON = ("Content-Type", "Accept")


@dataclass(frozen=True, slots=True)
class _Asked:
    deployed: dict[str, Any]
    answer: Answer


class Predictions:
    """`predict` and `rawPredict`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.endpoints.predict")
    async def predict(self, call: Call) -> dict[str, Any]:
        """Return the model's predictions; raises the server's own refusal, or ApiError 503 when it does not run."""
        sent = {key: call.body[key] for key in ("instances", "parameters") if key in call.body}
        asked = await self._ask(call, msgspec.json.encode(sent), {"Content-Type": "application/json"})
        try:
            document = msgspec.json.decode(asked.answer.body)
            predictions = self._as_switched(call, document["predictions"])
        except (msgspec.DecodeError, KeyError, TypeError):
            raise ApiError(
                500,
                "INTERNAL",
                f"the model server of {call.name} answered no object with `predictions`: {asked.answer.body[:200]!r}",
            ) from None
        model = self._contents.models.require(asked.deployed["model"]).view(asked.deployed["modelVersionId"])
        return {
            "predictions": predictions,
            "deployedModelId": asked.deployed["id"],
            "model": asked.deployed["model"],
            "modelDisplayName": model["displayName"],
            "modelVersionId": asked.deployed["modelVersionId"],
        } | ({"metadata": document["metadata"]} if "metadata" in document else {})

    @handles("projects.locations.endpoints.rawPredict")
    async def raw_predict(self, call: Call) -> web.Response:
        """Return the server's answer as it is, with Google's headers that say which model gave it."""
        headers = {name: call.headers[name] for name in _PASSED_ON if name in call.headers}
        asked = await self._ask(call, _raw(call.raw_body), headers)
        return web.Response(
            status=asked.answer.status,
            body=self._raw_as_switched(call, asked.answer.body),
            headers={
                "Content-Type": asked.answer.content_type,
                "X-Vertex-AI-Endpoint-Id": call.name.rpartition("/")[2],
                "X-Vertex-AI-Deployed-Model-Id": asked.deployed["id"],
                "X-Vertex-AI-Model": asked.deployed["model"],
                "X-Vertex-AI-Model-Version-Id": asked.deployed["modelVersionId"],
            },
        )

    def _as_switched(self, call: Call, predictions: Any) -> Any:
        """Return the predictions, altered while the region answers wrongly."""
        random = self._contents.cloud.switches.altering(call.location, API)
        return predictions if random is None else altered(predictions, random)

    def _raw_as_switched(self, call: Call, body: bytes) -> bytes:
        """Return the server's body; of an altered one the predictions change, or all of it where it names none."""
        random = self._contents.cloud.switches.altering(call.location, API)
        if random is None:
            return body
        try:
            document = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return bytes(byte ^ random.randint(1, 255) for byte in body)
        if isinstance(document, dict) and "predictions" in document:
            return msgspec.json.encode(document | {"predictions": altered(document["predictions"], random)})
        return msgspec.json.encode(altered(document, random))

    async def _ask(self, call: Call, body: bytes, headers: Mapping[str, str]) -> _Asked:
        at, status, deployed = time.time(), 500, None
        try:
            deployed = self._chosen(call.name)
            server = self._contents.fleet.server(call.name, deployed["id"])
            answer = await server.predict(body, headers, patience_seconds=_PATIENCE_SECONDS)
            status = answer.status
            if status >= 400:  # noqa: PLR2004 - HTTP's refusals
                raise _refusal(call.name, answer)
            return _Asked(deployed, answer)
        except ApiError as error:
            status = error.code
            raise
        finally:
            self._contents.cloud.predictions.append(
                {
                    "at": at,
                    "region": call.location,
                    "endpoint": call.name.rpartition("/")[2],
                    "model_version": deployed and deployed["modelVersionId"],
                    "try": call.headers.get("X-Vertex-Dr-Try"),
                    "status": status,
                }
            )

    def _chosen(self, name: str) -> dict[str, Any]:
        endpoint = self._contents.cloud.store.require(API, name)
        chosen = traffic.choose(endpoint.get("trafficSplit", {}))
        if chosen is None:
            raise ApiError.failed_precondition(
                f"The Endpoint {name} has no deployed model with traffic; deploy one, or set its traffic_split"
            )
        found: dict[str, Any] = next(one for one in endpoint["deployedModels"] if one["id"] == chosen)
        return found


def _raw(body: Any) -> bytes:
    """Return what the server is to get: the body as it came, or what Google's clients wrapped into httpBody."""
    data: bytes = body if isinstance(body, bytes) else msgspec.json.encode(body)
    with contextlib.suppress(msgspec.DecodeError, ValueError):
        document = msgspec.json.decode(data)
        if isinstance(document, dict) and document.keys() == {"httpBody"}:
            return base64.b64decode(document["httpBody"].get("data", ""))
    return data


def _refusal(name: str, answer: Answer) -> ApiError:
    said = answer.body[:500].decode(errors="replace")
    if answer.status < 500:  # noqa: PLR2004 - the caller's fault below, the server's from there on
        return ApiError(answer.status, "INVALID_ARGUMENT", f"the model server of {name} refused: {said}")
    return ApiError(answer.status, "INTERNAL", f"the model server of {name} failed with {answer.status}: {said}")
