"""The command `localcloud`: start, stop and look at the local cloud, and order outages."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from localcloud.cli import console, launch
from localcloud.core.config import DEFAULT_PORT_BASE, DEFAULT_PROJECT, DEFAULT_REGIONS

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

PortBase = Annotated[
    int,
    typer.Option(
        "--port-base",
        envvar="LOCALCLOUD_PORT_BASE",
        parser=launch.port_base,
        metavar="PORT|auto",
        help="The first port; regions take the next ones. `auto` or 0: the kernel gives each, --state finds them.",
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", envvar="LOCALCLOUD_STATE", help="Where everything is kept; default: a directory removed at `down`."
    ),
]


class Scheduler(StrEnum):
    """Whether Cloud Scheduler's jobs run by their cron lines, or by jobs:run only."""

    CRON = "cron"
    MANUAL = "manual"


class Mode(StrEnum):
    """What is wrong: connections are reset or hang, answers are late, half of them refusals, wrong, or out of quota."""

    REFUSED = "refused"
    HANGING = "hanging"
    SLOW = "slow"
    HALF = "half"
    WRONG = "wrong"
    QUOTA = "quota"


class Format(StrEnum):
    """How `env` prints."""

    SHELL = "shell"
    JSON = "json"


@app.command()
def up(  # noqa: PLR0913 - one parameter an option of the command line
    state: State = None,
    project: Annotated[str, typer.Option(help="The one project's id.")] = DEFAULT_PROJECT,
    regions: Annotated[str, typer.Option(help="Regions, separated by commas.")] = ",".join(DEFAULT_REGIONS),
    port_base: PortBase = DEFAULT_PORT_BASE,
    scheduler: Annotated[Scheduler, typer.Option(help="Whether cron ticks.")] = Scheduler.CRON,
    *,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay until interrupted.")] = False,
    emulators: Annotated[bool, typer.Option(help="Run Firestore's and Pub/Sub's emulators.")] = True,
    iam_delay: Annotated[float, typer.Option(help="Seconds until a change of a policy takes effect.", min=0)] = 0,
    end_with: Annotated[int | None, typer.Option(help="End when this process ends, however it ends.", min=1)] = None,
) -> None:
    """Start the local cloud and return once it is ready."""
    config = launch.config(
        state,
        project,
        launch.region_names(regions),
        port_base,
        scheduler.value,
        emulators=emulators,
        iam_delay_seconds=iam_delay,
        end_with=end_with,
    )
    if foreground:
        launch.in_foreground(config)
    else:
        launch.in_background(config)
        port = launch.proxy_port(config.state_dir, port_base)
        typer.echo(f"localcloud is ready on http://127.0.0.1:{port} (state in {config.state_dir})")


@app.command()
def down(state: State = None, port_base: PortBase = DEFAULT_PORT_BASE) -> None:
    """End the local cloud and every process that it started."""
    pid = launch.stop(state, port_base)
    typer.echo(f"localcloud (process {pid}) has ended")


@app.command()
def status(
    state: State = None,
    port_base: PortBase = DEFAULT_PORT_BASE,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show services, ports, outages, methods answered 501, and known differences from Google."""
    found = console.ask(launch.proxy_port(state, port_base), "status")
    typer.echo(console.as_json(found) if as_json else console.status_text(found))


@app.command()
def env(
    state: State = None,
    port_base: PortBase = DEFAULT_PORT_BASE,
    form: Annotated[Format, typer.Option("--format", help="Shell exports or JSON.")] = Format.SHELL,
) -> None:
    """Print the variables with which Terraform, gcloud, Google's clients and vertex-dr find the local cloud."""
    found = console.ask(launch.proxy_port(state, port_base), "env")
    found |= console.outside(found, os.environ)
    typer.echo(console.as_json(found) if form is Format.JSON else console.exports(found))


@app.command()
def outage(  # noqa: PLR0913, PLR0917 - one parameter an option of the command line
    region: str,
    api: Annotated[str | None, typer.Option(help="Only this API; default: the whole region.")] = None,
    mode: Annotated[Mode, typer.Option(help="What requests meet.")] = Mode.REFUSED,
    share: Annotated[
        float | None, typer.Option(help="The part of the requests that meet it; default: 0.5 for `half`, else 1.")
    ] = None,
    caller: Annotated[
        str | None, typer.Option(help="Only requests of the identity with this e-mail address: a partition.")
    ] = None,
    latency_ms: Annotated[
        float | None, typer.Option("--latency-ms", help="Of `slow`: the median; the 99th percentile is 3.2 times that.")
    ] = None,
    status: Annotated[int | None, typer.Option("--status", help="Of `half`: 503 or 429; default: 503.")] = None,
    retry_after: Annotated[
        int | None, typer.Option(help="Of `half` and `quota`: seconds in the header Retry-After; default: no header.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed treats the same sequence of requests alike.")] = 0,
    state: State = None,
    port_base: PortBase = DEFAULT_PORT_BASE,
) -> None:
    """Make something wrong with a region, one API of it, or one caller there. Outages of different kinds add up."""
    order = {
        "region": region,
        "api": api,
        "mode": mode.value,
        "share": share,
        "caller": caller,
        "latency_ms": latency_ms,
        "status": status,
        "retry_after_seconds": retry_after,
        "seed": seed,
    }
    console.tell(launch.proxy_port(state, port_base), "outage", order)
    typer.echo(console.outage_text(order))


@app.command()
def heal(region: str, state: State = None, port_base: PortBase = DEFAULT_PORT_BASE) -> None:
    """End every outage of a region and its APIs."""
    console.tell(launch.proxy_port(state, port_base), "heal", {"region": region})
    typer.echo(f"{region} is lit")


def main() -> None:
    """Run the command; what the user can mend ends in one line and exit code 2."""
    try:
        app()
    except (launch.NotStartedError, console.NotAnsweredError) as error:
        typer.echo(f"localcloud: {error}", err=True)
        sys.exit(2)
