"""Outages: something is made wrong with a region, one API of it or one caller there, and right again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from localcloud.core.errors import ApiError
from localcloud.core.faults.switches import Mode, Switch

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.core.services import Services
    from localcloud.front.listeners import Listeners

_STATUSES = (429, 503)
_PREDICTING = "aiplatform"
# Which modes an option belongs to; any other mode would silently ignore it.
_MODES_OF = {
    "latency_ms": (Mode.SLOW,),
    "status": (Mode.HALF,),
    "retry_after_seconds": (Mode.HALF, Mode.QUOTA),
}


class Outages:
    """Throws the switches, and tells listeners and services."""

    def __init__(self, cloud: Cloud, services: Services, listeners: Listeners) -> None:
        self._cloud = cloud
        self._services = services
        self._listeners = listeners

    async def begin(self, order: dict[str, Any]) -> None:
        """Throw the switch that the order describes; raises ApiError 400 for what cannot be switched."""
        try:
            switch = msgspec.convert(order, Switch)
        except msgspec.ValidationError as error:
            raise ApiError.invalid(f"no switch can be read from the order: {error}") from None
        self._check(switch)
        self._cloud.switches.throw(switch)
        if switch.is_darkness:
            await self._listeners.region_dark(switch)
            await self._services.region_dark(switch.region, switch.api)

    async def end(self, region: str) -> None:
        """Light the region and all its APIs again, for everybody; repeating is safe."""
        self._check_region(region)
        self._cloud.switches.heal(region)
        await self._listeners.region_healed(region)
        await self._services.region_healed(region)

    def _check(self, switch: Switch) -> None:
        self._check_region(switch.region)
        names = self._services.outage_names()
        if switch.api is not None and switch.api not in names:
            raise ApiError.invalid(f"api {switch.api!r} is none of {', '.join(sorted(names))}")
        if not 0 < switch.chance <= 1:
            raise ApiError.invalid(f"share {switch.chance:g} is no part of all requests: give one above 0, 1 at most")
        for option, modes in _MODES_OF.items():
            value = getattr(switch, option)
            if value is not None and switch.mode not in modes:
                allowed = " and ".join(mode.value for mode in modes)
                raise ApiError.invalid(f"mode {switch.mode.value!r} has no {option}; {allowed} has it")
            if value is not None and value < 0:
                raise ApiError.invalid(f"{option} {value:g} is below 0")
        if switch.status not in (None, *_STATUSES):
            raise ApiError.invalid(f"status {switch.status} is none of {', '.join(map(str, _STATUSES))}")
        if switch.mode is Mode.WRONG and switch.api not in (None, _PREDICTING):
            raise ApiError.invalid(f"mode 'wrong' alters predictions: api is {_PREDICTING} or none, not {switch.api!r}")
        if switch.caller is not None and "@" not in switch.caller.strip("@"):
            raise ApiError.invalid(f"caller {switch.caller!r} is no e-mail address")

    def _check_region(self, region: str) -> None:
        if region not in self._cloud.regions and region != "global":
            raise ApiError.invalid(f"region {region!r} is none of {', '.join(self._cloud.regions)}, global")
