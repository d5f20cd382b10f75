"""The selector's copies in Secret Manager: versions of one secret with automatic replication.

Reference: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
and https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/addVersion
Only access by number is strongly consistent; `latest` and lists may be stale for hours:
https://cloud.google.com/secret-manager/docs/reference/consistency
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from vertex_dr.kernel.errors import NotFound, Refused
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.traffic.records import Selector

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["SecretManagerCopies"]

READ_SECONDS = 1.5
WRITE_SECONDS = 5.0
# Far more versions than one process adds while `latest` is stale; who finds as many reads somebody else's secret.
_MOST_UNLISTED_VERSIONS = 200


class SecretManagerCopies:
    """The place of copies in a secret: each version is a copy, and the one of the highest epoch is the newest."""

    def __init__(self, clients: Clients) -> None:
        self._http = clients.http
        self._secret = f"projects/{clients.settings.project}/secrets/{clients.settings.selector_secret}"
        self._url = f"{clients.url('secretmanager')}/v1/{self._secret}"
        self._highest_known = 0

    @property
    def name(self) -> str:
        """What reports call the place."""
        return f"secret {self._secret}"

    def newest(self) -> Selector | None:
        """Return the selector of the highest epoch among the newest versions, or None when there is no version.

        `latest` may lag, so the versions after the one that it names, and after the highest one that this object has
        seen or written, are asked for by number until there is none. A version that is disabled or destroyed is
        passed over.
        """
        found = [self._read("latest")]
        if self._highest_known > found[0].number:
            found.append(self._read(str(self._highest_known)))
        highest = max(one.number for one in found)
        for number in range(highest + 1, highest + 1 + _MOST_UNLISTED_VERSIONS):
            found.append(self._read(str(number)))
            if not found[-1].exists:
                break
        else:
            raise Refused(
                f"read the selector's copy in {self._secret}",
                found=f"{_MOST_UNLISTED_VERSIONS} versions after number {highest}, which `latest` names",
                then="find out who writes to this secret: only probe_region may",
            )
        self._highest_known = max(one.number for one in found if one.exists) if any(one.exists for one in found) else 0
        return max((one.selector for one in found if one.selector), key=lambda one: one.epoch, default=None)

    def add(self, selector: Selector) -> None:
        """Make the selector the secret's newest version."""
        added = self._http.post_json(
            f"{self._url}:addVersion",
            {"payload": {"data": base64.b64encode(to_json(selector)).decode()}},
            tried=f"write epoch {selector.epoch} to {self.name}",
            timeout_seconds=WRITE_SECONDS,
            then="the next run of probe_region writes it",
        )
        self._highest_known = max(self._highest_known, _number(str(added.get("name", ""))))

    def _read(self, version: str) -> _Version:
        try:
            answer = self._http.get_json(
                f"{self._url}/versions/{version}:access",
                tried=f"read the selector's copy in {self._secret}, version {version}",
                timeout_seconds=READ_SECONDS,
            )
        except NotFound:
            return _Version(number=0, exists=False)
        except Refused:  # FAILED_PRECONDITION: the version is disabled or destroyed
            return _Version(number=_number(version), exists=True)
        name = str(answer.get("name", ""))
        data = base64.b64decode(answer.get("payload", {}).get("data", ""))
        return _Version(number=_number(name), exists=True, selector=from_json(Selector, data, source=name))


class _Version(NamedTuple):
    """One answer of the secret: number 0 when it is not known; no selector when it cannot be read."""

    number: int
    exists: bool
    selector: Selector | None = None


def _number(version_name: str) -> int:
    digits = version_name.rpartition("/")[2]
    return int(digits) if digits.isdigit() else 0
