"""Compare predictions with golden values."""

from __future__ import annotations

import math

__all__ = ["agree"]


def agree(found: object, expected: object, *, tolerance: float) -> bool:
    """Return whether both have the same shape and every number is within tolerance; text and booleans must be equal."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | float):
        return isinstance(found, int | float) and math.isclose(found, expected, rel_tol=0.0, abs_tol=tolerance)
    if isinstance(expected, list | tuple):
        return (
            isinstance(found, list | tuple)
            and len(found) == len(expected)
            and all(agree(f, e, tolerance=tolerance) for f, e in zip(found, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(agree(found[key], value, tolerance=tolerance) for key, value in expected.items())
        )
    return found == expected
