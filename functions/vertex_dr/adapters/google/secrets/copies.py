"""The selector's copies in Secret Manager: versions of one secret with automatic replication.

Reference: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
and https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/addVersion
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.traffic.records import Selector

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["SecretManagerCopies"]

READ_SECONDS = 1.5
WRITE_SECONDS = 5.0


class SecretManagerCopies:
    """The place of copies in a secret; its latest version is the newest copy."""

    def __init__(self, clients: Clients) -> None:
        self._http = clients.http
        self._secret = f"projects/{clients.settings.project}/secrets/{clients.settings.selector_secret}"
        self._url = f"{clients.url('secretmanager')}/v1/{self._secret}"

    @property
    def name(self) -> str:
        """What reports call the place."""
        return f"secret {self._secret}"

    def newest(self) -> Selector | None:
        """Return the selector of the latest version, or None when there is no version."""
        try:
            version = self._http.get_json(
                f"{self._url}/versions/latest:access",
                tried=f"read the selector's copy in {self._secret}",
                timeout_seconds=READ_SECONDS,
            )
        except NotFound:
            return None
        data = base64.b64decode(version.get("payload", {}).get("data", ""))
        return from_json(Selector, data, source=str(version.get("name", self._secret)))

    def add(self, selector: Selector) -> None:
        """Make the selector the secret's latest version."""
        self._http.post_json(
            f"{self._url}:addVersion",
            {"payload": {"data": base64.b64encode(to_json(selector)).decode()}},
            tried=f"write epoch {selector.epoch} to {self.name}",
            timeout_seconds=WRITE_SECONDS,
            then="the next run of probe_region writes it",
        )
