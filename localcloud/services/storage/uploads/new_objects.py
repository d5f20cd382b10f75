"""The end of every upload: what was sent becomes an object's new generation."""

from __future__ import annotations

from dataclasses import dataclass
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


METHOD = "objects.insert"


@dataclass(frozen=True, slots=True)
class NewObject:
    """What an upload said about the object before its content came, and who sent it."""

    bucket: str
    metadata: Mapping[str, Any]
    query: Mapping[str, str]
    principal: str | None

    @property
    def name(self) -> str:
        """The object's name; an empty string when none was sent."""
        return self.query.get("name") or self.metadata.get("name") or ""


class NewObjects:
    """Makes objects of uploaded content and metadata."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def authorize(self, new: NewObject) -> None:
        """Return when its sender may make the object; raises ApiError 401 or 403, or 404 for a missing bucket."""
        self._contents.access.authorize(METHOD, new.principal, {"bucket": new.bucket, "object": new.name}, new.query)

    def finish(self, new: NewObject, content: Content, headers: Mapping[str, str]) -> dict[str, Any]:
        """Make the content a new generation; raises ApiError 400, 403, 404 or 412 with the content thrown away."""
        try:
            if not new.name:
                raise ApiError.invalid("Required parameter: name")
            content.checksums.require(new.metadata)
            content.checksums.require(from_hash_header(headers.get("X-Goog-Hash", "")))
            conditions = Preconditions.of_query(new.query)
            self.authorize(new)  # once more: what the upload would replace may have come while it was sent
        except ApiError:
            content.path.unlink()
            raise
        fields = writable(new.metadata) | measured(content.checksums)
        if new.query.get("contentEncoding"):
            fields["contentEncoding"] = new.query["contentEncoding"]
        return shown(self._contents.catalog.place(new.bucket, new.name, content.path, fields, conditions))

    def checked(self, body: bytes) -> dict[str, Any]:
        """Return the metadata part of an upload, validated as objects.insert's body."""
        return validated(self._contents.cloud.document(API, "v1").schemas, "Object", decoded(body))


def json_response(answer: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """Return the answer as JSON."""
    return web.Response(
        body=msgspec.json.encode(answer), content_type="application/json", charset="UTF-8", headers=headers
    )
