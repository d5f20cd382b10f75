"""Requests for documents over REST: which method of Firestore each is, and what it must be allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from localcloud.core.errors import ApiError
from localcloud.iam import document_writes
from localcloud.iam.requests import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

API = "firestore"
_PREFIX = "projects.databases.documents."
_WRITING = ("batchWrite", "commit")
_DATABASE_PARTS = 4


def request_of(http_method: str, raw_path: str, query: Mapping[str, str], payload: bytes) -> Request:
    """Return what of the request decides about its permissions; `raw_path` begins with `/v1/`.

    Raises ApiError 400 for a commit that is no JSON, 404 for a path that is no document's.
    """
    parts = raw_path.removeprefix("/v1/").split("/")
    database = "/".join(unquote(part) for part in parts[:_DATABASE_PARTS])
    method = _method(http_method, parts[_DATABASE_PARTS:])
    if method in _WRITING:
        words = document_writes.words_of(_body(payload).get("writes") or ())
    elif method == "patch":
        words = document_writes.words_of_patch(query)
    else:
        words = frozenset()
    return Request(api=API, method=_PREFIX + method, path=database, query=query, words=words)


def _method(http_method: str, parts: list[str]) -> str:
    last, colon, verb = parts[-1].rpartition(":")
    if http_method == "POST" and colon and "documents" in {parts[0], last if len(parts) == 1 else ""}:
        return verb
    is_document = len(parts) % 2 == 1 and len(parts) > 1
    found = {
        ("GET", True): "get",
        ("PATCH", True): "patch",
        ("DELETE", True): "delete",
        ("GET", False): "list",
        ("POST", False): "createDocument",
    }.get((http_method, is_document))
    if found is None:
        raise ApiError.not_found(f"Firestore has no method {http_method} {'/'.join(parts)}")
    return found


def _body(payload: bytes) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(payload or b"{}")
    except msgspec.DecodeError as error:
        raise ApiError.invalid(f"Invalid JSON payload received. {error}") from error
    return body if isinstance(body, dict) else {}
