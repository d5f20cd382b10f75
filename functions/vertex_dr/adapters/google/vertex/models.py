"""The model registry of one region, on Vertex AI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.adapters.google.vertex.operations import LIMIT_SECONDS, Operations
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.replication.records import ContainerSpec, RegisteredVersion

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.replication.records import NewVersion

__all__ = ["VertexModels"]

# ruff: noqa: PLC0415 - the messages are loaded by whoever starts an operation, after the client that needs them anyway

_CUSTOM_TRAINED = "custom-trained"


@dataclass(frozen=True)
class VertexModels:
    """Implements replication's ModelRegistry for one region."""

    clients: Clients
    region: str
    limit_seconds: float = LIMIT_SECONDS  # how long an operation is waited for; the next run goes on with it

    @cached_property
    def _client(self) -> Any:
        return self.clients.models(self.region)

    @property
    def _operations(self) -> Operations:
        return Operations(self.clients, self._client, limit_seconds=self.limit_seconds)

    @property
    def _parent(self) -> str:
        return f"projects/{self.clients.settings.project}/locations/{self.region}"

    def _name(self, model: str, version: str = "") -> str:
        return f"{self._parent}/models/{model}" + (f"@{version}" if version else "")

    def versions(self, model: str | None = None) -> tuple[RegisteredVersion, ...]:
        """Return every version of the model, or of every model, oldest first within a model."""
        names = [self._name(model)] if model else self._models()
        return tuple(version for name in names for version in self._versions_of(name))

    def _models(self) -> list[str]:
        listed = ask(
            f"list the models in {self.region}",
            lambda: list(self._client.list_models(parent=self._parent, timeout=CALL_SECONDS)),
        )
        return sorted({model.name.partition("@")[0] for model in listed})

    def _versions_of(self, name: str) -> list[RegisteredVersion]:
        try:
            listed = ask(
                f"list the versions of {name}",
                lambda: list(self._client.list_model_versions(name=name, timeout=CALL_SECONDS)),
            )
        except NotFound:
            return []
        return sorted((_registered_version(version) for version in listed), key=lambda v: int(v.version))

    def export(self, model: str, version: str, *, to: str) -> str:
        """Export the artifact into a new folder below the gs:// prefix and return that folder's gs:// address."""
        from google.cloud.aiplatform_v1.types import ExportModelOperationMetadata, ExportModelResponse

        name = self._name(model, version)
        config = {
            "export_format_id": _CUSTOM_TRAINED,
            "artifact_destination": {"output_uri_prefix": to},
        }
        tried = f"export {name} to {to}"
        operation = self._operations.once(
            tried,
            lambda: self._client.export_model(name=name, output_config=config, timeout=CALL_SECONDS),
            kinds=(ExportModelResponse, ExportModelOperationMetadata),
            still_there=lambda _: False,  # what an ended export wrote may have expired: another one loses nothing
        )
        folder = operation.metadata.output_info.artifact_output_uri
        if not folder:
            raise BadInput(
                tried,
                found="Vertex AI named no folder that it exported to",
                then="look at the version's artifact, and register it again with one",
            )
        return str(folder).rstrip("/") + "/"

    def upload(self, new: NewVersion) -> str:
        """Register the version, the first one of a model under that very id, and return its number."""
        from google.cloud.aiplatform_v1.types import UploadModelOperationMetadata, UploadModelResponse

        request: dict[str, Any] = {"parent": self._parent, "model": _model_message(new)}
        name = self._name(new.model)
        if self.versions(new.model):
            request["parent_model"] = name
        else:
            request["model_id"] = new.model
        operation = self._operations.once(
            f"register a version of {name} from {new.artifact_uri} with the image {new.container.image}",
            lambda: self._client.upload_model(request=request, timeout=CALL_SECONDS),
            kinds=(UploadModelResponse, UploadModelOperationMetadata),
            still_there=lambda done: done.model_version_id in {v.version for v in self.versions(new.model)},
        )
        return str(operation.result().model_version_id)

    def set_aliases(self, model: str, version: str, *, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        """Move the aliases in add to this version and take those in remove from it."""
        name = self._name(model, version)
        aliases = [*add, *(f"-{alias}" for alias in remove)]
        ask(
            f"set the aliases {', '.join(aliases)} of {name}",
            lambda: self._client.merge_version_aliases(name=name, version_aliases=aliases, timeout=CALL_SECONDS),
        )

    def describe(self, new: NewVersion, *, version: str) -> None:
        """Give the version the names, descriptions and labels of new."""
        # One request may not change the model and its version: names belong to the one, labels to the other.
        self._update(self._name(new.model), {"display_name": new.display_name, "description": new.description})
        self._update(
            self._name(new.model, version),
            {"version_description": new.version_description, "labels": dict(new.labels)},
        )

    def _update(self, name: str, fields: dict[str, Any]) -> None:
        request = {"model": {"name": name, **fields}, "update_mask": {"paths": list(fields)}}
        ask(f"describe {name}", lambda: self._client.update_model(request=request, timeout=CALL_SECONDS))


def _instant(moment: Any) -> datetime:
    """Return a protobuf timestamp as a plain datetime in UTC: the client's own class does not print as JSON."""
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)


def _registered_version(model: Any) -> RegisteredVersion:
    """Return the record of one Model message as list_model_versions gives it."""
    spec = model.container_spec
    moment = model.version_create_time or model.create_time
    return RegisteredVersion(
        model=model.name.rpartition("/")[2].partition("@")[0],
        version=str(model.version_id),
        display_name=model.display_name,
        description=model.description,
        version_description=model.version_description,
        labels=dict(model.labels),
        aliases=tuple(model.version_aliases),
        created_at=_instant(moment),
        artifact_uri=model.artifact_uri,
        container=ContainerSpec(
            image=spec.image_uri,
            command=tuple(spec.command),
            args=tuple(spec.args),
            env={variable.name: variable.value for variable in spec.env},
            ports=tuple(port.container_port for port in spec.ports),
            predict_route=spec.predict_route,
            health_route=spec.health_route,
        ),
    )


def _model_message(new: NewVersion) -> dict[str, Any]:
    """Return what models.upload takes for the version."""
    spec = new.container
    return {
        "display_name": new.display_name,
        "description": new.description,
        "version_description": new.version_description,
        "labels": dict(new.labels),
        "version_aliases": list(new.aliases),
        "artifact_uri": new.artifact_uri.rstrip("/"),
        "container_spec": {
            "image_uri": spec.image,
            "command": list(spec.command),
            "args": list(spec.args),
            "env": [{"name": name, "value": value} for name, value in spec.env.items()],
            "ports": [{"container_port": port} for port in spec.ports],
            "predict_route": spec.predict_route,
            "health_route": spec.health_route,
        },
    }
