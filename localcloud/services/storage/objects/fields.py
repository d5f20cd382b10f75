"""Which metadata of an object its writer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.services.storage.checksums import Checksums

WRITABLE = frozenset(
    {
        "acl",
        "cacheControl",
        "contentDisposition",
        "contentEncoding",
        "contentLanguage",
        "contentType",
        "contexts",
        "customTime",
        "eventBasedHold",
        "metadata",
        "retention",
        "storageClass",
        "temporaryHold",
    }
)


def writable(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the writer decides, and nothing that the server does."""
    return {key: value for key, value in body.items() if key in WRITABLE}


def measured(checksums: Checksums) -> dict[str, Any]:
    """Return what the server finds in the content."""
    return {"size": str(checksums.size), "md5Hash": checksums.md5, "crc32c": checksums.crc32c}
