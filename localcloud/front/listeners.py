"""Where the local cloud listens: the proxy, and one address a region for clients that speak no CONNECT.

A dark region is its hosts: connections to them are reset or hang, and open ones are cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from aiohttp import web

from localcloud.core.addresses.hosts import Destination, below_www
from localcloud.core.faults.switches import Dark, Mode
from localcloud.core.ports import PortBusyError
from localcloud.front.connections import Connection, Opening, reset

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.core.faults.switches import Switch
    from localcloud.front.access_log import AccessLog
    from localcloud.front.gateway import Gateway
    from localcloud.front.rpc import RpcGateway

_NO_LIMIT = 1 << 50
_BACKLOG = 1024
_HTTPS_PORT = 443
# Connections are cut when the cloud ends, so nobody waits for what is still being answered.
_END_SECONDS = 0.1
# What may be asked without TLS, as at Google: the metadata server, and the local cloud about itself.
_PLAIN = ("localcloud", "metadata")


class Listeners:
    """Every way in, and every connection that came in."""

    def __init__(self, cloud: Cloud, gateway: Gateway, access_log: AccessLog, rpc: RpcGateway) -> None:
        self.authority = cloud.authority
        self._cloud = cloud
        self._gateway = gateway
        self._access_log = access_log
        self._rpc = rpc
        app = web.Application(client_max_size=_NO_LIMIT)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_END_SECONDS)
        self._proxy: asyncio.Server | None = None
        self._direct: dict[str | None, asyncio.Server] = {}
        self._connections: set[Connection] = set()

    async def open(self) -> None:
        """Listen everywhere. Raises PortBusyError when something else listens where the proxy should."""
        await self._runner.setup()
        port = self._cloud.ports["proxy"]
        try:
            self._proxy = await asyncio.get_running_loop().create_server(
                lambda: Opening(self), sock=port.new_socket(), backlog=_BACKLOG
            )
        except OSError as error:
            raise PortBusyError(port.number, error) from error
        for region in (None, *self._cloud.regions):
            await self._open_direct(region)

    async def close(self) -> None:
        """Stop listening and cut every connection; repeating is safe."""
        for server in (self._proxy, *self._direct.values()):
            if server is not None:
                server.close()
        self._direct = {}
        for connection in list(self._connections):
            connection.cut()
        await self._runner.cleanup()

    async def region_dark(self, switch: Switch) -> None:
        """Cut the connections to the region's hosts; new ones are reset, or hang, as the mode says."""
        for connection in list(self._connections):
            if _is_of(connection.destination, switch.region, switch.api):
                connection.cut()
        if switch.api is None and switch.mode is Mode.REFUSED:
            await self._close_direct(switch.region)
        elif switch.api is None:
            await self._open_direct(switch.region)

    async def region_healed(self, region: str) -> None:
        """Answer again; whatever hung is cut."""
        for connection in list(self._connections):
            if connection.destination is not None and connection.destination.region == region:
                connection.cut()
        await self._open_direct(region)

    # What a connection asks while it is being opened.

    def find(self, host: str) -> Destination | None:
        """Return what the host means, None (and count it) when it is not served."""
        found = self._cloud.hosts.find(host)
        if found is None:
            self._cloud.unserved_hosts[host] += 1
        return found

    def mode_of(self, destination: Destination) -> str | None:
        """Return how the whole host is dark for everybody."""
        return self._cloud.switches.is_dark(destination.region, destination.api)

    def http_handler(self) -> asyncio.Protocol:
        """Return the HTTP server's reader of one connection."""
        assert self._runner.server is not None  # noqa: S101 - nothing connects before `open`
        return self._runner.server()

    def rpc_handler(self, destination: Destination) -> asyncio.Protocol | None:
        """Return the gRPC server's reader of one connection, None for an API that has none."""
        return self._rpc.handler(destination.api)

    def opened(self, connection: Connection) -> None:
        """Know the connection, so that it can be cut."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget the connection; repeating is safe."""
        self._connections.discard(connection)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        status: int | str = "aborted"
        host = request.host
        if "://" in request.raw_path:  # a proxy is sent the whole address
            address = urlsplit(request.raw_path)
            host = address.netloc
            request = request.clone(rel_url=urlunsplit(("", "", address.path or "/", address.query, "")))
        destination = self._destination(request, host.partition(":")[0])
        try:
            if isinstance(destination, web.Response):
                response: web.StreamResponse = destination
            else:
                response = await self._gateway.respond(request, destination)
            status = response.status
        except Dark as dark:
            if dark.mode is Mode.HANGING:
                await self._cloud.switches.until_healed(dark.region)
            reset(request.transport)
            raise asyncio.CancelledError from dark
        else:
            return response
        finally:
            self._access_log.write(request, host, status, time.monotonic() - started)

    def _destination(self, request: web.Request, host: str) -> Destination | web.Response:
        found = self.find(host)
        if found is None or (found.api not in _PLAIN and not request.secure):
            return web.Response(
                status=403,
                text=f"{request.scheme}://{host} is not served by localcloud, and nothing is let out; "
                "`localcloud status` lists what is\n",
            )
        if found.api == "www":
            return Destination(below_www(request.raw_path))
        return found

    async def _open_direct(self, region: str | None) -> None:
        """Listen for TLS on the region's own address where this machine lets us; repeating is safe."""
        if region in self._direct or region not in (None, *self._cloud.regions):
            return
        address = self._cloud.direct_address(region)
        with contextlib.suppress(OSError):
            self._direct[region] = await asyncio.get_running_loop().create_server(
                lambda: Connection(self, Destination("", region)),
                address,
                _HTTPS_PORT,
                ssl=self.authority.context_by_name(),
                backlog=_BACKLOG,
            )

    async def _close_direct(self, region: str) -> None:
        if server := self._direct.pop(region, None):
            server.close()


def _is_of(destination: Destination | None, region: str, api: str | None) -> bool:
    """Whether a connection to this host is to be cut when the region, or one API of it, goes dark."""
    if destination is None or (destination.region or "global") != region:
        return False
    return api is None or destination.api in (api, "")
