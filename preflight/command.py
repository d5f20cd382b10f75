"""`vertex-dr preflight`: what a first apply would meet, before it is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vertex_dr.cli.output import AsJson, ended, print_json, print_lines
from vertex_dr.kernel.verdict import Verdict

__all__ = ["preflight"]

# ruff: noqa: PLC0415 - vertex-dr loads this file for every command, and no other command needs preflight


def preflight(
    environments: Annotated[
        Path, typer.Option(help="Where global/, primary/ and dr/ with their terraform.tfvars are.")
    ] = Path("terraform/envs"),
    *,
    probe: Annotated[
        bool, typer.Option("--probe", help="Also make scratch resources, find out by them, remove them.")
    ] = False,
    file: Annotated[Path, typer.Option(help="Where --probe keeps what it found.")] = Path("build/preflight.json"),
    show_all: Annotated[bool, typer.Option("--all", help="Show what passes too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell before any apply what it would meet: APIs, billing, regions, quotas, policies, permissions, names, places.

    What is needed is read from the tfvars of the three environments, since nothing else is there before the first
    apply. Without --probe nothing is written anywhere.
    """
    from preflight.run import run
    from preflight.table import print_findings

    report = run(environments, discover_into=file if probe else None)
    if as_json:
        print_json(report)
        ended(report.verdict)
    shown = [one for one in report.findings if show_all or one.verdict is not Verdict.PASS]
    print_findings(report, shown)
    for name in report.left:
        print_lines(f"FAIL {name} could not be removed: remove it by hand")
    passed = sum(one.verdict is Verdict.PASS for one in report.findings)
    print_lines(f"{report.verdict}: {passed} of {len(report.findings)} checks pass")
    ended(report.verdict)
