"""Vertex AI's messages and replication's records, one turned into the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vertex_dr.replication.records import ContainerSpec, RegisteredVersion

if TYPE_CHECKING:
    from vertex_dr.replication.records import NewVersion

__all__ = ["instant", "model_message", "registered_version"]


def instant(moment: Any) -> datetime:
    """Return a protobuf timestamp as a plain datetime in UTC: the client's own class does not print as JSON."""
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)


def registered_version(model: Any) -> RegisteredVersion:
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
        created_at=instant(moment),
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


def model_message(new: NewVersion) -> dict[str, Any]:
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
