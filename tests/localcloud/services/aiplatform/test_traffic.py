"""Traffic splits, decided without any server."""

from __future__ import annotations

import pytest

from localcloud.core.errors import ApiError
from localcloud.services.aiplatform import traffic


@pytest.mark.parametrize(("draw", "chosen"), [(0.0, "1"), (0.29, "1"), (0.3, "2"), (0.999, "2")])
def test_each_share_gets_its_part_of_the_draws(draw: float, chosen: str) -> None:
    assert traffic.choose({"1": 30, "2": 70}, draw=draw) == chosen


def test_without_shares_nothing_is_chosen() -> None:
    assert traffic.choose({}) is None


def test_the_new_models_share_is_put_under_its_id() -> None:
    assert traffic.with_new({"0": 60, "7": 40}, "9") == {"9": 60, "7": 40}


def test_empty_shares_are_left_out() -> None:
    assert traffic.checked({"1": 100, "2": 0}, ["1", "2"]) == {"1": 100}


@pytest.mark.parametrize("split", [{"1": 99}, {"1": 101}, {"1": 200, "2": -100}, {"3": 100}])
def test_a_split_that_is_not_whole_or_names_a_stranger_is_refused(split: dict[str, int]) -> None:
    with pytest.raises(ApiError, match="traffic_split"):
        traffic.checked(split, ["1", "2"])
