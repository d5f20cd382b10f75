"""Behaviours 2 and 3: every way in, and what is then known about the object."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import google_crc32c
import pytest
from google.api_core import exceptions

if TYPE_CHECKING:
    from google.cloud import storage

    from tests.running_cloud import RunningCloud

MEBIBYTE = 1 << 20


def pattern(size: int) -> bytes:
    """Return bytes in which every position is told from its neighbours."""
    return (b"%016d" * (size // 16 + 1))[:size] if size < 16 else b"".join(b"%016d" % at for at in range(size // 16))


def put(url: str, data: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(
        url, data=data, method="PUT", headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    try:
        with urllib.request.build_opener().open(request) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_a_multipart_upload_keeps_content_and_metadata(bucket: storage.Bucket):
    data = b"first\r\n--not a boundary\r\nlast"
    blob = bucket.blob("reports/one two.txt")
    blob.metadata = {"origin": "primary-2"}
    blob.cache_control = "no-store"
    blob.upload_from_string(data, content_type="text/plain")

    found = bucket.get_blob("reports/one two.txt")

    assert found.download_as_bytes() == data
    assert found.size == len(data)
    assert found.md5_hash == base64.b64encode(hashlib.md5(data).digest()).decode()  # noqa: S324 - Google's checksum
    assert found.crc32c == base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()
    assert found.content_type == "text/plain"
    assert found.cache_control == "no-store"
    assert found.metadata == {"origin": "primary-2"}
    assert found.storage_class == "STANDARD"
    assert found.metageneration == 1
    assert found.etag
    assert found.time_created == found.updated


def test_a_simple_upload_names_the_object_in_the_query(cloud: RunningCloud, bucket: storage.Bucket):
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=a%2Fb"

    status, made = cloud.call("POST", path, {"json": "as bytes"})

    assert (status, made["name"], made["contentType"]) == (200, "a/b", "application/json")
    assert json.loads(bucket.blob("a/b").download_as_bytes()) == {"json": "as bytes"}


def test_an_upload_whose_checksum_differs_is_refused(bucket: storage.Bucket):
    blob = bucket.blob("damaged")
    blob.md5_hash = base64.b64encode(bytes(16)).decode()

    with pytest.raises(exceptions.BadRequest, match="MD5 hash"):
        blob.upload_from_string("content")

    assert not bucket.blob("damaged").exists()


def test_a_resumable_upload_of_20_mebibytes_in_chunks_of_8(bucket: storage.Bucket):
    data = pattern(20 * MEBIBYTE)

    bucket.blob("large", chunk_size=8 * MEBIBYTE).upload_from_file(io.BytesIO(data), size=len(data))

    found = bucket.get_blob("large")
    assert found.size == 20 * MEBIBYTE
    assert found.download_as_bytes() == data


def test_a_resumable_upload_tells_how_far_it_is_and_goes_on_there(bucket: storage.Bucket):
    data = pattern(MEBIBYTE)
    half = len(data) // 2
    session = bucket.blob("resumed").create_resumable_upload_session(content_type="text/csv", size=len(data))
    put(session, data[:half], Content_Range=f"bytes 0-{half - 1}/{len(data)}")

    status, headers, _ = put(session, b"", Content_Range=f"bytes */{len(data)}")
    done, _, _ = put(session, data[half:], Content_Range=f"bytes {half}-{len(data) - 1}/{len(data)}")

    assert (status, headers["Range"]) == (308, f"bytes=0-{half - 1}")
    assert done == 200
    assert bucket.get_blob("resumed").content_type == "text/csv"
    assert bucket.blob("resumed").download_as_bytes() == data


def test_a_fresh_resumable_upload_has_no_range(bucket: storage.Bucket):
    session = bucket.blob("fresh").create_resumable_upload_session()

    status, headers, _ = put(session, b"", Content_Range="bytes */*")

    assert status == 308
    assert "Range" not in headers


def test_a_client_that_takes_no_308_gets_200_with_an_override(bucket: storage.Bucket):
    session = bucket.blob("overridden").create_resumable_upload_session()

    status, headers, _ = put(session, b"x" * 262144, Content_Range="bytes 0-262143/*", X_GUploader_No_308="yes")

    assert (status, headers["X-Http-Status-Code-Override"], headers["Range"]) == (200, "308", "bytes=0-262143")


def test_bytes_that_were_received_already_are_not_stored_twice(bucket: storage.Bucket):
    session = bucket.blob("overlap").create_resumable_upload_session()
    put(session, b"abcd", Content_Range="bytes 0-3/6")

    put(session, b"cdef", Content_Range="bytes 2-5/6")

    assert bucket.blob("overlap").download_as_bytes() == b"abcdef"


def test_a_finished_resumable_upload_answers_its_object_again(bucket: storage.Bucket):
    session = bucket.blob("finished").create_resumable_upload_session()
    put(session, b"abc", Content_Range="bytes 0-2/3")

    status, _, body = put(session, b"", Content_Range="bytes */3")

    assert status == 200
    assert json.loads(body)["name"] == "finished"


def test_an_empty_object_is_an_object(bucket: storage.Bucket):
    bucket.blob("empty").upload_from_string(b"")

    assert bucket.get_blob("empty").size == 0
    assert bucket.blob("empty").download_as_bytes() == b""


@pytest.mark.parametrize("name", ["a:b", "ü/ä ß", "100%", "q?x=1&y", "trailing/", "//double", "#hash", "a+b"])
def test_an_object_may_have_the_name(bucket: storage.Bucket, name: str):
    bucket.blob(name).upload_from_string(name)

    assert bucket.blob(name).download_as_bytes().decode() == name
    assert [blob.name for blob in bucket.list_blobs()] == [name]
