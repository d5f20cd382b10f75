"""The table for people: each row with its remedy, nothing of it cut off, however narrow the terminal is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from preflight.records import PreflightFinding, PreflightReport

__all__ = ["print_findings"]

_PIPE_COLUMNS = 200  # where no terminal says how wide it is


def print_findings(report: PreflightReport, shown: Sequence[PreflightFinding]) -> None:
    """Print these findings and all discoveries of the report."""
    _print(
        f"preflight of {report.project}",
        ("verdict", "check", "subject", "needed", "found", "remedy"),
        ((one.verdict, one.check, one.subject, one.expected, one.found, one.remedy) for one in shown),
    )
    _print(
        "found out with scratch resources",
        ("verdict", "question", "answer", "seconds", "remedy"),
        ((one.verdict, one.question, one.answer, f"{one.seconds:.1f}", one.remedy) for one in report.discoveries),
    )


def _print(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        is_short = column in ("verdict", "check", "seconds")
        table.add_column(column, no_wrap=is_short, overflow="fold")
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console = Console(highlight=False)
        console = console if console.is_terminal else Console(highlight=False, width=_PIPE_COLUMNS)
        console.print(table)
