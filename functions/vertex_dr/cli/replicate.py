"""`vertex-dr replicate`: bring a side what the other has."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from vertex_dr.cli.capabilities import capabilities
from vertex_dr.cli.output import AsJson, ended, print_json, print_lines, print_table
from vertex_dr.cli.problems import failures
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import worst
from vertex_dr.replication.order import IN_ORDER, where

__all__ = ["replicate"]


def replicate(
    context: typer.Context,
    to: Annotated[Side, typer.Option(help="The side that is brought up to date.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Export from the other side, then mirror images, publish pipelines and import models on this one.

    Repeating is safe: what is there already is left alone.
    """
    progress = Console(stderr=True)
    on = {side: capabilities(context, side) for side in Side}
    journals = {}
    for name in IN_ORDER:
        side = where(name, to=to)
        with progress.status(f"{name} on {side}"):
            journals[name] = on[side].replication.planned(name).run()
    if as_json:
        print_json(journals)
    else:
        print_table(
            f"replicated to {to}", ("what", "verdict", "steps"),
            [(name, journal.verdict, len(journal.entries)) for name, journal in journals.items()],
        )  # fmt: skip
        for name, journal in journals.items():
            print_lines(*(f"{name}: {line}" for line in failures(journal)))
    ended(worst(journal.verdict for journal in journals.values()))
