"""One call of one method of one API, as a service sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.schema.field_names import camel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from localcloud.schema.discovery import Method


@dataclass(slots=True)
class Call:
    """A routed and validated call: `name` is the decoded resource path after the version, custom verb stripped."""

    api: str
    version: str
    method: Method
    http_method: str
    name: str
    verb: str | None
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    raw_body: Any
    headers: Mapping[str, str]
    principal: str | None
    region: str | None
    request: web.Request
    query_all: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def method_id(self) -> str:
        """The discovery id without the API's name, such as `projects.locations.models.upload`."""
        return self.method.id

    @property
    def project(self) -> str:
        """The project id of the path, or an empty string."""
        return self._segment_after("projects")

    @property
    def location(self) -> str:
        """The location of the path, or an empty string."""
        return self._segment_after("locations")

    @property
    def parent(self) -> str:
        """The resource that holds the called collection or resource: the path without its collection (and id)."""
        parts = self.name.split("/")
        return "/".join(parts[:-1] if self.method.is_on_collection else parts[:-2])

    @property
    def checked_path(self) -> str:
        """The resource whose policy decides about the call: itself, or of a collection what holds it."""
        return self.parent if self.method.is_on_collection else self.name

    @property
    def collection(self) -> str:
        """The last collection of the path, such as `models`."""
        parts = self.name.split("/")
        return parts[-1] if self.method.is_on_collection else parts[-2]

    def field_mask(self) -> list[str] | None:
        """Return updateMask of the query or the body as camelCase dotted paths, or None when none was sent."""
        mask = self.query.get("updateMask") or self.body.get("updateMask") or ""
        if not isinstance(mask, str):
            raise ApiError.invalid("Invalid value at 'update_mask' (type.googleapis.com/google.protobuf.FieldMask)")
        return [camel(path.strip()) for path in mask.split(",") if path.strip()] or None

    def _segment_after(self, word: str) -> str:
        parts = self.name.split("/")
        return next((parts[at + 1] for at in range(len(parts) - 1) if parts[at] == word), "")
