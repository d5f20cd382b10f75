"""Outages: a region, or one service of it, is made dark and lit again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError
from localcloud.core.switches import MODES

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.core.services import Services
    from localcloud.front.listeners import Listeners


class Outages:
    """Throws the switches, and tells listeners and services."""

    def __init__(self, cloud: Cloud, services: Services, listeners: Listeners) -> None:
        self._cloud = cloud
        self._services = services
        self._listeners = listeners

    async def begin(self, region: str, service: str | None, mode: str) -> None:
        """Make the region, or one service of it, dark; raises ApiError 400 for a name or mode that does not exist."""
        self._check_region(region)
        if mode not in MODES:
            raise ApiError.invalid(f"outage mode {mode!r} is none of {', '.join(MODES)}")
        names = self._services.outage_names()
        if service is not None and service not in names:
            raise ApiError.invalid(f"service {service!r} is none of {', '.join(sorted(names))}")
        self._cloud.switches.darken(region, service, mode)
        await self._listeners.region_dark(region, service, mode)
        await self._services.region_dark(region, service)

    async def end(self, region: str) -> None:
        """Light the region and all its services again; repeating is safe."""
        self._check_region(region)
        self._cloud.switches.heal(region)
        await self._listeners.region_healed(region)
        await self._services.region_healed(region)

    def _check_region(self, region: str) -> None:
        if region not in self._cloud.regions and region != "global":
            raise ApiError.invalid(f"region {region!r} is none of {', '.join(self._cloud.regions)}, global")
