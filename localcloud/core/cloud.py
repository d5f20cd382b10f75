"""The local cloud as its services see it: settings, state, switches, tokens, discovery documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from localcloud.core.config import HOST
from localcloud.core.errors import ApiError
from localcloud.core.identity.tokens import Tokens
from localcloud.core.operations import Operations
from localcloud.core.policies import Policies
from localcloud.core.ports import Ports
from localcloud.core.store import Store
from localcloud.core.switches import Switches
from localcloud.schema import discovery

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from localcloud.core.config import Config
    from localcloud.core.inbound import CallAnswering, Inbound
    from localcloud.schema.discovery import Document


class Cloud:
    """Two or more regions of one project on one machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.project = config.project
        self.project_number = config.project_number
        self.regions = config.regions
        self.ports = Ports(
            state_dir=config.state_dir,
            regions=config.regions,
            port_base=config.port_base,
            emulators=config.emulators,
        )
        self.state_dir: Path = config.state_dir
        self.store = Store(config.state_dir / "resources.sqlite")
        self.operations = Operations(self.store)
        self.policies = Policies(self.store)
        self.switches = Switches()
        self.tokens: Tokens
        self.gateway: CallAnswering | None = None  # the front end, once there is one
        self.predictions: list[dict[str, Any]] = []
        self.unwritten: Counter[str] = Counter()
        self._documents: dict[tuple[str, str], Document] = {}

    @property
    def global_url(self) -> str:
        """The address of the listener that serves everything by path."""
        return f"http://{HOST}:{self.ports['global'].number}"

    def region_port(self, region: str) -> int:
        """Return the port of the region's listener; raises ApiError 404 for a region that this cloud has not."""
        if region not in self.regions:
            raise ApiError.not_found(f"region {region!r} is not one of {', '.join(self.regions)}")
        return self.ports[region].number

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
        """Open the state; nothing runs yet. The ports are held already: the state names them."""
        self.store.open()
        self.operations.abandon_interrupted()
        self.tokens = Tokens.open(self.state_dir, project=self.project, token_uri=f"{self.global_url}/token")

    async def close(self) -> None:
        """End every operation and close the state; repeating is safe."""
        await self.operations.stop()
        self.store.close()

    async def call(self, inbound: Inbound, region: str | None) -> dict[str, Any] | web.StreamResponse | None:
        """Return what a service answers to a call that came in inside another request; raises ApiError, or Dark."""
        if self.gateway is None:
            raise ApiError.unavailable("the cloud is not ready yet")
        return await self.gateway.call(inbound, region)
