"""What CI's publish step does: images and compiled pipelines into the sides' repositories.

`python -m release.publish --file FILE [--side SIDE] [--tag TAG]`, by way of `make publish`; settings come from the
environment.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from release.commands import run_command
from release.image_push import ImagePush
from release.image_source import resolve_image
from release.release_file import read_release
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release.commands import Run
    from release.release_file import Release

__all__ = ["Published", "main", "publish"]


class Published(Record, frozen=True, kw_only=True):
    """What one side's repositories hold now, by name: images by reference with digest, pipelines by version."""

    side: Side
    images: dict[str, str]
    pipelines: dict[str, str]


def publish(
    settings: Settings, release: Release, tag: str, *, sides: Iterable[Side] = tuple(Side), run: Run = run_command
) -> list[Published]:
    """Make these sides hold the images and pipelines under that tag; return what each holds. Repeating is safe.

    Digests are resolved before anything is pushed, so that both sides get the same images. Raises NotFound for an image
    that was not built, and Unreachable when a registry or repository does not answer or does not take one.
    """
    images = [resolve_image(image, run=run) for image in release.images]
    ports = GooglePorts(settings)
    tags = tuple(dict.fromkeys(("latest", tag)))
    return [
        Published(
            side=side,
            images={image.name: ImagePush(ports.clients, side).push(image, tag=tag, run=run) for image in images},
            pipelines={
                pipeline.package: ports.pipelines(side).publish(pipeline.package, pipeline.content, tags=tags)
                for pipeline in release.pipelines
            },
        )
        for side in sides
    ]


def main(arguments: list[str]) -> int:
    """Publish, print a line for each image and pipeline of a side, and return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/publish", description="Publish images and pipelines to both sides.")
    parser.add_argument("--file", type=Path, required=True, help="the TOML file that names them")
    parser.add_argument("--side", choices=[str(side) for side in Side], help="this side alone, when the other is dark")
    parser.add_argument("--tag", default="latest", help="what images and pipelines are tagged as")
    asked = parser.parse_args(arguments)
    try:
        sides = (Side(asked.side),) if asked.side else tuple(Side)
        for published in publish(Settings.from_environment(), read_release(asked.file), asked.tag, sides=sides):
            lines = [f"published {reference}" for reference in published.images.values()]
            pipelines = published.pipelines.items()
            lines += [f"published {name}@{version} on {published.side}" for name, version in pipelines]
            sys.stdout.write("".join(f"{line}\n" for line in lines))
    except VertexDrError as error:
        sys.stderr.write(f"publish: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
