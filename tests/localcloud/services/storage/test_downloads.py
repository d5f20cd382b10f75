"""Behaviour 2: whole and by range, and the XML API's read that Terraform's backend depends on."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from google.api_core import exceptions

if TYPE_CHECKING:
    from google.cloud import storage

    from tests.running_cloud import RunningCloud


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(0, 3, b"0123"), (4, None, b"456789"), (8, 99, b"89"), (None, 1, b"01")]
)
def test_a_range_is_read(bucket: storage.Bucket, start: int | None, end: int | None, expected: bytes):
    bucket.blob("digits").upload_from_string("0123456789")

    assert bucket.blob("digits").download_as_bytes(start=start, end=end) == expected


def test_a_range_behind_the_end_is_416(bucket: storage.Bucket):
    bucket.blob("short").upload_from_string("abc")

    with pytest.raises(exceptions.RequestRangeNotSatisfiable):
        bucket.blob("short").download_as_bytes(start=3)


def test_a_missing_object_is_not_found(bucket: storage.Bucket):
    with pytest.raises(exceptions.NotFound, match="No such object"):
        bucket.blob("absent").reload()
    with pytest.raises(exceptions.NotFound):
        bucket.blob("absent").download_as_bytes()


def test_a_download_checks_its_generation(bucket: storage.Bucket):
    blob = bucket.blob("checked")
    blob.upload_from_string("one")
    first = blob.generation
    blob.upload_from_string("two")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("checked").download_as_bytes(if_generation_match=first)


def asked(cloud: RunningCloud, path: str) -> urllib.request.Request:
    """Return the operator's request for the path of the XML API."""
    headers = {"Authorization": f"Bearer {cloud.token}"}
    return urllib.request.Request(f"https://storage.googleapis.com/{path}", headers=headers)


def test_gzip_content_is_unpacked_for_those_who_do_not_take_it(cloud: RunningCloud, bucket: storage.Bucket):
    blob = bucket.blob("packed")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"plain"))

    with cloud.opener.open(asked(cloud, f"{bucket.name}/packed")) as response:
        assert response.read() == b"plain"


def test_the_root_path_serves_an_object_by_bucket_and_name(cloud: RunningCloud, bucket: storage.Bucket):
    blob = bucket.blob("env/default.tfstate")
    blob.upload_from_string("{}", content_type="application/json")

    with cloud.opener.open(asked(cloud, f"{bucket.name}/env/default.tfstate")) as response:
        assert response.read() == b"{}"
        assert response.headers["X-Goog-Generation"] == str(blob.generation)


def test_the_root_path_says_no_such_key_in_xml(cloud: RunningCloud, bucket: storage.Bucket):
    with pytest.raises(urllib.error.HTTPError) as caught:
        cloud.opener.open(asked(cloud, f"{bucket.name}/absent"))

    assert caught.value.code == 404
    assert b"<Code>NoSuchKey</Code>" in caught.value.read()
