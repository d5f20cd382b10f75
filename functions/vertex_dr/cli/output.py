"""How commands answer: a record as JSON for machines, or lines for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from vertex_dr.kernel.records import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vertex_dr.kernel.verdict import Verdict

__all__ = ["DRIFT_FOUND", "AsJson", "ended", "print_json", "print_lines", "print_table"]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
DRIFT_FOUND = 3


def print_json(record: object) -> None:
    """Print the record as one JSON document."""
    sys.stdout.write(to_json(record).decode())


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their columns, or that there are none."""
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console = Console(highlight=False)
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{title}: none")


def print_lines(*lines: str) -> None:
    """Print the lines as they are."""
    for line in lines:
        sys.stdout.write(line + "\n")


def ended(verdict: Verdict) -> NoReturn:
    """End the command with the verdict's exit code."""
    raise typer.Exit(verdict.exit_code)
