from __future__ import annotations

import pytest

from drill.evidence.recovery import Moments, rpo, rto
from vertex_dr.kernel.verdict import Verdict


def test_the_parts_of_the_recovery_time_add_up_to_its_total() -> None:
    moments = Moments(outage_at=100, detected_at=108, decided_at=109, flipped_at=109.5, recovered_at=110)

    found = rto(moments, probe_interval_seconds=5, failures_to_act=2)

    assert (found.detect, found.decide, found.act, found.verify, found.total) == (8, 1, 0.5, 0.5, 10)


def test_probing_once_a_minute_costs_a_minute_a_failure() -> None:
    moments = Moments(outage_at=100, detected_at=108, decided_at=109, flipped_at=109.5, recovered_at=110)

    found = rto(moments, probe_interval_seconds=5, failures_to_act=2)

    assert found.if_probed_once_a_minute == pytest.approx(122)


def test_a_flip_that_never_came_leaves_its_parts_unknown() -> None:
    found = rto(Moments(outage_at=100, detected_at=108), probe_interval_seconds=5, failures_to_act=2)

    assert (found.detect, found.decide, found.total) == (8, None, None)


def test_a_version_registered_after_the_last_replication_is_lost_with_its_age() -> None:
    found = rpo(
        {"primary-1": 10, "primary-2": 20, "primary-3": 70}, {"primary-1", "primary-2"}, outage_at=100, objective=60
    )

    assert [(asset.asset, asset.age_seconds) for asset in found.lost] == [("primary-3", 30)]
    assert (found.seconds, found.verdict) == (30, Verdict.PASS)


def test_an_asset_older_than_the_objective_fails_it() -> None:
    found = rpo({"primary-1": 10}, set(), outage_at=100, objective=60)

    assert found.verdict is Verdict.FAIL


def test_nothing_lost_is_an_rpo_of_zero() -> None:
    found = rpo({"primary-1": 10}, {"primary-1"}, outage_at=100, objective=60)

    assert (found.seconds, found.lost) == (0, ())


def test_a_lost_asset_is_marked_when_it_is_found_again() -> None:
    found = rpo({"primary-3": 70}, set(), outage_at=100, objective=60, found_again={"primary-3"})

    assert found.lost[0].found_again is True
