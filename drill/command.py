"""`vertex-dr drill`: lose a region on the local cloud, and end in evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from vertex_dr.cli.output import AsJson, ended, print_json, print_lines
from vertex_dr.kernel.verdict import Verdict

__all__ = ["drill"]

# ruff: noqa: PLC0415 - vertex-dr loads this file for every command, and no other command needs the drill

_INTERRUPTED = 130  # as shells say it of a command that SIGINT ended


def drill(
    sabotage: Annotated[
        str | None,
        typer.Option(help="Break one thing on purpose: the drill must fail by its name.", show_default=False),
    ] = None,
    predictions: Annotated[int, typer.Option(min=100, help="How many predictions the clients make at least.")] = 2000,
    folder: Annotated[Path, typer.Option(help="Where the evidence goes.")] = Path("build/drill"),
    start: Annotated[
        Path | None, typer.Option("--from", help="Start from a saved checkpoint.", show_default=False)
    ] = None,
    save_provisioned: Annotated[
        Path | None,
        typer.Option(help="Provision (with --from: replicate), save a checkpoint, stop.", show_default=False),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Run a whole drill on the local cloud: provision, train, replicate, lose a region, fail over and back.

    It runs in a checkout of the project after `make setup`. Evidence: report.json and report.html in the folder.
    """
    from drill import prepare
    from drill.sabotage import Sabotage

    chosen = Sabotage.parse(sabotage) if sabotage is not None else None
    if save_provisioned is not None:
        prepare.save(save_provisioned, start=start)
        print_lines(f"saved a checkpoint in {save_provisioned}")
        return
    try:
        report = prepare.run(folder, sabotage=chosen, predictions=predictions, start=start)
    except KeyboardInterrupt:
        sys.stderr.write("vertex-dr: interrupted; nothing that it started is left running\n")
        raise typer.Exit(_INTERRUPTED) from None
    if as_json:
        print_json(report)
    else:
        for finding in report.findings:
            if finding.verdict is not Verdict.PASS:
                print_lines(f"{finding.verdict} {finding.check} ({finding.fault or finding.phase}): {finding.found}")
        for missed in report.objectives:
            if missed.verdict is not Verdict.PASS:
                print_lines(
                    f"{missed.verdict} {missed.name}: {missed.measured} {missed.unit}, promised {missed.objective}"
                )
        print_lines(f"{report.verdict} after {report.seconds} s; evidence in {folder}/report.html and report.json")
    ended(report.verdict)
