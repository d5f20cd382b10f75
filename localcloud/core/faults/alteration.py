"""Wrong predictions: every value is another one of its kind, and the shape stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

__all__ = ["altered"]

_PRINTABLE = (0x21, 0x7E)


def altered(value: Any, random: Random) -> Any:
    """Return a value of the same shape in which each number, text and boolean differs; null and what is empty stay.

    A number moves by a tenth to all of its size, or of one where it is smaller: no tolerance for rounding covers that.
    """
    if isinstance(value, dict):
        return {key: altered(one, random) for key, one in value.items()}
    if isinstance(value, list):
        return [altered(one, random) for one in value]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return _other_number(value, random)
    return value[:-1] + _other_letter(value[-1], random) if isinstance(value, str) and value else value


def _other_number(number: float, random: Random) -> float:
    distance = random.choice((-1, 1)) * max(1, abs(number)) * random.uniform(0.1, 1)
    if isinstance(number, int):
        return number + (round(distance) or 1)
    return number + distance


def _other_letter(letter: str, random: Random) -> str:
    low, high = _PRINTABLE
    return next(one for one in iter(lambda: chr(random.randint(low, high)), "") if one != letter)
