"""The local cloud: its settings, its parts, and its services, started and stopped together."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from localcloud import services
from localcloud.core.config import HOST
from localcloud.core.errors import ApiError
from localcloud.core.operations import Operations
from localcloud.core.policies import Policies
from localcloud.core.store import Store
from localcloud.core.switches import MODES, Switches
from localcloud.core.tokens import Tokens
from localcloud.schema import discovery

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.core.config import Config
    from localcloud.core.service import Service
    from localcloud.front.server import Server
    from localcloud.schema.discovery import Document


class Cloud:
    """Two or more regions of one project on one machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.project = config.project
        self.project_number = config.project_number
        self.regions = config.regions
        self.port_base = config.port_base
        self.state_dir: Path = config.state_dir
        self.store = Store(config.state_dir / "resources.sqlite")
        self.operations = Operations(self.store)
        self.policies = Policies(self.store)
        self.switches = Switches()
        self.tokens: Tokens
        self.services: dict[str, Service] = {}
        self.server: Server | None = None
        self.predictions: list[dict[str, Any]] = []
        self.unwritten: Counter[str] = Counter()
        self._documents: dict[tuple[str, str], Document] = {}

    @property
    def global_url(self) -> str:
        """The address of the listener that serves everything by path."""
        return f"http://{HOST}:{self.port_base}"

    def region_port(self, region: str) -> int:
        """Return the port of the region's listener; raises ApiError 404 for a region that this cloud has not."""
        if region not in self.regions:
            raise ApiError.not_found(f"region {region!r} is not one of {', '.join(self.regions)}")
        return self.port_base + 1 + self.regions.index(region)

    def region_url(self, region: str) -> str:
        """Return the address of the region's listener."""
        return f"http://{HOST}:{self.region_port(region)}"

    def document(self, api: str, version: str) -> Document:
        """Return the discovery document of an API version, loaded at its first use."""
        key = (api, version)
        if key not in self._documents:
            self._documents[key] = discovery.load(api, version, self.config.cache_dir)
        return self._documents[key]

    def open(self) -> None:
        """Open the state and build the services; nothing runs yet."""
        self.store.open()
        self.operations.abandon_interrupted()
        self.tokens = Tokens.open(self.state_dir, project=self.project, token_uri=f"{self.global_url}/token")
        self.services = {kind.api: kind(self) for kind in services.classes()}

    async def start(self) -> None:
        """Start every service; when one fails, every one is stopped and its error raised."""
        started = await asyncio.gather(*(service.start() for service in self.services.values()), return_exceptions=True)
        failures = [outcome for outcome in started if isinstance(outcome, BaseException)]
        if failures:
            await self.stop()
            raise failures[0]

    async def stop(self) -> None:
        """Stop every service and close the state; repeating is safe."""
        await asyncio.gather(*(service.stop() for service in self.services.values()))
        await self.operations.stop()
        self.store.close()

    async def outage(self, region: str, service: str | None, mode: str) -> None:
        """Make the region, or one service of it, dark; raises ApiError 400 for a name or mode that does not exist."""
        self._check_region(region)
        if mode not in MODES:
            raise ApiError.invalid(f"outage mode {mode!r} is none of {', '.join(MODES)}")
        if service is not None and service not in self.outage_names():
            raise ApiError.invalid(f"service {service!r} is none of {', '.join(sorted(self.outage_names()))}")
        self.switches.darken(region, service, mode)
        if self.server is not None:
            await self.server.region_dark(region, service, mode)
        await asyncio.gather(*(one.region_dark(region) for one in self._affected(service)))

    async def heal(self, region: str) -> None:
        """Light the region and all its services again; repeating is safe."""
        self._check_region(region)
        self.switches.heal(region)
        if self.server is not None:
            await self.server.region_healed(region)
        await asyncio.gather(*(one.region_healed(region) for one in self.services.values()))

    def outage_names(self) -> set[str]:
        """Return the names that an outage of one service may use."""
        routed = {route.api for service in self.services.values() for route in service.routes() if route.api}
        return set(self.services) | routed

    def _affected(self, service: str | None) -> list[Service]:
        if service is None:
            return list(self.services.values())
        return [
            one
            for api, one in self.services.items()
            if api == service or service in {route.api for route in one.routes()}
        ]

    def _check_region(self, region: str) -> None:
        if region not in self.regions and region != "global":
            raise ApiError.invalid(f"region {region!r} is none of {', '.join(self.regions)}, global")
