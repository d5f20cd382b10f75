"""Secret Manager: secrets, global or of one location, and their versions."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, ClassVar

import google_crc32c
from aiohttp import web

from localcloud.core import paging, standard_methods
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Route, Service, fills, handles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_PAYLOADS = "_secret_payloads"
_URL_SAFE = str.maketrans("-_", "+/")
_SECRETS = ("projects.secrets", "projects.locations.secrets")


def _both(method: str) -> tuple[str, ...]:
    return tuple(f"{collection}.{method}" for collection in _SECRETS)


class SecretManager(Service):
    """A user-managed secret cannot be written while one of its locations is dark; an automatic one can."""

    api: ClassVar[str] = "secretmanager"
    differences: ClassVar[tuple[str, ...]] = (
        "rotation and notification topics are data, payloads are not encrypted",
        "`latest` and lists are stale only between POST /_localcloud/secretmanager/stale and …/fresh",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self._highest_shown: dict[str, int] | None = None  # of each secret, while `latest` and lists are stale

    def routes(self) -> Iterable[Route]:
        """Return the switch of what Google allows: `latest` and lists that do not know the newest versions yet."""
        return (
            Route("localcloud", "POST", "/_localcloud/secretmanager/stale", self._become_stale),
            Route("localcloud", "POST", "/_localcloud/secretmanager/fresh", self._become_fresh),
        )

    @fills(*_SECRETS)
    def fill_secret(self, call: Call, secret: dict[str, Any], _old: dict[str, Any] | None) -> None:
        """Refuse a secret without replication, and a write that a dark location forbids."""
        if not call.location and "replication" not in secret:
            raise ApiError.invalid(
                f"cannot create {secret['name']}: replication is missing; set automatic or userManaged"
            )
        self._require_lit(secret)

    @handles(*_both("addVersion"))
    def add_version(self, call: Call) -> dict[str, Any]:
        """Add an enabled version with this payload, numbered one above the last."""
        secret = self.cloud.store.require(self.api, call.name)
        self._require_lit(secret)
        payload = call.body.get("payload", {})
        _check(payload)
        versions = self._versions(call.name)
        version: dict[str, Any] = {
            "name": f"{call.name}/versions/{_number(versions[0]) + 1 if versions else 1}",
            "createTime": now(),
            "state": "ENABLED",
            "replicationStatus": _replication_status(secret.get("replication", {})),
            "clientSpecifiedPayloadChecksum": "dataCrc32c" in payload,
        }
        self.cloud.store.put(_PAYLOADS, version["name"], {"data": payload.get("data", "").translate(_URL_SAFE)})
        return self._keep(version)

    @handles(*_both("versions.get"))
    def get_version(self, call: Call) -> dict[str, Any]:
        """Return the version; `latest` and aliases of the secret stand for a number."""
        return self._version(call.name)

    @handles(*_both("versions.list"))
    def list_versions(self, call: Call) -> dict[str, Any]:
        """Return a page of the versions, newest first."""
        wanted = call.query.get("filter", "").replace(":", "=").replace(" ", "").removeprefix("state=")
        if wanted and wanted not in ("ENABLED", "DISABLED", "DESTROYED"):
            raise ApiError.unimplemented(f"{self.api}.{call.method_id} with filter {call.query['filter']!r}")
        self.cloud.store.require(self.api, call.parent)
        versions = [one for one in self._shown_versions(call.parent) if not wanted or one["state"] == wanted]
        answer = paging.listed("versions", versions, call.query, even_empty=True)
        return answer | {"totalSize": len(versions)}

    @handles(*_both("versions.access"))
    def access_version(self, call: Call) -> dict[str, Any]:
        """Return the payload of an enabled version."""
        version = self._version(call.name)
        data = self.payload(version["name"])
        checksum = google_crc32c.value(base64.b64decode(data))
        return {"name": version["name"], "payload": {"data": data, "dataCrc32c": str(checksum)}}

    @handles(*_both("versions.enable"))
    def enable_version(self, call: Call) -> dict[str, Any]:
        """Make the version accessible; repeating is safe."""
        return self._move(call, "ENABLED")

    @handles(*_both("versions.disable"))
    def disable_version(self, call: Call) -> dict[str, Any]:
        """Make the version inaccessible; repeating is safe."""
        return self._move(call, "DISABLED")

    @handles(*_both("versions.destroy"))
    def destroy_version(self, call: Call) -> dict[str, Any]:
        """Drop the payload for good."""
        version = self._move(call, "DESTROYED")
        self.cloud.store.delete(_PAYLOADS, version["name"])
        return version

    @handles(*_both("delete"))
    def delete_secret(self, call: Call) -> dict[str, Any]:
        """Remove the secret with all versions and payloads."""
        answer = standard_methods.delete(self, call)
        for name in self.cloud.store.names(_PAYLOADS, f"{call.name}/"):
            self.cloud.store.delete(_PAYLOADS, name)
        return answer

    def payload(self, version_name: str) -> str:
        """Return the payload in base64. Raises ApiError 404 without the version, 400 when it is not enabled."""
        version = self._version(version_name)
        if version["state"] != "ENABLED":
            raise ApiError.failed_precondition(f"Secret Version [{version['name']}] is in {version['state']} state.")
        return str(self.cloud.store.require(_PAYLOADS, version["name"])["data"])

    def _move(self, call: Call, state: str) -> dict[str, Any]:
        version = self._version(call.name)
        sent = call.body.get("etag")
        if sent and sent != version["etag"]:
            raise ApiError.aborted(f"The etag {sent} of {version['name']} is not the current one; read it again")
        if version["state"] == "DESTROYED" and state != "DESTROYED":
            raise ApiError.failed_precondition(f"Secret Version [{version['name']}] is in DESTROYED state.")
        if state == "DESTROYED":
            version["destroyTime"] = now()
        return self._keep(version | {"state": state})

    def _keep(self, version: dict[str, Any]) -> dict[str, Any]:
        version["etag"] = standard_methods.etag()
        self.cloud.store.put(self.api, version["name"], version)
        return version

    def _version(self, name: str) -> dict[str, Any]:
        secret_name, _, number = name.partition("/versions/")
        if number == "latest":
            versions = self._shown_versions(secret_name)
            if not versions:
                raise ApiError.not_found(f"Secret [{secret_name}] not found or has no versions.")
            return versions[0]
        if not number.isdigit():
            aliases = self.cloud.store.require(self.api, secret_name).get("versionAliases", {})
            number = aliases.get(number, number)
        return self.cloud.store.require(self.api, f"{secret_name}/versions/{number}")

    def _versions(self, secret_name: str) -> list[dict[str, Any]]:
        return sorted(self.cloud.store.children(self.api, secret_name, "versions"), key=_number, reverse=True)

    def _shown_versions(self, secret_name: str) -> list[dict[str, Any]]:
        versions = self._versions(secret_name)
        if self._highest_shown is None:
            return versions
        return [one for one in versions if _number(one) <= self._highest_shown.get(secret_name, 0)]

    async def _become_stale(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        highest: dict[str, int] = {}
        for name in self.cloud.store.names(self.api, "projects/"):
            secret_name, _, number = name.partition("/versions/")
            highest[secret_name] = max(highest.get(secret_name, 0), int(number or 0))
        self._highest_shown = highest
        return web.json_response({})

    async def _become_fresh(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        self._highest_shown = None
        return web.json_response({})

    def _require_lit(self, secret: dict[str, Any]) -> None:
        replicas = secret.get("replication", {}).get("userManaged", {}).get("replicas", [])
        dark = [one["location"] for one in replicas if self.cloud.switches.is_dark(one["location"], self.api)]
        if dark:
            raise ApiError.unavailable(
                f"cannot write {secret['name']}: its replica in {', '.join(dark)} does not answer, and a user-managed "
                "secret is written in all locations or none; wait for the location, or use automatic replication"
            )


def _number(version: dict[str, Any]) -> int:
    return int(version["name"].rpartition("/")[2])


def _replication_status(replication: dict[str, Any]) -> dict[str, Any]:
    if "userManaged" in replication:
        replicas = [{"location": one["location"]} for one in replication["userManaged"].get("replicas", [])]
        return {"userManaged": {"replicas": replicas}}
    return {"automatic": {}}


def _check(payload: dict[str, Any]) -> None:
    try:
        # Google's JSON takes both alphabets.
        content = base64.b64decode(payload.get("data", "").translate(_URL_SAFE), validate=True)
    except binascii.Error as exc:
        raise ApiError.invalid(f"Invalid value at 'payload.data' (TYPE_BYTES), Base64 decoding failed: {exc}") from exc
    expected = payload.get("dataCrc32c")
    if expected is not None and int(expected) != google_crc32c.value(content):
        raise ApiError.invalid(f"The dataCrc32c {expected} is not that of the payload: it was damaged on the way")
