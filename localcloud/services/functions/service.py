"""Cloud Functions v2: a function is built from its source archive and becomes a Run service."""

from __future__ import annotations

import asyncio
import secrets
import string
from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import masks, paging, standard_methods
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles
from localcloud.runtime import buildpack
from localcloud.services.functions import bundle
from localcloud.services.functions.builds import Builds
from localcloud.services.run.service import service_of

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.services.run.service import Run
    from localcloud.services.storage.service import StorageService

# Terraform's provider polls only every ten seconds: an operation that is done when it is first seen saves that.
PATIENCE_SECONDS = 20.0
# What gcloud asks for; there are no others.
_ALL_OF_THEM = 'environment="GEN_2"'
_TYPE = "type.googleapis.com/google.cloud.functions.v2.Function"
_METADATA = "type.googleapis.com/google.cloud.functions.v2.OperationMetadata"
_EMPTY = {"@type": "type.googleapis.com/google.protobuf.Empty"}


class CloudFunctions(Service):
    """Builds functions; the Run service of the same name answers their invocations."""

    api: ClassVar[str] = "cloudfunctions"
    versions: ClassVar[tuple[str, ...]] = ("v2", "v1")
    proto_package: ClassVar[str] = "google.cloud.functions.v2"
    differences: ClassVar[tuple[str, ...]] = (
        "a function is one process on the host's Python: memory, CPU and number of instances are not limited",
        "event triggers are kept as data; only HTTP invocations reach a function",
        "source comes from Cloud Storage, its live generation whichever is named; generateUploadUrl is not there",
    )

    def __init__(self, cloud: Cloud, run: Run, storage: StorageService) -> None:
        super().__init__(cloud)
        self._run = run
        self._builds = Builds(cloud, storage)

    async def answer(self, call: Call) -> Any:
        """Return what version 2 answers; of version 1, gcloud asks which functions it still has: none."""
        if call.version == "v1" and not call.method_id.endswith("locations.list"):
            if call.method_id == "projects.locations.functions.list":
                return {}
            raise ApiError.unimplemented(f"{self.api}.{call.method_id} of v1")
        return await super().answer(call)

    @handles("projects.locations.functions.create")
    async def create(self, call: Call) -> dict[str, Any]:
        """Build the function and make it serve; the operation says in one line why it could not."""
        name = f"{call.name}/{call.query.get('functionId', '')}"
        if name.endswith("/"):
            raise ApiError.invalid("cannot create a function: functionId is missing in the query")
        if self.cloud.store.get(self.api, name) is not None:
            raise ApiError.already_exists(f"Could not create Cloud Run service {name}. A function by that name exists.")
        function = {**call.body, "name": name, "createTime": now()}
        return await self._deploy(function, "CREATE_FUNCTION")

    @handles("projects.locations.functions.patch")
    async def patch(self, call: Call) -> dict[str, Any]:
        """Change the function as the mask says, build it anew and replace the running process."""
        function = self.cloud.store.require(self.api, call.name)
        changes = {key: value for key, value in call.body.items() if key != "name"}
        masks.apply(function, changes, call.field_mask() or list(changes))
        return await self._deploy(function, "UPDATE_FUNCTION")

    @handles("projects.locations.functions.delete")
    async def delete(self, call: Call) -> dict[str, Any]:
        """Remove the function, its Run service and its process."""
        self.cloud.store.require(self.api, call.name)
        await self._run.remove(service_of(call.name))
        self.cloud.store.delete(self.api, call.name)
        self.cloud.policies.forget(self.api, call.name)
        return self.cloud.operations.done(self.api, standard_methods.operation_parent(call.name), dict(_EMPTY))

    @handles("projects.locations.functions.list")
    def list_functions(self, call: Call) -> dict[str, Any]:
        """Return a page of the location's functions; location `-` stands for every one."""
        if call.query.get("filter", _ALL_OF_THEM) != _ALL_OF_THEM:
            raise ApiError.unimplemented(f"{self.api}.{call.method_id} with filter")
        locations = self.cloud.regions if call.location == "-" else (call.location,)
        found = [
            function
            for location in locations
            for function in self.cloud.store.children(
                self.api, f"projects/{call.project}/locations/{location}", "functions"
            )
        ]
        return paging.listed("functions", found, call.query, even_empty=True)

    async def _deploy(self, function: dict[str, Any], kind: str) -> dict[str, Any]:
        name = function["name"]
        function |= {"state": "DEPLOYING", "updateTime": now(), "environment": "GEN_2"}
        function.pop("stateMessages", None)
        self.cloud.store.put(self.api, name, function)
        metadata = {
            "@type": _METADATA,
            "createTime": now(),
            "target": name,
            "apiVersion": "v2",
            "operationType": kind,
        }
        operation = self.cloud.operations.start(
            self.api, standard_methods.operation_parent(name), self._build(function), metadata
        )
        return await self.cloud.operations.wait(self.api, operation["name"], PATIENCE_SECONDS)

    async def _build(self, function: dict[str, Any]) -> dict[str, Any]:
        failed = dict(function)
        try:
            source = await self._unpack(function)
            try:
                await asyncio.to_thread(buildpack.ensure, source / "requirements.txt")
            except buildpack.BuildFailed as exc:
                raise ApiError.invalid(f"cannot build {function['name']}: {exc}") from exc
            revision = f"{_id(function['name'])}-{self.cloud.store.next_id():0>5}-{_letters()}"
            function["url"] = self._run.function_url(function["name"].replace("/functions/", "/services/"))
            _complete(function, self._run.uri(service_of(function["name"])), revision, self.cloud.project_number)
            await self._run.deploy(function, revision, source.name)
        except ApiError as error:
            message = {"severity": "ERROR", "type": "CloudRunServiceNotFound", "message": error.message}
            self.cloud.store.put(self.api, function["name"], failed | {"state": "FAILED", "stateMessages": [message]})
            raise
        function["state"] = "ACTIVE"
        self.cloud.store.put(self.api, function["name"], function)
        return {"@type": _TYPE} | function

    async def _unpack(self, function: dict[str, Any]) -> Path:
        build = function.get("buildConfig", {})
        found = build.get("source", {}).get("storageSource")
        if not found:
            raise ApiError.invalid(
                f"cannot build {function['name']}: buildConfig.source.storageSource is missing; "
                "name the bucket and the object of a source archive"
            )
        bucket, object_name = found.get("bucket", ""), found.get("object", "")
        origin = f"gs://{bucket}/{object_name}"
        try:
            archive = self._builds.staged(function, bucket, object_name)
        except ApiError as error:
            if error.status == "PERMISSION_DENIED":
                raise
            raise ApiError.invalid(
                f"cannot build {function['name']} from {origin}: {error.message}; upload the source archive first"
            ) from error
        return await asyncio.to_thread(
            bundle.unpack,
            archive,
            entry_point=build.get("entryPoint", ""),
            origin=origin,
            into=self._run.invocations.sources,
        )


