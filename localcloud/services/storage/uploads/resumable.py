"""Resumable uploads: a session that takes chunks, tells how far it is, and survives a restart."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from localcloud.core.errors import ApiError
from localcloud.services.storage.blobs import CHUNK, Content
from localcloud.services.storage.catalog import API
from localcloud.services.storage.checksums import Checksums
from localcloud.services.storage.preconditions import Preconditions
from localcloud.services.storage.uploads.new_objects import NewObject, NewObjects, json_response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from localcloud.services.storage.contents import Contents

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_CLIENT_CLOSED = 499
_DEMANDS = ("name", "ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifMetagenerationNotMatch")


class Resumable:
    """Sessions live in the store under `u/{id}`; what they received lies in a file beside the blobs."""

    def __init__(self, contents: Contents, new_objects: NewObjects) -> None:
        self._contents = contents
        self._new_objects = new_objects

    async def answer(self, request: web.Request, bucket: str, principal: str | None) -> web.StreamResponse:
        """Start a session (POST), take a chunk or tell the state (PUT), or throw it away (DELETE).

        Whoever knows a session may go on with it: its address is a credential, as at Google's.
        """
        identifier = request.query.get("upload_id")
        if identifier is None:
            return await self._begin(request, bucket, principal)
        session = self._contents.cloud.store.get(API, f"u/{identifier}")
        if session is None:
            raise ApiError.not_found(f"No such resumable upload: {identifier}")
        if request.method == "DELETE":
            self._end(session)
            return web.Response(status=_CLIENT_CLOSED)
        if "result" in session:
            return json_response(session["result"])
        return await self._continue(request, session)

    async def _begin(self, request: web.Request, bucket: str, principal: str | None) -> web.StreamResponse:
        metadata = self._new_objects.checked(await request.read())
        if declared := request.headers.get("X-Upload-Content-Type"):
            metadata.setdefault("contentType", declared)
        new = NewObject(bucket, metadata, request.query, principal)
        self._new_objects.authorize(new)
        Preconditions.of_query(request.query).check(self._contents.catalog.find(bucket, new.name))
        identifier = secrets.token_urlsafe(32)
        session = {
            "id": identifier,
            "bucket": bucket,
            "metadata": metadata,
            "principal": principal,
            "query": {key: request.query[key] for key in _DEMANDS if key in request.query},
        }
        self._contents.blobs.session(identifier).touch()
        self._contents.cloud.store.put(API, f"u/{identifier}", session)
        path = f"/upload/storage/v1/b/{quote(bucket, safe='')}/o?uploadType=resumable&upload_id={identifier}"
        headers = {"Location": f"{request.scheme}://{request.host}{path}", "X-GUploader-UploadID": identifier}
        return web.Response(headers=headers)

    async def _continue(self, request: web.Request, session: dict[str, Any]) -> web.StreamResponse:
        path = self._contents.blobs.session(session["id"])
        received = _size(path)
        start, total = _sent_range(request, received)
        if start is not None:
            if start > received:
                raise ApiError.invalid(f"The chunk starts at byte {start}, but only {received} bytes were received")
            received = await _append(path, request, skip=received - start)
        if total is None and "Content-Range" not in request.headers:
            total = received
        if total is None or received < total:
            return _incomplete(request, received)
        content = Content(path, _checksums(path))
        try:
            new = NewObject(session["bucket"], session["metadata"], session["query"], session["principal"])
            result = self._new_objects.finish(new, content, request.headers)
        except ApiError:
            self._end(session)
            raise
        self._contents.cloud.store.put(API, f"u/{session['id']}", session | {"result": result})
        return json_response(result)

    def _end(self, session: Mapping[str, Any]) -> None:
        self._contents.cloud.store.delete(API, f"u/{session['id']}")
        self._contents.blobs.session(session["id"]).unlink(missing_ok=True)


def _sent_range(request: web.Request, received: int) -> tuple[int | None, int | None]:
    """Return where the chunk starts (None: a question about the state) and the total size (None: unknown)."""
    header = request.headers.get("Content-Range")
    if header is None:
        return received, None
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        raise ApiError.invalid(f"Failed to parse Content-Range header: {header}")
    return (int(match[1]) if match[1] else None), (None if match[3] == "*" else int(match[3]))


async def _append(path: Path, request: web.Request, skip: int) -> int:
    """Append the chunk but for the bytes that are there already; return how many bytes are there now."""
    with path.open("ab") as file:
        async for chunk in request.content.iter_chunked(CHUNK):
            file.write(chunk[skip:])
            skip = max(skip - len(chunk), 0)
        return file.tell()


def _size(path: Path) -> int:
    return path.stat().st_size


def _checksums(path: Path) -> Checksums:
    checksums = Checksums()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            checksums.update(chunk)
    return checksums


def _incomplete(request: web.Request, received: int) -> web.Response:
    """Answer 308, or 200 with an override for the clients that cannot take a 308."""
    headers = {"Range": f"bytes=0-{received - 1}"} if received else {}
    if request.headers.get("X-GUploader-No-308") == "yes":
        return web.Response(status=HTTPStatus.OK, headers=headers | {"X-Http-Status-Code-Override": "308"})
    return web.Response(status=HTTPStatus.PERMANENT_REDIRECT, headers=headers)
