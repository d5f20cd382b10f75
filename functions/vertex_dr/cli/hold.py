"""`vertex-dr hold` and `release`: whether probes may flip the selector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vertex_dr.cli.capabilities import capabilities
from vertex_dr.cli.flip import operator
from vertex_dr.cli.output import AsJson, print_json, print_lines

if TYPE_CHECKING:
    from vertex_dr.traffic.records import Selector

__all__ = ["hold", "release"]


def hold(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="Why; status shows it until the release.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Keep probes from flipping the selector until the release; a flip by hand stays possible."""
    _show(capabilities(context).traffic.hold.run(by=operator(), reason=reason), as_json=as_json)


def release(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Let probes flip the selector again; nothing changes when it is not held."""
    _show(capabilities(context).traffic.release.run(), as_json=as_json)


def _show(selector: Selector, *, as_json: bool) -> None:
    if as_json:
        print_json(selector)
        return
    kept = selector.hold
    print_lines(
        f"{selector.active} stays active under epoch {selector.epoch}: held by {kept.by}: {kept.reason}"
        if kept
        else f"{selector.active} is active under epoch {selector.epoch}, and probes may flip it"
    )
