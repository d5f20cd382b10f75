"""One model server: a process that is started, watched, asked, started again when it dies, and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

from localcloud.core.errors import ApiError
from localcloud.core.ports import Port, PortBusyError
from localcloud.runtime.children import Child, spawn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from localcloud.runtime.serving.command import Command

_log = logging.getLogger(__name__)
_HEALTH_TIMEOUT_SECONDS = 120.0
_HEALTH_INTERVAL_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 10.0
_LOG_TAIL_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model server answered."""

    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlan:
    """What a server is: how to start it on a port, and its routes."""

    label: str
    command: Callable[[int], Awaitable[Command]]
    predict_route: str
    health_route: str
    log: Path


class ModelServer:
    """A model server's life. `ready` is set while it answers its health route with 200.

    Its process starts when `turns` lets it: a cloud that comes up with hundreds of them can be told to end meanwhile.
    """

    def __init__(self, plan: ServerPlan, session: aiohttp.ClientSession, turns: asyncio.Semaphore) -> None:
        self._plan = plan
        self._session = session
        self._turns = turns
        self._child: Child | None = None
        self._port = Port()
        self._task: asyncio.Task[None] | None = None
        self._first_failure: asyncio.Future[str] | None = None
        self.ready = asyncio.Event()
        self._is_starting = False

    def start(self) -> None:
        """Begin to run the server and keep it running; `ready` tells when it answers. Repeating is safe."""
        if self._task is None:
            self._is_starting = True
            self._first_failure = asyncio.get_running_loop().create_future()
            self._task = asyncio.get_running_loop().create_task(self._keep_running())

    async def start_and_wait(self) -> None:
        """Run the server; raises ApiError 400 with the end of its output when it ends or stays unhealthy at first."""
        self.start()
        failure = self._first_failure
        waits = [asyncio.ensure_future(self.ready.wait())] + ([failure] if failure else [])
        await asyncio.wait(waits, timeout=_HEALTH_TIMEOUT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        waits[0].cancel()
        if self.ready.is_set():
            return
        found = failure.result() if failure and failure.done() else f"no 200 from {self._plan.health_route} in time"
        await self.stop()
        raise ApiError.failed_precondition(
            f"Model server terminated: {self._plan.label}: {found}. Its output ends with: {self._output()}"
        )

    async def stop(self) -> None:
        """End the server; repeating is safe."""
        task = self._ended()
        if task:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._child:
            await self._child.stop()
            self._child = None

    def kill(self) -> None:
        """End the server at once, as a power cut would; repeating is safe."""
        task = self._ended()
        if task:
            task.cancel()
        if self._child:
            self._child.kill()

    async def predict(
        self, body: bytes, headers: Mapping[str, str], *, patience_seconds: float, route: str | None = None
    ) -> Answer:
        """Return the server's answer to a prediction, after waiting for a server that has yet to come up first.

        Raises ApiError 503 while the server does not run, after a crash too.
        """
        if self._is_starting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ready.wait(), patience_seconds)
        if self._child is None or not self.ready.is_set():
            raise ApiError.unavailable(f"the model server of {self._plan.label} is not running; try again")
        url = f"http://127.0.0.1:{self._port.number}{route or self._plan.predict_route}"
        try:
            async with self._session.post(url, data=body, headers=dict(headers)) as response:
                return Answer(response.status, await response.read(), response.content_type)
        except aiohttp.ClientError as error:
            raise ApiError.unavailable(f"the model server of {self._plan.label} broke off: {error}") from error

    def _ended(self) -> asyncio.Task[None] | None:
        """Note the end, tell whoever waits for the start, and return the task that has to be cancelled."""
        task, self._task = self._task, None
        self.ready.clear()
        if self._first_failure and not self._first_failure.done():
            self._first_failure.set_result("was stopped")
        return task

    async def _keep_running(self) -> None:
        pause_seconds = 0.1
        while True:
            found = await self._run_once()
            if self.ready.is_set():
                pause_seconds = 0.1
            self.ready.clear()
            if self._first_failure and not self._first_failure.done():
                self._first_failure.set_result(found)
            _log.warning("model server of %s: %s; starting it again", self._plan.label, found)
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)

    async def _run_once(self) -> str:
        """Run the server until it ends, and return how it ended."""
        self._port = port = Port()
        try:
            # The contract has the container bind the port that it is told, so it is held while the container runs.
            port.reserve()
            child = self._child = await self._spawn(port.number)
            health = asyncio.get_running_loop().create_task(self._await_health(port.number))
            try:
                code = await child.wait()
            finally:
                health.cancel()
        except (OSError, ValueError, ApiError, PortBusyError) as error:
            return f"cannot be started: {error}"
        finally:
            port.release()
        return f"ended with exit code {code}"

    async def _spawn(self, port: int) -> Child:
        command = await self._plan.command(port)
        async with self._turns:
            spawning = asyncio.ensure_future(spawn(command.argv, env=command.env, cwd=command.cwd, log=self._plan.log))
            try:
                return await asyncio.shield(spawning)
            except asyncio.CancelledError:  # stopped while the process was coming up: it must not outlive its owner
                (await spawning).kill()
                raise

    async def _await_health(self, port: int) -> None:
        url = f"http://127.0.0.1:{port}{self._plan.health_route}"
        timeout = aiohttp.ClientTimeout(total=10)
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with self._session.get(url, timeout=timeout) as response:
                    if response.status == 200:  # noqa: PLR2004 - what the contract calls healthy
                        self._is_starting = False
                        self.ready.set()
                        return
            await asyncio.sleep(_HEALTH_INTERVAL_SECONDS)

    def _output(self) -> str:
        with contextlib.suppress(OSError):
            return self._plan.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip()
        return "(nothing)"
