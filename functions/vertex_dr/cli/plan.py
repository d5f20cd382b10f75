"""`vertex-dr plan`: the steps that would be done, and why; nothing is written."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import OnSide, capabilities
from vertex_dr.cli.output import AsJson, print_json, print_lines, print_table
from vertex_dr.cli.problems import left_out
from vertex_dr.replication.order import IN_ORDER, where

__all__ = ["plan"]


def plan(context: typer.Context, side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Show each step that `replicate --to` the side would do now, with its reason; nothing is written."""
    about = capabilities(context, side)
    to = about.settings.side
    on = {to: about, to.other: capabilities(context, to.other)}
    plans = {name: on[where(name, to=to)].replication.planned(name).plan() for name in IN_ORDER}
    if as_json:
        print_json(plans)
        return
    for name, found in plans.items():
        print_table(
            f"{name} on {where(name, to=to)}", ("subject", "step", "reason"),
            [(step.subject, type(step).__struct_config__.tag, step.reason) for step in found.steps],
        )  # fmt: skip
        print_lines(*left_out(found))
