"""The batch endpoint: many calls of the JSON API in one multipart request."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from aiohttp import MultipartReader, web
from multidict import CIMultiDict

from localcloud.errors import ApiError
from localcloud.gateway import Inbound
from localcloud.services.storage.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_CALLS = 100


class Batch(Parts):
    """Answers each part as if it had come alone, in the order sent."""

    async def batch(self, request: web.Request, region: str | None) -> web.StreamResponse:
        """Answer POST /batch/storage/v1; raises ApiError 400 for what is no batch."""
        try:
            reader = MultipartReader(request.headers, request.content)
        except (ValueError, AssertionError) as error:
            raise ApiError.invalid(f"Missing or unreadable multipart content type: {error}") from None
        boundary = f"batch_{secrets.token_hex(8)}"
        answers: list[bytes] = []
        while (part := await reader.next()) is not None:
            if isinstance(part, MultipartReader) or len(answers) == _MOST_CALLS:
                raise ApiError.invalid(f"A batch holds at most {_MOST_CALLS} calls, none of them a batch")
            answer = await self._one(bytes(await part.read()), request, region)
            head = f"--{boundary}\r\nContent-Type: application/http\r\n"
            identifier = part.headers.get("Content-ID", "")
            if identifier:
                head += f"Content-ID: <response-{identifier.strip('<>')}>\r\n"
            answers.append(head.encode() + b"\r\n" + answer + b"\r\n")
        body = b"".join(answers) + f"--{boundary}--\r\n".encode()
        return web.Response(body=body, headers={"Content-Type": f"multipart/mixed; boundary={boundary}"})

    async def _one(self, sent: bytes, request: web.Request, region: str | None) -> bytes:
        if self.cloud.server is None:
            raise ApiError.unavailable("the cloud is not ready yet")
        try:
            inbound = _parsed(sent, request)
            answer = await self.cloud.server.gateway.call(inbound, region)
        except ApiError as error:
            return _http(error.code, error.as_json())
        if isinstance(answer, web.StreamResponse):
            return _http(HTTPStatus.BAD_REQUEST, ApiError.invalid("media is not read in a batch").as_json())
        return _http(HTTPStatus.NO_CONTENT if answer is None else HTTPStatus.OK, answer)


def _parsed(sent: bytes, request: web.Request) -> Inbound:
    head, _, payload = sent.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    try:
        method, target, *_ = first.split(" ")
    except ValueError:
        raise ApiError.invalid(f"A part of the batch is no HTTP request: {first!r}") from None
    headers: CIMultiDict[str] = CIMultiDict()
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    address = urlsplit(target)
    return Inbound(method, address.path, address.query, headers, payload.strip(), request)


def _http(status: int, answer: Mapping[str, object] | None) -> bytes:
    body = msgspec.json.encode(answer) if answer is not None else b""
    phrase = HTTPStatus(status).phrase
    head = f"HTTP/1.1 {int(status)} {phrase}\r\nContent-Type: application/json; charset=UTF-8\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
