"""What a command works with: the capabilities of the side that it is about, made from the environment's settings.

A command gets them here and nowhere else. Its context's object (`context.obj`) is a `Connect`, what makes ports from
settings: None is Google's, and tests start commands with ports in memory.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import Capabilities, Connect
from vertex_dr.wiring.google_ports import GooglePorts

__all__ = ["OnSide", "capabilities"]

OnSide = Annotated[
    Side | None, typer.Option("--side", help="The side that it is about; default: VERTEX_DR_SIDE.", show_default=False)
]


def capabilities(context: typer.Context, side: Side | None = None) -> Capabilities:
    """Return what the given side, or else the environment's, can do; raises BadSettings."""
    settings = Settings.from_environment()
    if side is not None:
        settings = msgspec.structs.replace(settings, side=side)
    connect: Connect = context.obj or GooglePorts
    return Capabilities(settings, connect(settings))
