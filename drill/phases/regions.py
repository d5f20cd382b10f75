"""Phase 1: two regions come up, while training and Google's SDK start beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.machines.sdk_user import load_sdk
from drill.machines.training import train_versions

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
            drill.training = drill.workers.submit(
                train_versions, drill.processes, root=drill.root, folder=drill.trained
            )
        with drill.progress.step("localcloud up"):
            seconds = drill.cloud.up()
        drill.reach(drill.cloud.environment())
        drill.sdk = drill.workers.submit(load_sdk)
        status = drill.cloud.status()
        drill.logbook.figures["localcloud ready, s"] = round(seconds, 2)
        drill.logbook.figures["localcloud idle memory without emulators, MB"] = drill.cloud.idle_memory_megabytes()
        yield drill.check(
            "both-regions-lit",
            holds=not status["outages"],
            expected="no region and no service is dark",
            found=f"ports {status['ports']}, dark: {status['outages'] or 'nothing'}",
        )
