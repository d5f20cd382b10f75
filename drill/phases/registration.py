"""Phase 3: a data scientist trains a model and registers it in primary, where it is deployed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from drill.checks.golden import SERVED, golden_of, predicts_golden
from release.publish import publish
from release.release_file import read_release
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["MODEL", "Registration", "register"]

MODEL = "diagnosis"


class Registration:
    """Two versions, the second served; golden values from training alone."""

    title = "a real model is trained and registered in primary"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Push, stage, register, publish, reconcile, predict."""
        if drill.is_resumed:
            yield predicts_golden(drill, Side.PRIMARY)
            return
        primary = drill.settings[Side.PRIMARY]
        _wait_until_ready(drill)
        with drill.progress.step("push the serving image, publish the pipeline"):
            release = read_release(drill.root / "examples" / "diagnosis" / "release.toml")
            [published] = publish(primary, release, "1", sides=(Side.PRIMARY,), run=drill.processes.run)
        now = time.time()
        image = published.images[primary.service]
        drill.registered = type(drill.registered)(image=image, pushed_at=now, published_at=now, versions={})
        with drill.progress.step("register two versions with Google's SDK"):
            register(drill, "first", Side.PRIMARY, aliases=("previous",), is_default=True)
            register(drill, "second", Side.PRIMARY, aliases=("champion",), is_default=True)
        yield drill.check(
            "versions-differ-on-golden-inputs",
            holds=golden_of(drill, "first").predictions != golden_of(drill, SERVED).predictions,
            expected="the two versions answer the golden inputs differently",
            found="training computed two sets of golden values",
        )
        yield drill.job("reconcile_models", Side.PRIMARY)
        yield predicts_golden(drill, Side.PRIMARY)


def register(drill: Drill, name: str, side: Side, *, aliases: tuple[str, ...], is_default: bool) -> str:
    """Stage the trained version's artifact in the side's region and register it there; return its number."""
    own = drill.settings[side].own
    folder = drill.trained / name / "artifact"
    prefix = f"uploads/{name}"
    for file in sorted(folder.iterdir()):
        drill.user.stage(file.read_bytes(), bucket=own.staging_bucket, name=f"{prefix}/{file.name}")
    version = drill.user.register(
        MODEL,
        region=own.region,
        artifact=f"gs://{own.staging_bucket}/{prefix}",
        image=drill.registered.image.replace(drill.settings[Side.PRIMARY].own.region, own.region),
        aliases=aliases,
        labels={"trained-as": name, "team": "diagnosis"},
        description="Tells malignant from benign by thirty measurements of a cell.",
        version_description=f"Logistic regression, trained as {name}.",
        is_default=is_default,
    )
    drill.registered.versions[name] = version
    return version


def _wait_until_ready(drill: Drill) -> None:
    with drill.progress.step("training and SDK ready"):
        for beside in (drill.training, drill.sdk):
            if beside is not None:
                beside.result()
    settings = drill.settings[Side.PRIMARY]
    golden = (drill.trained / SERVED / "golden.json").read_bytes()
    drill.user.stage(golden, bucket=settings.artifact_bucket, name=f"golden/{settings.service}.json")
