"""What a record is: a frozen, keyword-only structure that prints as JSON and can be read back."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from vertex_dr.kernel.errors import DamagedRecord

__all__ = ["Record", "from_json", "to_json", "to_plain"]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact that one stage hands to the next; it never changes once made."""


R = TypeVar("R")


def to_json(record: object) -> bytes:
    """Return the record as indented JSON, keys in the order of its fields, with a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def to_plain(record: object) -> object:
    """Return the record as dicts, lists and scalars that any JSON library takes."""
    return msgspec.to_builtins(record)


def from_json(kind: type[R], data: bytes | str, *, source: str) -> R:
    """Return the record of that kind that data spells.

    Raises DamagedRecord, naming source and the place in it, when data is not JSON, lacks a field or has one too many.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as exc:
        raise DamagedRecord(
            f"read {kind.__name__} from {source}",
            found=str(exc),
            then="restore an intact copy of it, or let the function that writes it run again",
        ) from exc
