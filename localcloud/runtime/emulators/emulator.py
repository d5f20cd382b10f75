"""Google's own emulators of Firestore and Pub/Sub, from the Google Cloud CLI, run as children."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from localcloud.core.ports import Port
from localcloud.runtime.children import Child, spawn
from localcloud.runtime.emulators.recipes import EmulatorUnavailable, Recipe, jar, java

__all__ = ["Emulator", "EmulatorUnavailable"]

# Measured on two cores: the quickest start of the flags that the JVM offers for short-lived processes.
JVM = ("-Duser.language=en", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m")
READY_SECONDS = 60.0


@dataclass(slots=True)
class Emulator:
    """One emulator: a Java process on a port of its own, quicker to start with the archive that `prepare` left."""

    recipe: Recipe
    log: Path
    cache: Path
    _port: Port = field(default_factory=Port, repr=False)  # held for it: Java takes no socket that is bound already
    _child: Child | None = field(default=None, repr=False)

    @property
    def port(self) -> int:
        """The loopback port where the emulator answers, 0 before it was started."""
        return self._port.number

    @property
    def url(self) -> str:
        """Where the emulator answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Answer requests afterwards.

        Raises EmulatorUnavailable when Java or the emulator is missing or it dies, PortBusyError when no port is left.
        """
        archive = self._archive()
        await self._run((f"-XX:SharedArchiveFile={archive}",) if archive.exists() else ())

    async def prepare(self) -> Path:
        """Return an archive of the classes that a start loads, from which later starts take them ready-made.

        Repeating is safe and cheap. Raises EmulatorUnavailable as start does.
        """
        archive = self._archive()
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            unfinished = archive.with_suffix(f".{os.getpid()}")
            await self._run((f"-XX:ArchiveClassesAtExit={unfinished}",))
            await self._warm_up()
            if self._child is not None:
                self._child.process.terminate()
                await asyncio.wait_for(self._child.wait(), READY_SECONDS)
            await self.stop()
            if unfinished.exists():
                unfinished.replace(archive)
        return archive

    async def _run(self, flags: tuple[str, ...]) -> None:
        command = (java(self.recipe), *JVM, *flags, *self.recipe.start(jar(self.recipe)))
        self._port = Port()
        self._port.reserve()
        self._child = await spawn(
            [*command, "--host=127.0.0.1", f"--port={self.port}"],
            env={name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME") if name in os.environ},
            cwd=self.log.parent,
            log=self.log,
        )
        await self._answers(self._child)

    async def stop(self) -> None:
        """Run no longer. Repeating is safe."""
        if self._child is not None:
            child, self._child = self._child, None
            await child.stop()
        self._port.release()

    def _archive(self) -> Path:
        archive, program = jar(self.recipe), Path(java(self.recipe)).resolve()
        made_for = f"{archive.stat().st_mtime_ns}-{program.stat().st_mtime_ns}"
        return self.cache / f"{self.recipe.component}-{made_for}.jsa"

    async def _warm_up(self) -> None:
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer owner"}) as session:
            for method, path, body in self.recipe.warm_up:
                async with session.request(method, f"{self.url}/v1/projects/warm-up/{path}", json=body) as answer:
                    await answer.read()

    async def _answers(self, child: Child) -> None:
        give_up = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession() as session:
            while child.is_running and time.monotonic() < give_up:
                try:
                    async with session.get(self.url):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        await self.stop()
        raise EmulatorUnavailable(
            f"cannot start {self.recipe.service}'s emulator: it did not answer on port {self.port}; "
            f"its last line in {self.log} was: {_last_line(self.log)}"
        )


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    return lines[-1] if lines else "nothing"
