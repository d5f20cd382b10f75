"""Phase 5: clients predict all the time, and both sides are probed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.checks.golden import SERVED
from drill.machines.load import CLIENTS, Load
from drill.machines.probing import Probing
from drill.sabotage import Sabotage
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding
    from drill.evidence.samples import Sample

__all__ = ["Clients"]

_SETTLED_PREDICTIONS = 25  # predictions by each client before anything is broken


class Clients:
    """Eight callers through the client library; probes as often as Terraform's defaults say."""

    title = "clients predict all the time"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Start the probes and the application, and wait until every client has predicted for a while."""
        if drill.sabotage is not Sabotage.FLIP_SUPPRESSED:
            drill.probing = Probing(drill.jobs, [drill.settings[side].own.region for side in Side])
            drill.probing.start()
        with drill.progress.step(f"{CLIENTS} clients begin"):
            drill.load = Load(
                drill.processes,
                root=drill.root,
                golden=drill.trained / SERVED / "golden.json",
                folder=drill.folder,
                environment=drill.operator_environment,
            )
            enough = min(drill.wanted_predictions // (2 * CLIENTS), _SETTLED_PREDICTIONS)
            is_settled = drill.load.wait(lambda seen: _least(seen) >= enough, timeout_seconds=40)
        seen = drill.load.samples()
        good = sum(s.golden and s.tries == 1 and s.side is Side.PRIMARY for s in seen)
        yield drill.check(
            "clients-predict-golden",
            holds=is_settled and good == len(seen),
            expected=f"{CLIENTS} clients get golden answers from primary by their first tries",
            found=f"{good} of {len(seen)} answers were{_worst(seen)}",
        )


def _least(samples: list[Sample]) -> int:
    counts = [sum(s.client == client for s in samples) for client in range(CLIENTS)]
    return min(counts)


def _worst(samples: list[Sample]) -> str:
    errors = [s.error for s in samples if s.error]
    return f"; the last error: {errors[-1][:300]}" if errors else ""
