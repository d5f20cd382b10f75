from __future__ import annotations

from random import Random
from typing import Any

import pytest

from localcloud.core.faults.alteration import altered


def random_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - reproducible on purpose


def leaves(value: Any) -> list[Any]:
    """Return the values without what holds them, in order."""
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


def shape(value: Any) -> Any:
    """Return the value with the name of its kind in place of each leaf."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize("seed", range(20))
def test_every_value_differs_and_the_shape_stays(seed: int):
    predictions = [[0.1, 0.9], {"label": "benign", "score": 0, "is_sure": True, "counts": [3, -1, 10**12]}, -1e9]

    found = altered(predictions, random_of(seed))

    assert shape(found) == shape(predictions)
    assert all(one != other for one, other in zip(leaves(found), leaves(predictions), strict=True))


def test_no_rounding_explains_a_wrong_number():
    found = [altered(0.5, random_of(seed)) for seed in range(100)]

    assert all(abs(one - 0.5) >= 0.1 for one in found)


@pytest.mark.parametrize("nothing", [None, "", [], {}, [None]])
def test_what_holds_no_value_stays(nothing: Any):
    assert altered(nothing, random_of(1)) == nothing
