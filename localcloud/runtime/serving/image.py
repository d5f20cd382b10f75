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

    @classmethod
    def parse(cls, data: bytes) -> ImageConfig:
        """Return the configuration that an image's config blob holds; raises ValueError when it holds none."""
        document = msgspec.json.decode(data)
        config = document.get("config") or {}
        return cls(
            entrypoint=tuple(config.get("Entrypoint") or ()),
            cmd=tuple(config.get("Cmd") or ()),
            env=tuple(config.get("Env") or ()),
            working_dir=config.get("WorkingDir") or "/",
        )


@dataclass(frozen=True, slots=True)
class IngestedImage:
    """An image on this machine, ready to be started."""

    root: Path
    config: ImageConfig
