"""Read the selector's copies over plain REST: cheap to import, and side by side so that a dark one costs no more.

Reference: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
and https://cloud.google.com/storage/docs/json_api/v1/objects/list
"""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote

from vertex_dr.kernel.errors import NotFound, VertexDrError
from vertex_dr.kernel.records import from_json
from vertex_dr.traffic.records import CopyState, Selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.http import Rest

__all__ = ["CopiesOverRest"]


class CopiesOverRest:
    """Implements CopyReader: the secret's latest version, and the last object by name in the dual-region bucket."""

    def __init__(  # noqa: PLR0913 - two places with their names
        self,
        rest: Rest,
        *,
        storage: str,
        secrets: str,
        project: str,
        secret: str,
        bucket: str,
        service: str,
        timeout_seconds: float = 1.5,
    ) -> None:
        self._rest = rest
        self._secret = f"projects/{project}/secrets/{secret}"
        self._secret_url = f"{secrets}/v1/{self._secret}/versions/latest:access"
        self._storage = storage
        self._bucket = bucket
        self._prefix = f"selectors/{service}/"
        self._timeout = timeout_seconds

    def states(self) -> tuple[CopyState, ...]:
        """Return what secret and bucket hold, both asked at once."""
        places: tuple[tuple[str, Callable[[], Selector | None]], ...] = (
            (f"secret {self._secret}", self._from_secret),
            (f"gs://{self._bucket}/{self._prefix}", self._from_bucket),
        )
        with ThreadPoolExecutor(max_workers=len(places)) as threads:
            return tuple(threads.map(lambda place: _state(*place), places))

    def _from_secret(self) -> Selector | None:
        tried = f"read the selector's copy in {self._secret}"
        try:
            version = self._rest.get_json(self._secret_url, tried=tried, timeout_seconds=self._timeout)
        except NotFound:
            return None
        data = base64.b64decode(version.get("payload", {}).get("data", ""))
        return from_json(Selector, data, source=str(version.get("name", self._secret)))

    def _from_bucket(self) -> Selector | None:
        tried = f"read the selector's copies in gs://{self._bucket}/{self._prefix}"
        url = f"{self._storage}/storage/v1/b/{self._bucket}/o"
        params = {"prefix": self._prefix, "fields": "items(name),nextPageToken"}
        last = ""
        while True:
            page = self._rest.get_json(url, tried=tried, timeout_seconds=self._timeout, params=params)
            last = max([last, *(item["name"] for item in page.get("items", []))])
            if "nextPageToken" not in page:
                break
            params["pageToken"] = page["nextPageToken"]
        if not last:
            return None
        address = f"{self._storage}/download/storage/v1/b/{self._bucket}/o/{quote(last, safe='')}"
        data = self._rest.get(address, tried=tried, timeout_seconds=self._timeout, params={"alt": "media"})
        return from_json(Selector, data, source=f"gs://{self._bucket}/{last}")


def _state(place: str, read: Callable[[], Selector | None]) -> CopyState:
    try:
        return CopyState(place=place, selector=read())
    except VertexDrError as exc:
        return CopyState(place=place, selector=None, problem=str(exc))
