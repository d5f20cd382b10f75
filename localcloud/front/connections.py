"""Connections as they come in: a tunnel to a host of Google's, or plain HTTP with the local cloud itself.

After CONNECT the same connection goes on as TLS and is read by the same HTTP server: there is no second hop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol, cast

from localcloud.core.addresses.authority import BadHost

if TYPE_CHECKING:
    from localcloud.core.addresses.authority import Authority
    from localcloud.core.addresses.hosts import Destination

__all__ = ["Connection", "Front", "Opening", "reset"]

_LONGEST_HEAD = 16384
_HTTPS = "443"
_RESET = struct.pack("ii", 1, 0)
_HANDSHAKE_SECONDS = 30.0


class Front(Protocol):
    """What a connection asks while it is being opened."""

    authority: Authority

    def find(self, host: str) -> Destination | None:
        """Return what the host means, None (and remember that it was asked for) when it is not served."""

    def mode_of(self, destination: Destination) -> str | None:
        """Return how the whole host is dark for everybody: `refused` or `hanging`; None while it answers anybody."""

    def http_handler(self) -> asyncio.Protocol:
        """Return what reads HTTP/1.1 on one connection."""

    def rpc_handler(self, destination: Destination) -> asyncio.Protocol | None:
        """Return what reads gRPC on one connection, None for an API that is not served by gRPC."""

    def opened(self, connection: Connection) -> None:
        """Know the connection, so that it can be cut."""

    def closed(self, connection: Connection) -> None:
        """Forget the connection."""


class Connection(asyncio.Protocol):
    """A connection whose reader is known, or will be once TLS has been agreed on; nothing is lost until then."""

    def __init__(self, front: Front, destination: Destination | None) -> None:
        self.destination = destination
        self._front = front
        self._transport: asyncio.Transport | None = None
        self._reader: asyncio.Protocol | None = None
        self._early: list[bytes] = []
        self._is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a TLS connection that began without CONNECT."""
        self.attach(cast("asyncio.Transport", transport))

    def attach(self, transport: asyncio.Transport, received: bytes = b"") -> None:
        """Let the right reader go on with this transport, and with what was received before."""
        self._transport = transport
        if self._is_lost:
            return
        self._front.opened(self)
        self._reader = self._reader_of(transport)
        if self._reader is None:
            self.cut()
            return
        self._reader.connection_made(transport)
        early, self._early = self._early, []
        for data in (*([received] if received else []), *early):
            self._reader.data_received(data)

    def data_received(self, data: bytes) -> None:
        """Hand on what came, acknowledged at once.

        A client that sends head and body apart without TCP_NODELAY, as urllib3 does behind a proxy, would otherwise
        wait for the delayed acknowledgement of the head: 40 ms a request. The kernel takes the option back, so it is
        set at each read.
        """
        if self._transport is not None:
            connection = self._transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if self._reader is None:
            self._early.append(data)
        else:
            self._reader.data_received(data)

    def eof_received(self) -> bool | None:
        """Tell the reader that nothing more comes."""
        return self._reader.eof_received() if self._reader else None

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the reader that the connection is gone."""
        self._is_lost = True
        self._front.closed(self)
        if self._reader is not None:
            self._reader.connection_lost(exc)

    def pause_writing(self) -> None:
        """Tell the reader that the client does not keep up."""
        if self._reader is not None:
            self._reader.pause_writing()

    def resume_writing(self) -> None:
        """Tell the reader that it may write again."""
        if self._reader is not None:
            self._reader.resume_writing()

    def cut(self) -> None:
        """Reset the connection; repeating is safe."""
        reset(self._transport)

    def _reader_of(self, transport: asyncio.Transport) -> asyncio.Protocol | None:
        agreed = transport.get_extra_info("ssl_object")
        if agreed is not None and agreed.selected_alpn_protocol() == "h2":
            return self._front.rpc_handler(self.destination) if self.destination else None
        return self._front.http_handler()


class Opening(asyncio.Protocol):
    """A new connection to the proxy, until its first request is whole."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._hangs_for: Connection | None = None
        self._refuses = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Open the tunnel of a CONNECT, and hand everything else to HTTP."""
        assert self._transport is not None  # noqa: S101 - asyncio makes the connection before data comes
        if self._refuses:
            reset(self._transport)
            return
        if self._hangs_for is not None:
            return
        self._head += data
        if not b"CONNECT ".startswith(self._head[:8]) and not self._head.startswith(b"CONNECT "):
            self._hand_over()
        elif b"\r\n\r\n" in self._head:
            self._tunnel()
        elif len(self._head) > _LONGEST_HEAD:
            self._answer(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head of the CONNECT is too long")

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget a connection that hung."""
        if self._hangs_for is not None:
            self._front.closed(self._hangs_for)

    def _hand_over(self) -> None:
        assert self._transport is not None  # noqa: S101 - see data_received
        connection = Connection(self._front, None)
        self._transport.set_protocol(connection)
        connection.attach(self._transport, self._head)

    def _tunnel(self) -> None:
        assert self._transport is not None  # noqa: S101 - see data_received
        head, _, rest = self._head.partition(b"\r\n\r\n")
        target = head.split(b" ", 2)[1].decode("latin-1")
        host, _, port = target.rpartition(":")
        destination = self._front.find(host) if port == _HTTPS else None
        if destination is None or rest:
            self._answer(
                HTTPStatus.FORBIDDEN,
                f"{target} is not served by localcloud, and nothing is let out; `localcloud status` lists what is",
            )
            return
        self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        mode = self._front.mode_of(destination)
        if mode == "refused":
            # The proxy answers, the host behind it does not: what the client sends to it meets a reset.
            self._refuses = True
        elif mode is not None:
            self._hangs_for = Connection(self._front, destination)
            self._hangs_for._transport = self._transport  # noqa: SLF001 - both are of this module
            self._front.opened(self._hangs_for)
        else:
            self._task = asyncio.get_running_loop().create_task(self._start_tls(host.lower(), destination))

    async def _start_tls(self, host: str, destination: Destination) -> None:
        assert self._transport is not None  # noqa: S101 - see data_received
        connection = Connection(self._front, destination)
        try:
            secured = await asyncio.get_running_loop().start_tls(
                self._transport,
                connection,
                self._front.authority.context(host),
                server_side=True,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS,
            )
        except (BadHost, OSError, ssl.SSLError, ConnectionError):
            self._transport.abort()  # the client went, or does not trust this authority: it knows why
            return
        if secured is not None:
            connection.attach(secured)

    def _answer(self, status: HTTPStatus, sentence: str) -> None:
        assert self._transport is not None  # noqa: S101 - see data_received
        body = f"{sentence}\n".encode()
        self._transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        self._transport.close()


def reset(transport: asyncio.BaseTransport | None) -> None:
    """End the connection with a reset instead of an orderly close; repeating is safe."""
    if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
        return
    connection = transport.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
