"""The model registry of every region, as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.services.aiplatform.names import split_version
from localcloud.services.aiplatform.record import ModelRecord

if TYPE_CHECKING:
    from localcloud.core.store import Store

_API = "aiplatform"


class ModelRegistry:
    """Models by name; a name may carry `@version` or `@alias`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> ModelRecord | None:
        """Return the model of this name, None when there is none."""
        model = split_version(name)[0]
        document = self._store.get(_API, model)
        return ModelRecord(model, document) if document else None

    def require(self, name: str) -> ModelRecord:
        """Return the model of this name; raises ApiError 404."""
        found = self.find(name)
        if found is None:
            raise ApiError.not_found(f"The Model {split_version(name)[0]} does not exist.")
        return found

    def put(self, record: ModelRecord) -> None:
        """Make the registry hold the record as it is now. Repeating is safe."""
        self._store.put(_API, record.name, record.document)

    def remove(self, name: str) -> None:
        """Make the model not exist. Repeating is safe."""
        self._store.delete(_API, name)

    def of_location(self, location: str) -> list[ModelRecord]:
        """Return the models of one location (`projects/…/locations/…`), sorted by name."""
        return [ModelRecord(found["name"], found) for found in self._store.children(_API, location, "models")]

    def view(self, name: str, *, versioned_name: bool | None = None) -> dict[str, Any]:
        """Return the version that the name means, with the deployments it has; raises ApiError 404."""
        record = self.require(name)
        reference = split_version(name)[1]
        versioned = "@" in name if versioned_name is None else versioned_name
        shown = record.view(reference, versioned_name=versioned)
        deployed = self.deployments(record.name, shown["versionId"])
        return shown | ({"deployedModels": deployed} if deployed else {})

    def deployments(self, model: str, version_id: str | None = None) -> list[dict[str, str]]:
        """Return where the model, or one version of it, is deployed in its location."""
        location = "/".join(model.split("/")[:4])
        return [
            {"endpoint": endpoint["name"], "deployedModelId": deployed["id"]}
            for endpoint in self._store.children(_API, location, "endpoints")
            for deployed in endpoint.get("deployedModels", [])
            if deployed["model"] == model and version_id in {None, deployed["modelVersionId"]}
        ]
