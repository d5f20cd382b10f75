"""Behaviour 10: generations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.api_core import exceptions

if TYPE_CHECKING:
    from google.cloud import storage


def test_an_overwritten_generation_stays_readable_by_number(versioned: storage.Bucket):
    blob = versioned.blob("state")
    blob.upload_from_string("one")
    first = blob.generation
    blob.upload_from_string("two")

    old = versioned.get_blob("state", generation=first)

    assert old.download_as_bytes() == b"one"
    assert old.time_deleted is not None
    assert versioned.blob("state").download_as_bytes() == b"two"


def test_a_deleted_generation_stays_readable_by_number(versioned: storage.Bucket):
    blob = versioned.blob("state")
    blob.upload_from_string("one")
    versioned.blob("state").delete()

    assert not versioned.blob("state").exists()
    assert versioned.blob("state", generation=blob.generation).download_as_bytes() == b"one"


def test_copying_a_generation_restores_it(versioned: storage.Bucket):
    blob = versioned.blob("state")
    blob.upload_from_string("good")
    good = blob.generation
    blob.upload_from_string("bad")

    versioned.copy_blob(versioned.blob("state"), versioned, "state", source_generation=good)

    assert versioned.blob("state").download_as_bytes() == b"good"
    assert len(list(versioned.list_blobs(versions=True))) == 3


def test_a_generation_deleted_by_number_is_gone(versioned: storage.Bucket):
    blob = versioned.blob("state")
    blob.upload_from_string("one")
    first = blob.generation
    blob.upload_from_string("two")

    versioned.delete_blob("state", generation=first)

    assert versioned.get_blob("state", generation=first) is None
    assert versioned.blob("state").download_as_bytes() == b"two"


def test_without_versioning_an_overwritten_generation_is_gone(bucket: storage.Bucket):
    blob = bucket.blob("state")
    blob.upload_from_string("one")
    first = blob.generation
    blob.upload_from_string("two")

    with pytest.raises(exceptions.NotFound):
        bucket.blob("state", generation=first).download_as_bytes()


def test_generations_grow(versioned: storage.Bucket):
    generations = []
    for number in range(5):
        blob = versioned.blob(f"{number}")
        blob.upload_from_string("")
        generations.append(blob.generation)

    assert generations == sorted(set(generations))


def test_a_batch_of_deletes_is_answered_one_by_one(storage_client: storage.Client, versioned: storage.Bucket):
    versioned.blob("there").upload_from_string("x")

    with storage_client.batch(raise_exception=False) as batch:
        versioned.blob("there").delete()
        versioned.blob("absent").delete()

    assert [response.status_code for response in batch._responses] == [204, 404]
