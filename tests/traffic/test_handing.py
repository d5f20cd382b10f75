from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.traffic.samples import NOW, SERVICE, trail
from vertex_dr.adapters.google.functions import call as handoff
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.traffic.plans import Rehearsal, Rehearsed
from vertex_dr.traffic.probes import is_fresh, patience_seconds
from vertex_dr.traffic.watch import TIMEOUT_SHARE
from vertex_dr.traffic_wiring.handing import handing

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.sides import Side

POLICY = PolicySettings()
URL = "https://assess.example"


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make every function hang, and return how long each call waited for it."""
    seconds: list[float] = []

    class Hanging:
        def __init__(self, url: str, *, timeout_seconds: float) -> None:
            seconds.append(timeout_seconds)
            self.url = url

        def __call__(self, _: Record | None) -> dict[str, Any]:
            raise Unreachable(f"call {self.url}", found="it did not answer", then="decide in this process")

    monkeypatch.setattr(handoff, "FunctionCall", Hanging)
    return seconds


def rehearsed(active: Side) -> Rehearsed:
    return Rehearsed(service=SERVICE, epoch=1, active=active, copies=())


def test_a_prober_whose_receiver_hangs_decides_itself_while_its_trail_is_fresh(waited: list[float]) -> None:
    failing = trail("dr>primary failed 3 over 7 s")
    asked: list[Record | None] = []

    def decide(record: Record | None) -> Rehearsed:
        asked.append(record)
        return rehearsed(failing.last.target)

    answer = handing(URL, decide, patience_seconds=patience_seconds(POLICY))(None)

    # A trail bears the time at which its probe began, and the probe itself may have hung.
    decided_at = NOW + timedelta(seconds=POLICY.probe_interval_seconds * TIMEOUT_SHARE + sum(waited))
    assert (asked, answer["active"]) == ([None], "primary")
    assert is_fresh(failing, POLICY, now=decided_at)


def test_a_rehearsal_waits_for_a_function_that_has_to_start(waited: list[float]) -> None:
    rehearsal = Rehearsal(service=SERVICE, by="probe_region in dr")

    with pytest.raises(Unreachable):
        handing(URL, lambda _: rehearsal, patience_seconds=1)(rehearsal)

    assert waited[0] > 1
