"""The golden values that training wrote, read over plain REST."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from vertex_dr.kernel.records import from_json
from vertex_dr.traffic.records import Golden

if TYPE_CHECKING:
    from vertex_dr.adapters.google.http import Rest

__all__ = ["GoldenInBucket"]


class GoldenInBucket:
    """Implements GoldenSource: object `golden/<service>.json` in the dual-region artifact bucket."""

    def __init__(self, rest: Rest, *, storage: str, bucket: str, service: str, timeout_seconds: float = 3.0) -> None:
        self._rest = rest
        self._name = f"golden/{service}.json"
        self._source = f"gs://{bucket}/{self._name}"
        self._url = f"{storage}/download/storage/v1/b/{bucket}/o/{quote(self._name, safe='')}"
        self._timeout = timeout_seconds

    def golden(self) -> Golden:
        """Return them; the port says what is raised."""
        data = self._rest.get(
            self._url,
            tried=f"read the golden values {self._source}",
            timeout_seconds=self._timeout,
            params={"alt": "media"},
        )
        return from_json(Golden, data, source=self._source)
