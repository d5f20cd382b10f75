"""Cloud Run v2: services as data, and the invocation of those that functions made."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import standard_methods
from localcloud.core.addresses.hosts import code_of
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, fills, handles
from localcloud.services.run.invocations import API, DEPLOYMENTS, Invocations
from localcloud.services.run.revisions import require_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.core.service import Route
    from localcloud.services.secretmanager.service import SecretManager

_LONGEST_LABEL = 63  # of a host name
_INGRESS = {
    "ALLOW_INTERNAL_AND_GCLB": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "ALLOW_INTERNAL_ONLY": "INGRESS_TRAFFIC_INTERNAL_ONLY",
}
_SERVER_OWNED = {"name", "createTime", "uid", "creator", "generation", "etag"}


class Run(Service):
    """Serves the services' own hosts: checks the caller, starts a process that is cold, hands the request on."""

    api: ClassVar[str] = API
    versions: ClassVar[tuple[str, ...]] = ("v2", "v1")
    differences: ClassVar[tuple[str, ...]] = (
        "a Run service answers only if a function made it: containers of services and jobs are data",
        "where a request comes from is told by its token: Cloud Scheduler and functions in a VPC are inside",
        "functions reach nothing outside this machine",
    )

    def __init__(self, cloud: Cloud, secrets: SecretManager) -> None:
        super().__init__(cloud)
        self.invocations = Invocations(cloud, secrets)

    async def answer(self, call: Call) -> Any:
        """Return what version 2 answers; of version 1 the locations, which version 2 does not list."""
        if call.version == "v1" and call.method.collection_id != "projects.locations":
            raise ApiError.unimplemented(f"{self.api}.{call.method_id} of v1")
        return await super().answer(call)

    async def start(self) -> None:
        """Be able to invoke."""
        await self.invocations.start()

    async def stop(self) -> None:
        """End every process; repeating is safe."""
        await self.invocations.stop()

    async def region_dark(self, region: str) -> None:
        """Lose the region's processes."""
        await self.invocations.region_dark(region)

    async def region_healed(self, region: str) -> None:
        """Start the region's functions that keep an instance."""
        await self.invocations.region_healed(region)

    def routes(self) -> Iterable[Route]:
        """Return the invocation route and the logs."""
        return self.invocations.routes()

    def uri(self, name: str) -> str:
        """Return the service's main URL: name, a hash of the project, and the region's code."""
        _, project, _, region, _, short = name.split("/")
        tail = f"-{_hash(project)}-{code_of(region)}"
        return f"https://{short[: _LONGEST_LABEL - len(tail)]}{tail}.a.run.app"

    def function_url(self, name: str) -> str:
        """Return the URL of the function that the service answers for."""
        _, project, _, region, _, short = name.split("/")
        return f"https://{region}-{project}.cloudfunctions.net/{short}"

    def _urls(self, name: str, *, is_function: bool) -> list[str]:
        """Return every URL of the service; the one with the project's number only where its name is short enough."""
        _, _, _, region, _, short = name.split("/")
        label = f"{short}-{self.cloud.project_number}"
        numbered = [f"https://{label}.{region}.run.app"] if len(label) <= _LONGEST_LABEL else []
        return [*numbered, *([self.function_url(name)] if is_function else []), self.uri(name)]

    @fills("projects.locations.services")
    def fill_service(self, _call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Fill the outputs of a service that somebody creates or changes directly."""
        self._outputs(resource, old)

    @handles("projects.locations.services.patch")
    def patch_service(self, call: Call) -> dict[str, Any]:
        """Replace the service by what was sent, unless a mask says which parts."""
        if call.field_mask() is None:
            old = self.cloud.store.require(self.api, call.name)
            call.query = {**call.query, "updateMask": ",".join(({*old} | {*call.body}) - _SERVER_OWNED)}
        return standard_methods.patch(self, call)

    async def deploy(self, function: dict[str, Any], revision: str, source: str) -> None:
        """Make the function's service exist in this revision; the next call starts the new process."""
        _, project, _, location, _, _ = function["name"].split("/")
        config = function.get("serviceConfig", {})
        require_secrets(self.cloud, config, project)
        name = service_of(function["name"])
        old = self.cloud.store.get(self.api, name)
        image = f"{location}-docker.pkg.dev/{project}/gcf-artifacts/{name.rpartition('/')[2]}:latest"
        service: dict[str, Any] = {
            "name": name,
            "createTime": old["createTime"] if old else now(),
            "updateTime": now(),
            "etag": standard_methods.etag(),
            "labels": {**function.get("labels", {}), "goog-managed-by": "cloudfunctions"},
            "ingress": _INGRESS.get(config.get("ingressSettings", ""), "INGRESS_TRAFFIC_ALL"),
            "template": {
                "revision": revision,
                "serviceAccount": config.get("serviceAccountEmail"),
                "timeout": f"{config.get('timeoutSeconds', 60)}s",
                "containers": [{"image": image}],
            },
        }
        self._outputs(service, old)
        self.cloud.store.put(self.api, name, service)
        deployment = {
            "config": config,
            "entry_point": function["buildConfig"].get("entryPoint", ""),
            "revision": revision,
            "signature": "cloudevent" if function.get("eventTrigger") else "http",
            "source": source,
        }
        self.cloud.store.put(DEPLOYMENTS, name, deployment)
        await self.invocations.end(name)
        self.invocations.keep_warm(location)

    async def remove(self, name: str) -> None:
        """Make the service, its policy and its process not exist; repeating is safe."""
        self.cloud.store.delete(self.api, name)
        self.cloud.store.delete(DEPLOYMENTS, name)
        self.cloud.policies.forget(self.api, name)
        await self.invocations.end(name)

    def _outputs(self, service: dict[str, Any], old: dict[str, Any] | None) -> None:
        generation = str(int((old or {}).get("generation", "0")) + 1)
        short = service["name"].rpartition("/")[2]
        revision = service.get("template", {}).get("revision") or f"{short}-{generation:0>5}-loc"
        uri = self.uri(service["name"])
        ready = {"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": now()}
        service |= {
            "generation": generation,
            "observedGeneration": generation,
            "uri": uri,
            "urls": self._urls(
                service["name"], is_function=service.get("labels", {}).get("goog-managed-by") == "cloudfunctions"
            ),
            "latestReadyRevision": f"{service['name']}/revisions/{revision}",
            "latestCreatedRevision": f"{service['name']}/revisions/{revision}",
            "terminalCondition": ready,
            "conditions": [ready],
            "reconciling": False,
        }


def _hash(project: str) -> str:
    """Return ten letters and digits that stand for the project in the URLs of its services."""
    return base64.b32encode(hashlib.sha256(project.encode()).digest()).decode().lower()[:10]


def service_of(function_name: str) -> str:
    """Return the name of the Run service that answers for the function."""
    return function_name.replace("/functions/", "/services/").lower().replace("_", "-")
