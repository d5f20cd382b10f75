"""A discovery document without its prose: a quarter of the size, and one flat list of methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.schema.enums import EnumNumbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORM = 2  # grows with each change of what is kept, so that no older form is read
_SCHEMA_KEYS = ("type", "format", "$ref", "enum", "readOnly", "required")
_PARAMETER_KEYS = ("type", "format", "enum", "repeated", "required", "location")


def prune(document: Mapping[str, Any], api: str, version: str) -> dict[str, Any]:
    """Return the parts of the document that routing and validation need."""
    numbers = EnumNumbers(api, version)
    methods = [_method(method, document, api) for method in _methods(document)]
    schemas = {name: _schema(schema, numbers) for name, schema in document.get("schemas", {}).items()}
    return {"methods": methods, "schemas": schemas}


def _methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _methods(child)


def _method(method: Mapping[str, Any], document: Mapping[str, Any], api: str) -> dict[str, Any]:
    path = document.get("servicePath", "") + method.get("flatPath", method["path"])
    return {
        "id": method["id"].removeprefix(f"{api}."),
        "http_method": method["httpMethod"],
        "path": path.removeprefix(f"{api}/"),
        "parameters": {
            name: {key: parameter[key] for key in _PARAMETER_KEYS if key in parameter}
            for name, parameter in method.get("parameters", {}).items()
        },
        "request": method.get("request", {}).get("$ref"),
        "response": method.get("response", {}).get("$ref"),
    }


def _schema(schema: Mapping[str, Any], numbers: EnumNumbers) -> dict[str, Any]:
    pruned = {key: schema[key] for key in _SCHEMA_KEYS if key in schema}
    if "enum" in schema and (known := numbers.of(schema["enum"])):
        pruned["enumNumbers"] = known
    if "properties" in schema:
        pruned["properties"] = {name: _schema(value, numbers) for name, value in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if key in schema:
            pruned[key] = _schema(schema[key], numbers)
    return pruned
