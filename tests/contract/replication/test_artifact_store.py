from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.replication.ground import staging
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.artifacts import FileDigest

if TYPE_CHECKING:
    from tests.contract.replication.ground import Ground


def test_files_are_listed_with_checksum_and_size_by_their_relative_name(ground: Ground) -> None:
    ground.put(f"{staging(ground)}a/x.json", b"123456789")
    ground.put(f"{staging(ground)}a/deep/y.json", b"")
    ground.put(f"{staging(ground)}ab/z.json", b"z")

    found = ground.store.files(f"{staging(ground)}a/")

    assert found == {
        "x.json": FileDigest(crc32c="4waSgw==", size=9),
        "deep/y.json": FileDigest(crc32c="AAAAAA==", size=0),
    }


def test_listing_nothing_is_no_error(ground: Ground) -> None:
    assert ground.store.files(f"{staging(ground)}nothing/") == {}


def test_reading_what_is_not_there_says_so(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.store.read(f"{staging(ground)}nothing.json")


def test_writing_once_may_be_repeated_with_the_same_content(ground: Ground) -> None:
    uri = f"{staging(ground)}once.json"

    ground.store.write_once(uri, b"{}")
    ground.store.write_once(uri, b"{}")

    assert ground.store.read(uri) == b"{}"


def test_writing_other_content_is_a_mismatch_and_changes_nothing(ground: Ground) -> None:
    uri = f"{staging(ground)}once.json"
    ground.store.write_once(uri, b"{}")

    with pytest.raises(ReplicaMismatch, match=r"once\.json"):
        ground.store.write_once(uri, b"[]")

    assert ground.store.read(uri) == b"{}"


def test_a_copy_has_the_sources_content_across_locations_and_may_be_repeated(ground: Ground) -> None:
    source, target = f"{staging(ground)}s.bin", f"gs://{ground.settings.artifact_bucket}/t.bin"
    ground.put(source, b"123456789")

    first = ground.store.copy_once(source, target)
    second = ground.store.copy_once(source, target, expected=first)

    assert first == second == FileDigest(crc32c="4waSgw==", size=9)
    assert ground.store.read(target) == b"123456789"


def test_a_copy_over_other_content_is_a_mismatch_and_changes_nothing(ground: Ground) -> None:
    source, target = f"{staging(ground)}s.bin", f"{staging(ground, Side.DR)}t.bin"
    ground.put(source, b"123456789")
    ground.put(target, b"123456780")

    with pytest.raises(ReplicaMismatch, match=r"t\.bin has crc32c"):
        ground.store.copy_once(source, target)

    assert ground.store.read(target) == b"123456780"


def test_a_source_that_is_not_what_was_expected_is_not_copied(ground: Ground) -> None:
    source, target = f"{staging(ground)}s.bin", f"{staging(ground, Side.DR)}t.bin"
    ground.put(source, b"123456780")

    with pytest.raises(ReplicaMismatch, match=r"s\.bin has crc32c .* expected is"):
        ground.store.copy_once(source, target, expected=FileDigest(crc32c="4waSgw==", size=9))

    assert ground.store.files(staging(ground, Side.DR)) == {}


def test_copying_what_is_not_there_says_so(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.store.copy_once(f"{staging(ground)}nothing", f"{staging(ground)}t")
