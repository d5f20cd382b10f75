"""The end of every upload: what was sent becomes an object's new generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from localcloud.core.bodies import decoded, validated
from localcloud.core.errors import ApiError
from localcloud.services.storage.catalog import API
from localcloud.services.storage.checksums import from_hash_header
from localcloud.services.storage.contents import shown
from localcloud.services.storage.objects.fields import measured, writable
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.services.storage.blobs import Content
    from localcloud.services.storage.contents import Contents


class NewObjects:
    """Makes objects of uploaded content and metadata."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def finish(
        self,
        bucket: str,
        metadata: Mapping[str, Any],
        content: Content,
        query: Mapping[str, str],
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        """Make the content a new generation; raises ApiError 400, 404 or 412 with the content thrown away."""
        try:
            name = query.get("name") or metadata.get("name") or ""
            if not name:
                raise ApiError.invalid("Required parameter: name")
            content.checksums.require(metadata)
            content.checksums.require(from_hash_header(headers.get("X-Goog-Hash", "")))
            conditions = Preconditions.of_query(query)
        except ApiError:
            content.path.unlink()
            raise
        fields = writable(metadata) | measured(content.checksums)
        if query.get("contentEncoding"):
            fields["contentEncoding"] = query["contentEncoding"]
        return shown(self._contents.catalog.place(bucket, name, content.path, fields, conditions))

    def checked(self, body: bytes) -> dict[str, Any]:
        """Return the metadata part of an upload, validated as objects.insert's body."""
        return validated(self._contents.cloud.document(API, "v1").schemas, "Object", decoded(body))


def json_response(answer: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """Return the answer as JSON."""
    return web.Response(
        body=msgspec.json.encode(answer), content_type="application/json", charset="UTF-8", headers=headers
    )
