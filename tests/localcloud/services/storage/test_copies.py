"""Behaviours 7 and 8: copy, rewrite with tokens, compose."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import google_crc32c
import pytest
from google.api_core import exceptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import storage

    from tests.running_cloud import RunningCloud

MEBIBYTE = 1 << 20


def test_a_copy_has_the_bytes_and_metadata_of_its_source(
    storage_client: storage.Client, bucket: storage.Bucket, unique: Callable[[str], str]
):
    other = storage_client.create_bucket(unique("other"), location="europe-west1")
    source = bucket.blob("source")
    source.metadata = {"origin": "primary-1"}
    source.upload_from_string("content", content_type="text/plain")

    copied = bucket.copy_blob(source, other, "destination")

    assert copied.download_as_bytes() == b"content"
    assert (copied.content_type, copied.metadata) == ("text/plain", {"origin": "primary-1"})
    assert (copied.md5_hash, copied.crc32c) == (source.md5_hash, source.crc32c)


def test_a_copy_outlives_its_source(bucket: storage.Bucket):
    source = bucket.blob("source")
    source.upload_from_string("content")
    bucket.copy_blob(source, bucket, "destination")
    source.delete()

    assert bucket.blob("destination").download_as_bytes() == b"content"


def test_a_rewrite_takes_as_many_calls_as_its_limit_says(cloud: RunningCloud, bucket: storage.Bucket):
    bucket.blob("large").upload_from_string(bytes(5 * MEBIBYTE))
    path = (
        f"/storage/v1/b/{bucket.name}/o/large/rewriteTo/b/{bucket.name}/o/moved?maxBytesRewrittenPerCall={2 * MEBIBYTE}"
    )
    token, progress = "", []

    while True:
        _, answer = cloud.call("POST", path + (f"&rewriteToken={token}" if token else ""), {})
        progress.append((int(answer["totalBytesRewritten"]), answer["done"]))
        if answer["done"]:
            break
        assert not bucket.blob("moved").exists()
        token = answer["rewriteToken"]

    assert progress == [(2 * MEBIBYTE, False), (4 * MEBIBYTE, False), (5 * MEBIBYTE, True)]
    assert bucket.blob("moved").download_as_bytes() == bytes(5 * MEBIBYTE)


def test_a_token_of_an_overwritten_source_is_refused(cloud: RunningCloud, bucket: storage.Bucket):
    bucket.blob("large").upload_from_string(bytes(2 * MEBIBYTE))
    path = f"/storage/v1/b/{bucket.name}/o/large/rewriteTo/b/{bucket.name}/o/moved?maxBytesRewrittenPerCall={MEBIBYTE}"
    _, answer = cloud.call("POST", path, {})
    bucket.blob("large").upload_from_string(bytes(3 * MEBIBYTE))

    status, _ = cloud.call("POST", f"{path}&rewriteToken={answer['rewriteToken']}", {})

    assert status == 400


def test_a_rewrite_gives_the_destination_the_metadata_that_is_asked_for(bucket: storage.Bucket):
    source = bucket.blob("source")
    source.metadata = {"old": "1"}
    source.upload_from_string("content", content_type="text/plain")
    destination = bucket.blob("destination")
    destination.metadata = {"new": "2"}
    destination.content_type = "text/csv"
    destination.storage_class = "COLDLINE"

    token, rewritten, total = destination.rewrite(source)
    found = bucket.get_blob("destination")

    assert (token, rewritten, total) == (None, 7, 7)
    assert (found.metadata, found.content_type, found.storage_class) == ({"new": "2"}, "text/csv", "COLDLINE")


def test_a_composed_object_has_the_bytes_and_crc32c_of_all_and_no_md5(bucket: storage.Bucket):
    parts = [bucket.blob(f"part-{number}") for number in range(3)]
    for number, part in enumerate(parts):
        part.upload_from_string(f"{number}" * 10)
    whole = bucket.blob("whole")
    whole.content_type = "text/plain"
    whole.compose(parts)
    data = b"0" * 10 + b"1" * 10 + b"2" * 10

    found = bucket.get_blob("whole")

    assert found.download_as_bytes() == data
    assert found.crc32c == base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()
    assert (found.md5_hash, found.component_count, found.content_type) == (None, 3, "text/plain")


def test_components_are_counted_through_compositions(bucket: storage.Bucket):
    bucket.blob("one").upload_from_string("1")
    bucket.blob("two").compose([bucket.blob("one"), bucket.blob("one")])

    bucket.blob("three").compose([bucket.blob("two"), bucket.blob("one")])

    assert bucket.get_blob("three").component_count == 3


def test_a_compose_of_a_missing_part_is_not_found(bucket: storage.Bucket):
    with pytest.raises(exceptions.NotFound):
        bucket.blob("whole").compose([bucket.blob("absent")])


def test_an_object_can_be_renamed(bucket: storage.Bucket):
    bucket.blob("before").upload_from_string("content")

    bucket.rename_blob(bucket.blob("before"), "after")

    assert [blob.name for blob in bucket.list_blobs()] == ["after"]
