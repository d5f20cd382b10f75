"""A switchable TCP port in front of an emulator, so that a global service can go dark too."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING

from localcloud.core.ports import PortBusyError

if TYPE_CHECKING:
    from localcloud.core.ports import Port

__all__ = ["PassThrough"]

_CHUNK = 65536
# Closing with a linger time of zero sends RST, as a dead host's network would.
_RESET = struct.pack("ii", 1, 0)


class PassThrough:
    """Hands every connection of its loopback port to the target port, unless it is dark."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.target_port = 0
        self._hangs = False
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def light(self) -> None:
        """Connections reach the target afterwards. Repeating is safe; raises PortBusyError."""
        self._hangs = False
        await self._listen()

    async def darken(self, mode: str) -> None:
        """Cut every open connection; new ones are refused, or in mode `hanging` accepted and never answered."""
        self._hangs = mode == "hanging"
        if self._hangs:
            await self._listen()
        elif self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            _reset(writer)

    async def close(self) -> None:
        """Listen no longer, with every connection cut. Repeating is safe."""
        await self.darken("refused")

    async def _listen(self) -> None:
        if self._server is None:
            listening = self.port.new_socket()
            try:
                self._server = await asyncio.start_server(self._serve, sock=listening)
            except OSError as error:
                listening.close()
                raise PortBusyError(self.port.number, error) from error

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._hangs:
                while await reader.read(_CHUNK):
                    pass
                return
            with contextlib.suppress(OSError):
                target_reader, target_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
                self._writers.add(target_writer)
                try:
                    await asyncio.gather(_pump(reader, target_writer), _pump(target_reader, writer))
                finally:
                    self._writers.discard(target_writer)
                    target_writer.close()
        except OSError:
            pass  # the caller or the switch cut the connection
        finally:
            self._writers.discard(writer)
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
