"""Which standard method answers a discovery method that its service did not write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core import paging, standard_methods
from localcloud.core.authorization import policy_checks
from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from localcloud.core.call import Call
    from localcloud.core.standard_methods import ServesResources

    Standard = Callable[[ServesResources, Call], dict[str, Any] | Awaitable[dict[str, Any]]]

_LONGEST_WAIT_SECONDS = 30.0


def find(call: Call) -> Standard | None:
    """Return the standard method for the call, or None when the call is not standard."""
    if call.method.collection_id.endswith("operations"):
        return _OPERATIONS.get(call.method.action)
    if call.method.collection_id == "projects.locations" and call.method.action in _LOCATIONS:
        return _LOCATIONS[call.method.action]
    return _RESOURCES.get((call.http_method, call.verb, call.method.action))


def _get_policy(service: ServesResources, call: Call) -> dict[str, Any]:
    _require(service, call)
    return service.cloud.policies.get(service.api, call.name)


def _set_policy(service: ServesResources, call: Call) -> dict[str, Any]:
    _require(service, call)
    policy = call.body.get("policy") or {}
    policy_checks.check(service.cloud, service.api, call.name, policy)
    return service.cloud.policies.set(service.api, call.name, policy)


def _test_permissions(service: ServesResources, call: Call) -> dict[str, Any]:
    """Answer those of the permissions that the caller has; an empty object when it has none, as Google does."""
    _require(service, call)
    resource = service.cloud.access.project.named(service.api, call.name)
    held = service.cloud.access.held(call.principal, call.body.get("permissions") or (), resource)
    return {"permissions": held} if held else {}


def _get_operation(service: ServesResources, call: Call) -> dict[str, Any]:
    return service.cloud.store.require(service.api, call.name)


def _list_operations(service: ServesResources, call: Call) -> dict[str, Any]:
    call_query = dict(call.query) | {"filter": ""}  # operations are few: every one is listed whatever the filter
    call.query = call_query
    return standard_methods.list_(service, call)


async def _wait_operation(service: ServesResources, call: Call) -> dict[str, Any]:
    wanted = call.query.get("timeout") or call.body.get("timeout") or ""
    seconds = float(wanted.rstrip("s")) if wanted else _LONGEST_WAIT_SECONDS
    return await service.cloud.operations.wait(service.api, call.name, min(seconds, _LONGEST_WAIT_SECONDS))


def _cancel_operation(service: ServesResources, call: Call) -> dict[str, Any]:
    service.cloud.operations.cancel(service.api, call.name)
    return {}


def _delete_operation(service: ServesResources, call: Call) -> dict[str, Any]:
    service.cloud.store.require(service.api, call.name)
    service.cloud.store.delete(service.api, call.name)
    return {}


def _get_location(service: ServesResources, call: Call) -> dict[str, Any]:
    wanted = call.name.rpartition("/")[2]
    for location in _locations(service, call.project):
        if location["locationId"] == wanted:
            return location
    raise ApiError.not_found(f"Location {wanted} is not found.")


def _list_locations(service: ServesResources, call: Call) -> dict[str, Any]:
    """Return the regions of this cloud, and the multi-regions that the API has beside them."""
    return paging.listed("locations", _locations(service, call.project), call.query)


def _locations(service: ServesResources, project: str) -> list[dict[str, Any]]:
    names = sorted({*service.cloud.regions, *service.multi_regions})
    return [{"name": f"projects/{project}/locations/{one}", "locationId": one} for one in names]


def _require(service: ServesResources, call: Call) -> None:
    if not service.exists(call.name):
        raise ApiError.not_found(f"Resource '{call.name}' was not found.")


_OPERATIONS: dict[str, Standard] = {
    "get": _get_operation,
    "list": _list_operations,
    "wait": _wait_operation,
    "cancel": _cancel_operation,
    "delete": _delete_operation,
}

_LOCATIONS: dict[str, Standard] = {"get": _get_location, "list": _list_locations}

_RESOURCES: dict[tuple[str, str | None, str], Standard] = {
    ("POST", None, "create"): standard_methods.create,
    ("GET", None, "get"): standard_methods.get,
    ("GET", None, "list"): standard_methods.list_,
    ("PATCH", None, "patch"): standard_methods.patch,
    ("PUT", None, "update"): standard_methods.patch,
    ("DELETE", None, "delete"): standard_methods.delete,
    ("GET", "getIamPolicy", "getIamPolicy"): _get_policy,
    ("POST", "getIamPolicy", "getIamPolicy"): _get_policy,
    ("POST", "setIamPolicy", "setIamPolicy"): _set_policy,
    ("POST", "testIamPermissions", "testIamPermissions"): _test_permissions,
}
