"""The sabotages that do something, and do not just leave a step out: each is a mistake that a person could make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from drill.context import Drill

__all__ = ["corrupt_staged_artifact", "serve_older_version"]


def corrupt_staged_artifact(drill: Drill) -> None:
    """Stage dr's import as the import itself does, then write one file again with one byte changed."""
    bucket = drill.settings[Side.DR].own.staging_bucket
    with drill.progress.step("sabotage: change one byte of a staged file"):
        importing = drill.capabilities(Side.DR).replication.import_models
        importing.apply(importing.plan().only("stage-file"))
        store = drill.ports(Side.DR).artifacts
        prefix = f"gs://{bucket}/imports/"
        name = next(name for name in store.files(prefix) if name.endswith("model.joblib"))
        content = bytearray(store.read(prefix + name))
        content[len(content) // 2] ^= 1
        drill.user.stage(bytes(content), bucket=bucket, name=f"imports/{name}")


def serve_older_version(drill: Drill) -> None:
    """Let dr's endpoint serve dr's replica of the version that was registered first."""
    settings = drill.settings[Side.DR]
    origin = f"{Side.PRIMARY}-{drill.registered.versions['first']}"
    replicas = drill.inventory(Side.DR).model_versions
    older = next(version for version in replicas if str(version.origin) == origin)
    with drill.progress.step("sabotage: dr serves the older version"):
        drill.user.serve_instead(
            region=settings.own.region, endpoint=settings.own.endpoint, model=older.model, version=older.version
        )
