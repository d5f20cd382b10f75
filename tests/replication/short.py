"""Inventories in short: `primary-2 default champion image=other unexported` is one model version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.assets import Origin
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.artifacts import ArtifactDigest, FileDigest
from vertex_dr.replication.records import ContainerSpec, Image, Inventory, ModelVersion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from vertex_dr.replication.steps import Plan

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
REGIONS = {Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"}
FLAGS = {"unexported", "exported", "undigested", "prebuilt"}


def cases(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the cases of the decision table below the folder."""
    found: list[dict[str, Any]] = json.loads((folder / "cases" / f"{name}.json").read_text())
    return found


def digest(image: str) -> str:
    return "sha256:" + image.encode().hex().rjust(64, "0")


def inventory(side: Side, versions: Iterable[str], **more: Any) -> Inventory:
    """Return the side's inventory with these versions and the image `server`."""
    found = [_version(side, text, str(number)) for number, text in enumerate(versions, start=1)]
    fields: dict[str, Any] = {"images": (Image(name="server", digest=digest("server")),)} | more
    return Inventory(side=side, region=REGIONS[side], observed_at=AT, epoch=1, model_versions=tuple(found), **fields)


def _version(side: Side, text: str, number: str) -> ModelVersion:
    name, *words = text.split()
    given = dict(word.split("=", 1) for word in words if "=" in word)
    flags = {word for word in words if word in FLAGS}
    origin = Origin.parse(name)
    model = given.get("model", "diagnosis")
    files = {"weights.json": FileDigest(crc32c=f"{name}==", size=9)}
    artifact = ArtifactDigest.of(f"gs://artifacts/models/{model}/{name}/", files)
    image = given.get("image", "server")
    uri = f"{REGIONS[side]}-docker.pkg.dev/demo/vdr-images/{image}@{digest(image)}"
    if "undigested" in flags:
        uri = uri.partition("@")[0] + ":v1"
    if "prebuilt" in flags:
        uri = "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest"
    return ModelVersion(
        model=model,
        origin=origin,
        version=number,
        display_name="Diagnosis",
        description=given.get("description", "tells good from bad"),
        labels={"team": given.get("label", "ml")},
        aliases=tuple(sorted(word for word in words if "=" not in word and word not in FLAGS)),
        created_at=AT,
        container=ContainerSpec(image=uri, predict_route="/predict", health_route="/health"),
        artifact=None if "unexported" in flags else artifact,
        ingested_digest=None if origin.side == side else given.get("digest", artifact.label),
    )


def spelled(name: str, plan: Plan) -> str:
    """Return the plan for a reviewer: a line a step with its reason, then what was left out."""
    lines = [f"## {name}"]
    for step in plan.steps:
        fields = {f: getattr(step, f) for f in step.__struct_fields__ if f not in {"reason", "subject"}}
        shown = ", ".join(
            f"{k}={v}" for k, v in fields.items() if isinstance(v, str | tuple | int) and v not in ("", ())
        )
        lines += [f"{step.__struct_config__.tag}: {step.subject}", f"    {shown}", f"    because {step.reason}"]
    lines += [f"left out: {s.subject} ({s.check})\n    because {s.problem}" for s in plan.skipped]
    return "\n".join([*lines, "" if plan.steps or plan.skipped else "nothing to do\n"]) + "\n"
