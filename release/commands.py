"""Commands that a release runs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Protocol

from vertex_dr.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Run", "run_command"]


class Run(Protocol):
    """Runs a command to its end."""

    def __call__(self, command: Sequence[str], /) -> subprocess.CompletedProcess[str]:
        """Return its exit code, and everything that it printed as its output."""
        ...


def run_command(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; return its exit code, and all that it printed as its output. Raises NotFound."""
    try:
        return subprocess.run(  # noqa: S603 - the project's own command, never a shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except FileNotFoundError:
        raise NotFound(
            f"run {command[0]}", found="it is not on PATH", then=f"apt-get install -y {command[0]}"
        ) from None
