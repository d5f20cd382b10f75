"""The golden values that training wrote, in the dual-region artifact bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.adapters.google.storage.download import download
from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.records import from_json
from vertex_dr.traffic.records import Golden

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["StorageGolden"]

TIMEOUT_SECONDS = 3.0


class StorageGolden:
    """Implements GoldenSource: object `golden/<service>.json`."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def golden(self) -> Golden:
        """Return the golden values; the port says what is raised."""
        bucket, name = self._clients.settings.artifact_bucket, f"golden/{self._clients.settings.service}.json"
        source = f"gs://{bucket}/{name}"
        tried = f"read the golden values {source}"
        try:
            data = download(self._clients, bucket, name, tried=tried, timeout_seconds=TIMEOUT_SECONDS)
        except NotFound as missing:
            then = "let training write it: instances, the predictions computed for them, and a tolerance"
            raise NotFound(tried, found=missing.found, then=then) from missing
        return from_json(Golden, data, source=source)
