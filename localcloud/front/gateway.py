"""From an HTTP request to a service's answer: routing, validation, switches, errors."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import msgspec
from aiohttp import web

from localcloud.core.bodies import decoded, validated
from localcloud.core.call import Call
from localcloud.core.errors import ApiError
from localcloud.core.faults.switches import Dark
from localcloud.core.identity.callers import caller_of
from localcloud.core.inbound import Inbound
from localcloud.front.plain_routes import PlainRoutes
from localcloud.schema.field_names import camel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.addresses.hosts import Destination
    from localcloud.core.cloud import Cloud
    from localcloud.core.service import Route, Service
    from localcloud.core.services import Services
    from localcloud.schema.discovery import Method
    from localcloud.schema.routing import Match

_log = logging.getLogger(__name__)
_RAW_BODIES = {
    "GoogleApiHttpBody",
    "GoogleCloudAiplatformV1RawPredictRequest",  # its body is the model server's own
    "GoogleCloudAiplatformV1StreamRawPredictRequest",
    "HttpBody",
}


class Gateway:
    """Answers every request of every listener."""

    def __init__(self, cloud: Cloud, services: Services) -> None:
        self._cloud = cloud
        self._services = services.by_api
        self.plain = PlainRoutes()
        for service in services.by_api.values():
            self.add_routes(service.routes(), service.api)

    def add_routes(self, routes: Iterable[Route], api: str) -> None:
        """Answer these plain routes too, under the name of that API."""
        for route in routes:
            self.plain.add(route, api)

    async def respond(self, request: web.Request, destination: Destination) -> web.StreamResponse:
        """Return the answer; errors become Google's JSON. Raises Dark when there is to be none."""
        with self._cloud.switches.request_of(lambda: caller_of(self._cloud.tokens, request.headers)):
            return await self._respond(request, destination)

    async def _respond(self, request: web.Request, destination: Destination) -> web.StreamResponse:
        raw_path, _, raw_query = request.raw_path.partition("?")
        api, region = destination.api, destination.region
        try:
            await self._cloud.switches.check(region, api)
            found = self.plain.find(api, request.method, raw_path)
            service = self._services.get(api)
            is_method = service is not None and _version_of(service, raw_path) is not None
            if found and not (is_method and found.prefix == "/"):
                return await self._plain(request, region, found)
            inbound = Inbound(request.method, raw_path, raw_query, request.headers, await request.read(), request)
            return _as_response(await self.call(api, inbound, region))
        except ApiError as error:
            return error_response(error)
        except (Dark, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 - a bug is answered as Google answers its own, and logged
            _log.exception("%s %s failed", request.method, request.raw_path)
            return error_response(ApiError(500, "INTERNAL", f"a bug of localcloud: {type(error).__name__}: {error}"))

    async def call(self, api: str, inbound: Inbound, region: str | None) -> dict[str, Any] | web.StreamResponse | None:
        """Return what the service answers to a method of its discovery document; raises ApiError, or Dark.

        A host of a region answers for that region alone.
        """
        service = self._services.get(api)
        if service is None:
            raise ApiError.not_found(f"no method is served at {inbound.raw_path} of {api}")
        version, match = self._match(service, inbound)
        call = self._call(service, version, match, inbound)
        inbound.request["localcloud.method"] = f"{service.api}.{call.method_id}"
        resident = service.region_of(call)
        await self._cloud.switches.check(resident, service.api)
        call.principal = self._cloud.access.principal(inbound.headers, service.api, call.method_id)
        inbound.request["localcloud.principal"] = call.principal
        if region is not None and resident not in {None, region}:
            raise _of_another_region(call, region)
        self._validate(service, version, call)
        try:
            if not service.answers(call):
                raise ApiError.unimplemented(f"{service.api}.{call.method_id}")
            self._cloud.access.authorize(service.access_request(call), call.principal)
            return await service.answer(call)
        except ApiError as error:
            if error.status == "UNIMPLEMENTED":
                self._cloud.unwritten[f"{service.api}.{call.method_id}"] += 1
            raise

    async def _plain(self, request: web.Request, region: str | None, route: Route) -> web.StreamResponse:
        request["localcloud.method"] = f"{route.api}:{route.prefix}"
        await self._cloud.switches.check(region, route.api)
        return await route.handler(request, region)

    def _match(self, service: Service, inbound: Inbound) -> tuple[str, Match[Method]]:
        version = _version_of(service, inbound.raw_path)
        if version is not None:
            path = inbound.raw_path.removeprefix(service.service_path).rstrip("/")
            match = service.document(version).routes.match(inbound.http_method, path)
            if match is not None:
                return version, match
        raise ApiError.not_found(
            f"{service.api} has no method {inbound.http_method} {inbound.raw_path} in {', '.join(service.versions)}"
        )

    def _call(self, service: Service, version: str, match: Match[Method], inbound: Inbound) -> Call:
        name = match.name.removeprefix(f"{version}/")
        number = f"projects/{self._cloud.project_number}"
        if name == number or name.startswith(f"{number}/"):
            name = f"projects/{self._cloud.project}{name.removeprefix(number)}"
        query_all = _query(match.found, inbound.raw_query)
        call = Call(
            api=service.api,
            version=version,
            method=match.found,
            http_method=inbound.http_method,
            name=name,
            verb=match.verb,
            params=match.params,
            query={key: values[-1] for key, values in query_all.items()},
            query_all=query_all,
            body={},
            raw_body=inbound.payload,
            headers=inbound.headers,
            principal=None,
            region=None,
            request=inbound.request,
        )
        call.region = call.location or None
        return call

    def _validate(self, service: Service, version: str, call: Call) -> None:
        schema = call.method.request
        if schema is None or schema in _RAW_BODIES:
            return
        call.raw_body = decoded(call.raw_body)
        call.body = validated(service.document(version).schemas, schema, call.raw_body)


def _version_of(service: Service, raw_path: str) -> str | None:
    """Return the version of the API that the path names, None for a path that names none which is served."""
    if not raw_path.startswith(service.service_path):
        return None
    version = raw_path.removeprefix(service.service_path).partition("/")[0]
    return version if version in service.versions else None


def _of_another_region(call: Call, region: str) -> ApiError:
    """Return Google's refusal of a resource whose location is not the one that the host stands for."""
    field = "parent" if call.method.is_on_collection else "name"
    sentence = f"The provided location ID doesn't match the endpoint. The valid location ID is `{region}`."
    return ApiError.invalid(
        f"List of found errors:\t1.Field: {field}; Message: {sentence}\t",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{"field": field, "description": sentence}],
            }
        ],
    )


def error_response(error: ApiError) -> web.Response:
    """Return the error as Google's APIs send it."""
    if error.code == HTTPStatus.NOT_MODIFIED:
        return web.Response(status=error.code)
    return web.Response(
        body=msgspec.json.encode(error.as_json()),
        status=error.code,
        content_type="application/json",
        charset="UTF-8",
        headers=None if error.retry_after_seconds is None else {"Retry-After": str(error.retry_after_seconds)},
    )


def _as_response(answer: dict[str, Any] | web.StreamResponse | None) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None:
        return web.Response(status=204)
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json", charset="UTF-8")


def _query(method: Method, raw_query: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in parse_qsl(raw_query, keep_blank_values=True):
        name = key if key in method.parameters else camel(unquote(key))
        found[name] = (*found.get(name, ()), value)
    return found
