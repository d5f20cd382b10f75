"""What a user publishes: a TOML file that names images and compiled pipelines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ImageToPublish", "PipelineToPublish", "Release", "read_release"]

_REGISTRY = "docker://"
_IMAGE_NAME = re.compile(r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*")


class ImageToPublish(Record, frozen=True, kw_only=True):
    """An image, and where it is taken from: the folder of an OCI layout, or `docker://` with a registry's reference."""

    name: str
    source: str

    @property
    def is_in_registry(self) -> bool:
        """Whether a registry has the image, and not a folder."""
        return self.source.startswith(_REGISTRY)


class PipelineToPublish(Record, frozen=True, kw_only=True):
    """A compiled pipeline under the name that it carries."""

    package: str
    content: bytes


class Release(Record, frozen=True, kw_only=True):
    """What is published together, paths made absolute and pipelines read."""

    images: tuple[ImageToPublish, ...]
    pipelines: tuple[PipelineToPublish, ...]


class _PipelineEntry(Record, frozen=True, kw_only=True):
    spec: str


class _ReleaseFile(Record, frozen=True, kw_only=True):
    images: tuple[ImageToPublish, ...] = ()
    pipelines: tuple[_PipelineEntry, ...] = ()


def read_release(file: Path) -> Release:
    """Return what the file names; raises NotFound without it, and BadInput that lists all that is wrong with it."""
    tried = f"read what is to be published from {file}"
    try:
        entries = msgspec.toml.decode(file.read_bytes(), type=_ReleaseFile)
    except FileNotFoundError:
        raise NotFound(tried, found="there is no such file", then="name one with FILE=path/to/release.toml") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadInput(tried, found=str(error), then="mend it after examples/diagnosis/release.toml") from error
    problems: list[str] = []
    images = tuple(_image(entry, file.parent, problems) for entry in entries.images)
    specs = [file.parent / entry.spec for entry in entries.pipelines]
    pipelines = tuple(found for spec in specs if (found := _pipeline(spec, problems)) is not None)
    problems += _named_twice("image", [image.name for image in images])
    problems += _named_twice("pipeline", [pipeline.package for pipeline in pipelines])
    if not entries.images and not entries.pipelines:
        problems.append("it names neither [[images]] nor [[pipelines]]")
    if problems:
        raise BadInput(tried, found="; ".join(problems), then="mend each; nothing was published")
    return Release(images=images, pipelines=pipelines)


def _image(entry: ImageToPublish, folder: Path, problems: list[str]) -> ImageToPublish:
    if not _IMAGE_NAME.fullmatch(entry.name):
        problems.append(f"{entry.name!r} is no name of an image: lower case, digits and single separators")
    if entry.is_in_registry:
        return entry
    layout = folder / entry.source
    if not (layout / "index.json").is_file():
        problems.append(
            f"the image {entry.name} has no OCI layout in {layout}: build it (make setup builds the example's), or "
            f"name a registry's reference with {_REGISTRY}"
        )
    return msgspec.structs.replace(entry, source=str(layout.resolve()))


def _pipeline(spec: Path, problems: list[str]) -> PipelineToPublish | None:
    try:
        content = spec.read_bytes()
        document: Any = next(iter(yaml.safe_load_all(content)), None)
        package = str(document["pipelineInfo"]["name"])
    except FileNotFoundError:
        problems.append(f"there is no pipeline spec {spec}: compile it (make setup compiles the example's)")
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        problems.append(f"{spec} is no compiled pipeline: found no pipelineInfo.name")
    else:
        return PipelineToPublish(package=package, content=content)
    return None


def _named_twice(kind: str, names: list[str]) -> Iterator[str]:
    return (f"the {kind} {name} is named twice" for name in sorted({name for name in names if names.count(name) > 1}))
