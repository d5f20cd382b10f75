"""Operations where Google's clients over REST poll them: under `/ui/`, which the discovery document does not list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec
from aiohttp import web

from localcloud.core.errors import ApiError
from localcloud.core.service import Route
from localcloud.iam.requests import Request
from localcloud.services.aiplatform.names import API

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.services.aiplatform.contents import Contents

_GET = "projects.locations.operations.get"
_PREFIX = "/ui/"


class OperationPolling:
    """`GET /ui/projects/…/locations/…/operations/…`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def routes(self) -> Iterable[Route]:
        """Return the path that clients poll."""
        return (Route(API, "GET", _PREFIX, self._poll),)

    async def _poll(self, request: web.Request, region: str | None) -> web.StreamResponse:
        name = unquote(request.raw_path.partition("?")[0]).removeprefix(_PREFIX)
        name = name.replace(
            f"projects/{self._contents.cloud.project_number}/", f"projects/{self._contents.cloud.project}/", 1
        )
        location = (name.split("/") + [""] * 4)[3]
        await self._contents.cloud.switches.check(location, API)
        if "/operations/" not in name or region not in {None, location}:
            raise ApiError.not_found(f"no operation is at {request.path}")
        access = self._contents.cloud.access
        principal = access.principal(request.headers, API, _GET)
        request["localcloud.principal"] = principal
        access.authorize(Request(api=API, method=_GET, path=name), principal)
        operation = self._contents.cloud.store.require(API, name)
        return web.Response(body=msgspec.json.encode(operation), content_type="application/json")
