"""An image on this machine, and how its maker wants it started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class ImageConfig(msgspec.Struct, frozen=True, kw_only=True):
    """The part of an image's configuration that starting a process needs."""

    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    working_dir: str = "/"
    user: str = ""
    diff_ids: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> ImageConfig:
        """Return the configuration that an image's config blob holds; raises ValueError when it holds none."""
        try:
            found = msgspec.json.decode(data, type=_Document)
        except msgspec.DecodeError as error:
            raise ValueError(f"the image's config is damaged: {error}") from error
        config = found.config or _Config()
        return cls(
            entrypoint=config.entrypoint or (),
            cmd=config.cmd or (),
            env=config.env or (),
            working_dir=config.working_dir or "/",
            user=config.user or "",
            diff_ids=found.rootfs.diff_ids or (),
        )


class _Config(msgspec.Struct, rename="pascal"):
    """The names of the OCI image specification; each may be null."""

    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    env: tuple[str, ...] | None = None
    working_dir: str | None = None
    user: str | None = None


class _RootFs(msgspec.Struct):
    diff_ids: tuple[str, ...] | None = None


class _Document(msgspec.Struct):
    rootfs: _RootFs
    config: _Config | None = None


@dataclass(frozen=True, slots=True)
class IngestedImage:
    """An image on this machine, ready to be started."""

    root: Path
    config: ImageConfig
