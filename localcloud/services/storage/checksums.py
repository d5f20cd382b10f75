"""The size, crc32c and md5 of content, as Cloud Storage writes them."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import google_crc32c

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Checksums:
    """Grows with each chunk."""

    def __init__(self) -> None:
        self.size = 0
        self._crc32c = 0
        self._md5 = hashlib.md5(usedforsecurity=False)

    def update(self, chunk: bytes) -> None:
        """Take the next chunk in."""
        self.size += len(chunk)
        self._crc32c = google_crc32c.extend(self._crc32c, chunk)
        self._md5.update(chunk)

    @property
    def crc32c(self) -> str:
        """The big-endian crc32c in base64."""
        return base64.b64encode(self._crc32c.to_bytes(4, "big")).decode()

    @property
    def md5(self) -> str:
        """The md5 in base64."""
        return base64.b64encode(self._md5.digest()).decode()

    def require(self, expected: Mapping[str, str]) -> None:
        """Raise ApiError 400 when a checksum that the caller sent (crc32c or md5Hash) is not the content's."""
        for name, found in (("crc32c", self.crc32c), ("md5Hash", self.md5)):
            sent = expected.get(name)
            if sent and sent != found:
                shown = "CRC32C" if name == "crc32c" else "MD5 hash"
                raise ApiError.invalid(f'Provided {shown} "{sent}" doesn\'t match calculated {shown} "{found}".')


def from_hash_header(header: str) -> dict[str, str]:
    """Return the checksums of an X-Goog-Hash header such as `crc32c=…,md5=…`."""
    found: dict[str, str] = {}
    for entry in header.split(","):
        name, _, value = entry.strip().partition("=")
        if value:
            found["md5Hash" if name == "md5" else name] = value
    return found
