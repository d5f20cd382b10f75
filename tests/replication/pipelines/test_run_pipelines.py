from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.replication.world import PIPELINE, World
from vertex_dr.kernel.errors import BadSettings, NotFound, Refused, Unreachable
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from tests.memory.pipelines import MemoryPipelines


def published() -> World:
    """Both sides have the pipeline under the tag that is configured."""
    world = World()
    for side in (world.primary, world.dr):
        side.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    return world


def version_in(pipelines: MemoryPipelines) -> str:
    return pipelines.resolve("diagnosis-training", "latest")


def test_the_active_sides_schedule_starts_one_run() -> None:
    world = published()

    journal = world.primary.replication.run_pipelines.run()

    assert journal.verdict is Verdict.PASS
    version = version_in(world.primary.pipelines)
    assert world.primary.runs.started == {
        "diagnosis-training-20260101123000-00000001": f"diagnosis-training@{version} as runs@demo"
    }


def test_the_other_sides_schedule_is_refused() -> None:
    world = published()

    with pytest.raises(Refused, match="the selector names primary as the active side"):
        world.dr.replication.run_pipelines.run()

    assert world.dr.runs.started == {}


def test_after_a_flip_dr_may_and_primary_may_not() -> None:
    world = published()
    world.flip()

    world.dr.replication.run_pipelines.run()

    assert len(world.dr.runs.started) == 1
    with pytest.raises(Refused):
        world.primary.replication.run_pipelines.run()


def test_a_flip_between_plan_and_start_stops_the_start() -> None:
    world = published()
    plan = world.primary.replication.run_pipelines.plan()
    world.flip()

    journal = world.primary.replication.run_pipelines.apply(plan)

    assert journal.verdict is Verdict.FAIL
    assert world.primary.runs.started == {}


def test_repeating_one_plan_starts_nothing_more() -> None:
    world = published()
    plan = world.primary.replication.run_pipelines.plan()

    world.primary.replication.run_pipelines.apply(plan)
    world.primary.replication.run_pipelines.apply(plan)

    assert len(world.primary.runs.started) == 1


def test_a_selector_that_does_not_answer_starts_nothing() -> None:
    world = published()
    world.selector.faults.fail("read")

    with pytest.raises(Unreachable):
        world.primary.replication.run_pipelines.run()

    assert world.primary.runs.started == {}


def test_a_missing_pipeline_setting_is_named() -> None:
    world = published()
    world.primary.settings = msgspec.structs.replace(world.primary.settings, pipeline=None)

    with pytest.raises(BadSettings, match="VERTEX_DR_PIPELINE is not set"):
        world.primary.replication.run_pipelines.run()


def test_a_run_is_of_what_the_tag_named_when_it_was_planned() -> None:
    world = published()
    planned = version_in(world.primary.pipelines)
    plan = world.primary.replication.run_pipelines.plan()
    world.primary.pipelines.publish("diagnosis-training", PIPELINE + b"# newer\n", tags=("latest",))

    world.primary.replication.run_pipelines.apply(plan)

    assert version_in(world.primary.pipelines) != planned
    assert list(world.primary.runs.started.values()) == [f"diagnosis-training@{planned} as runs@demo"]


def test_a_tag_that_names_nothing_starts_nothing() -> None:
    world = World()

    with pytest.raises(NotFound, match="diagnosis-training:latest"):
        world.primary.replication.run_pipelines.run()

    assert world.primary.runs.started == {}
