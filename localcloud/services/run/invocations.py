"""Invocations of functions: the caller is checked, a cold process started, the request handed on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from localcloud.core.errors import ApiError
from localcloud.core.service import Route
from localcloud.runtime.forwarding import forward, new_session
from localcloud.runtime.function_process import FunctionProcess
from localcloud.services.run.invoker import require_invoker
from localcloud.services.run.min_instances import MinInstances
from localcloud.services.run.revisions import log_of, revision_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from localcloud.core.cloud import Cloud
    from localcloud.services.secretmanager.service import SecretManager

__all__ = ["API", "DEPLOYMENTS", "Invocations"]

API = "run"

# What a deployment fixed beside the function's own resource, by the name of its Run service.
DEPLOYMENTS = "_run_deployments"


class Invocations:
    """The part of the Run service that answers at the hosts of its services."""

    def __init__(self, cloud: Cloud, secrets: SecretManager) -> None:
        self._cloud = cloud
        self._secrets = secrets
        self._processes: dict[str, FunctionProcess] = {}
        self._session: aiohttp.ClientSession | None = None
        self._warm = MinInstances(self._start_instance)
        self._names: dict[str, str] = {}  # of services, by their host

    @property
    def sources(self) -> Path:
        """Where unpacked source archives lie."""
        return self._cloud.state_dir / "functions" / "sources"

    async def start(self) -> None:
        """Be able to hand requests on; functions that keep an instance get it once the listeners answer."""
        self._session = new_session(keep_alive=False)
        self.keep_warm()

    async def stop(self) -> None:
        """End every process; repeating is safe."""
        await self._warm.stop()
        processes, self._processes = list(self._processes.values()), {}
        await asyncio.gather(*(process.stop() for process in processes))
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def region_dark(self, region: str) -> None:
        """Kill the region's processes, as a power cut would; the first call after the healing starts them anew."""
        if self._cloud.switches.is_dark(region, API):
            for process in self._processes.values():
                if process.revision.region == region:
                    process.kill()

    async def region_healed(self, region: str) -> None:
        """Start the region's functions that keep an instance."""
        self.keep_warm(region)

    def keep_warm(self, region: str = "") -> None:
        """Start soon every function (of the region) whose minInstanceCount is not zero. Repeating is safe."""
        self._warm.want(
            name
            for name, deployment in self._cloud.store.under(DEPLOYMENTS, "")
            if int(deployment["config"].get("minInstanceCount", 0)) and f"/locations/{region}" in name
        )

    def routes(self) -> Iterable[Route]:
        """Return the invocations by both kinds of host, and the logs."""
        return (
            Route("run.app", "*", "/", self._invoke_service),
            Route("cloudfunctions.net", "*", "/*", self._invoke_function),
            Route("localcloud", "GET", "/_localcloud/logs", self._logs),
        )

    async def end(self, name: str) -> None:
        """Make no process of the service run; repeating is safe."""
        if process := self._processes.pop(name, None):
            await process.stop()

    async def _invoke_service(self, request: web.Request, region: str | None) -> web.StreamResponse:
        service = self._service_at(request.host, region)
        if service is None:
            raise ApiError.not_found(
                f"cannot invoke https://{request.host}: no Run service has this address; deploy it first"
            )
        return await self._invoke(request, service, request.raw_path)

    async def _invoke_function(self, request: web.Request, region: str | None) -> web.StreamResponse:
        path, mark, query = request.raw_path[1:].partition("?")
        short, _, rest = path.partition("/")
        project = request.host.removesuffix(".cloudfunctions.net").removeprefix(f"{region}-")
        name = f"projects/{project}/locations/{region}/services/{unquote(short).lower().replace('_', '-')}"
        service = self._cloud.store.get(API, name)
        if service is None:
            raise ApiError.not_found(f"cannot invoke {name}: there is no such function in {region}; deploy it first")
        return await self._invoke(request, service, f"/{rest}{mark}{query}")

    def _service_at(self, host: str, region: str | None) -> dict[str, Any] | None:
        """Return the service that has this host among its URLs."""
        url = f"https://{host}"
        known = self._cloud.store.get(API, self._names.get(host, ""))
        if known is not None and url in known.get("urls", ()):
            return known
        for name, service in self._cloud.store.under(API, "projects/"):
            if f"/locations/{region}/services/" in name and url in service.get("urls", ()):
                self._names[host] = name
                return service
        return None

    async def _invoke(self, request: web.Request, service: dict[str, Any], target: str) -> web.StreamResponse:
        name = service["name"]
        request["localcloud.principal"] = require_invoker(self._cloud, service, request.headers)
        process = await self._process(name)
        try:
            try:
                return await self._hand_on(request, process, target)
            except aiohttp.ClientConnectorError:
                # It ended since the last call: Google would send the request to a new instance.
                await process.stop()
                return await self._hand_on(request, process, target)
        except TimeoutError:
            raise ApiError(
                504, "DEADLINE_EXCEEDED", f"{name} did not answer within {process.revision.timeout_seconds:g} s"
            ) from None
        except aiohttp.ClientError as exc:
            raise ApiError.unavailable(f"cannot invoke {name}: its process ended during the request: {exc}") from exc

    async def _hand_on(self, request: web.Request, process: FunctionProcess, target: str) -> web.StreamResponse:
        assert self._session is not None  # noqa: S101 - the listeners open after start()
        return await forward(
            self._session,
            request,
            await process.url() + target,
            headers={"Host": request.host, "X-Forwarded-Proto": "https"},
            timeout_seconds=process.revision.timeout_seconds,
        )

    async def _start_instance(self, name: str) -> None:
        while not self._cloud.switches.is_dark(name.split("/")[3], API):
            if self._cloud.gateway is not None:
                await (await self._process(name)).url()
                return
            await asyncio.sleep(0.1)  # the cloud is still coming up: its readiness comes first

    async def _process(self, name: str) -> FunctionProcess:
        if name not in self._processes:
            revision = await revision_of(
                self._cloud, self._secrets, name, self._cloud.store.get(DEPLOYMENTS, name), self.sources
            )
            process = FunctionProcess(revision, self._cloud.tokens, self._cloud.project, self._cloud.project_number)
            # Two first calls at once share one process: whoever comes second finds the first one's.
            self._processes.setdefault(name, process)
        return self._processes[name]

    async def _logs(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        short = request.query.get("function", "")
        wanted = request.query.get("region")
        lines = []
        for region in (wanted,) if wanted else self._cloud.regions:
            log = log_of(self._cloud, region, short)
            told = log.read_text(errors="replace").splitlines() if log.exists() else []
            lines += told if wanted else [f"{region} | {line}" for line in told]
        return web.json_response({"lines": lines})
