"""The batch endpoint: many calls of the JSON API in one multipart request."""

from __future__ import annotations

import secrets
from email import message_from_bytes
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from localcloud.core.errors import ApiError
from localcloud.core.inbound import Inbound
from localcloud.services.storage.catalog import API

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

    from localcloud.services.storage.contents import Contents

_MOST_CALLS = 100


class Batch:
    """Answers each part as if it had come alone, in the order sent."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def batch(self, request: web.Request, region: str | None) -> web.StreamResponse:
        """Answer POST /batch/storage/v1; raises ApiError 400 for what is no batch."""
        head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
        message = message_from_bytes(head + await request.read())
        parts = [part for part in message.walk() if part is not message]
        if not parts or len(parts) > _MOST_CALLS:
            raise ApiError.invalid(f"A batch is a multipart/mixed body of at most {_MOST_CALLS} calls")
        boundary = f"batch_{secrets.token_hex(8)}"
        answers: list[bytes] = []
        for part in parts:
            answer = await self._one(_content(part), request, region)
            head = f"--{boundary}\r\nContent-Type: application/http\r\n".encode()
            if identifier := part.get("Content-ID", ""):
                head += f"Content-ID: <response-{identifier.strip('<>')}>\r\n".encode()
            answers.append(head + b"\r\n" + answer + b"\r\n")
        body = b"".join(answers) + f"--{boundary}--\r\n".encode()
        return web.Response(body=body, headers={"Content-Type": f"multipart/mixed; boundary={boundary}"})

    async def _one(self, sent: bytes, request: web.Request, region: str | None) -> bytes:
        try:
            inbound = _parsed(sent, request)
            answer = await self._contents.cloud.call(API, inbound, region)
        except ApiError as error:
            return _http(error.code, error.as_json())
        if isinstance(answer, web.StreamResponse):
            return _http(HTTPStatus.BAD_REQUEST, ApiError.invalid("media is not read in a batch").as_json())
        return _http(HTTPStatus.NO_CONTENT if answer is None else HTTPStatus.OK, answer)


def _content(part: Message[str, str]) -> bytes:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise ApiError.invalid("A part of the batch is itself a batch")
    return payload


def _parsed(sent: bytes, request: web.Request) -> Inbound:
    head, _, payload = sent.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    try:
        method, target, *_ = first.split(" ")
    except ValueError:
        raise ApiError.invalid(f"A part of the batch is no HTTP request: {first!r}") from None
    headers: CIMultiDict[str] = CIMultiDict()
    if "Authorization" in request.headers:  # what stands on the batch counts for each part that says nothing else
        headers["Authorization"] = request.headers["Authorization"]
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
