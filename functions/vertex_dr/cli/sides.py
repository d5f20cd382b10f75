"""Which side a command is about: the environment's, or the one that --side names."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side

__all__ = ["OnSide", "settings_for"]

OnSide = Annotated[
    Side | None, typer.Option("--side", help="The side that it is about; default: VERTEX_DR_SIDE.", show_default=False)
]


def settings_for(side: Side | None) -> Settings:
    """Return the environment's settings as that side has them; raises BadSettings."""
    settings = Settings.from_environment()
    return settings if side is None else msgspec.structs.replace(settings, side=side)
