"""What a command works with: the capabilities of the side that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.cli.sides import settings_for
from vertex_dr.wiring.capabilities import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    import typer

    from vertex_dr.kernel.sides import Side

__all__ = ["capabilities"]


def capabilities(context: typer.Context, side: Side | None = None) -> Capabilities:
    """Return what the environment's side, or the given one, can do; raises BadSettings.

    The ports are Google's unless the command was started with others as its context's object, as tests do.
    """
    settings = settings_for(side)
    connect = context.obj or GooglePorts
    return Capabilities(settings, connect(settings))
