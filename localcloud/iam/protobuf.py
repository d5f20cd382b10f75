"""The few fields of a protobuf message that permissions depend on, read from its bytes without its schema.

The encoding: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MORE, _SEVEN_BITS = 0x80, 0x7F


class BadMessage(Exception):
    """The bytes are no protobuf message."""


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of each field in order: bytes for what has a length, else an integer.

    Raises BadMessage.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in {_FIXED64, _FIXED32}:
            length = 8 if kind == _FIXED64 else 4
        else:
            raise BadMessage(f"field {number} has the wire type {kind}, which is none")
        if at + length > len(message):
            raise BadMessage(f"field {number} ends behind the message's {len(message)} bytes")
        part = message[at : at + length]
        at += length
        yield number, part if kind == _BYTES else int.from_bytes(part, "little")


def inner(message: bytes, number: int) -> list[bytes]:
    """Return the values of a field that has a length: texts, messages."""
    return [value for found, value in fields(message) if found == number and isinstance(value, bytes)]


def text(message: bytes, number: int) -> str:
    """Return a text field, an empty string where it is not set; the last value counts."""
    found = inner(message, number)
    try:
        return found[-1].decode() if found else ""
    except UnicodeDecodeError as error:
        raise BadMessage(f"field {number} is no text: {error}") from error


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        at += 1
        value |= (byte & _SEVEN_BITS) << shift
        if not byte & _MORE:
            return value, at
        shift += 7
    raise BadMessage(f"a number ends behind the message's {len(message)} bytes")
