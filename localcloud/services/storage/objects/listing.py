"""objects.list: prefixes and delimiters, offsets, globs, versions, pages."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.storage.contents import Contents, shown
from localcloud.services.storage.objects import globs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from localcloud.core.call import Call

MOST = 1000


class Listing:
    """Lists objects."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("objects.list")
    def list_objects(self, call: Call) -> dict[str, Any]:
        """Return one page of items and prefixes together, in the order of their names."""
        bucket = call.params["bucket"]
        self._contents.catalog.bucket(bucket)
        if _flag(call.query, "softDeleted"):
            raise ApiError.unimplemented("storage.objects.list with softDeleted")
        most = page_size(call.query)
        items: list[dict[str, Any]] = []
        prefixes: list[str] = []
        last = after = _decoded(call.query.get("pageToken"))
        for position, entry in self._entries(bucket, call.query, after):
            if len(items) + len(prefixes) == most:
                return _page(items, prefixes) | {"nextPageToken": base64.urlsafe_b64encode(last.encode()).decode()}
            if isinstance(entry, str):
                prefixes.append(entry)
            else:
                items.append(shown(entry))
            last = position
        return _page(items, prefixes)

    def _entries(self, bucket: str, query: Mapping[str, str], after: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
        """Yield (position, object or prefix) behind the position of the last page's end."""
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        start = max(query.get("startOffset", ""), after.partition("\n")[0])
        wanted = globs.compiled(query["matchGlob"]) if query.get("matchGlob") else None
        source = self._contents.catalog.generations if _flag(query, "versions") else self._contents.catalog.live
        seen = ""
        for found in source(bucket, prefix, start):
            name = found["name"]
            if (query.get("endOffset") and name >= query["endOffset"]) or (wanted and not wanted.fullmatch(name)):
                continue
            head, found_delimiter, _ = name[len(prefix) :].partition(delimiter) if delimiter else (name, "", "")
            folder = f"{prefix}{head}{delimiter}" if found_delimiter else ""
            if folder and not (name == folder and _flag(query, "includeTrailingDelimiter")):
                if folder != seen and f"{folder}\n~" > after:
                    seen = folder
                    yield f"{folder}\U0010ffff\n~", folder
                continue
            position = f"{name}\n{int(found['generation']):020d}"
            if position > after:
                yield position, found


def page_size(query: Mapping[str, str]) -> int:
    """Return how many entries the caller takes; raises ApiError 400 for what is no positive number."""
    text = query.get("maxResults") or str(MOST)
    if not text.isdigit() or int(text) == 0:
        raise ApiError.invalid(f"Invalid value for maxResults: {text!r} is not a positive number")
    return min(int(text), MOST)


def _flag(query: Mapping[str, str], name: str) -> bool:
    """Whether the parameter is true; Google's Python client writes it `True`."""
    return query.get(name, "").lower() == "true"


def _page(items: list[dict[str, Any]], prefixes: list[str]) -> dict[str, Any]:
    page: dict[str, Any] = {"kind": "storage#objects"}
    return page | ({"prefixes": prefixes} if prefixes else {}) | ({"items": items} if items else {})


def _decoded(token: str | None) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode() if token else ""
    except (ValueError, binascii.Error):
        raise ApiError.invalid(f"Invalid pageToken {token!r}: no list has answered it") from None
