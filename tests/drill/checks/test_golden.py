from __future__ import annotations

from drill.checks.golden import deviation


def test_the_largest_difference_counts() -> None:
    assert deviation([[0.5, 0.5], [0.25, 0.75]], [[0.5, 0.5], [0.5, 0.5]]) == 0.25


def test_another_number_of_answers_is_never_golden() -> None:
    assert deviation([[0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]) == float("inf")


def test_another_number_of_classes_is_never_golden() -> None:
    assert deviation([[1.0]], [[0.5, 0.5]]) == float("inf")
