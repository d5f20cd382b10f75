from __future__ import annotations

import pytest

from tests.replication.world import PIPELINE, World
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict


def test_every_pipeline_version_and_tag_is_published_here() -> None:
    world = World()
    world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("v1",))
    world.primary.pipelines.publish("diagnosis-training", PIPELINE + b"# newer\n", tags=("v2", "latest"))

    journal = world.dr.replication.publish_pipelines.run()

    assert journal.verdict is Verdict.PASS
    assert world.dr.pipelines.held == world.primary.pipelines.held
    assert world.dr.pipelines.tags == world.primary.pipelines.tags


def test_a_tag_that_moved_is_moved_here_too() -> None:
    world = World()
    world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    world.dr.replication.publish_pipelines.run()
    newer = world.primary.pipelines.publish("diagnosis-training", PIPELINE + b"# newer\n", tags=("latest",))

    world.dr.replication.publish_pipelines.run()

    assert world.dr.pipelines.tags["diagnosis-training", "latest"] == newer


def test_a_tag_that_moved_on_the_active_side_is_not_moved_back_by_the_other_ones() -> None:
    world = World()
    world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    world.dr.replication.publish_pipelines.run()
    newer = world.primary.pipelines.publish("diagnosis-training", PIPELINE + b"# newer\n", tags=("latest",))

    assert world.primary.replication.publish_pipelines.run().verdict is Verdict.PASS
    world.dr.replication.publish_pipelines.run()

    moved = {side: world.sides[side].pipelines.tags["diagnosis-training", "latest"] for side in Side}
    assert moved == dict.fromkeys(Side, newer)


def test_content_that_is_not_what_its_version_says_is_told() -> None:
    world = World()
    version = world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    world.primary.pipelines.held["diagnosis-training", version] = PIPELINE + b"# changed\n"

    journal = world.dr.replication.publish_pipelines.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.entries[0].error is not None
    assert journal.entries[0].error.kind == "ReplicaMismatch"


def test_a_dark_region_is_unreachable() -> None:
    world = World()
    world.darken(world.primary)

    with pytest.raises(Unreachable):
        world.dr.replication.publish_pipelines.run()


def test_a_second_publishing_has_nothing_to_do() -> None:
    world = World()
    world.primary.pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    world.dr.replication.publish_pipelines.run()

    assert world.dr.replication.publish_pipelines.plan().steps == ()
