"""What the process that decides and flips costs to import, beside Firestore's library alone, in the same run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drill.machines.processes import Processes

__all__ = ["import_ratio"]

_ROUNDS = 2
_TIMED = "import time; began = time.perf_counter(); {program}; print(time.perf_counter() - began)"
_FIRESTORE = "import google.cloud.firestore"
_FLIP = (
    "from vertex_dr.kernel.settings import Settings; from vertex_dr.wiring.google_ports import GooglePorts; "
    "from vertex_dr.wiring.traffic import Traffic; settings = Settings.from_environment(); "
    "traffic = Traffic(settings, GooglePorts(settings)); traffic.assess_regions, traffic.fail_over"
)


def import_ratio(processes: Processes, environment: Mapping[str, str]) -> float:
    """Return how many times as long deciding and flipping takes to import: the two alternate, the best counts."""
    programs = (_FIRESTORE, _FLIP)
    rounds = [[_once(processes, program, environment) for program in programs] for _ in range(_ROUNDS)]
    firestore, flip = (min(seconds) for seconds in zip(*rounds, strict=True))
    ratio: float = round(flip / firestore, 2)
    return ratio


def _once(processes: Processes, program: str, environment: Mapping[str, str]) -> float:
    _, output = processes.run([sys.executable, "-c", _TIMED.format(program=program)], environment=environment)
    return float(output.strip().splitlines()[-1])
