"""Deployments: a model version comes to an endpoint, is changed there, and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core import masks
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.core.standard_methods import etag
from localcloud.services.aiplatform import traffic
from localcloud.services.aiplatform.contents import Contents, location_of
from localcloud.services.aiplatform.names import API, split_version, typed

if TYPE_CHECKING:
    from localcloud.core.call import Call

_MUTABLE = ("dedicatedResources", "automaticResources", "disableContainerLogging", "autoscalingTargetUtilization")


class Deployments:
    """`deployModel`, `undeployModel`, `mutateDeployedModel`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.endpoints.deployModel")
    async def deploy_model(self, call: Call) -> dict[str, Any]:
        """Start a server for the version; when it is healthy the endpoint has it, with the traffic asked for."""
        endpoint = self._contents.cloud.store.require(API, call.name)
        deployed = self._new_deployment(call, endpoint)
        split = call.body.get("trafficSplit")
        if split:
            ids = [one["id"] for one in endpoint.get("deployedModels", [])]
            split = traffic.checked(traffic.with_new(split, deployed["id"]), [*ids, deployed["id"]])

        async def work() -> dict[str, Any]:
            await self._contents.run_server(call.name, deployed).start_and_wait()
            try:
                self._attach(call.name, deployed, split)
            except ApiError:
                await self._contents.fleet.stop(call.name, deployed["id"])
                raise
            return typed("DeployModelResponse", {"deployedModel": deployed})

        return await self._contents.operation(location_of(call.name), "DeployModelOperationMetadata", work())

    @handles("projects.locations.endpoints.undeployModel")
    async def undeploy_model(self, call: Call) -> dict[str, Any]:
        """Start to take a deployed model away; raises ApiError 400 while it has traffic and is not the last."""
        deployed_id = call.body.get("deployedModelId", "")
        endpoint = self._contents.cloud.store.require(API, call.name)
        self._deployed(endpoint, deployed_id)
        others = [one["id"] for one in endpoint["deployedModels"] if one["id"] != deployed_id]
        split = traffic.checked(
            call.body.get("trafficSplit") or endpoint.get("trafficSplit", {}), [*others, deployed_id]
        )
        if others and deployed_id in split:
            raise ApiError.failed_precondition(
                f"DeployedModel {deployed_id} still has {split[deployed_id]} % of the traffic of {call.name}; "
                "send a traffic_split without it"
            )

        async def work() -> dict[str, Any]:
            present = self._contents.cloud.store.require(API, call.name)
            present["deployedModels"] = [one for one in present["deployedModels"] if one["id"] != deployed_id]
            present["trafficSplit"] = split if others else {}
            self._save(present)
            await self._contents.fleet.stop(call.name, deployed_id)
            return typed("UndeployModelResponse", {})

        return await self._contents.operation(location_of(call.name), "UndeployModelOperationMetadata", work())

    @handles("projects.locations.endpoints.mutateDeployedModel")
    async def mutate_deployed_model(self, call: Call) -> dict[str, Any]:
        """Start to change how a deployed model is scaled; its server keeps running."""
        endpoint = self._contents.cloud.store.require(API, call.name)
        changes = call.body.get("deployedModel") or {}
        self._deployed(endpoint, changes.get("id", ""))
        mask = call.field_mask() or [key for key in changes if key in _MUTABLE]
        foreign = [path for path in mask if path.split(".")[0] not in _MUTABLE]
        if foreign:
            raise ApiError.invalid(f"{', '.join(foreign)} of a deployed model cannot be changed; deploy it anew")

        async def work() -> dict[str, Any]:
            present = self._contents.cloud.store.require(API, call.name)
            deployed = self._deployed(present, changes["id"])
            masks.apply(deployed, changes, mask)
            self._save(present)
            return typed("MutateDeployedModelResponse", {"deployedModel": deployed})

        return await self._contents.operation(location_of(call.name), "MutateDeployedModelOperationMetadata", work())

    def _new_deployment(self, call: Call, endpoint: dict[str, Any]) -> dict[str, Any]:
        sent = call.body.get("deployedModel") or {}
        model_name = sent.get("model", "").replace(
            f"projects/{self._contents.cloud.project_number}/", f"projects/{self._contents.cloud.project}/"
        )
        if not model_name.startswith(f"{location_of(call.name)}/models/"):
            raise ApiError.invalid(
                f"deployed_model.model {sent.get('model')!r} is not a model of {location_of(call.name)}"
            )
        record = self._contents.models.require(model_name)
        version_id = record.version_id(split_version(model_name)[1])
        scale = sent.get("dedicatedResources") or {}
        if not (scale.get("machineSpec") or {}).get("machineType") or int(scale.get("minReplicaCount") or 0) < 1:
            raise ApiError.invalid(
                f"The Model {record.name} takes dedicated_resources with machine_spec.machine_type and a "
                "min_replica_count of at least 1"
            )
        scale.setdefault("maxReplicaCount", scale["minReplicaCount"])
        deployed_id = sent.get("id") or self._contents.cloud.store.next_id()
        if deployed_id in [one["id"] for one in endpoint.get("deployedModels", [])]:
            raise ApiError.already_exists(f"The Endpoint {call.name} already has a DeployedModel {deployed_id}")
        name = sent.get("displayName") or record.view(version_id)["displayName"]
        own = {"id": deployed_id, "model": record.name, "modelVersionId": version_id, "displayName": name}
        return sent | own | {"createTime": now(), "dedicatedResources": scale}

    def _attach(self, name: str, deployed: dict[str, Any], split: dict[str, int] | None) -> None:
        endpoint = self._contents.cloud.store.require(API, name)
        endpoint.setdefault("deployedModels", []).append(deployed)
        if split:
            endpoint["trafficSplit"] = traffic.checked(split, [one["id"] for one in endpoint["deployedModels"]])
        self._save(endpoint)

    def _deployed(self, endpoint: dict[str, Any], deployed_id: str) -> dict[str, Any]:
        for one in endpoint.get("deployedModels", []):
            if one["id"] == deployed_id:
                found: dict[str, Any] = one
                return found
        raise ApiError.not_found(f"The Endpoint {endpoint['name']} has no DeployedModel {deployed_id!r}")

    def _save(self, endpoint: dict[str, Any]) -> None:
        for field in ("deployedModels", "trafficSplit"):
            if not endpoint.get(field):
                endpoint.pop(field, None)
        self._contents.cloud.store.put(API, endpoint["name"], endpoint | {"updateTime": now(), "etag": etag()})
