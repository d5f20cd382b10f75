"""What CI's publish step does: the serving image and the compiled pipeline into both sides' repositories.

`python -m vertex_dr.cli.publish [TAG]`, by way of `make publish`; settings come from the environment.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import msgspec

from drill.machines import images
from drill.machines.processes import Processes
from vertex_dr.kernel.errors import NotFound, VertexDrError
from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side

__all__ = ["main", "publish"]

_LAYOUT = Path("build/serving-image")
_PIPELINE = Path("build/pipelines/diagnosis-training.yaml")


def publish(settings: Settings, tag: str) -> list[str]:
    """Make both sides hold the image and the pipeline under that tag; return what was published. Repeating is safe.

    Raises NotFound when set-up has not built them, and Unreachable when a repository does not take one.
    """
    from drill.machines.sdk_user import SdkUser  # noqa: PLC0415 - only this verb pays for it

    if not _PIPELINE.exists():
        raise NotFound("publish the pipeline", found=f"{_PIPELINE} is missing", then="run make setup")
    user = SdkUser(settings.project, settings.endpoints)
    published = []
    with tempfile.TemporaryDirectory() as folder:
        processes = Processes(Path(folder) / "processes.json")
        for side in Side:
            there = msgspec.structs.replace(settings, side=side)
            token = None if settings.endpoints.of("docker", there.own.region) else user.access_token()
            published.append(images.push(processes, _LAYOUT, settings=there, tag=tag, token=token))
            version = user.publish_pipeline(
                _PIPELINE,
                region=there.own.region,
                repository=there.own.pipeline_repository,
                tags=tuple(dict.fromkeys(("latest", tag))),
            )
            published.append(f"{there.own.region}: {version}")
    return published


def main(arguments: list[str]) -> int:
    """Publish, print one line a thing, and return the exit code."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.stderr.write("usage: scripts/publish [TAG]\n")
        return 2
    try:
        for line in publish(Settings.from_environment(), arguments[0] if arguments else "latest"):
            sys.stdout.write(f"published {line}\n")
    except VertexDrError as error:
        sys.stderr.write(f"publish: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
