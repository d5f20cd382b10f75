"""gRPC for the APIs that have an emulator: each message is checked, then its bytes are handed on.

A tunnel whose client agreed on `h2` is read by a gRPC server of this process, which knows no message: it forwards
bytes. So `google.cloud.firestore.Client()` works with its default transport.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

import grpc
import grpc.aio

from localcloud.core.errors import ApiError
from localcloud.core.faults.switches import Dark, Mode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from localcloud.core.services import Services

__all__ = ["Authorize", "RpcGateway"]

_DIRECT = (("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))
_NOT_HANDED_ON = ("authorization", "content-type", "te", "user-agent", "grpc-accept-encoding", "host")
_END_SECONDS = 0.2
_EARLY_BYTES = 1 << 20


class Authorize(Protocol):
    """Decides about each message of a call before it is handed on."""

    async def __call__(
        self, api: str, method: str, metadata: Mapping[str, str], message: bytes, about: str = ""
    ) -> str:
        """Return what the message is about, if it may pass; `about` is what the stream's earlier ones were about.

        Raises ApiError when it is refused, Dark when nobody is to answer.
        """


class RpcGateway:
    """The gRPC server behind the tunnels."""

    def __init__(
        self, services: Services, authorize: Authorize, until_healed: Callable[[str], Awaitable[None]]
    ) -> None:
        self._services = services
        self._authorize = authorize
        self._until_healed = until_healed
        self._server: grpc.aio.Server | None = None
        self._port = 0
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def start(self) -> None:
        """Be able to take connections; the services run already."""
        self._server = grpc.aio.server(options=_DIRECT)
        self._server.add_generic_rpc_handlers((_Forwarding(self),))
        self._port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()

    async def stop(self) -> None:
        """End every call; repeating is safe."""
        if self._server is not None:
            server, self._server = self._server, None
            await server.stop(_END_SECONDS)
        channels, self._channels = list(self._channels.values()), {}
        for channel in channels:
            await channel.close()

    def handler(self, api: str) -> asyncio.Protocol | None:
        """Return what reads gRPC on one connection to the API's host, None for an API that is not served by gRPC."""
        service = self._services.by_api.get(api)
        return _Relay(self._port) if service is not None and service.rpc_services else None

    def api_of(self, method: str) -> str | None:
        """Return the API that serves a method such as `/google.firestore.v1.Firestore/Commit`, None for no such."""
        name = method[1:].rpartition("/")[0]
        return next((api for api, service in self._services.by_api.items() if name in service.rpc_services), None)

    async def forward(
        self, api: str, method: str, requests: AsyncIterator[bytes], context: Any
    ) -> AsyncIterator[bytes]:
        """Check the call, hand its bytes to the emulator, and yield those of the answer."""
        metadata = dict(context.invocation_metadata())
        sent = [(key, value) for key, value in context.invocation_metadata() if key not in _NOT_HANDED_ON]
        checked = _Checked(requests, partial(self._authorize, api, method, metadata))
        try:
            await checked.begin()
            address = self._services.by_api[api].rpc_address()
        except ApiError as refusal:
            await context.abort(*_said(refusal))
            return
        except Dark as dark:
            if dark.mode is Mode.HANGING:
                await self._until_healed(dark.region)
            await context.abort(*_said(dark))
            return
        if address not in self._channels:
            self._channels[address] = grpc.aio.insecure_channel(address, options=_DIRECT)
        # The emulator takes `owner` as the caller whom security rules do not bind, as IAM callers are at Google.
        call = self._channels[address].stream_stream(method)(
            checked.messages(), metadata=[*sent, ("authorization", "Bearer owner")], timeout=context.time_remaining()
        )
        try:
            async for answer in call:
                yield answer
        except (grpc.aio.AioRpcError, asyncio.CancelledError) as error:
            if checked.refusal is not None:
                await context.abort(*_said(checked.refusal))
            if not isinstance(error, grpc.aio.AioRpcError):
                raise
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))


class _Forwarding(grpc.GenericRpcHandler):  # type: ignore[misc] # grpc has no types
    def __init__(self, gateway: RpcGateway) -> None:
        self._gateway = gateway

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method
        api = self._gateway.api_of(method)
        if api is None:
            return None
        return grpc.stream_stream_rpc_method_handler(partial(self._gateway.forward, api, method))


class _Checked:
    """The messages of a call: the first one is checked before the call is handed on, each later one as it comes."""

    def __init__(self, requests: AsyncIterator[bytes], check: Callable[..., Awaitable[str]]) -> None:
        self._requests = aiter(requests)
        self._check = check
        self._first: bytes | None = None
        self._about = ""
        self.refusal: ApiError | Dark | None = None

    async def begin(self) -> None:
        """Check the first message; raises ApiError or Dark."""
        self._first = await anext(self._requests, None)
        self._about = await self._check(self._first or b"")

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield what may be handed on; a message that may not ends the call, and `refusal` says why."""
        if self._first is not None:
            yield self._first
        async for message in self._requests:
            try:
                self._about = await self._check(message, self._about)
            except (ApiError, Dark) as refusal:
                self.refusal = refusal
                raise
            yield message


def _said(refusal: ApiError | Dark) -> tuple[Any, str]:
    """Return gRPC's code and the message of a refusal; a dark service is a connection that was reset."""
    if isinstance(refusal, ApiError):
        return getattr(grpc.StatusCode, refusal.status, grpc.StatusCode.UNKNOWN), refusal.message
    return grpc.StatusCode.UNAVAILABLE, "recvmsg:Connection reset by peer"


class _Relay(asyncio.Protocol):
    """The client's half of a connection to the gRPC server; what comes before the other half stands is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._client: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._joining: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._client = cast("asyncio.Transport", transport)
        self._joining = asyncio.get_running_loop().create_task(self._join())

    def data_received(self, data: bytes) -> None:
        if self._server is not None:
            self._server.write(data)
            return
        self._early.append(data)
        if self._client is not None and sum(map(len, self._early)) > _EARLY_BYTES:
            self._client.pause_reading()

    def eof_received(self) -> bool | None:
        return None

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._joining is not None:
            self._joining.cancel()
        if self._server is not None:
            self._server.close()

    def pause_writing(self) -> None:
        if self._server is not None:
            self._server.pause_reading()

    def resume_writing(self) -> None:
        if self._server is not None:
            self._server.resume_reading()

    async def _join(self) -> None:
        assert self._client is not None  # noqa: S101 - this runs once the connection is made
        try:
            server, _ = await asyncio.get_running_loop().create_connection(
                partial(_Answering, self._client), "127.0.0.1", self._port
            )
        except OSError:
            self._client.abort()
            return
        self._server = server
        early, self._early = self._early, []
        server.writelines(early)
        with contextlib.suppress(RuntimeError):
            self._client.resume_reading()


class _Answering(asyncio.Protocol):
    """The server's half."""

    def __init__(self, client: asyncio.Transport) -> None:
        self._client = client
        self._server: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._client.write(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._client.close()

    def pause_writing(self) -> None:
        self._client.pause_reading()

    def resume_writing(self) -> None:
        self._client.resume_reading()
