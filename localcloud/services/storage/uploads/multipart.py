"""A multipart/related body as it streams in, with CRLF as the standard has it or LF as gcloud sends it."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from email.message import Message

    from aiohttp import StreamReader

# gcloud quotes its boundary with apostrophes, which Google takes and no standard knows.
_BOUNDARY = re.compile(r"""^multipart/\w+;.*\bboundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))""", re.IGNORECASE)
_LONGEST_HEAD = 1 << 20


class Multipart:
    """Parts are read in order: the head of one, then all of its chunks, then the next."""

    def __init__(self, content_type: str, stream: StreamReader) -> None:
        match = _BOUNDARY.match(content_type)
        if match is None:
            raise ApiError.invalid(f"Missing multipart boundary in the content type {content_type!r}")
        self._marker = b"--" + next(filter(None, match.groups())).encode()
        self._stream = stream
        self._buffer = b""
        self._newline = b""

    async def head(self) -> Message:
        """Return the headers of the next part; raises ApiError 400 when there is none."""
        if not self._newline:
            first = await self._until(b"\n")
            self._newline = b"\r\n" if first.endswith(b"\r") else b"\n"
            if first.strip() != self._marker:
                raise ApiError.invalid(f"The multipart body starts with {first[:80]!r}, not with its boundary")
        elif (await self._until(b"\n")).strip() == b"--":
            raise ApiError.invalid("The multipart body ends before its data part")
        lines = []
        while (line := await self._until(self._newline)) != b"":
            lines.append(line)
        return BytesHeaderParser().parsebytes(b"\r\n".join(lines))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the part's content as it arrives; raises ApiError 400 when it does not end in the boundary."""
        end = self._newline + self._marker
        while (at := self._buffer.find(end)) < 0:
            ready = len(self._buffer) - len(end)
            if ready > 0:
                chunk, self._buffer = self._buffer[:ready], self._buffer[ready:]
                yield chunk
            await self._more()
        if at:
            yield self._buffer[:at]
        self._buffer = self._buffer[at + len(end) :]

    async def drain(self) -> None:
        """Read what follows the last part, so that the connection can be used again."""
        while await self._stream.readany():
            pass

    async def _until(self, end: bytes) -> bytes:
        while (at := self._buffer.find(end)) < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise ApiError.invalid("The head of a part of the multipart body is longer than a mebibyte")
            await self._more()
        line, self._buffer = self._buffer[:at], self._buffer[at + len(end) :]
        return line

    async def _more(self) -> None:
        chunk = await self._stream.readany()
        if not chunk:
            raise ApiError.invalid("The multipart body ends without its closing boundary")
        self._buffer += chunk
