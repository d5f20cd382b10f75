"""Terraform's values as Python values: null is None, a value not yet known is UNKNOWN."""

from __future__ import annotations

import json
from typing import Any, Final

import msgpack  # type: ignore[import-untyped]  # it publishes no types

Values = dict[str, Any]
"""The attributes and nested blocks of one block, by name."""


class _Unknown:
    """A value that Terraform will know after the apply."""

    def __repr__(self) -> str:
        return "(known after apply)"

    def __copy__(self) -> _Unknown:
        return self

    def __deepcopy__(self, _memo: object) -> _Unknown:
        return self


UNKNOWN: Final = _Unknown()
_UNKNOWN_EXTENSION = msgpack.ExtType(0, b"\0")


def is_known(value: Any) -> bool:
    """Whether the value is set and known."""
    return value is not None and value is not UNKNOWN


def has_unknown(value: Any) -> bool:
    """Whether any part of the value is not yet known."""
    if isinstance(value, dict):
        return any(has_unknown(part) for part in value.values())
    if isinstance(value, list):
        return any(has_unknown(part) for part in value)
    return value is UNKNOWN


def is_zero(value: Any) -> bool:
    """Whether the value is null or the zero of its type: the API tells neither apart, so a plan must not either."""
    return value is None or (value is not UNKNOWN and value in ("", 0, False, [], {}))


def without_unknown(value: Any) -> Any:
    """Return the value with null wherever it was unknown, for a state that is final."""
    if isinstance(value, dict):
        return {key: without_unknown(part) for key, part in value.items()}
    if isinstance(value, list):
        return [without_unknown(part) for part in value]
    return None if value is UNKNOWN else value


def pack(value: Any) -> dict[str, bytes]:
    """Return the value as the protocol's DynamicValue."""
    return {"msgpack": msgpack.packb(value, default=lambda _: _UNKNOWN_EXTENSION)}


def unpack(dynamic: Any) -> Any:
    """Return the value that a DynamicValue carries; None for a null value and for no value at all."""
    if dynamic.msgpack:
        # A refined unknown (extension 12) says more about the value than this provider needs to know.
        return msgpack.unpackb(dynamic.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False)
    return json.loads(dynamic.json) if dynamic.json else None
