"""Bodies of requests: JSON, checked against the schema of their method, refused in Google's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from localcloud.core.errors import ApiError
from localcloud.schema.validation import check

if TYPE_CHECKING:
    from collections.abc import Mapping


def decoded(payload: bytes) -> Any:
    """Return what the JSON says, an empty object for no bytes; raises ApiError 400 for what is no JSON."""
    try:
        return msgspec.json.decode(payload) if payload.strip() else {}
    except msgspec.DecodeError as error:
        raise ApiError.invalid(f"Invalid JSON payload received. {error}") from None


def validated(schemas: Mapping[str, Mapping[str, Any]], schema_name: str, body: Any) -> dict[str, Any]:
    """Return the body in camelCase, without nulls and read-only fields, enums by name.

    Raises ApiError 400 that lists every violation the way Google does.
    """
    checked = check(schemas, schema_name, body)
    if not checked.violations:
        return checked.body
    fields = [{"field": one.field, "description": one.description} for one in checked.violations]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": fields}]
    raise ApiError.invalid("\n".join(one.description for one in checked.violations), details=details)
