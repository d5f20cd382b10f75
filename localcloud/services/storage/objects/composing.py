"""compose: one object from the bytes of up to 32."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.storage.contents import Contents, shown
from localcloud.services.storage.objects.fields import measured, writable
from localcloud.services.storage.preconditions import Preconditions, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.core.call import Call

_MOST_SOURCES = 32


class Composing:
    """Concatenates objects of one bucket."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("objects.compose")
    def compose_objects(self, call: Call) -> dict[str, Any]:
        """Make the destination the sources' bytes in order; raises ApiError 400, 404 or 412."""
        bucket = call.params.get("destinationBucket") or call.params["bucket"]
        sources = [self._component(bucket, entry) for entry in call.body.get("sourceObjects", [])]
        if not 1 <= len(sources) <= _MOST_SOURCES:
            raise ApiError.invalid(f"The number of source components must be 1 to {_MOST_SOURCES}, got {len(sources)}")
        content = self._contents.blobs.keep(self._bytes(sources))
        fields = writable(call.body.get("destination", {})) | measured(content.checksums)
        del fields["md5Hash"]
        fields["componentCount"] = sum(source.get("componentCount", 1) for source in sources)
        name = call.params.get("destinationObject") or call.params["object"]
        conditions = Preconditions.of_query(call.query)
        return shown(self._contents.catalog.place(bucket, name, content.path, fields, conditions))

    def _component(self, bucket: str, entry: dict[str, Any]) -> dict[str, Any]:
        source = self._contents.catalog.require(bucket, entry.get("name", ""), entry.get("generation"))
        demanded = entry.get("objectPreconditions", {}).get("ifGenerationMatch")
        if demanded is not None and demanded != source["generation"]:
            raise failed()
        return source

    def _bytes(self, sources: list[dict[str, Any]]) -> Iterator[bytes]:
        for source in sources:
            yield from self._contents.blobs.read(source["generation"])
