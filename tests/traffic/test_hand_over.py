from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.memory.traffic import MemoryFunctions
from tests.traffic.samples import NOW, SERVICE, trail
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.traffic.hand_over import HandOver
from vertex_dr.traffic.probe_region import TIMEOUT_SHARE
from vertex_dr.traffic.probes import is_fresh, patience_seconds
from vertex_dr.traffic.records import Rehearsal, Rehearsed

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.sides import Side

POLICY = PolicySettings()
URL = "https://assess.example"
REHEARSAL = Rehearsal(service=SERVICE, by="probe_region in dr")


@pytest.fixture
def functions() -> MemoryFunctions:
    return MemoryFunctions(answers={URL: {"epoch": 2}})


@pytest.fixture
def hanging(functions: MemoryFunctions) -> MemoryFunctions:
    functions.faults.fail(URL)
    return functions


def rehearsed(active: Side) -> Rehearsed:
    return Rehearsed(service=SERVICE, epoch=1, active=active, copies=())


def nothing(_: Record | None) -> Record:
    raise AssertionError("the work was done here")


def test_the_next_function_answers_and_nothing_is_done_here(functions: MemoryFunctions) -> None:
    answer = HandOver(url=URL, functions=lambda: functions, in_process=nothing).run(None)

    assert answer == {"epoch": 2}


def test_a_prober_whose_receiver_hangs_decides_itself_while_its_trail_is_fresh(hanging: MemoryFunctions) -> None:
    failing = trail("dr>primary failed 3 over 7 s")
    asked: list[Record | None] = []

    def decide(record: Record | None) -> Rehearsed:
        asked.append(record)
        return rehearsed(failing.last.target)

    answer = HandOver(
        url=URL, functions=lambda: hanging, in_process=decide, patience_seconds=patience_seconds(POLICY)
    ).run(None)

    # A trail bears the time at which its probe began, and the probe itself may have hung.
    waited = sum(one.timeout_seconds for one in hanging.called)
    decided_at = NOW + timedelta(seconds=POLICY.probe_interval_seconds * TIMEOUT_SHARE + waited)
    assert (asked, answer["active"]) == ([None], "primary")
    assert is_fresh(failing, POLICY, now=decided_at)


def test_without_a_next_function_the_work_is_done_here(functions: MemoryFunctions) -> None:
    failing = trail("dr>primary failed 3 over 7 s")

    answer = HandOver(url=None, functions=lambda: functions, in_process=lambda _: rehearsed(failing.last.target)).run(
        None
    )

    assert (answer["active"], functions.called) == ("primary", [])


def test_a_rehearsal_waits_for_a_function_that_has_to_start(hanging: MemoryFunctions) -> None:
    with pytest.raises(Unreachable):
        HandOver(url=URL, functions=lambda: hanging, in_process=nothing, patience_seconds=1).run(REHEARSAL)

    assert hanging.called[0].timeout_seconds > 1


def test_a_rehearsal_does_nothing_here(functions: MemoryFunctions) -> None:
    assert HandOver(url=None, functions=lambda: functions, in_process=nothing).run(REHEARSAL) == {}
