"""An emulator as its service uses it: what Firestore and Pub/Sub start, ask and end in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError
from localcloud.runtime.emulators.emulator import Emulator
from localcloud.runtime.forwarding import new_session

if TYPE_CHECKING:
    import aiohttp

    from localcloud.core.cloud import Cloud
    from localcloud.runtime.emulators.recipes import Recipe

__all__ = ["ServiceEmulator"]


class ServiceEmulator:
    """One emulator of a cloud. Clients never reach it directly: what goes there has been checked before."""

    def __init__(self, cloud: Cloud, recipe: Recipe, api: str) -> None:
        self._is_wanted = cloud.config.emulators
        self._service_name = recipe.service
        self._emulator = Emulator(recipe, cloud.state_dir / f"{api}-emulator.log", cloud.config.cache_dir)
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is an emulator to ask: a cloud can be started without."""
        return self._emulator.pid is not None

    @property
    def url(self) -> str:
        """Where the emulator answers."""
        return self._emulator.url

    @property
    def address(self) -> str:
        """Host and port of the emulator, which takes gRPC there too. Raises ApiError 503 without emulators."""
        if not self.is_running:
            raise self._not_running()
        return self.url.removeprefix("http://")

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session for requests to the emulator. Raises ApiError 503 in a cloud without emulators."""
        if self._session is None or not self.is_running:
            raise self._not_running()
        return self._session

    async def start(self) -> bool:
        """Run the emulator, and return whether this cloud runs emulators at all. Raises EmulatorUnavailable."""
        if not self._is_wanted:
            return False
        self._session = new_session()
        await self._emulator.start()
        return True

    async def stop(self) -> None:
        """End the emulator. Repeating is safe."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._emulator.stop()

    def _not_running(self) -> ApiError:
        return ApiError.unavailable(
            f"{self._service_name}'s emulator is not running: this cloud was started without emulators"
        )
