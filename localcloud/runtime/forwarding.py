"""Requests handed on to a process behind the local cloud, and its answers handed back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ssl import SSLContext

__all__ = ["forward", "new_session"]

# These belong to one connection, not to the message (RFC 9110, 7.6.1); aiohttp sets them anew.
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length"}
)
_CHUNK = 65536


def new_session(*, keep_alive: bool = True, trust: SSLContext | None = None) -> ClientSession:
    """Return a session for processes on this machine: no limit on connections, bodies passed on as they are.

    Without keep_alive no request can meet a connection that its process has just closed. `trust` is for sessions that
    ask Google's addresses.
    """
    connector = TCPConnector(limit=0, force_close=not keep_alive, ssl=trust or True)
    return ClientSession(connector=connector, auto_decompress=False)


async def forward(  # noqa: PLR0913 - what HTTP needs; the last two have defaults
    session: ClientSession,
    request: web.Request,
    url: str,
    *,
    headers: Mapping[str, str],
    timeout_seconds: float | None = None,
    without_last_newline: bool = False,
) -> web.StreamResponse:
    """Answer the request with what the process at url answers to it.

    The given headers replace those of the request. Raises aiohttp.ClientError when the process cannot be reached or
    ends before it has answered, TimeoutError when it takes longer than the timeout.
    """
    replaced = {name.lower() for name in headers}
    sent = [
        (name, value)
        for name, value in request.headers.items()
        if name.lower() not in _OF_THE_CONNECTION and name.lower() not in replaced
    ]
    async with session.request(
        request.method,
        url,
        headers=[*sent, *headers.items()],
        data=await request.read(),
        timeout=ClientTimeout(total=timeout_seconds),
        allow_redirects=False,
    ) as answer:
        response = web.StreamResponse(status=answer.status, reason=answer.reason)
        for name, value in answer.headers.items():
            if name.lower() not in _OF_THE_CONNECTION:
                response.headers.add(name, value)
        if answer.content_length is not None and not without_last_newline:
            response.content_length = answer.content_length
        await response.prepare(request)
        held = b""
        async for chunk in answer.content.iter_chunked(_CHUNK):
            whole = held + chunk
            sent_now = whole.rstrip(b"\n") if without_last_newline else whole
            held = whole[len(sent_now) :]
            await response.write(sent_now)
        await response.write_eof()
        return response
