"""A region that is slow, half there, wrong, out of quota or cut off from its prober: what traffic makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.traffic.project import INSTANCES
from tests.contract.two_sides import on
from vertex_dr.client import Predictor
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import FailoverPlan, Stay, StayCode

if TYPE_CHECKING:
    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.kernel.settings import Settings

GOLDEN = [3 * one for one in INSTANCES]
PRIMARY, DR = "europe-west4", "europe-west1"


def probed(settings: Settings, times: int = 3) -> FailoverPlan | Stay:
    """Let the prober in dr look as often as an outage takes, and return what is decided then."""
    for _ in range(times):
        on(settings).traffic.probe_region.run(0)
    return on(settings).traffic.assess_regions.decide()


@pytest.fixture
def started(settings: Settings) -> Settings:
    """The selector exists, and the prober in dr has seen both sides answer."""
    on(settings).traffic.probe_region.run(0)
    return settings


def active(settings: Settings) -> Side:
    return on(settings).ports.selector.read().active


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"mode": "quota"}, StayCode.ACTIVE_OVER_QUOTA),
        ({"mode": "half", "share": 1, "status": 429, "retry_after_seconds": 2}, StayCode.ACTIVE_OVER_QUOTA),
        ({"mode": "wrong"}, StayCode.ACTIVE_WRONG),
        ({"mode": "slow", "latency_ms": 20}, StayCode.ACTIVE_HEALTHY),
    ],
    ids=["quota", "429", "wrong", "slow-in-time"],
)
def test_a_side_that_answers_is_not_taken_for_lost(
    started: Settings, project: TrafficProject, order: dict[str, Any], code: StayCode
) -> None:
    project.admin("outage", region=PRIMARY, api="aiplatform", **order)

    decision = probed(started)

    assert isinstance(decision, Stay)
    assert decision.code is code
    assert active(started) is Side.PRIMARY


@pytest.mark.parametrize(
    "order",
    [
        {"mode": "half", "share": 1},
        {"mode": "half", "share": 1, "retry_after_seconds": 1},
        {"mode": "refused"},
    ],
    ids=["503", "503-retry-after", "refused"],
)
def test_a_side_that_answers_nobody_is_lost(started: Settings, project: TrafficProject, order: dict[str, Any]) -> None:
    project.admin("outage", region=PRIMARY, api="aiplatform", **order)

    on(started).traffic.probe_region.run(0)

    assert active(started) is Side.DR


def test_nobody_is_sent_to_a_side_whose_values_are_wrong_or_whose_quota_is_used_up(
    started: Settings, project: TrafficProject
) -> None:
    project.admin("outage", region=PRIMARY, api="aiplatform")
    project.admin("outage", region=DR, api="aiplatform", mode="quota")
    over_quota = probed(started, 1)
    project.admin("heal", region=DR)
    project.admin("outage", region=DR, mode="wrong")
    wrong = probed(started, 1)

    assert isinstance(over_quota, Stay)
    assert isinstance(wrong, Stay)
    assert (over_quota.code, wrong.code) == (StayCode.TARGET_OVER_QUOTA, StayCode.TARGET_WRONG)
    assert "default_requests" in over_quota.reason
    assert active(started) is Side.PRIMARY


@pytest.mark.parametrize(
    "order",
    [
        {"mode": "quota"},
        {"mode": "half", "seed": 1},
        {"mode": "half", "seed": 2, "retry_after_seconds": 1},
        {"mode": "half", "seed": 3, "status": 429, "retry_after_seconds": 1},
        {"mode": "slow", "latency_ms": 600_000, "share": 0.1},
        {"mode": "slow", "latency_ms": 5},
    ],
    ids=["quota", "503", "503-retry-after", "429-retry-after", "slow", "slow-in-time"],
)
def test_every_client_is_answered_whatever_its_region_is_in_trouble_with(
    started: Settings, project: TrafficProject, order: dict[str, Any]
) -> None:
    project.admin("outage", region=PRIMARY, api="aiplatform", **order)

    with Predictor(started.service, started, timeout_seconds=0.5) as predictor:
        predictions = [predictor.predict(INSTANCES) for _ in range(20)]

    assert [one.predictions for one in predictions] == [GOLDEN] * 20
    assert all(len(one.tries) <= 2 for one in predictions)


def test_wrong_predictions_have_the_shape_of_right_ones(started: Settings, project: TrafficProject) -> None:
    project.admin("outage", region=PRIMARY, mode="wrong")

    with Predictor(started.service, started) as predictor:
        found = predictor.predict(INSTANCES)

    assert found.side is Side.PRIMARY
    assert [type(one) for one in found.predictions] == [float] * len(GOLDEN)
    assert all(abs(one - right) >= 0.1 for one, right in zip(found.predictions, GOLDEN, strict=True))
