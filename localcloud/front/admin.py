"""The local cloud's own API under /_localcloud: status, environment, outages, predictions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from localcloud.core.addresses import environment
from localcloud.core.errors import ApiError
from localcloud.core.service import Route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.cloud import Cloud
    from localcloud.core.services import Services
    from localcloud.front.outages import Outages


DIFFERENCES = (
    "there is one project, and no organization: deny policies, boundaries and groups' members are unknown, and deny",
    "query parameters that a method does not know are ignored; `fields` is accepted and everything answered",
    "a filter of a list that its service did not write is a 501",
    "no quota is counted: one is exhausted when `localcloud outage --mode quota` says so",
)


class Admin:
    """Answers what the `localcloud` command asks."""

    def __init__(self, cloud: Cloud, services: Services, outages: Outages) -> None:
        self._cloud = cloud
        self._services = services
        self._outages = outages

    def routes(self) -> Iterable[Route]:
        """Return the routes that the cloud answers at its own address."""
        return (
            Route("localcloud", "GET", "/_localcloud/status", self._status),
            Route("localcloud", "GET", "/_localcloud/env", self._env),
            Route("localcloud", "POST", "/_localcloud/projects", self._add_project),
            Route("localcloud", "GET", "/_localcloud/permission-uses", self._uses),
            Route("localcloud", "DELETE", "/_localcloud/permission-uses", self._forget_uses),
            Route("localcloud", "GET", "/_localcloud/predictions", self._predictions),
            Route("localcloud", "POST", "/_localcloud/outage", self._outage),
            Route("localcloud", "POST", "/_localcloud/heal", self._heal),
        )

    async def _status(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        cloud = self._cloud
        return _json(
            {
                "pid": os.getpid(),
                "project": cloud.project,
                "state_dir": str(cloud.state_dir),
                "scheduler": cloud.config.scheduler,
                "ports": cloud.ports.numbers(),
                "addresses": {region or "global": cloud.direct_address(region) for region in (None, *cloud.regions)},
                "unserved_hosts": dict(sorted(cloud.unserved_hosts.items())),
                "outages": cloud.switches.as_json(),
                "services": {
                    api: {"versions": list(service.versions), "differences": list(service.differences)}
                    for api, service in sorted(self._services.by_api.items())
                },
                "differences": list(DIFFERENCES),
                "unimplemented": dict(sorted(cloud.unwritten.items())),
                "unknown_permissions": dict(sorted(cloud.access.unknown.items())),
            }
        )

    async def _env(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        return _json(environment.variables(self._cloud))

    async def _predictions(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        return _json({"predictions": self._cloud.predictions})

    async def _add_project(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        project = (await _order(request)).get("project", "")
        self._cloud.access.own_project(project, self._cloud.tokens.operator)
        return _json({"project": project})

    async def _uses(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        access = self._cloud.access
        return _json({"uses": access.uses(), "refused": list(access.refused), "unknown": dict(access.unknown)})

    async def _forget_uses(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        self._cloud.access.forget_uses()
        return _json({})

    async def _outage(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        await self._outages.begin(await _order(request))
        return _json({"outages": self._cloud.switches.as_json()})

    async def _heal(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        await self._outages.end((await _order(request)).get("region", ""))
        return _json({"outages": self._cloud.switches.as_json()})


async def _order(request: web.Request) -> dict[str, Any]:
    try:
        order = msgspec.json.decode(await request.read())
    except msgspec.DecodeError as error:
        raise ApiError.invalid(f"the body of {request.path} is not JSON: {error}") from None
    if not isinstance(order, dict):
        raise ApiError.invalid(f"the body of {request.path} must be an object")
    return order


def _json(answer: dict[str, Any]) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json")
