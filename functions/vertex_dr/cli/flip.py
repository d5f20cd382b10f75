"""`vertex-dr fail-over` and `fail-back`: the operator's flips, by the same code as the functions'."""

from __future__ import annotations

import getpass
import re
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from vertex_dr.cli.capabilities import capabilities
from vertex_dr.cli.output import AsJson, ended, print_json, print_lines
from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from vertex_dr.traffic.records import FailoverPlan
    from vertex_dr.wiring.traffic import Traffic

__all__ = ["fail_back", "fail_over", "operator", "seconds_of"]

Reason = Annotated[str, typer.Option(help="Why; it is kept with the change.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Stop after the plan and print it.")]
_SPAN = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def fail_over(
    context: typer.Context,
    reason: Reason,
    to: Annotated[Side, typer.Option(help="The side that clients shall be sent to.")] = Side.DR,
    accept_data_loss: Annotated[
        str | None, typer.Option(help="How much lag may be lost, such as 4h10m.", show_default=False)
    ] = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send clients to the other side now; refused (exit code 5) when that side is unfit or behind."""
    traffic = capabilities(context).traffic
    accepted = None if accept_data_loss is None else seconds_of(accept_data_loss)
    plan = traffic.plan_fail_over.run(to=to, by=operator(), reason=reason, accept_data_loss_seconds=accepted)
    _apply(traffic, plan, dry_run=dry_run, as_json=as_json)


def fail_back(
    context: typer.Context,
    reason: Reason = "the primary region is back",
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send clients back to primary; refused (exit code 5) while dr has anything that primary lacks."""
    traffic = capabilities(context).traffic
    plan = traffic.plan_fail_back.run(by=operator(), reason=reason)
    _apply(traffic, plan, dry_run=dry_run, as_json=as_json)


def seconds_of(span: str) -> float:
    """Return the seconds of a span such as 4h10m, 90s or 15m; raises BadInput for any other form."""
    match = _SPAN.fullmatch(span)
    if not span or match is None:
        raise BadInput(
            f"read the time span {span!r}",
            found="it is not hours, minutes and seconds in that order",
            then="write it as 4h10m, 15m or 90s",
        )
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600.0 + minutes * 60.0 + seconds


def _apply(traffic: Traffic, plan: FailoverPlan, *, dry_run: bool, as_json: bool) -> None:
    if dry_run:
        print_json(plan)
        return
    journal = traffic.fail_over.run(plan)
    if as_json:
        print_json(journal)
    else:
        print_lines(
            f"{plan.to_side} ({journal.selector.destination.region}) is active under epoch {journal.selector.epoch}",
            f"{journal.verdict}: {journal.finding}",
            *(f"problem: {problem}" for problem in journal.problems),
        )
    ended(journal.verdict)


def operator() -> str:
    """Return who runs the command, as the selector's record names them."""
    return f"{getpass.getuser()} at {socket.gethostname()}"
