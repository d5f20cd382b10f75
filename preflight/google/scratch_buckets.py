"""Scratch buckets over the JSON API of Cloud Storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from preflight.records import Written
from vertex_dr.adapters.google.calls import CALL_SECONDS
from vertex_dr.kernel.errors import Denied, Refused

if TYPE_CHECKING:
    from preflight.google.operations import Calls
    from preflight.google.tokens import Bearers
    from preflight.ports import Removals
    from vertex_dr.kernel.ids import NewId

__all__ = ["GoogleScratchBuckets"]


@dataclass(frozen=True)
class GoogleScratchBuckets:
    """Buckets with uniform access in the region asked for, without soft delete, so that nothing of them stays."""

    calls: Calls
    bearers: Bearers
    removals: Removals
    new_id: NewId

    def make(self, region: str) -> str:
        """Make an empty bucket in the region, and return its name."""
        project = self.calls.clients.settings.project
        name = f"{project[:40]}-vdr-preflight-{self.new_id()[:8]}".lower()
        self.removals.add(f"bucket {name}", lambda: self._remove(name))
        body = {
            "name": name,
            "location": region,
            "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"},
            "softDeletePolicy": {"retentionDurationSeconds": "0"},
        }
        self.calls.post(f"{self._url}/storage/v1/b?project={quote(project)}", body, f"make the bucket {name}")
        return name

    def write(self, bucket: str, name: str, data: bytes, *, token: str | None = None) -> Written:
        """Create the object if there is none of that name."""
        http = self.bearers.http(token) if token else self.calls.clients.http
        try:
            http.send(
                "POST",
                f"{self._url}/upload/storage/v1/b/{bucket}/o",
                tried=f"write gs://{bucket}/{name}",
                timeout_seconds=CALL_SECONDS,
                params={"uploadType": "media", "name": name, "ifGenerationMatch": "0"},
                data=data,
                headers={"Content-Type": "application/octet-stream"},
            )
        except Denied:
            return Written.FORBIDDEN
        except Refused:
            return Written.EXISTS
        return Written.CREATED

    def names(self, bucket: str, prefix: str) -> tuple[str, ...]:
        """Return the names of the objects below the prefix."""
        return tuple(one["name"] for one in self._objects(bucket, prefix=prefix))

    def grant(self, bucket: str, role: str, email: str) -> None:
        """Let the account hold the role on the bucket."""
        tried = f"let {email} hold {role} on gs://{bucket}"
        url = f"{self._url}/storage/v1/b/{bucket}/iam"
        policy = self.calls.get(url, tried, optionsRequestedPolicyVersion="3")
        added = {"role": role, "members": [f"serviceAccount:{email}"]}
        policy |= {"version": 3, "bindings": [*policy.get("bindings", []), added]}
        send = self.calls.clients.http.send
        self.calls.once_known(lambda: send("PUT", url, tried=tried, timeout_seconds=CALL_SECONDS, json=policy))

    def may(self, bucket: str, permission: str, token: str) -> bool:
        """Whether whom the token is of holds the permission on the bucket by now."""
        url = f"{self._url}/storage/v1/b/{bucket}/iam/testPermissions"
        tried = f"ask for {permission} on gs://{bucket}"
        try:
            found = self.bearers.http(token).get_json(
                url, tried=tried, timeout_seconds=CALL_SECONDS, params={"permissions": permission}
            )
        except Denied:
            return False
        return permission in found.get("permissions", [])

    def _objects(self, bucket: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self.calls.get(f"{self._url}/storage/v1/b/{bucket}/o", f"list gs://{bucket}", **query)
            found += page.get("items", [])
            if not (token := page.get("nextPageToken")):
                return found
            query["pageToken"] = token

    def _remove(self, bucket: str) -> None:
        for one in self._objects(bucket):
            self.calls.delete(
                f"{self._url}/storage/v1/b/{bucket}/o/{quote(one['name'], safe='')}", f"remove {one['name']}"
            )
        self.calls.delete(f"{self._url}/storage/v1/b/{bucket}", f"remove the bucket {bucket}")

    @property
    def _url(self) -> str:
        return self.calls.clients.url("storage")
