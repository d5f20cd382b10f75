"""Cloud Run v2: services as data, and the invocation of those that functions made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from localcloud import generic
from localcloud.clock import now
from localcloud.errors import ApiError
from localcloud.forwarding import forward, new_session
from localcloud.function_process import FunctionProcess
from localcloud.gateway import Inbound
from localcloud.invoker import require_invoker
from localcloud.revisions import log_of, revision_of
from localcloud.service import Route, Service, fills, handles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from localcloud.call import Call
    from localcloud.cloud import Cloud

# What a deployment fixed beside the function's own resource, by the name of its Run service.
DEPLOYMENTS = "_run_deployments"


class Run(Service):
    """Serves /run/{service}: checks the caller, starts the process when it is cold, hands the request on."""

    api: ClassVar[str] = "run"
    versions: ClassVar[tuple[str, ...]] = ("v2",)
    differences: ClassVar[tuple[str, ...]] = (
        "a Run service answers only if a function made it: containers of services and jobs are data",
        "conditional bindings of roles/run.invoker grant nothing",
        "functions reach nothing outside this machine",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self._processes: dict[str, FunctionProcess] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def sources(self) -> Path:
        """Where unpacked source archives lie."""
        return self.cloud.state_dir / "functions" / "sources"

    def uri(self, name: str) -> str:
        """Return the URL under which the service is invoked."""
        parts = name.split("/")
        return f"{self.cloud.region_url(parts[3])}/run/{parts[-1]}"

    async def start(self) -> None:
        """Be able to hand requests on."""
        self._session = new_session()

    async def stop(self) -> None:
        """End every process; repeating is safe."""
        processes, self._processes = list(self._processes.values()), {}
        await asyncio.gather(*(process.stop() for process in processes))
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def region_dark(self, region: str) -> None:
        """Kill the region's processes, as a power cut would; the first call after the healing starts them anew."""
        if self.cloud.switches.is_dark(region, self.api):
            for process in self._processes.values():
                if process.revision.region == region:
                    process.kill()

    def routes(self) -> Iterable[Route]:
        """Return the invocation route and the logs."""
        return (
            Route("region", "*", "/run/*", self._invoke),
            Route("global", "GET", "/_localcloud/logs", self._logs),
        )

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
        return generic.patch(self, call)

    async def deploy(self, function: dict[str, Any], revision: str, source: str, _call: Call) -> None:
        """Make the function's service exist in this revision; the next call starts the new process."""
        _, project, _, location, _, _ = function["name"].split("/")
        config = function.get("serviceConfig", {})
        name = f"projects/{project}/locations/{location}/services/{self._service_id(function)}"
        old = self.cloud.store.get(self.api, name)
        image = f"{location}-docker.pkg.dev/{project}/gcf-artifacts/{name.rpartition('/')[2]}:latest"
        service: dict[str, Any] = {
            "name": name,
            "createTime": old["createTime"] if old else now(),
            "updateTime": now(),
            "etag": generic.etag(),
            "labels": {**function.get("labels", {}), "goog-managed-by": "cloudfunctions"},
            "ingress": "INGRESS_TRAFFIC_ALL",
            "template": {
                "revision": revision,
                "serviceAccount": config.get("serviceAccountEmail"),
                "timeout": f"{config.get('timeoutSeconds', 60)}s",
                "containers": [{"image": image}],
            },
        }
        self._outputs(service, old)
        self.cloud.store.put(self.api, name, service)
        deployment = {"function": function["name"], "source": source, "revision": revision}
        self.cloud.store.put(DEPLOYMENTS, name, deployment)
        await self._end(name)

    async def remove(self, name: str) -> None:
        """Make the service, its policy and its process not exist; repeating is safe."""
        self.cloud.store.delete(self.api, name)
        self.cloud.store.delete(DEPLOYMENTS, name)
        self.cloud.policies.forget(self.api, name)
        await self._end(name)

    def _service_id(self, function: dict[str, Any]) -> str:
        return str(function["name"].rpartition("/")[2]).lower().replace("_", "-")

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
            "urls": [uri],
            "latestReadyRevision": f"{service['name']}/revisions/{revision}",
            "latestCreatedRevision": f"{service['name']}/revisions/{revision}",
            "terminalCondition": ready,
            "conditions": [ready],
            "reconciling": False,
        }

    async def _end(self, name: str) -> None:
        if process := self._processes.pop(name, None):
            await process.stop()

    async def _invoke(self, request: web.Request, region: str | None) -> web.StreamResponse:
        if request.raw_path.startswith("/run/v2/"):
            return await self._call_api(request, region)
        path, mark, query = request.raw_path.removeprefix("/run/").partition("?")
        short, _, rest = path.partition("/")
        name = f"projects/{self.cloud.project}/locations/{region}/services/{unquote(short)}"
        service = self.cloud.store.get(self.api, name)
        if service is None:
            raise ApiError.not_found(f"cannot invoke {name}: there is no such Run service in {region}; deploy it first")
        require_invoker(self.cloud, service, request.headers)
        process = await self._process(name)
        target = f"/{rest}{mark}{query}"
        try:
            try:
                return await self._hand_on(request, service, process, target)
            except aiohttp.ClientConnectorError:
                # It ended since the last call: Google would send the request to a new instance.
                await process.stop()
                return await self._hand_on(request, service, process, target)
        except TimeoutError:
            raise ApiError(
                504, "DEADLINE_EXCEEDED", f"{name} did not answer within {process.revision.timeout_seconds:g} s"
            ) from None
        except aiohttp.ClientError as exc:
            raise ApiError.unavailable(f"cannot invoke {name}: its process ended during the request: {exc}") from exc

    async def _hand_on(
        self, request: web.Request, service: dict[str, Any], process: FunctionProcess, target: str
    ) -> web.StreamResponse:
        assert self._session is not None  # noqa: S101 - the listeners open after start()
        return await forward(
            self._session,
            request,
            await process.url() + target,
            headers={"Host": service["uri"].removeprefix("http://").partition("/")[0], "X-Forwarded-Proto": "http"},
            timeout_seconds=process.revision.timeout_seconds,
        )

    async def _call_api(self, request: web.Request, region: str | None) -> web.StreamResponse:
        """Return what the API itself answers: on a region's listener it shares its prefix with the invocations."""
        assert self.cloud.server is not None  # noqa: S101 - a request came in through it
        raw_path, _, raw_query = request.raw_path.partition("?")
        inbound = Inbound(request.method, raw_path, raw_query, request.headers, await request.read(), request)
        answer = await self.cloud.server.gateway.call(inbound, region)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer or {})

    async def _process(self, name: str) -> FunctionProcess:
        if name not in self._processes:
            revision = await revision_of(self.cloud, name, self.cloud.store.get(DEPLOYMENTS, name), self.sources)
            process = FunctionProcess(revision, self.cloud.tokens, self.cloud.project, self.cloud.project_number)
            # Two first calls at once share one process: whoever comes second finds the first one's.
            self._processes.setdefault(name, process)
        return self._processes[name]

    async def _logs(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        short = request.query.get("function", "")
        wanted = request.query.get("region")
        lines = []
        for region in (wanted,) if wanted else self.cloud.regions:
            log = log_of(self.cloud, region, short)
            told = log.read_text(errors="replace").splitlines() if log.exists() else []
            lines += told if wanted else [f"{region} | {line}" for line in told]
        return web.json_response({"lines": lines})


_SERVER_OWNED = {"name", "createTime", "uid", "creator", "generation", "etag"}
