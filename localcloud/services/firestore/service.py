"""Firestore: databases, indexes and fields are localcloud's; documents are Google's emulator's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from localcloud.core import standard_methods
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Route, Service, fills, handles
from localcloud.runtime.emulators.recipes import FIRESTORE
from localcloud.runtime.emulators.switched import SwitchedEmulator
from localcloud.runtime.forwarding import forward
from localcloud.services.firestore.documents import clear_documents, load_documents, save_documents
from localcloud.services.firestore.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_DOCUMENTS = "/firestore/v1/projects/*/databases/*/documents"
# Methods on the root of the documents stand in the same path segment as `documents`.
_ROOT_METHODS = (
    "batchGet",
    "batchWrite",
    "beginTransaction",
    "commit",
    "executePipeline",
    "listCollectionIds",
    "partitionQuery",
    "rollback",
    "runAggregationQuery",
    "runQuery",
)
_PROTECTED = "DELETE_PROTECTION_ENABLED"
_WITH_RECOVERY = "POINT_IN_TIME_RECOVERY_ENABLED"


class Firestore(Service):
    """A database must have been created before its documents are served."""

    api: ClassVar[str] = "firestore"
    differences: ClassVar[tuple[str, ...]] = (
        "the emulator needs no index and knows no security rules; a caller's roles are not checked",
        "gRPC on FIRESTORE_EMULATOR_HOST does not ask whether the database exists",
        "documents are saved when the cloud goes down in order, not when it is killed; their update times are then new",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.fields = Fields(cloud)
        self.own(self.fields)
        self._emulator = SwitchedEmulator(cloud, FIRESTORE, self.api)

    async def start(self) -> None:
        """Start the emulator, with the documents that an earlier cloud saved in this state directory."""
        if await self._emulator.start():
            await load_documents(self._emulator.session, self._emulator.url, self._saved)
            await self._emulator.open()

    async def stop(self) -> None:
        """Save every database's documents and end the emulator; repeating is safe."""
        await self._emulator.shut()
        if self._emulator.is_running and not self.cloud.config.is_state_temporary:
            await save_documents(self._emulator.session, self._emulator.url, self._database_names(), self._saved)
        await self._emulator.stop()

    async def region_dark(self, region: str) -> None:
        """Cut clients off when Firestore itself is dark."""
        await self._emulator.region_dark(region)

    async def region_healed(self, region: str) -> None:
        """Let clients in again."""
        await self._emulator.region_healed(region)

    def routes(self) -> Iterable[Route]:
        """Return the documents' paths, of any depth, which the discovery document cannot route."""
        yield Route("any", "*", _DOCUMENTS, self._documents)
        for method in _ROOT_METHODS:
            yield Route("any", "POST", f"{_DOCUMENTS}:{method}", self._documents)

    def region_of(self, call: Call) -> str | None:
        """Return the database's region, None for a multi-region one."""
        return self._region_of_database("/".join(call.name.split("/")[:4]))

    @fills("projects.databases")
    def fill_database(self, call: Call, database: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Fill what Google fills, and refuse a database without location or type."""
        if old is None and not (database.get("locationId") and database.get("type")):
            raise ApiError.invalid(f"cannot create {database['name']}: locationId and type are needed")
        with_recovery = database.get("pointInTimeRecoveryEnablement") == _WITH_RECOVERY
        database |= {
            "earliestVersionTime": now(),
            "versionRetentionPeriod": "604800s" if with_recovery else "3600s",
        }
        database.setdefault("concurrencyMode", "PESSIMISTIC")
        database.setdefault("appEngineIntegrationMode", "DISABLED")
        database.setdefault("databaseEdition", "STANDARD")
        database.setdefault("deleteProtectionState", "DELETE_PROTECTION_DISABLED")
        database.setdefault("pointInTimeRecoveryEnablement", "POINT_IN_TIME_RECOVERY_DISABLED")
        database.setdefault("keyPrefix", f"{call.project[:1]}~")

    @handles("projects.databases.delete")
    async def delete_database(self, call: Call) -> dict[str, Any]:
        """Remove the database with its documents; 400 while it is protected."""
        database = self.cloud.store.require(self.api, call.name)
        if database.get("deleteProtectionState") == _PROTECTED:
            raise ApiError.failed_precondition(
                f"cannot delete {call.name}: its delete protection is enabled; disable deleteProtectionState first"
            )
        answer = standard_methods.delete(self, call)
        if self._emulator.is_running:
            await clear_documents(self._emulator.session, self._emulator.url, call.name)
        return answer

    @property
    def _saved(self) -> Path:
        return self.cloud.state_dir / "firestore"

    def _database_names(self) -> list[str]:
        databases = self.cloud.store.children(self.api, f"projects/{self.cloud.project}", "databases")
        return [database["name"] for database in databases]

    def _region_of_database(self, name: str) -> str | None:
        location = (self.cloud.store.get(self.api, name) or {}).get("locationId")
        return location if location in self.cloud.regions else None

    async def _documents(self, request: web.Request, region: str | None) -> web.StreamResponse:
        parts = request.raw_path.partition("?")[0].split("/")
        database = "/".join(unquote(part) for part in parts[3:7])
        if self.cloud.store.get(self.api, database) is None:
            raise ApiError.not_found(
                f"The database {parts[6]} does not exist for project {parts[4]}; create it, for instance with Terraform"
            )
        resident = self._region_of_database(database)
        self.cloud.switches.check(resident, self.api)
        if region is not None and resident not in (None, region):
            raise ApiError.not_found(f"{database} is in {resident}; this is the listener of {region}")
        session = self._emulator.session
        url = self._emulator.url + request.raw_path.removeprefix("/firestore")
        try:
            # The emulator takes `owner` as the caller whom security rules do not bind, as IAM callers are at Google.
            # It ends its arrays with a newline, over which Google's REST clients stumble.
            return await forward(
                session, request, url, headers={"Authorization": "Bearer owner"}, without_last_newline=True
            )
        except aiohttp.ClientError as exc:
            raise ApiError.unavailable(f"Firestore's emulator does not answer: {exc}") from exc
