"""One function as a process: functions-framework on the unpacked source, started when it is first called."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError
from localcloud.core.ports import Port
from localcloud.runtime.children import Child, spawn
from localcloud.runtime.metadata import MetadataServer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.identity.tokens import Tokens

__all__ = ["FunctionProcess", "Revision"]

START_SECONDS = 60.0
_FRAMEWORK = Path(__file__).with_name("framework.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What one deployment of a function fixes: code, interpreter, identity and environment."""

    service: str
    revision: str
    region: str
    entry_point: str
    signature: str
    source: Path
    interpreter: Path
    service_account: str
    threads: int
    timeout_seconds: float
    environment: Mapping[str, str]
    log: Path


@dataclass(slots=True)
class FunctionProcess:
    """Runs a revision: cold until the first call, warm from then on."""

    revision: Revision
    tokens: Tokens
    project: str
    project_number: str
    _child: Child | None = field(default=None, repr=False)
    _port: Port = field(default_factory=Port, repr=False)
    _is_killed: bool = False
    _metadata: MetadataServer | None = field(default=None, repr=False)
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def is_running(self) -> bool:
        """Whether the process is there, and nobody has cut its power."""
        return self._child is not None and self._child.is_running and not self._is_killed

    async def url(self) -> str:
        """Return where the process answers; it runs afterwards. Raises ApiError 503 when it does not come up."""
        async with self._starting:
            if not self.is_running:
                await self.stop()
                await self._start()
            return f"http://127.0.0.1:{self._port.number}"

    async def stop(self) -> None:
        """Run no longer, and free its port and its metadata server. Repeating is safe."""
        if self._child is not None:
            child, self._child = self._child, None
            await child.stop()
        self._port.release()
        if self._metadata is not None:
            metadata, self._metadata = self._metadata, None
            await metadata.stop()

    def kill(self) -> None:
        """End at once, as when the region loses power; the next call starts it anew."""
        self._is_killed = True
        if self._child is not None:
            self._child.kill()

    async def _start(self) -> None:
        revision = self.revision
        self._metadata = MetadataServer(
            self.tokens,
            email=revision.service_account,
            project=self.project,
            project_number=self.project_number,
            region=revision.region,
        )
        await self._metadata.start()
        self._port = Port()  # another one each time: a worker that outlives its parent for a moment may hold the last
        self._port.reserve()
        self._is_killed = False
        self._child = child = await spawn(
            [
                str(revision.interpreter),
                "-P",  # what lies beside the program is none of the function's modules
                str(_FRAMEWORK),
                f"--target={revision.entry_point}",
                f"--source={revision.source / 'main.py'}",
                f"--signature-type={revision.signature}",
            ],
            env=self._environment(self._metadata),
            cwd=revision.source,
            log=revision.log,
        )
        if self._is_killed:
            child.kill()  # the power went while the process was being made
        await self._listens(child)

    def _environment(self, metadata: MetadataServer) -> dict[str, str]:
        revision = self.revision
        home = str(revision.log.parent)
        platform = {
            "PATH": f"{revision.interpreter.parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": home,
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "HOST": "127.0.0.1",
            "PORT": str(self._port.number),
            "THREADS": str(revision.threads),
            "K_SERVICE": revision.service,
            "K_REVISION": revision.revision,
            "K_CONFIGURATION": revision.service,
            "FUNCTION_TARGET": revision.entry_point,
            "FUNCTION_SIGNATURE_TYPE": revision.signature,
            "GOOGLE_CLOUD_PROJECT": self.project,
        }
        return {**revision.environment, **platform, **metadata.variables}

    async def _listens(self, child: Child) -> None:
        give_up = time.monotonic() + START_SECONDS
        while child.is_running and time.monotonic() < give_up:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port.number)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
        await child.stop()
        lines = [line for line in self.revision.log.read_text(errors="replace").splitlines() if line.strip()]
        raise ApiError.unavailable(
            f"cannot start function {self.revision.service}: its process did not listen on PORT={self._port.number}; "
            f"its last line was: {lines[-1] if lines else 'nothing'}; "
            f"see /_localcloud/logs?function={self.revision.service}"
        )
