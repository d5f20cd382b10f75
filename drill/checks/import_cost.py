"""What the process that decides and flips costs to import, beside Firestore's library alone, in the same run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drill.machines.processes import Processes

__all__ = ["import_ratio"]

_ROUNDS = 2


def import_ratio(processes: Processes, environment: Mapping[str, str]) -> float:
    """Return how many times as long deciding and flipping takes to import: the two alternate, the best counts.

    Raises Unreachable when one of them cannot be imported.
    """
    rounds = [[_seconds(processes, name, environment) for name in ("firestore", "flip")] for _ in range(_ROUNDS)]
    firestore, flip = (min(seconds) for seconds in zip(*rounds, strict=True))
    ratio: float = round(flip / firestore, 2)
    return ratio


def _seconds(processes: Processes, name: str, environment: Mapping[str, str]) -> float:
    ended = processes.run([sys.executable, "-m", "drill.machines.imports", name], environment=environment)
    if ended.returncode != 0:
        raise Unreachable(f"time the import of {name}", found=ended.stdout.strip()[-800:], then="mend what it says")
    return float(ended.stdout.strip().splitlines()[-1])
