"""Phase 1: two regions come up, and what takes long begins beside them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["Regions"]


class Regions:
    """The local cloud, both regions lit, Google's emulators behind it."""

    title = "two regions come up"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Start the cloud; training and loading the SDK begin beside it."""
        if not drill.is_resumed:
            drill.training = drill.workers.submit(_train, drill)
        with drill.progress.step("localcloud up"):
            seconds = drill.cloud.up()
        drill.environment = drill.cloud.environment()
        drill.sdk = drill.workers.submit(drill.user.prepare)
        status = drill.cloud.status()
        drill.logbook.figures["localcloud ready, s"] = round(seconds, 2)
        drill.logbook.figures["localcloud idle memory without emulators, MB"] = drill.cloud.idle_memory_megabytes()
        yield drill.check(
            "both-regions-lit",
            holds=not status["dark"],
            expected="no region and no service is dark",
            found=f"ports {status['ports']}, dark: {status['dark'] or 'nothing'}",
        )


def _train(drill: Drill) -> None:
    program = drill.root / "examples" / "diagnosis" / "training.py"
    code, output = drill.processes.run([sys.executable, program, drill.trained])
    if code != 0:
        raise Unreachable("train the models", found=output.strip()[-800:], then="mend what it says")
