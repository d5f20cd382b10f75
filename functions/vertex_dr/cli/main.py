"""The door for people: `vertex-dr`."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

from vertex_dr.cli.diff import diff
from vertex_dr.cli.flip import fail_back, fail_over
from vertex_dr.cli.hold import hold, release
from vertex_dr.cli.observe import observe
from vertex_dr.cli.plan import plan
from vertex_dr.cli.replicate import replicate
from vertex_dr.cli.status import status
from vertex_dr.cli.verify import verify
from vertex_dr.kernel.errors import VertexDrError

__all__ = ["app", "main"]

_HELP = """Keep machine learning on Vertex AI serving when a region dies, and prove it.

Settings come from the environment: eval "$(scripts/settings primary)".

Exit codes: 0 done, 1 bug, 2 usage, 3 drift found, 4 objective missed, 5 refused by a guard, 6 inconclusive.
"""

app = typer.Typer(
    help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
for command in (status, observe, diff, plan, replicate, verify, fail_over, fail_back, hold, release):
    app.command(command.__name__.replace("_", "-"))(command)
for mounted in entry_points(group="vertex_dr.commands"):  # packages beside the bundle bring these, as the drill does
    app.command(mounted.name)(mounted.load())


def main() -> None:
    """Run the command; an error that was foreseen is one line and its own exit code."""
    try:
        app()
    except VertexDrError as error:
        sys.stderr.write(f"vertex-dr: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
