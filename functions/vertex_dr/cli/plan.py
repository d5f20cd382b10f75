"""`vertex-dr plan`: the steps that would be done, and why; nothing is written."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import OnSide, capabilities
from vertex_dr.cli.output import AsJson, print_json, print_lines, print_table
from vertex_dr.cli.problems import left_out

__all__ = ["plan"]


def plan(context: typer.Context, side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Show each step that replication would do on the side now, with its reason; nothing is written."""
    about = capabilities(context, side)
    plans = {name: use.plan() for name, use in about.replication.in_order.items()}
    if as_json:
        print_json(plans)
        return
    for name, found in plans.items():
        print_table(
            f"{name} on {about.settings.side}", ("subject", "step", "reason"),
            [(step.subject, type(step).__struct_config__.tag, step.reason) for step in found.steps],
        )  # fmt: skip
        print_lines(*left_out(found))
