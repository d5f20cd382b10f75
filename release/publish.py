"""What CI's publish step does: the serving image and the compiled pipeline into the sides' repositories.

`python -m release.publish [TAG]`, by way of `make publish`; settings come from the environment.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from release.image_push import ImagePush, run_command
from vertex_dr.kernel.errors import NotFound, VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release.image_push import Run

__all__ = ["Published", "main", "publish"]

_LAYOUT = Path("build/serving-image")
_PIPELINE = Path("build/pipelines/diagnosis-training.yaml")


class Published(Record, frozen=True, kw_only=True):
    """What one side's repositories hold now: the image by digest, and the version of the pipeline."""

    side: Side
    image: str
    pipeline: str


def publish(
    settings: Settings, tag: str, *, sides: Iterable[Side] = tuple(Side), run: Run = run_command
) -> list[Published]:
    """Make these sides hold the image and the pipeline under that tag; return what each holds. Repeating is safe.

    Raises NotFound when set-up has not built them, and Unreachable when a repository does not take one.
    """
    if not _PIPELINE.exists():
        raise NotFound("publish the pipeline", found=f"{_PIPELINE} is missing", then="run make setup")
    ports, content = GooglePorts(settings), _PIPELINE.read_bytes()
    tags = tuple(dict.fromkeys(("latest", tag)))
    return [
        Published(
            side=side,
            image=ImagePush(ports.clients, side).push(_LAYOUT, image=settings.service, tag=tag, run=run),
            pipeline=ports.pipelines(side).publish(_PIPELINE.stem, content, tags=tags),
        )
        for side in sides
    ]


def main(arguments: list[str]) -> int:
    """Publish, print two lines a side, and return the exit code."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.stderr.write("usage: scripts/publish [TAG]\n")
        return 2
    try:
        for published in publish(Settings.from_environment(), arguments[0] if arguments else "latest"):
            sys.stdout.write(f"published {published.image}\npublished {published.pipeline} on {published.side}\n")
    except VertexDrError as error:
        sys.stderr.write(f"publish: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
