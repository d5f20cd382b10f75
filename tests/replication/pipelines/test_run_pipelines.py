from __future__ import annotations

import msgspec
import pytest

from tests.replication.world import World
from vertex_dr.kernel.errors import BadSettings, Refused, Unreachable
from vertex_dr.kernel.verdict import Verdict


def test_the_active_sides_schedule_starts_one_run() -> None:
    world = World()

    journal = world.primary.replication.run_pipelines.run()

    assert journal.verdict is Verdict.PASS
    assert world.primary.runs.started == {
        "diagnosis-training-20260101123000-00000001": "diagnosis-training:latest as runs@demo"
    }


def test_the_other_sides_schedule_is_refused() -> None:
    world = World()

    with pytest.raises(Refused, match="the selector names primary as the active side"):
        world.dr.replication.run_pipelines.run()

    assert world.dr.runs.started == {}


def test_after_a_flip_dr_may_and_primary_may_not() -> None:
    world = World()
    world.flip()

    world.dr.replication.run_pipelines.run()

    assert len(world.dr.runs.started) == 1
    with pytest.raises(Refused):
        world.primary.replication.run_pipelines.run()


def test_a_flip_between_plan_and_start_stops_the_start() -> None:
    world = World()
    plan = world.primary.replication.run_pipelines.plan()
    world.flip()

    journal = world.primary.replication.run_pipelines.apply(plan)

    assert journal.verdict is Verdict.FAIL
    assert world.primary.runs.started == {}


def test_repeating_one_plan_starts_nothing_more() -> None:
    world = World()
    plan = world.primary.replication.run_pipelines.plan()

    world.primary.replication.run_pipelines.apply(plan)
    world.primary.replication.run_pipelines.apply(plan)

    assert len(world.primary.runs.started) == 1


def test_a_selector_that_does_not_answer_starts_nothing() -> None:
    world = World()
    world.selector.faults.fail("read")

    with pytest.raises(Unreachable):
        world.primary.replication.run_pipelines.run()

    assert world.primary.runs.started == {}


def test_a_missing_pipeline_setting_is_named() -> None:
    world = World()
    world.primary.settings = msgspec.structs.replace(world.primary.settings, pipeline=None)

    with pytest.raises(BadSettings, match="VERTEX_DR_PIPELINE is not set"):
        world.primary.replication.run_pipelines.run()
