from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from tests.contract.replication.project import Project

MISSING = "sha256:" + "0" * 64


def test_images_are_listed_with_digest_and_tags(project: Project) -> None:
    first, second = project.push(Side.PRIMARY, "server", "v1"), project.push(Side.PRIMARY, "server", "v2")

    found = {(i.name, i.digest, i.tags) for i in project.images(Side.PRIMARY).images()}

    assert found == {("server", first.digest, ("v1",)), ("server", second.digest, ("v2",))}


def test_an_empty_repository_lists_nothing(project: Project) -> None:
    assert project.images(Side.DR).images() == ()


def test_a_tag_is_resolved_to_its_digest(project: Project) -> None:
    pushed = project.push(Side.PRIMARY, "server", "v1")

    assert project.images(Side.PRIMARY).resolve("server", "v1") == pushed.digest


def test_a_tag_that_does_not_exist_says_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.images(Side.PRIMARY).resolve("server", "v9")


def test_an_image_is_pulled_from_the_other_side_under_its_digest_and_repeating_is_safe(project: Project) -> None:
    digest = project.push(Side.PRIMARY, "server", "v1").digest or ""
    dr = project.images(Side.DR)

    dr.pull_from_other_side("server", digest)
    dr.pull_from_other_side("server", digest)

    assert dr.resolve("server", digest) == digest
    assert [(i.name, i.digest, i.tags) for i in dr.images()] == [("server", digest, ())]


def test_a_pulled_image_is_tagged_and_the_tag_moves(project: Project) -> None:
    first, second = (project.push(Side.PRIMARY, "server", tag).digest or "" for tag in ("v1", "v2"))
    dr = project.images(Side.DR)
    for digest in (first, second):
        dr.pull_from_other_side("server", digest)

    dr.tag("server", first, "latest")
    dr.tag("server", second, "latest")

    assert dr.resolve("server", "latest") == second
    assert {i.digest: i.tags for i in dr.images()} == {first: (), second: ("latest",)}


def test_an_image_that_the_other_side_lacks_says_so_and_leaves_nothing(project: Project) -> None:
    dr = project.images(Side.DR)

    with pytest.raises(NotFound):
        dr.pull_from_other_side("server", MISSING)

    with pytest.raises(NotFound):
        dr.resolve("server", MISSING)
    assert dr.images() == ()
