"""Export: the artifact of a version, written to a folder of its own in a bucket of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.aiplatform.contents import Contents, location_of
from localcloud.services.aiplatform.names import split_version, typed

if TYPE_CHECKING:
    from localcloud.core.call import Call

_FORMAT = "custom-trained"


class ModelExports:
    """`models.export`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.models.export")
    async def export(self, call: Call) -> dict[str, Any]:
        """Start to write the version's artifact; the operation's metadata says where. Raises ApiError 400."""
        record = self._contents.models.require(call.name)
        version_id = record.version_id(split_version(call.name)[1])
        config = call.body.get("outputConfig") or {}
        prefix = (config.get("artifactDestination") or {}).get("outputUriPrefix")
        if config.get("exportFormatId") != _FORMAT:
            raise ApiError.invalid(
                f"The Model {record.name} cannot be exported as {config.get('exportFormatId')!r}; it supports {_FORMAT}"
            )
        if config.get("imageDestination") or not prefix:
            raise ApiError.invalid(
                f"export of {_FORMAT} writes the artifact: set artifact_destination, no image_destination"
            )
        ingested = record.ingested(version_id).get("artifact")
        if not ingested:
            raise ApiError.failed_precondition(f"version {version_id} of {record.name} has no artifact to export")
        self._contents.artifacts.check_region(prefix, call.location)
        folder = f"{prefix.rstrip('/')}/model-{record.name.rpartition('/')[2]}/{_FORMAT}/{now()}"

        async def work() -> dict[str, Any]:
            self._contents.artifacts.export(ingested, folder)
            return typed("ExportModelResponse", {})

        return await self._contents.operation(
            location_of(record.name),
            "ExportModelOperationMetadata",
            work(),
            {"outputInfo": {"artifactOutputUri": folder}},
        )
