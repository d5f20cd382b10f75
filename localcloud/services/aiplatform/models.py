"""Models of Vertex AI: read, listed, changed, deleted. A name may carry `@version` or `@alias`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core import masks, paging
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.aiplatform.contents import Contents, location_of
from localcloud.services.aiplatform.filters import matching
from localcloud.services.aiplatform.names import API, EMPTY, split_version
from localcloud.services.aiplatform.record import SHARED

if TYPE_CHECKING:
    from localcloud.core.call import Call

_OF_VERSION = ("versionDescription", "labels", "metadata")
_OF_MODEL = (*SHARED, "labels")


class Models:
    """`projects.locations.models`, its standard methods."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.models.get")
    def get_model(self, call: Call) -> dict[str, Any]:
        """Return the version that the name means, the default one without `@`."""
        return self._contents.models.view(call.name)

    @handles("projects.locations.models.list")
    def list_models(self, call: Call) -> dict[str, Any]:
        """Return the default version of each model of the location."""
        found = [self._contents.models.view(record.name) for record in self._contents.models.of_location(call.parent)]
        return paging.listed("models", matching(found, call.query.get("filter")), call.query)

    @handles("projects.locations.models.patch")
    def patch_model(self, call: Call) -> dict[str, Any]:
        """Change the model, or with `@version` that version; raises ApiError 400 for a field of the other kind."""
        record = self._contents.models.require(call.name)
        reference = split_version(call.name)[1]
        version_id = record.version_id("default" if reference == "-" else reference)
        is_version = "@" in call.name and reference != "-"
        mask = call.field_mask() or [key for key in call.body if key not in {"name", "etag"}]
        allowed = _OF_VERSION if is_version else _OF_MODEL
        foreign = [path for path in mask if path.split(".")[0] not in allowed]
        if foreign:
            kind = "model version" if is_version else "model"
            raise ApiError.invalid(f"{', '.join(foreign)} of a {kind} cannot be updated; it takes {', '.join(allowed)}")
        sent = call.body.get("etag")
        if sent and sent != record.versions[version_id]["etag"]:
            raise ApiError.aborted(f"The etag {sent} of {call.name} is not the current one; read it again")
        masks.apply(record.versions[version_id] if is_version else record.document["model"], call.body, mask)
        record.touch(version_id)
        self._contents.models.put(record)
        return self._contents.models.view(f"{record.name}@{version_id}", versioned_name=is_version)

    @handles("projects.locations.models.delete")
    async def delete_model(self, call: Call) -> dict[str, Any]:
        """Make the model and all its versions go; raises ApiError 400 while one is deployed."""
        record = self._contents.models.require(call.name)
        deployed = self._contents.models.deployments(record.name)
        if deployed:
            raise ApiError.failed_precondition(
                f"The Model {record.name} is deployed to {deployed[0]['endpoint']}; undeploy it first"
            )

        async def work() -> dict[str, Any]:
            self._contents.models.remove(record.name)
            self._contents.cloud.policies.forget(API, record.name)
            for version_id in record.versions:
                self.forget_ingested(record.ingested(version_id))
            return dict(EMPTY)

        return await self._contents.operation(location_of(record.name), "DeleteOperationMetadata", work())

    @handles("projects.locations.models.listVersions")
    def list_versions(self, call: Call) -> dict[str, Any]:
        """Return every version of the model, oldest first."""
        record = self._contents.models.require(call.name)
        found = [self._contents.models.view(f"{record.name}@{version_id}") for version_id in record.versions]
        if call.query.get("orderBy", "").endswith("desc"):
            found.reverse()
        return paging.listed("models", matching(found, call.query.get("filter")), call.query, even_empty=True)

    @handles("projects.locations.models.mergeVersionAliases")
    def merge_version_aliases(self, call: Call) -> dict[str, Any]:
        """Give a version aliases, or take away what begins with a dash."""
        record = self._contents.models.require(call.name)
        version_id = record.version_id(split_version(call.name)[1])
        aliases = call.body.get("versionAliases") or []
        if not aliases:
            raise ApiError.invalid("version_aliases is empty: name at least one alias")
        record.merge_aliases(version_id, aliases)
        self._contents.models.put(record)
        return self._contents.models.view(f"{record.name}@{version_id}")

    @handles("projects.locations.models.deleteVersion")
    async def delete_version(self, call: Call) -> dict[str, Any]:
        """Make one version go; raises ApiError 400 for the only one, the default one, and a deployed one."""
        record = self._contents.models.require(call.name)
        version_id = record.version_id(split_version(call.name)[1])
        deployed = self._contents.models.deployments(record.name, version_id)
        if deployed:
            raise ApiError.failed_precondition(
                f"version {version_id} of {record.name} is deployed to {deployed[0]['endpoint']}; undeploy it first"
            )
        ingested = record.ingested(version_id)
        record.remove(version_id)

        async def work() -> dict[str, Any]:
            self._contents.models.put(record)
            self.forget_ingested(ingested)
            return dict(EMPTY)

        return await self._contents.operation(location_of(record.name), "DeleteOperationMetadata", work())

    def forget_ingested(self, ingested: dict[str, Any]) -> None:
        """Make an ingested artifact go; images stay, other versions may share them."""
        if ingested.get("artifact"):
            self._contents.artifacts.forget(ingested["artifact"])
