"""Where each attribute and block of a resource type is found in its API's objects, by Google's discovery documents."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import googleapiclient

from localcloud.terraform_provider.schemas.names import camel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.terraform_provider.schemas.resource_types import ResourceType

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_CLIENT_SIDE = {"id", "timeouts", "terraform_labels", "deletion_policy"}


@functools.cache
def _schemas(document: str) -> dict[str, Any]:
    schemas: dict[str, Any] = json.loads((_DOCUMENTS / f"{document}.json").read_text())["schemas"]
    return schemas


def fields_of(resource: ResourceType, block: dict[str, Any]) -> dict[str, Any]:
    """Return the API's fields by dotted Terraform path; what the API does not have is left out."""
    if not resource.message:
        return {}
    document, _, message = resource.message.partition("/")
    schemas = _schemas(document)
    found = dict(_Walk(resource, schemas).fields(block, schemas[message], ""))
    return {path: entry for path, entry in found.items() if path not in _CLIENT_SIDE}


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through a block and the API's object at once."""

    resource: ResourceType
    schemas: dict[str, Any]

    def fields(
        self, block: dict[str, Any], message: dict[str, Any], prefix: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the fields of a block and of the blocks in it."""
        for name in [*block["attributes"], *block["blocks"]]:
            path = self.resource.renames.get(prefix + name, camel(name)).split(".")
            schema = _descend(self.schemas, message, path)
            if schema is None:
                continue
            kind = block["attributes"][name][0] if name in block["attributes"] else None
            entry: dict[str, Any] = {"path": path}
            if form := _form(kind, schema, keyed=prefix + name in self.resource.keyed):
                entry["form"] = form
            if schema.get("type") == "array":
                entry["listed"] = True
            yield prefix + name, entry
            if kind is None:
                inner = _resolve(self.schemas, schema.get("items") or schema.get("additionalProperties") or schema)
                yield from self.fields(block["blocks"][name][3], inner, f"{prefix}{name}.")


def _form(kind: Any, schema: dict[str, Any], *, keyed: bool) -> str:
    if keyed:
        return "map"
    if kind == "number" and schema.get("type") == "string":
        return "int64"
    if kind == "string" and schema.get("type") in ("object", "array", "any"):
        return "json"
    return ""


def _descend(schemas: dict[str, Any], message: dict[str, Any], path: list[str]) -> dict[str, Any] | None:
    for part in path:
        inner = message.get("properties", {}).get(part)
        if inner is None:
            return None
        message = _resolve(schemas, inner)
    return message


def _resolve(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a reference leads to."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"]]
    return schema
