from __future__ import annotations

import pytest

from tests.traffic.samples import NOW, selector, trail
from tests.traffic.world import TrafficWorld
from vertex_dr.kernel.errors import FlipLost
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Readiness


@pytest.fixture
def world() -> TrafficWorld:
    """Dr was verified and is 42 seconds behind."""
    world = TrafficWorld()
    known = Readiness(side=Side.DR, verdict=Verdict.PASS, findings=(), observed_at=NOW, lag_seconds=42.0)
    world.shared.readiness.record(known)
    return world


def test_a_hold_is_kept_within_the_epoch_and_cleared(world: TrafficWorld) -> None:
    held = world.traffic.hold.run(by="operator", reason="maintenance of dr")
    free = world.traffic.release.run()

    assert held.hold is not None
    assert (held.hold.by, held.hold.reason, held.epoch) == ("operator", "maintenance of dr", 1)
    assert free == selector()


def test_a_hold_that_a_flip_overtook_is_told(world: TrafficWorld) -> None:
    lost = FlipLost("amend the selector", found="a flip came between", then="look")
    world.shared.selector.faults.fail("amend", with_=lost)

    with pytest.raises(FlipLost):
        world.traffic.hold.run(by="operator", reason="too late")


def test_status_tells_selector_copies_probes_readiness_and_lag(world: TrafficWorld) -> None:
    world.shared.probes.record((trail("dr>dr golden"),))
    world.shared.copies.places["secret"] = selector()

    report = world.traffic.status.run()

    assert report.selector == selector()
    assert [copy.selector for copy in report.copies] == [selector(), None]
    assert report.probes == (trail("dr>dr golden"),)
    assert report.lag_seconds == {"dr": 42.0}
    assert report.problems == ()


def test_status_reports_what_is_dark_instead_of_failing(world: TrafficWorld) -> None:
    world.shared.selector.faults.fail("read")
    world.shared.copies.faults.fail("secret")
    world.shared.probes.faults.fail("trails")

    report = world.traffic.status.run()

    assert report.selector is None
    assert len(report.problems) == 3
    assert report.lag_seconds == {"dr": 42.0}
