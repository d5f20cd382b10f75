"""The clients of a drill: an application in a process of its own, and what it wrote down so far."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import msgspec

from drill.evidence.samples import Sample

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from drill.machines.processes import Processes

__all__ = ["CLIENTS", "PREDICTIONS_PER_SECOND", "Load"]

CLIENTS = 8
PREDICTIONS_PER_SECOND = 60.0  # over all clients: a third of what one core can predict here
_POLL_SECONDS = 0.05


class Load:
    """The running application."""

    def __init__(
        self, processes: Processes, *, root: Path, golden: Path, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._processes = processes
        self._file = folder / "samples.jsonl"
        self._file.unlink(missing_ok=True)
        self._log = (folder / "application.log").open("w")
        self._read = 0
        self._samples: list[Sample] = []
        application = root / "examples" / "diagnosis" / "application.py"
        clients, rate = str(CLIENTS), str(PREDICTIONS_PER_SECOND)
        command: list[str | Path] = [sys.executable, application, golden, self._file, clients, rate]
        self._child: subprocess.Popen[str] = processes.start(
            command, environment=environment, stdout=self._log, stderr=self._log
        )

    def samples(self) -> list[Sample]:
        """Return what every client wrote down so far."""
        if self._file.exists():
            with self._file.open("rb") as file:
                file.seek(self._read)
                content = file.read()
            whole = content[: content.rfind(b"\n") + 1]
            self._read += len(whole)
            self._samples += [msgspec.json.decode(line, type=Sample) for line in whole.splitlines()]
        return self._samples

    def wait(self, enough: Callable[[list[Sample]], bool], *, timeout_seconds: float) -> bool:
        """Return True once what was sampled is enough, or False when time is out or the application has ended."""
        give_up = time.monotonic() + timeout_seconds
        while not enough(self.samples()):
            if time.monotonic() > give_up or self._child.poll() is not None:
                return enough(self.samples())
            time.sleep(_POLL_SECONDS)
        return True

    def stop(self) -> list[Sample]:
        """End the application, each client after its prediction in flight, and return every sample."""
        self._processes.stop(self._child)
        self._log.close()
        return self.samples()
