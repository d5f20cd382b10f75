"""The listeners: one global, one a region. A dark region's connections are refused or hang, and open ones are cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from typing import TYPE_CHECKING

from aiohttp import web

from localcloud.core.ports import PortBusyError
from localcloud.core.switches import Dark

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.core.ports import Port
    from localcloud.front.access_log import AccessLog
    from localcloud.front.gateway import Gateway

_NO_LIMIT = 1 << 50
# Connections are cut when a listener closes, so nobody waits for what is still being answered.
_END_SECONDS = 0.1
_RESET = struct.pack("ii", 1, 0)


class Listener:
    """One port. Dark by refusal nobody listens on it, and it stays held."""

    def __init__(self, listeners: Listeners, port: Port, region: str | None) -> None:
        self._listeners = listeners
        self._port = port
        self._region = region
        self._lit = asyncio.Event()
        self._lit.set()
        app = web.Application(client_max_size=_NO_LIMIT)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_END_SECONDS)
        self._site: web.SockSite | None = None

    async def open(self) -> None:
        """Listen; raises PortBusyError when something else does. Repeating is safe."""
        if self._runner.server is None:
            await self._runner.setup()
        self._lit.set()
        if self._site is None:
            site = web.SockSite(self._runner, self._port.new_socket(), backlog=1024)
            try:
                await site.start()
            except OSError as error:
                raise PortBusyError(self._port.number, error) from error
            self._site = site

    async def refuse(self) -> None:
        """Cut every connection and refuse new ones; repeating is safe."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        self.cut()

    def hang(self) -> None:
        """Accept connections and answer nothing on them, open ones included."""
        self._lit.clear()

    def cut(self) -> None:
        """Reset every open connection."""
        server = self._runner.server
        for connection in list(server.connections) if server else []:
            reset(connection.transport)

    async def close(self) -> None:
        """Stop for good; repeating is safe."""
        self.cut()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        status: int | str = "aborted"
        try:
            if not self._lit.is_set():
                await self._hang_until_cut(request, self._region or "global")
            response = await self._listeners.gateway.respond(request, self._region)
            status = response.status
        except Dark as dark:
            if dark.mode == "hanging":
                await self._hang_until_cut(request, dark.region)
            reset(request.transport)
            raise asyncio.CancelledError from dark
        else:
            return response
        finally:
            self._listeners.access_log.write(request, self._region, status, time.monotonic() - started)

    async def _hang_until_cut(self, request: web.Request, region: str) -> None:
        await self._listeners.until_healed(region)
        reset(request.transport)
        raise asyncio.CancelledError


class Listeners:
    """All listeners of a cloud."""

    def __init__(self, cloud: Cloud, gateway: Gateway, access_log: AccessLog) -> None:
        self.gateway = gateway
        self.access_log = access_log
        self._global = Listener(self, cloud.ports["global"], None)
        self._regional = {region: Listener(self, cloud.ports[region], region) for region in cloud.regions}
        self._healed: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        """Listen everywhere."""
        for listener in (self._global, *self._regional.values()):
            await listener.open()

    async def close(self) -> None:
        """Stop every listener; repeating is safe."""
        for listener in (self._global, *self._regional.values()):
            await listener.close()

    async def region_dark(self, region: str, service: str | None, mode: str) -> None:
        """Make the region's listener refuse or hang; one service's darkness is decided a request at a time."""
        self._healed.setdefault(region, asyncio.Event())
        listener = self._regional.get(region)
        if listener is None or service is not None:
            return
        if mode == "refused":
            await listener.refuse()
        else:
            await listener.open()
            listener.hang()

    async def region_healed(self, region: str) -> None:
        """Listen again; whatever hung is cut."""
        if event := self._healed.pop(region, None):
            event.set()
        if listener := self._regional.get(region):
            await listener.open()

    async def until_healed(self, region: str) -> None:
        """Return once the region is healed."""
        if event := self._healed.get(region):
            await event.wait()


def reset(transport: asyncio.BaseTransport | None) -> None:
    """End the connection with a reset instead of an orderly close; repeating is safe."""
    if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
        return
    connection = transport.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
