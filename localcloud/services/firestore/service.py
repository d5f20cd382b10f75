"""Firestore: databases, indexes and fields are localcloud's; documents are Google's emulator's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from localcloud.core import standard_methods
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Route, Service, fills, handles
from localcloud.runtime.emulators.recipes import FIRESTORE
from localcloud.runtime.emulators.service_emulator import ServiceEmulator
from localcloud.runtime.forwarding import forward
from localcloud.services.firestore.document_requests import request_of
from localcloud.services.firestore.documents import clear_documents, load_documents, save_documents
from localcloud.services.firestore.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_DOCUMENTS = "/v1/projects/*/databases/*/documents"
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
_ROUTING = "x-goog-request-params"
_DATABASE = re.compile(
    r"projects/(?P<project>[^/&]+)/databases/(?P<database>[^/&]+)"
    r"|project_id=(?P<project_id>[^&]+)(&database_id=(?P<database_id>[^&]*))?"
)
_PROTECTED = "DELETE_PROTECTION_ENABLED"
_WITH_RECOVERY = "POINT_IN_TIME_RECOVERY_ENABLED"


class Firestore(Service):
    """A database must have been created before its documents are served."""

    api: ClassVar[str] = "firestore"
    multi_regions: ClassVar[tuple[str, ...]] = ("eur3", "nam5", "nam7")
    rpc_services: ClassVar[tuple[str, ...]] = ("google.firestore.v1.Firestore",)
    differences: ClassVar[tuple[str, ...]] = (
        "the emulator needs no index and knows no security rules",
        "documents are saved when the cloud goes down in order, not when it is killed; their update times are then new",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.fields = Fields(cloud)
        self.own(self.fields)
        self._emulator = ServiceEmulator(cloud, FIRESTORE, self.api)

    async def start(self) -> None:
        """Start the emulator, with the documents that an earlier cloud saved in this state directory."""
        if await self._emulator.start():
            await load_documents(self._emulator.session, self._emulator.url, self._saved)

    async def stop(self) -> None:
        """Save every database's documents and end the emulator; repeating is safe."""
        if self._emulator.is_running and not self.cloud.config.is_state_temporary:
            await save_documents(self._emulator.session, self._emulator.url, self._database_names(), self._saved)
        await self._emulator.stop()

    def rpc_address(self) -> str:
        """Return where the emulator takes gRPC."""
        return self._emulator.address

    def routes(self) -> Iterable[Route]:
        """Return the documents' paths, of any depth, which the discovery document cannot route."""
        yield Route(self.api, "*", _DOCUMENTS, self._documents)
        for method in _ROOT_METHODS:
            yield Route(self.api, "POST", f"{_DOCUMENTS}:{method}", self._documents)

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

    async def check_rpc(self, metadata: Mapping[str, str]) -> None:
        """Return if the database that a gRPC call's routing headers name is there and lit.

        Raises ApiError 400 without such a header, 404 without the database, Dark while its region is.
        """
        routing = f"{metadata.get('google-cloud-resource-prefix', '')}&{unquote(metadata.get(_ROUTING, ''))}"
        found = _DATABASE.search(routing)
        if found is None:
            raise ApiError.invalid(
                f"Missing routing header. Please fill in the request header with format {_ROUTING}: "
                "project_id=[PROJECT_ID]&database_id=[DATABASE_ID]"
            )
        project, database = found["project"] or found["project_id"], found["database"] or found["database_id"]
        await self._require_lit(f"projects/{project}/databases/{database or '(default)'}")

    async def _authorize(self, request: web.Request) -> None:
        path = request.raw_path.partition("?")[0]
        wanted = request_of(request.method, path, request.query, await request.read())
        request["localcloud.method"] = f"{self.api}.{wanted.method}"
        principal = self.cloud.access.principal(request.headers, self.api, wanted.method)
        request["localcloud.principal"] = principal
        self.cloud.access.authorize(wanted, principal)

    async def _require_lit(self, database: str) -> None:
        if self.cloud.store.get(self.api, database) is None:
            _, project, _, name = database.split("/")
            raise ApiError.not_found(
                f"The database {name} does not exist for project {project}; create it, for instance with Terraform"
            )
        await self.cloud.switches.check(self._region_of_database(database), self.api)

    async def _documents(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        parts = request.raw_path.partition("?")[0].split("/")
        database = "/".join(unquote(part) for part in parts[2:6])
        await self.cloud.switches.check(self._region_of_database(database), self.api)
        await self._authorize(request)
        await self._require_lit(database)
        session = self._emulator.session
        url = self._emulator.url + request.raw_path
        try:
            # The emulator takes `owner` as the caller whom security rules do not bind, as IAM callers are at Google.
            # It ends its arrays with a newline, over which Google's REST clients stumble.
            return await forward(
                session, request, url, headers={"Authorization": "Bearer owner"}, without_last_newline=True
            )
        except aiohttp.ClientError as exc:
            raise ApiError.unavailable(f"Firestore's emulator does not answer: {exc}") from exc
