"""The faults that a drill can be told to make: each breaks one thing, and each must fail the drill by its name.

Most leave a step out of a phase; those that take an act do it through a public interface, as somebody could by mistake.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from drill.context import Drill

__all__ = ["Sabotage", "corrupt_staged_artifact", "serve_older_version"]


class Sabotage(StrEnum):
    """One thing broken on purpose."""

    MODEL_NOT_REPLICATED = "model-not-replicated"
    IMAGE_NOT_MIRRORED = "image-not-mirrored"
    ARTIFACT_CORRUPTED = "artifact-corrupted"
    GOLDEN_MISMATCH = "golden-mismatch"
    SELECTOR_UNREACHABLE = "selector-unreachable"
    FLIP_SUPPRESSED = "flip-suppressed"
    PLAN_NOT_EMPTY = "plan-not-empty"

    @classmethod
    def parse(cls, name: str) -> Sabotage:
        """Return the sabotage of that name; raises BadInput that lists the names when there is none."""
        for sabotage in cls:
            if sabotage.value == name:
                return sabotage
        raise BadInput(
            f"sabotage the drill with {name!r}",
            found="there is no sabotage of that name",
            then=f"give one of {', '.join(s.value for s in cls)}",
        )


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
