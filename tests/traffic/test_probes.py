from __future__ import annotations

import pytest

from vertex_dr.traffic.probes import agree


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([0.1000000001, 0.9], [0.1, 0.9]),
        ([[1, 2], [3, 4]], [[1.0, 2.0], [3.0, 4.0]]),
        ([{"label": "benign", "score": 0.5}], [{"label": "benign", "score": 0.5}]),
        ([None, True, "a"], [None, True, "a"]),
    ],
)
def test_values_within_tolerance_agree(found: object, expected: object) -> None:
    assert agree(found, expected, tolerance=1e-9)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([0.1001], [0.1]),
        ([0.1], [0.1, 0.9]),
        ([float("nan")], [0.1]),
        ([1], [True]),
        ([{"label": "benign"}], [{"label": "benign", "score": 0.5}]),
        (["0.1"], [0.1]),
        (0.1, [0.1]),
    ],
)
def test_other_values_and_other_shapes_do_not(found: object, expected: object) -> None:
    assert not agree(found, expected, tolerance=1e-9)
