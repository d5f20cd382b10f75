"""What a service of the local cloud is: a discovery document, plus the methods that are special to it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from localcloud.core import dispatch
from localcloud.core.errors import ApiError
from localcloud.iam.requests import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from aiohttp import web

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.schema.discovery import Document

F = TypeVar("F", bound="Callable[..., Any]")


def handles(*method_ids: str) -> Callable[[F], F]:
    """Mark a service's method as the one that answers these discovery methods (ids without the API's name)."""

    def mark(function: F) -> F:
        function.__dict__["handled_methods"] = method_ids
        return function

    return mark


def fills(*collection_ids: str) -> Callable[[F], F]:
    """Mark a service's method as the one that fills server-owned fields when these collections create or patch."""

    def mark(function: F) -> F:
        function.__dict__["filled_collections"] = collection_ids
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Route:
    """A plain route outside the discovery documents; the longest prefix wins, and routes beat methods.

    `host` is the `api` of the table of hosts. A `*` in prefix is one path segment; method `*` is any. `api` is the name
    that `outage --api` knows the route by (default: the service's own). The handler raises ApiError or answers; region
    is the host's, None for a host that stands for no region.
    """

    host: str
    method: str
    prefix: str
    handler: Callable[[web.Request, str | None], Awaitable[web.StreamResponse]]
    api: str | None = None


class Service:
    """One API. It, and the collections that it owns, mark their methods with @handles; the rest is standard."""

    api: ClassVar[str] = ""
    versions: ClassVar[tuple[str, ...]] = ("v1",)
    service_path: ClassVar[str] = "/"  # before the version, as the discovery document says
    rpc_services: ClassVar[tuple[str, ...]] = ()  # full names of those that are served by gRPC too
    proto_package: ClassVar[str] = ""  # for schemas whose names do not carry it, such as artifactregistry's Repository
    multi_regions: ClassVar[tuple[str, ...]] = ()  # what `projects.locations.list` names beside the cloud's regions
    differences: ClassVar[tuple[str, ...]] = ()

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.handlers: dict[str, Callable[[Call], Any]] = {}
        self._fillers: dict[str, Callable[[Call, dict[str, Any], dict[str, Any] | None], None]] = {}
        self.own(self)

    def own(self, *collections: object) -> None:
        """Let the @handles and @fills methods of these objects answer for the service; it keeps them as fields."""
        for collection in collections:
            for name, function in inspect.getmembers(type(collection), inspect.isfunction):
                for method_id in function.__dict__.get("handled_methods", ()):
                    self.handlers[method_id] = getattr(collection, name)
                for collection_id in function.__dict__.get("filled_collections", ()):
                    self._fillers[collection_id] = getattr(collection, name)

    async def start(self) -> None:
        """Start what the service runs beside its API; the cloud is ready only after that."""

    async def stop(self) -> None:
        """Stop what start started; repeating is safe."""

    async def region_dark(self, region: str) -> None:
        """Lose what runs in the region; `cloud.switches.is_dark(region, self.api)` tells the mode."""

    async def region_healed(self, region: str) -> None:
        """Bring back what runs in the region."""

    def routes(self) -> Iterable[Route]:
        """Return the plain routes that the service answers beside its discovery document."""
        return ()

    def rpc_address(self) -> str:
        """Return host and port of the emulator that takes the service's gRPC calls. Raises ApiError 503 without."""
        raise ApiError.unavailable(f"{self.api} is not served by gRPC here")

    def region_of(self, call: Call) -> str | None:
        """Return the region that holds what the call is about, None for what is global."""
        return call.location if call.location in self.cloud.regions else None

    def words(self, call: Call) -> frozenset[str]:  # noqa: ARG002 - what a service with more to say overrides
        """Return what the service's state adds to the question of which permissions a call needs."""
        return frozenset()

    def access_request(self, call: Call) -> Request:
        """Return what of a call decides about its permissions."""
        return Request(
            api=self.api,
            method=call.method_id,
            path=call.checked_path,
            params=call.params,
            query=call.query,
            body=call.body,
            words=self.words(call),
        )

    def exists(self, name: str) -> bool:
        """Whether the resource exists; policies of anything else are a 404."""
        return self.cloud.store.get(self.api, name) is not None

    def document(self, version: str) -> Document:
        """Return the discovery document of one of the service's versions."""
        return self.cloud.document(self.api, version)

    def fill(self, call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Let the collection's @fills method complete a resource that is created (old is None) or patched."""
        if filler := self._fillers.get(call.method.collection_id):
            filler(call, resource, old)

    def answers(self, call: Call) -> bool:
        """Whether somebody wrote the method, or it is a standard one; any other is a 501, whoever asks."""
        return call.method_id in self.handlers or dispatch.find(call) is not None

    async def answer(self, call: Call) -> dict[str, Any] | web.StreamResponse | None:
        """Return the answer of the service's own method, or of the standard one; raises ApiError 501 without both."""
        if handler := self.handlers.get(call.method_id):
            result = handler(call)
            answer: dict[str, Any] | web.StreamResponse | None = await result if inspect.isawaitable(result) else result
            return answer
        return await self.standard(call)

    async def standard(self, call: Call) -> dict[str, Any]:
        """Return the answer of the standard method, which a handler may call and then add to."""
        if method := dispatch.find(call):
            result = method(self, call)
            answer: dict[str, Any] = await result if inspect.isawaitable(result) else result
            return answer
        raise ApiError.unimplemented(f"{self.api}.{call.method_id}")
