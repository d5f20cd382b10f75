from __future__ import annotations

import pytest

from tests.replication.world import World
from vertex_dr.kernel.errors import ReplicaMismatch, Unreachable
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.steps import MirrorImage


def test_every_image_of_the_other_side_is_held_by_its_digest_with_its_tags() -> None:
    world = World()
    world.primary.image("server", tag="v1")
    world.primary.image("server", tag="v2")
    world.primary.image("trainer", tag="latest")

    journal = world.dr.replication.mirror_images.run()

    assert journal.verdict is Verdict.PASS
    assert world.dr.images.held == world.primary.images.held


def test_a_tag_that_moved_on_the_active_side_is_not_moved_back_by_the_other_ones() -> None:
    world = World()
    world.primary.image("server", tag="v1")
    world.primary.image("server", tag="v2")
    world.dr.replication.mirror_images.run()
    digest = next(d for (_, d), tags in world.primary.images.held.items() if "v1" in tags)
    world.primary.images.tag("server", digest, "v2")

    assert world.primary.replication.mirror_images.plan().steps == ()
    world.flip()
    [step] = world.primary.replication.mirror_images.plan().steps

    assert isinstance(step, MirrorImage)
    assert (step.tags, step.digest == digest) == (("v2",), False)


def test_a_tag_that_moved_is_moved_here_too() -> None:
    world = World()
    world.primary.image("server", tag="v1")
    world.primary.image("server", tag="v2")
    world.dr.replication.mirror_images.run()
    digest = next(d for (_, d), tags in world.primary.images.held.items() if "v1" in tags)
    world.primary.images.tag("server", digest, "v2")

    world.dr.replication.mirror_images.run()

    assert world.dr.images.resolve("server", "v2") == digest


def test_images_of_this_side_alone_are_left_alone() -> None:
    world = World()
    world.dr.image("own", tag="v1")
    world.primary.image("server", tag="v1")

    world.dr.replication.mirror_images.run()

    assert sorted(name for name, _ in world.dr.images.held) == ["own", "server"]


def test_an_image_that_the_catalog_names_and_no_repository_lists_is_asked_for() -> None:
    world = World()
    world.primary.register(3)
    world.primary.replication.export_models.run()
    world.primary.images.held.clear()

    journal = world.dr.replication.mirror_images.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.entries[0].error is not None
    assert journal.entries[0].error.kind == "NotFound"


def test_a_dark_region_is_unreachable_and_changes_nothing() -> None:
    world = World()
    world.primary.image("server", tag="v1")
    world.darken(world.primary)

    with pytest.raises(Unreachable):
        world.dr.replication.mirror_images.run()

    assert world.dr.images.held == {}


def test_one_image_that_differs_does_not_hold_up_the_others() -> None:
    world = World()
    world.primary.image("a", tag="v1")
    world.primary.image("b", tag="v1")
    differs = ReplicaMismatch("pull a", found="another digest", then="push it again")
    world.dr.images.faults.fail("pull_from_other_side", nth=1, with_=differs)

    journal = world.dr.replication.mirror_images.run()

    assert journal.verdict is Verdict.FAIL
    assert [name for name, _ in world.dr.images.held] == ["b"]
    assert journal.proof is not None
    assert [f.check for f in journal.proof.findings] == ["image-mirrored"]


def test_a_second_mirroring_has_nothing_to_do() -> None:
    world = World()
    world.primary.image("server", tag="v1")
    world.dr.replication.mirror_images.run()

    assert world.dr.replication.mirror_images.plan().steps == ()
