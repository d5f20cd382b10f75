"""The standard methods (create, get, list, patch, delete) of any resource in a discovery document."""

from __future__ import annotations

import base64
import secrets
import uuid
from typing import TYPE_CHECKING, Any, Protocol

from localcloud.core import masks, paging
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.schema import typenames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.schema.discovery import Document

_SERVER_FIELDS = ("name", "createTime", "uid", "creator")


class ServesResources(Protocol):
    """What the standard methods ask of a service."""

    @property
    def api(self) -> str:
        """The name of the API, under which the store keeps its resources."""

    @property
    def proto_package(self) -> str:
        """The package of schemas whose names do not carry it."""

    @property
    def multi_regions(self) -> tuple[str, ...]:
        """The locations that the API has beside the cloud's regions."""

    @property
    def cloud(self) -> Cloud:
        """The cloud that the service belongs to."""

    def document(self, version: str) -> Document:
        """Return the discovery document of one of the service's versions."""

    def exists(self, name: str) -> bool:
        """Whether the resource exists."""

    def fill(self, call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Complete a resource that is created (old is None) or patched."""


def etag() -> str:
    """Return a new etag."""
    return base64.b64encode(secrets.token_bytes(8)).decode()


def create(service: ServesResources, call: Call) -> dict[str, Any]:
    """Make the resource exist under the id of query, wrapper or body name, or under a new number; 409 when it does."""
    resource, identifier = _sent(service, call)
    name = f"{call.name}/{identifier or service.cloud.store.next_id()}"
    if service.cloud.store.get(service.api, name) is not None:
        raise ApiError.already_exists(f"Resource '{name}' already exists")
    properties = _properties(service, call)
    resource["name"] = name
    moment = now()
    if "createTime" in properties:
        resource["createTime"] = moment
    if "uid" in properties:
        resource["uid"] = str(uuid.uuid4())
    _touch(resource, properties, moment)
    service.fill(call, resource, None)
    service.cloud.store.put(service.api, name, resource)
    return _answer(service, call, resource)


def get(service: ServesResources, call: Call) -> dict[str, Any]:
    """Return the resource; 404 when there is none."""
    return service.cloud.store.require(service.api, call.name)


def list_(service: ServesResources, call: Call) -> dict[str, Any]:
    """Return a page of the collection. A filter is a 501: nothing here pretends to have filtered."""
    if call.query.get("filter"):
        raise ApiError.unimplemented(f"{service.api}.{call.method_id} with filter")
    items = service.cloud.store.children(service.api, call.parent, call.collection)
    return paging.listed(_list_field(service, call), items, call.query)


def patch(service: ServesResources, call: Call) -> dict[str, Any]:
    """Change what the mask names (without one: what the body holds; PUT: everything); 409 for an outdated etag."""
    old = service.cloud.store.require(service.api, call.name)
    _check_etag(old, call.body.get("etag"))
    changes = {key: value for key, value in call.body.items() if key not in {"name", "etag", "updateMask"}}
    resource = dict(old)
    mask = call.field_mask()
    properties = _properties(service, call)
    if mask is None and call.http_method == "PUT":
        resource = {key: old[key] for key in _SERVER_FIELDS if key in old} | changes
    else:
        _check_mask(mask or [], properties)
        masks.apply(resource, changes, mask if mask is not None else list(changes))
    _touch(resource, properties, now())
    service.fill(call, resource, old)
    service.cloud.store.put(service.api, call.name, resource)
    return _answer(service, call, resource)


def delete(service: ServesResources, call: Call) -> dict[str, Any]:
    """Make the resource and all below it not exist; 404 when it did not, 409 for an outdated etag."""
    store = service.cloud.store
    old = store.require(service.api, call.name)
    _check_etag(old, call.query.get("etag"))
    for name in [call.name, *store.names(service.api, f"{call.name}/")]:
        if "/operations/" not in name:
            store.delete(service.api, name)
            service.cloud.policies.forget(service.api, name)
    if not call.method.is_long_running:
        return {}
    empty = {"@type": "type.googleapis.com/google.protobuf.Empty"}
    return service.cloud.operations.done(service.api, operation_parent(call.name), empty)


def operation_parent(name: str) -> str:
    """Return where the operations of a resource live: its location, its Firestore database, or the root."""
    parts = name.split("/")
    for collection in ("locations", "databases"):
        if collection in parts[:-1]:
            return "/".join(parts[: parts.index(collection) + 2])
    return ""


def _sent(service: ServesResources, call: Call) -> tuple[dict[str, Any], str | None]:
    """Return the resource of a create body and the id that the caller chose, wherever the API wants it."""
    identifier = next(
        (
            call.query[name]
            for name in call.method.query_parameters()
            if name.endswith("Id") and name != "requestId" and call.query.get(name)
        ),
        None,
    )
    body = dict(call.body)
    schema = service.document(call.version).resource_schema(call.method.collection_id)
    if call.method.request != schema and call.method.request is not None:
        request = service.document(call.version).schemas[call.method.request].get("properties", {})
        wrapper = next((field for field, inner in request.items() if inner.get("$ref") == schema), None)
        if wrapper is not None:
            identifier = (
                identifier
                or body.get(f"{wrapper}Id")
                or next((value for field, value in body.items() if field.endswith("Id") and field != "requestId"), None)
            )
            body = dict(body.get(wrapper) or {})
    return body, identifier or (body.get("name") or "").rpartition("/")[2] or None


def _properties(service: ServesResources, call: Call) -> Mapping[str, Any]:
    document = service.document(call.version)
    schema = document.resource_schema(call.method.collection_id) or call.method.request
    properties: Mapping[str, Any] = document.schemas.get(schema or "", {}).get("properties", {})
    return properties


def _touch(resource: dict[str, Any], properties: Mapping[str, Any], moment: str) -> None:
    if "updateTime" in properties:
        resource["updateTime"] = moment
    if "etag" in properties:
        resource["etag"] = etag()


def _answer(service: ServesResources, call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    if not call.method.is_long_running:
        return resource
    schema = service.document(call.version).resource_schema(call.method.collection_id)
    typed = {"@type": typenames.url(schema or "", service.proto_package)} | resource
    return service.cloud.operations.done(service.api, operation_parent(resource["name"]), typed)


def _check_etag(resource: Mapping[str, Any], sent: str | None) -> None:
    if sent and resource.get("etag") and sent != resource["etag"]:
        raise ApiError.aborted(
            f"The etag {sent} of '{resource.get('name')}' is not the current one; read it again, then repeat the change"
        )


def _check_mask(mask: list[str], properties: Mapping[str, Any]) -> None:
    unknown = [path for path in mask if path != "*" and path.partition(".")[0] not in properties]
    if properties and unknown:
        raise ApiError.invalid(f"Invalid field mask: {', '.join(unknown)} names no field of the resource")


def _list_field(service: ServesResources, call: Call) -> str:
    document = service.document(call.version)
    properties = document.schemas.get(call.method.response or "", {}).get("properties", {})
    arrays = [name for name, inner in properties.items() if inner.get("type") == "array" and "$ref" in inner["items"]]
    return call.collection if call.collection in arrays or not arrays else arrays[0]
