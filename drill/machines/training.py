"""Training the drill's versions of the example's model, in a process of its own beside Terraform's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from pathlib import Path

    from drill.machines.processes import Processes

__all__ = ["REGULARISATION", "train_versions"]

# Version by version in the order of registration: different regularisation, so different probabilities on any instance.
REGULARISATION = {"first": 0.05, "second": 1.0, "third": 3.0, "fourth": 0.3}


def train_versions(processes: Processes, *, root: Path, folder: Path) -> None:
    """Make folder hold each version that was trained; repeating is safe. Raises Unreachable when training fails."""
    program = root / "examples" / "diagnosis" / "training.py"
    versions = [f"{name}={regularisation}" for name, regularisation in REGULARISATION.items()]
    ended = processes.run([sys.executable, program, folder, *versions])
    if ended.returncode != 0:
        raise Unreachable("train the models", found=ended.stdout.strip()[-800:], then="mend what it says")
