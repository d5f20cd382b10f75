from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.replication.project import staging
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.artifacts import FileDigest

if TYPE_CHECKING:
    from tests.contract.replication.project import Project


def test_files_are_listed_with_checksum_and_size_by_their_relative_name(project: Project) -> None:
    project.put(f"{staging(project)}a/x.json", b"123456789")
    project.put(f"{staging(project)}a/deep/y.json", b"")
    project.put(f"{staging(project)}ab/z.json", b"z")

    found = project.store.files(f"{staging(project)}a/")

    assert found == {
        "x.json": FileDigest(crc32c="4waSgw==", size=9),
        "deep/y.json": FileDigest(crc32c="AAAAAA==", size=0),
    }


def test_listing_nothing_is_no_error(project: Project) -> None:
    assert project.store.files(f"{staging(project)}nothing/") == {}


def test_reading_what_is_not_there_says_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.store.read(f"{staging(project)}nothing.json")


def test_writing_once_may_be_repeated_with_the_same_content(project: Project) -> None:
    uri = f"{staging(project)}once.json"

    project.store.write_once(uri, b"{}")
    project.store.write_once(uri, b"{}")

    assert project.store.read(uri) == b"{}"


def test_writing_other_content_is_a_mismatch_and_changes_nothing(project: Project) -> None:
    uri = f"{staging(project)}once.json"
    project.store.write_once(uri, b"{}")

    with pytest.raises(ReplicaMismatch, match=r"once\.json"):
        project.store.write_once(uri, b"[]")

    assert project.store.read(uri) == b"{}"


def test_a_copy_has_the_sources_content_across_locations_and_may_be_repeated(project: Project) -> None:
    source, target = f"{staging(project)}s.bin", f"gs://{project.settings.artifact_bucket}/t.bin"
    project.put(source, b"123456789")

    first = project.store.copy_once(source, target)
    second = project.store.copy_once(source, target, expected=first)

    assert first == second == FileDigest(crc32c="4waSgw==", size=9)
    assert project.store.read(target) == b"123456789"


def test_a_copy_over_other_content_is_a_mismatch_and_changes_nothing(project: Project) -> None:
    source, target = f"{staging(project)}s.bin", f"{staging(project, Side.DR)}t.bin"
    project.put(source, b"123456789")
    project.put(target, b"123456780")

    with pytest.raises(ReplicaMismatch, match=r"t\.bin has crc32c"):
        project.store.copy_once(source, target)

    assert project.store.read(target) == b"123456780"


def test_a_source_that_is_not_what_was_expected_is_not_copied(project: Project) -> None:
    source, target = f"{staging(project)}s.bin", f"{staging(project, Side.DR)}t.bin"
    project.put(source, b"123456780")

    with pytest.raises(ReplicaMismatch, match=r"s\.bin has crc32c .* expected is"):
        project.store.copy_once(source, target, expected=FileDigest(crc32c="4waSgw==", size=9))

    assert project.store.files(staging(project, Side.DR)) == {}


def test_copying_what_is_not_there_says_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.store.copy_once(f"{staging(project)}nothing", f"{staging(project)}t")
