"""The page docs/cli.md, made from the commands' own help: `python -m vertex_dr.cli.reference docs/cli.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from typer.testing import CliRunner

from vertex_dr.cli.main import app

__all__ = ["reference"]

_INTRODUCTION = """# vertex-dr, command by command

Made from the commands' own help by `python -m vertex_dr.cli.reference docs/cli.md`; a test holds that it is current.
"""


def reference() -> str:
    """Return the page, the same text each time."""
    names = [str(command.name) for command in app.registered_commands]
    return "\n".join([_INTRODUCTION, _section(), *(_section(name) for name in names)])


def _section(*command: str) -> str:
    shown = CliRunner().invoke(
        app, [*command, "--help"], prog_name="vertex-dr", env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    )
    lines = "\n".join(line.rstrip() for line in shown.output.strip().splitlines())
    return f"## {' '.join(('vertex-dr', *command))}\n\n```text\n{lines}\n```\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: python -m vertex_dr.cli.reference FILE")
    Path(sys.argv[1]).write_text(reference())
