"""The local cloud as its services see it: settings, state, switches, tokens, discovery documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from localcloud.core.addresses.authority import Authority
from localcloud.core.addresses.hosts import Hosts
from localcloud.core.authorization.access import Access
from localcloud.core.authorization.policies import Policies
from localcloud.core.config import HOST
from localcloud.core.errors import ApiError
from localcloud.core.faults.switches import Switches
from localcloud.core.identity.tokens import Tokens
from localcloud.core.operations import Operations
from localcloud.core.ports import Ports
from localcloud.core.store import Store
from localcloud.schema import discovery

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from localcloud.core.config import Config
    from localcloud.core.inbound import CallAnswering, Inbound
    from localcloud.schema.discovery import Document

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, no secret


class Cloud:
    """Two or more regions of one project on one machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.project = config.project
        self.project_number = config.project_number
        self.regions = config.regions
        self.hosts = Hosts(config.regions)
        self.ports = Ports(state_dir=config.state_dir, port_base=config.port_base)
        self.state_dir: Path = config.state_dir
        self.store = Store(config.state_dir / "resources.sqlite")
        self.operations = Operations(self.store)
        self.policies = Policies(self.store, delay_seconds=config.iam_delay_seconds)
        self.access = Access(
            self.store, self.policies, lambda: self.tokens, project=config.project, number=config.project_number
        )
        self.switches = Switches(config.project_number)
        self.tokens: Tokens
        self.authority: Authority
        self.gateway: CallAnswering | None = None  # the front end, once there is one
        self.predictions: list[dict[str, Any]] = []
        self.unwritten: Counter[str] = Counter()
        self.unserved_hosts: Counter[str] = Counter()
        self._documents: dict[tuple[str, str], Document] = {}

    @property
    def proxy_url(self) -> str:
        """The HTTPS proxy through which everything is reached, and where the cloud answers about itself."""
        return f"http://{HOST}:{self.ports['proxy'].number}"

    def direct_address(self, region: str | None) -> str:
        """Return the loopback address where clients that speak no CONNECT reach the region's hosts, by TLS on port 443.

        Hosts of no region have one too. The addresses are this cloud's alone, as its proxy's port is.
        """
        high, low = divmod(self.ports["proxy"].number, 256)
        number = 1 if region is None else 2 + list(self.regions).index(region)
        return f"127.{high or 1}.{low}.{number}"

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
        self.authority = Authority.kept_in(self.state_dir / "authority")
        self.tokens = Tokens.open(self.state_dir, project=self.project, token_uri=TOKEN_URI)

    async def close(self) -> None:
        """End every operation and close the state; repeating is safe."""
        await self.operations.stop()
        self.store.close()

    async def call(self, api: str, inbound: Inbound, region: str | None) -> dict[str, Any] | web.StreamResponse | None:
        """Return what a service answers to a call that came in inside another request; raises ApiError, or Dark."""
        if self.gateway is None:
            raise ApiError.unavailable("the cloud is not ready yet")
        with self.switches.part_of_a_request():
            return await self.gateway.call(api, inbound, region)
