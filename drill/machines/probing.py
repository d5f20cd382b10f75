"""Starting probe_region every minute by jobs:run, as Cloud Scheduler's cron does in production."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import VertexDrError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.machines.scheduler_jobs import SchedulerJobs

__all__ = ["Probing"]

_MINUTE_SECONDS = 60.0


class Probing(threading.Thread):
    """Starts probe_region in every region once a minute until it is stopped."""

    def __init__(self, jobs: SchedulerJobs, regions: Sequence[str]) -> None:
        super().__init__(name="probing", daemon=True)
        self._jobs = jobs
        self._regions = tuple(regions)
        self._ending = threading.Event()

    def run(self) -> None:
        """Start the probes, minute by minute; a dark region's cannot be started, as in production."""
        while not self._ending.is_set():
            for region in self._regions:
                with contextlib.suppress(VertexDrError):
                    self._jobs.start("vdr-probe-region", region=region)
            self._ending.wait(_MINUTE_SECONDS)

    def stop(self) -> None:
        """Start no more probes; repeating is safe."""
        self._ending.set()