def _id(name: str) -> str:
    return service_of(name).rpartition("/")[2]


def _letters() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(3))


def _complete(function: dict[str, Any], uri: str, revision: str, project_number: str) -> None:
    """Fill what Google fills.

    Never eventTrigger.retryPolicy, nor a serviceConfig that was left out: Terraform would show them as changes.
    """
    _, project, _, location, _, name = function["name"].split("/")
    default_account = f"{project_number}-compute@developer.gserviceaccount.com"
    build = function["buildConfig"]
    build["build"] = f"projects/{project_number}/locations/{location}/builds/{revision}"
    build.setdefault("dockerRegistry", "ARTIFACT_REGISTRY")
    build.setdefault("dockerRepository", f"projects/{project}/locations/{location}/repositories/gcf-artifacts")
    build.setdefault("serviceAccount", f"projects/{project}/serviceAccounts/{default_account}")
    build["sourceProvenance"] = {"resolvedStorageSource": dict(build["source"]["storageSource"])}
    if (config := function.get("serviceConfig")) is not None:
        config |= {"service": service_of(function["name"]), "uri": uri, "revision": revision}
        config.setdefault("timeoutSeconds", 60)
        config.setdefault("availableMemory", "256M")
        config.setdefault("availableCpu", "0.1666")
        config.setdefault("maxInstanceCount", 100)
        config.setdefault("maxInstanceRequestConcurrency", 1)
        config.setdefault("ingressSettings", "ALLOW_ALL")
        config.setdefault("allTrafficOnLatestRevision", True)
        config.setdefault("serviceAccountEmail", default_account)
    if trigger := function.get("eventTrigger"):
        trigger["trigger"] = f"projects/{project}/locations/{location}/triggers/{name}"
        trigger.setdefault("triggerRegion", location)
        trigger.setdefault("serviceAccountEmail", default_account)
