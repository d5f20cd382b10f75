"""Processes that the local cloud runs: emulators, functions, model servers. None outlives the daemon."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Child:
    """A running child in its own process group."""

    process: asyncio.subprocess.Process
    log: Path
    grace_seconds: float  # between the request to end and the end by force

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self.process.returncode is None

    async def wait(self) -> int:
        """Return the exit code once the process has ended."""
        return await self.process.wait()

    def kill(self) -> None:
        """End the whole process group at once, as a power cut would; repeating is safe."""
        self._signal(signal.SIGKILL)

    async def stop(self) -> None:
        """End the process group: TERM, then KILL when the grace is over; repeating is safe."""
        if self.is_running:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), self.grace_seconds)
        self.kill()
        await self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


async def spawn(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, grace_seconds: float = 3.0
) -> Child:
    """Start a process whose output is appended to log, and return it at once.

    It leads its own process group and is killed by the kernel when the daemon dies, however that happens.
    Raises OSError when the program cannot be started.
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the daemon died between fork and prctl
            os._exit(1)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=dict(env),
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    return Child(process, log, grace_seconds)
