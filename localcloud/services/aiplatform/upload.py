"""Upload and copy: how a model version comes into a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.runtime.serving.prebuilt import is_prebuilt
from localcloud.services.aiplatform.names import API, check_alias, check_model_id, split_version, typed
from localcloud.services.aiplatform.record import ModelRecord
from localcloud.services.artifactregistry.oci.reference import ImageReference

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.aiplatform.contents import Contents

_EXPORT_FORMATS = [{"id": "custom-trained", "exportableContents": ["ARTIFACT"]}]


class ModelUploads:
    """`models.upload` and `models.copy`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.models.upload")
    async def upload(self, call: Call) -> dict[str, Any]:
        """Start to ingest image and artifact into the region; what is missing fails the operation, not the call."""
        model = call.body.get("model") or {}
        region = call.location
        location = f"projects/{call.project}/locations/{region}"
        if not model.get("displayName"):
            raise ApiError.invalid("model.display_name is required")
        if not (model.get("containerSpec") or {}).get("imageUri"):
            raise ApiError.invalid("model.container_spec.image_uri is required")
        for alias in model.get("versionAliases", []):
            check_alias(alias)
        if model.get("artifactUri"):
            self._contents.artifacts.check_region(model["artifactUri"], region)
        name = self._new_name(location, call.body)

        async def work() -> dict[str, Any]:
            ingested = await self._ingest(model, region)
            formats = {"supportedExportFormats": _EXPORT_FORMATS} if ingested.get("artifact") else {}
            source = {"modelSourceInfo": {"sourceType": "CUSTOM"}}
            deployable = {"supportedDeploymentResourcesTypes": ["DEDICATED_RESOURCES"]}
            return self._register(
                name, call.body, model | formats | source | deployable, ingested, "UploadModelResponse"
            )

        return await self._contents.operation(location, "UploadModelOperationMetadata", work())

    @handles("projects.locations.models.copy")
    async def copy(self, call: Call) -> dict[str, Any]:
        """Start to copy a version of any region here; a dark source region fails the operation."""
        source = call.body.get("sourceModel", "")
        location = f"projects/{call.project}/locations/{call.location}"
        if len(source.split("/")) != len(["projects", "p", "locations", "l", "models", "m"]):
            raise ApiError.invalid(f"source_model {source!r} is no model: expected projects/…/locations/…/models/…")
        source = source.replace(
            f"projects/{self._contents.cloud.project_number}/", f"projects/{self._contents.cloud.project}/"
        )
        name = self._new_name(location, call.body)

        async def work() -> dict[str, Any]:
            source_region = source.split("/")[3]
            if self._contents.cloud.switches.is_dark(source_region, API):
                raise ApiError.unavailable(f"cannot copy {source}: {source_region} does not answer; copy it later")
            record = self._contents.models.require(source)
            version_id = record.version_id(split_version(source)[1])
            ingested = dict(record.ingested(version_id))
            if ingested.get("artifact"):
                ingested["artifact"] = self._contents.artifacts.ingest(ingested["artifact"], call.location)
            model = record.view(version_id) | {"originalModelInfo": {"model": record.name}}
            del model["versionAliases"]
            return self._register(name, call.body, model, ingested, "CopyModelResponse")

        return await self._contents.operation(location, "CopyModelOperationMetadata", work())

    def _new_name(self, location: str, body: dict[str, Any]) -> str:
        """Return the name of the model that gets the version: the parent's, the chosen one, or a new number."""
        parent, model_id = body.get("parentModel"), body.get("modelId")
        if parent:
            project_id = f"projects/{self._contents.cloud.project}/"
            parent = split_version(parent.replace(f"projects/{self._contents.cloud.project_number}/", project_id))[0]
            if "/" not in parent:
                parent = f"{location}/models/{parent}"
            if not parent.startswith(f"{location}/models/"):
                raise ApiError.invalid(f"parent_model {parent} is not a model of {location}")
            return self._contents.models.require(parent).name
        name = f"{location}/models/{check_model_id(model_id) if model_id else self._contents.cloud.store.next_id()}"
        if self._contents.models.find(name):
            raise ApiError.already_exists(f"The Model {name} already exists; name it as parent_model to add a version")
        return name

    async def _ingest(self, model: dict[str, Any], region: str) -> dict[str, Any]:
        image_uri = model["containerSpec"]["imageUri"]
        ingested: dict[str, Any] = {}
        if is_prebuilt(image_uri):
            ingested["prebuilt"] = image_uri
            if not model.get("artifactUri"):
                raise ApiError.failed_precondition(
                    f"a prebuilt image needs artifact_uri: {image_uri} serves a file there"
                )
        else:
            ingested["image"] = await self._ingest_image(image_uri)
        if model.get("artifactUri"):
            ingested["artifact"] = self._contents.artifacts.ingest(model["artifactUri"], region)
        return ingested

    async def _ingest_image(self, image_uri: str) -> str:
        reference = ImageReference.parse(image_uri)
        if reference is None:
            raise ApiError.failed_precondition(
                f"cannot ingest the image {image_uri!r}: expected {{region}}-docker.pkg.dev/project/repository/image"
            )
        if self._contents.cloud.switches.is_dark(reference.location, "docker"):
            raise ApiError.unavailable(f"cannot ingest the image {image_uri}: {reference.location} does not answer")
        registry = self._contents.registries.contents.registry(reference.location)
        if registry is None:
            raise ApiError.failed_precondition(
                f"cannot ingest the image {image_uri}: localcloud runs no registry in {reference.location}"
            )
        self._contents.require_readable(reference.location, reference.name)
        return await self._contents.images.ingest(registry, reference.name, reference.reference)

    def _register(
        self, name: str, body: dict[str, Any], model: dict[str, Any], ingested: dict[str, Any], response: str
    ) -> dict[str, Any]:
        record = self._contents.models.find(name)
        if record is not None and not body.get("parentModel"):
            raise ApiError.already_exists(f"The Model {name} already exists; name it as parent_model to add a version")
        record = record or ModelRecord.empty(name)
        version_id = record.add(model, ingested)
        self._contents.models.put(record)
        return typed(response, {"model": name, "modelVersionId": version_id})
