"""Plain values as Firestore spells them in JSON, and back.

Reference: https://cloud.google.com/firestore/docs/reference/rest/v1/Value
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Versioned", "fields_of", "plain_of"]


class Versioned(NamedTuple):
    """A document's plain values, and the version that a replacement of it has to name."""

    values: dict[str, Any]
    version: str


def fields_of(plain: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a document that holds these plain values."""
    return {name: _value(value) for name, value in plain.items()}


def plain_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the plain values that a document's fields hold."""
    return {name: _plain(value) for name, value in fields.items()}


def _value(plain: Any) -> dict[str, Any]:  # noqa: PLR0911 - one a kind of value
    match plain:
        case None:
            return {"nullValue": None}
        case bool():
            return {"booleanValue": plain}
        case int():
            return {"integerValue": str(plain)}
        case float():
            return {"doubleValue": plain}
        case str():
            return {"stringValue": plain}
        case dict():
            return {"mapValue": {"fields": fields_of(plain)}}
        case list() | tuple():
            return {"arrayValue": {"values": [_value(item) for item in plain]}}
    raise TypeError(f"a record holds {type(plain).__name__}, which no document keeps")


def _plain(value: dict[str, Any]) -> Any:
    [(kind, held)] = value.items()
    match kind:
        case "nullValue":
            return None
        case "integerValue":
            return int(held)
        case "doubleValue":
            return float(held)
        case "mapValue":
            return plain_of(held.get("fields", {}))
        case "arrayValue":
            return [_plain(item) for item in held.get("values", [])]
        case _:
            return held
