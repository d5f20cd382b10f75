"""All model servers of the cloud: one a deployed model, by endpoint and deployed model's id."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp

from localcloud.core.errors import ApiError
from localcloud.runtime.metadata import MetadataServer
from localcloud.runtime.serving.command import Command, server_command
from localcloud.runtime.serving.contract import ServerRoutes, contract_variables, routes_of
from localcloud.runtime.serving.host_files import host_files
from localcloud.runtime.serving.prebuilt import PREBUILT_ROUTES, prebuilt_command
from localcloud.runtime.serving.server import ModelServer, ServerPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from localcloud.core.cloud import Cloud
    from localcloud.runtime.serving.image import IngestedImage


# A start holds up everything else for about 50 ms, the order to end included.
_STARTS_AT_ONCE = 2


class Fleet:
    """Runs model servers. What should run is the caller's knowledge; the fleet only keeps it running."""

    def __init__(self, cloud: Cloud, open_image: Callable[[str], IngestedImage], folder: Path) -> None:
        self._cloud = cloud
        self._open_image = open_image
        self._folder = folder
        self._servers: dict[tuple[str, str], ModelServer] = {}
        self._turns = asyncio.Semaphore(_STARTS_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None
        self._metadata: dict[tuple[str, str], MetadataServer] = {}
        self._starting = asyncio.Lock()

    def server(self, endpoint: str, deployed_id: str) -> ModelServer:
        """Return the server of a deployed model; raises ApiError 503 when none runs."""
        found = self._servers.get((endpoint, deployed_id))
        if found is None:
            raise ApiError.unavailable(f"no model server runs for {endpoint} {deployed_id}; try again")
        return found

    def run(
        self,
        endpoint: str,
        deployed_id: str,
        container: Mapping[str, Any],
        ingested: Mapping[str, Any],
        account: str,
    ) -> ModelServer:
        """Begin to run a deployed model's server as this service account, and return it. Repeating is safe."""
        key = (endpoint, deployed_id)
        if key not in self._servers:
            self._servers[key] = ModelServer(
                self._plan(endpoint, deployed_id, container, ingested, account), self._client(), self._turns
            )
        self._servers[key].start()
        return self._servers[key]

    async def stop(self, endpoint: str, deployed_id: str) -> None:
        """End a deployed model's server. Repeating is safe."""
        server = self._servers.pop((endpoint, deployed_id), None)
        if server:
            await server.stop()

    def kill(self, location: str) -> None:
        """End every server of a location (`projects/…/locations/…`) at once. Repeating is safe."""
        for key in [key for key in self._servers if key[0].startswith(f"{location}/")]:
            self._servers.pop(key).kill()

    async def close(self) -> None:
        """End every server. Repeating is safe."""
        servers = list(self._servers.values())
        self._servers.clear()
        await asyncio.gather(*(server.stop() for server in servers))
        metadata, self._metadata = list(self._metadata.values()), {}
        await asyncio.gather(*(server.stop() for server in metadata))
        if self._session:
            await self._session.close()
            self._session = None

    async def _metadata_of(self, region: str, account: str) -> MetadataServer:
        """Return the metadata server of the region's model servers that act as the account."""
        key = (region, account)
        async with self._starting:
            if key not in self._metadata:
                server = MetadataServer(
                    self._cloud.tokens,
                    email=account,
                    project=self._cloud.project,
                    project_number=self._cloud.project_number,
                    region=region,
                )
                await server.start()
                self._metadata[key] = server
        return self._metadata[key]

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=600)
            )
        return self._session

    def _plan(
        self,
        endpoint: str,
        deployed_id: str,
        container: Mapping[str, Any],
        ingested: Mapping[str, Any],
        account: str,
    ) -> ServerPlan:
        is_prebuilt = bool(ingested.get("prebuilt"))
        routes = routes_of(container, endpoint, deployed_id)
        if is_prebuilt:
            routes = ServerRoutes(
                predict=container.get("predictRoute") or PREBUILT_ROUTES.predict,
                health=container.get("healthRoute") or PREBUILT_ROUTES.health,
            )

        async def command(port: int) -> Command:
            variables = contract_variables(
                self._cloud,
                port=port,
                routes=routes,
                storage_uri=ingested.get("artifact"),
                prebuilt=is_prebuilt,
            )
            variables |= (await self._metadata_of(endpoint.split("/")[3], account)).variables
            if is_prebuilt:
                return await prebuilt_command(variables)
            image = self._open_image(ingested["image"])
            return server_command(image, container, variables, host_files(self._folder, self._cloud.authority.file))

        endpoint_parts = endpoint.split("/")
        return ServerPlan(
            label=f"{endpoint} {deployed_id}",
            command=command,
            predict_route=routes.predict,
            health_route=routes.health,
            log=self._folder / "logs" / f"{endpoint_parts[3]}-{endpoint_parts[-1]}-{deployed_id}.log",
        )
