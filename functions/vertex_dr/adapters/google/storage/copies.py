"""The selector's copies in Cloud Storage: objects of the dual-region artifact bucket, named by epoch, written once.

Reference: https://cloud.google.com/storage/docs/json_api/v1/objects/list
and https://cloud.google.com/storage/docs/json_api/v1/objects/insert
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.adapters.google.storage.download import download
from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.traffic.records import Selector

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["StorageCopies"]

READ_SECONDS = 1.5
WRITE_SECONDS = 5.0


class StorageCopies:
    """The place of copies in the artifact bucket; epochs are zero-padded, so the last name is the newest copy."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._bucket = clients.settings.artifact_bucket
        self._prefix = f"selectors/{clients.settings.service}/"

    @property
    def name(self) -> str:
        """What reports call the place."""
        return f"gs://{self._bucket}/{self._prefix}"

    def newest(self) -> Selector | None:
        """Return the selector of the last object by name, or None when there is no object."""
        tried = f"read the selector's copies in {self.name}"
        last = max(self._names(tried), default=None)
        if last is None:
            return None
        data = download(self._clients, self._bucket, last, tried=tried, timeout_seconds=READ_SECONDS)
        return from_json(Selector, data, source=f"gs://{self._bucket}/{last}")

    def add(self, selector: Selector) -> None:
        """Make the object of that epoch exist."""
        try:
            self._clients.http.send(
                "POST",
                f"{self._clients.url('storage')}/upload/storage/v1/b/{self._bucket}/o",
                tried=f"write epoch {selector.epoch} to {self.name}",
                timeout_seconds=WRITE_SECONDS,
                then="the next run of probe_region writes it",
                params={
                    "uploadType": "media",
                    "name": f"{self._prefix}{selector.epoch:020d}.json",
                    "ifGenerationMatch": "0",
                },
                data=to_json(selector),
                headers={"Content-Type": "application/json"},
            )
        except Refused:
            # Another controller may have written this epoch's copy first, and then it is the same; any other refusal
            # leaves none.
            newest = self.newest()
            if newest is None or newest.epoch < selector.epoch:
                raise

    def _names(self, tried: str) -> list[str]:
        url = f"{self._clients.url('storage')}/storage/v1/b/{self._bucket}/o"
        params, names = {"prefix": self._prefix, "fields": "items(name),nextPageToken"}, []
        while True:
            page = self._clients.http.get_json(url, tried=tried, timeout_seconds=READ_SECONDS, params=params)
            names += [str(item["name"]) for item in page.get("items", [])]
            if "nextPageToken" not in page:
                return names
            params["pageToken"] = page["nextPageToken"]
