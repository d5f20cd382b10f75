"""What the endpoints of one side serve, on Vertex AI."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask, ask_once
from vertex_dr.adapters.google.vertex.operations import LIMIT_SECONDS, Operations, finished
from vertex_dr.kernel.errors import NotFound
from vertex_dr.replication.records import Deployment

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.replication.records import Manifest

__all__ = ["VertexDeployments"]

# ruff: noqa: PLC0415 - the messages are loaded by whoever deploys, after the client that needs them anyway

_ALL_TRAFFIC = 100
_THE_NEW_ONE = "0"


@dataclass(frozen=True)
class VertexDeployments:
    """Implements replication's Deployments for one region."""

    clients: Clients
    region: str
    limit_seconds: float = LIMIT_SECONDS  # how long an operation is waited for; the next run goes on with it

    @cached_property
    def _client(self) -> Any:
        return self.clients.endpoints(self.region)

    @property
    def _operations(self) -> Operations:
        return Operations(self.clients, self._client, limit_seconds=self.limit_seconds)

    @property
    def _parent(self) -> str:
        return f"projects/{self.clients.settings.project}/locations/{self.region}"

    def of(self, endpoint: str) -> tuple[Deployment, ...]:
        """Return what the endpoint serves."""
        message = self._endpoint(endpoint)
        return tuple(_deployment(endpoint, d, dict(message.traffic_split)) for d in message.deployed_models)

    def deploy(self, manifest: Manifest, *, version: str) -> str:
        """Deploy the version beside what serves already, then give it all traffic, and return the deployment's id."""
        from google.cloud.aiplatform_v1.types import DeployModelOperationMetadata, DeployModelResponse

        serving = self._endpoint(manifest.endpoint)
        # Vertex AI shifts the traffic when the new one serves: there is no moment without an answer.
        split = {_THE_NEW_ONE: _ALL_TRAFFIC, **{d.id: 0 for d in serving.deployed_models}}
        deployed = {
            "model": f"{self._parent}/models/{manifest.model}@{version}",
            "display_name": manifest.model,
            "dedicated_resources": {
                "machine_spec": {"machine_type": manifest.machine_type},
                "min_replica_count": manifest.min_replicas,
                "max_replica_count": manifest.max_replicas,
            },
        }
        operation = self._operations.once(
            f"deploy {deployed['model']} to {serving.name} on {manifest.min_replicas} to {manifest.max_replicas} "
            f"{manifest.machine_type}",
            lambda: self._client.deploy_model(
                endpoint=serving.name, deployed_model=deployed, traffic_split=split, timeout=CALL_SECONDS
            ),
            kinds=(DeployModelResponse, DeployModelOperationMetadata),
            still_there=lambda done: done.deployed_model.id in {d.id for d in self.of(manifest.endpoint)},
        )
        return str(operation.result().deployed_model.id)

    def shift_traffic(self, endpoint: str, *, to: str) -> None:
        """Give the deployment all traffic."""
        serving = self._endpoint(endpoint)
        split = {d.id: _ALL_TRAFFIC if d.id == to else 0 for d in serving.deployed_models}
        request = {
            "endpoint": {"name": serving.name, "traffic_split": split},
            "update_mask": {"paths": ["traffic_split"]},
        }
        ask(
            f"give {to} all traffic of {serving.name}",
            lambda: self._client.update_endpoint(request=request, timeout=CALL_SECONDS),
        )

    def undeploy(self, endpoint: str, deployment: str) -> None:
        """Take the deployment off the endpoint."""
        serving = self._endpoint(endpoint)
        if deployment not in {d.id for d in serving.deployed_models}:
            return
        tried = f"undeploy {deployment} from {serving.name}"
        try:
            operation = ask_once(
                tried,
                lambda: self._client.undeploy_model(
                    endpoint=serving.name, deployed_model_id=deployment, timeout=CALL_SECONDS
                ),
            )
            finished(operation, tried)
        except NotFound:
            return

    def _endpoint(self, endpoint: str) -> Any:
        name = f"{self._parent}/endpoints/{endpoint}"
        return ask(f"look at {name}", lambda: self._client.get_endpoint(name=name, timeout=CALL_SECONDS))


def _deployment(endpoint: str, deployed: Any, split: dict[str, int]) -> Deployment:
    name, _, version = deployed.model.rpartition("/")[2].partition("@")
    resources = deployed.dedicated_resources
    return Deployment(
        endpoint=endpoint,
        id=deployed.id,
        model=name,
        version=deployed.model_version_id or version,
        machine_type=resources.machine_spec.machine_type,
        min_replicas=resources.min_replica_count,
        max_replicas=resources.max_replica_count,
        traffic=int(split.get(deployed.id, 0)),
    )
