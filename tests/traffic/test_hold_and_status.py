from __future__ import annotations

import pytest

from tests.memory.traffic import MemoryCopies, MemoryProbes, MemoryReadiness, MemorySelectors, Time
from tests.traffic.samples import NOW, SERVICE, change, selector, trail
from vertex_dr.kernel.errors import FlipLost
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.hold import HoldSelector
from vertex_dr.traffic.records import Readiness
from vertex_dr.traffic.status import Status


def test_a_hold_is_kept_within_the_epoch_and_cleared() -> None:
    store = MemorySelectors()
    store.create(change())
    holding = HoldSelector(store=store, clock=Time(NOW))

    held = holding.set(by="operator", reason="maintenance of dr")
    free = holding.clear()

    assert held.hold is not None
    assert (held.hold.by, held.hold.reason, held.epoch) == ("operator", "maintenance of dr", 1)
    assert free == selector()


def test_a_hold_that_a_flip_overtook_is_told() -> None:
    store = MemorySelectors()
    store.create(change())
    store.faults.fail("amend", with_=FlipLost("amend the selector", found="a flip came between", then="look"))

    with pytest.raises(FlipLost):
        HoldSelector(store=store, clock=Time(NOW)).set(by="operator", reason="too late")


def status(store: MemorySelectors, copies: MemoryCopies, probes: MemoryProbes) -> Status:
    readiness = MemoryReadiness()
    readiness.record(Readiness(side=Side.DR, verdict=Verdict.PASS, findings=(), observed_at=NOW, lag_seconds=42.0))
    return Status(service=SERVICE, selector=store, copies=copies, probes=probes, readiness=readiness, clock=Time(NOW))


def test_status_tells_selector_copies_probes_readiness_and_lag() -> None:
    store, probes = MemorySelectors(), MemoryProbes()
    store.create(change())
    probes.record((trail("dr>dr golden"),))

    report = status(store, MemoryCopies(places={"secret": selector(), "bucket": None}), probes).run()

    assert report.selector == selector()
    assert [copy.selector for copy in report.copies] == [selector(), None]
    assert report.probes == (trail("dr>dr golden"),)
    assert report.lag_seconds == {"dr": 42.0}
    assert report.problems == ()


def test_status_reports_what_is_dark_instead_of_failing() -> None:
    store, copies, probes = MemorySelectors(), MemoryCopies(), MemoryProbes()
    store.faults.fail("read")
    copies.faults.fail("secret")
    probes.faults.fail("trails")

    report = status(store, copies, probes).run()

    assert report.selector is None
    assert len(report.problems) == 3
    assert report.lag_seconds == {"dr": 42.0}
