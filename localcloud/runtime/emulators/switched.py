"""An emulator behind its pass-through: what Firestore and Pub/Sub start, darken and end in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError
from localcloud.runtime.emulators.emulator import Emulator
from localcloud.runtime.emulators.passthrough import PassThrough
from localcloud.runtime.forwarding import new_session

if TYPE_CHECKING:
    import aiohttp

    from localcloud.core.cloud import Cloud
    from localcloud.runtime.emulators.recipes import Recipe

__all__ = ["SwitchedEmulator"]


class SwitchedEmulator:
    """One emulator of a cloud, reached by its service directly and by clients through a port that can go dark."""

    def __init__(self, cloud: Cloud, recipe: Recipe, api: str) -> None:
        self._cloud = cloud
        self._api = api
        self._service_name = recipe.service
        self._emulator = Emulator(recipe, cloud.state_dir / f"{api}-emulator.log", cloud.config.cache_dir)
        self._pass_through = PassThrough(cloud.ports[api])
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is an emulator to ask: a cloud can be started without."""
        return self._emulator.pid is not None

    @property
    def url(self) -> str:
        """Where the emulator answers its service, dark or not."""
        return self._emulator.url

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session for requests to the emulator. Raises ApiError 503 in a cloud without emulators."""
        if self._session is None or not self.is_running:
            raise ApiError.unavailable(
                f"{self._service_name}'s emulator is not running: this cloud was started without emulators"
            )
        return self._session

    async def start(self) -> bool:
        """Run the emulator, for its service alone, and return whether this cloud runs emulators at all.

        Raises EmulatorUnavailable.
        """
        if not self._cloud.config.emulators:
            return False
        self._session = new_session()
        await self._emulator.start()
        self._pass_through.target_port = self._emulator.port
        return True

    async def open(self) -> None:
        """Let clients in. Repeating is safe; raises PortBusyError."""
        await self._pass_through.light()

    async def shut(self) -> None:
        """Let no client in any more. Repeating is safe."""
        await self._pass_through.close()

    async def stop(self) -> None:
        """Let no client in, and end the emulator. Repeating is safe."""
        await self.shut()
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._emulator.stop()

    async def region_dark(self, region: str) -> None:
        """Cut the clients off when the global service itself is dark."""
        mode = self._cloud.switches.is_dark("global", self._api)
        if region == "global" and mode:
            await self._pass_through.darken(mode)

    async def region_healed(self, region: str) -> None:
        """Let the clients in again."""
        if region == "global" and self.is_running:
            await self.open()
