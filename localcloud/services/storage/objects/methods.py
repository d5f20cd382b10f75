"""Objects' metadata: read, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.service import handles
from localcloud.services.storage.contents import Contents, shown
from localcloud.services.storage.merging import merge
from localcloud.services.storage.objects.fields import WRITABLE, writable
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from aiohttp import web

    from localcloud.core.call import Call
    from localcloud.services.storage.objects.downloads import Downloads


class Objects:
    """The JSON API's object methods that touch no bytes, and the one that answers them."""

    def __init__(self, contents: Contents, downloads: Downloads) -> None:
        self._contents = contents
        self._downloads = downloads

    @handles("objects.get")
    async def get_object(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        """Return metadata, or with alt=media the bytes; raises ApiError 404, 412 or 304."""
        found = self._found(call)
        Preconditions.of_query(call.query).check_read(found)
        if call.query.get("alt") == "media":
            return await self._downloads.send(call.request, found)
        return shown(found)

    @handles("objects.patch")
    def patch_object(self, call: Call) -> dict[str, Any]:
        """Merge the body into the metadata, null deleting; raises ApiError 404 or 412."""
        found = self._found(call)
        Preconditions.of_query(call.query).check(found)
        sent = {key: value for key, value in call.raw_body.items() if key in WRITABLE}
        merge(found, writable(call.body), sent)
        return shown(self._contents.catalog.change(found))

    @handles("objects.update")
    def update_object(self, call: Call) -> dict[str, Any]:
        """Replace the writable metadata by the body; raises ApiError 404 or 412."""
        found = self._found(call)
        Preconditions.of_query(call.query).check(found)
        kept = {key: value for key, value in found.items() if key not in WRITABLE}
        return shown(self._contents.catalog.change(kept | writable(call.body)))

    @handles("objects.delete")
    def delete_object(self, call: Call) -> None:
        """Make the object, or the generation that is named, not exist; raises ApiError 404 or 412."""
        found = self._found(call)
        Preconditions.of_query(call.query).check(found)
        self._contents.catalog.remove(found, for_good=bool(call.query.get("generation")))

    def _found(self, call: Call) -> dict[str, Any]:
        return self._contents.catalog.require(
            call.params["bucket"], call.params["object"], call.query.get("generation") or None
        )
