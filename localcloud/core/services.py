"""All services of a cloud, started, stopped and made dark together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.service import Service


class Services:
    """The services by the name of their API."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.by_api = {service.api: service for service in services}

    async def start(self) -> None:
        """Start every service; when one fails, every one is stopped and its error raised."""
        started = await asyncio.gather(*(service.start() for service in self.by_api.values()), return_exceptions=True)
        failures = [outcome for outcome in started if isinstance(outcome, BaseException)]
        if failures:
            await self.stop()
            raise failures[0]

    async def stop(self) -> None:
        """Stop every service; repeating is safe."""
        await asyncio.gather(*(service.stop() for service in self.by_api.values()))

    async def region_dark(self, region: str, name: str | None) -> None:
        """Tell every service, or the one that an outage knows by this name, that the region is dark."""
        affected = [service for service in self.by_api.values() if name is None or name in _outage_names(service)]
        await asyncio.gather(*(service.region_dark(region) for service in affected))

    async def region_healed(self, region: str) -> None:
        """Tell every service that the region is lit again."""
        await asyncio.gather(*(service.region_healed(region) for service in self.by_api.values()))

    def outage_names(self) -> set[str]:
        """Return the names that an outage of one service may use."""
        return {name for service in self.by_api.values() for name in _outage_names(service)}


def _outage_names(service: Service) -> set[str]:
    return {service.api} | {route.api for route in service.routes() if route.api}
