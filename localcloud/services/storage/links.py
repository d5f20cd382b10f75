"""The addresses and tags that a bucket or object carries about itself."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


_SELF = "https://www.googleapis.com/storage/v1"
_MEDIA = "https://storage.googleapis.com/download/storage/v1"


@dataclass(frozen=True, slots=True)
class Links:
    """Links at Google's addresses, which clients follow as they are."""

    def of_bucket(self, name: str) -> dict[str, str]:
        """Return id and selfLink of a bucket."""
        return {"id": name, "selfLink": f"{_SELF}/b/{quote(name, safe='')}"}

    def of_object(self, found: Mapping[str, Any]) -> dict[str, str]:
        """Return id, selfLink, mediaLink and etag of an object."""
        path = f"b/{quote(found['bucket'], safe='')}/o/{quote(found['name'], safe='')}"
        return {
            "id": f"{found['bucket']}/{found['name']}/{found['generation']}",
            "selfLink": f"{_SELF}/{path}",
            "mediaLink": f"{_MEDIA}/{path}?generation={found['generation']}&alt=media",
            "etag": tag(found["generation"], found["metageneration"]),
        }


def tag(*numbers: str) -> str:
    """Return an etag that changes when one of the numbers does."""
    return base64.b64encode("/".join(numbers).encode()).decode()
