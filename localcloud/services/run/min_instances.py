"""Instances that are to be there before anybody asks: started in the background, never waited for."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

__all__ = ["MinInstances"]

_log = logging.getLogger(__name__)


class MinInstances:
    """Calls `start` for each service that wants one, a few at a time, so that what is waited for comes first."""

    def __init__(self, start: Callable[[str], Awaitable[object]], *, at_once: int = 2) -> None:
        self._start = start
        self._turns = asyncio.Semaphore(at_once)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def want(self, services: Iterable[str]) -> None:
        """Start an instance of each service soon. Repeating is safe."""
        for service in services:
            self._tasks[service] = asyncio.create_task(self._run(service, self._tasks.get(service)))

    async def stop(self) -> None:
        """Start nothing any more. Repeating is safe."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, service: str, former: asyncio.Task[None] | None) -> None:
        if former is not None:
            # It may be at a process that an outage has just killed: only a start after it counts.
            await asyncio.wait([former])
        try:
            async with self._turns:
                await self._start(service)
        except Exception as error:  # noqa: BLE001 - whoever calls the function is told; here nobody waits
            _log.warning("cannot keep an instance of %s: %s", service, error)
        finally:
            if self._tasks.get(service) is asyncio.current_task():
                del self._tasks[service]
