"""Behaviours 4, 5 and 6: stale is 412, and nothing changes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import requests
from google.api_core import exceptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import storage

    from tests.running_cloud import RunningCloud

Upload = "Callable[[storage.Bucket, str, bytes, int], None]"


def multipart(bucket: storage.Bucket, name: str, data: bytes, generation: int) -> None:
    bucket.blob(name).upload_from_string(data, if_generation_match=generation)


def resumable(bucket: storage.Bucket, name: str, data: bytes, generation: int) -> None:
    blob = bucket.blob(name, chunk_size=262144)
    blob.upload_from_file(io.BytesIO(data), if_generation_match=generation)


@pytest.fixture
def simple(cloud: RunningCloud) -> Callable[[storage.Bucket, str, bytes, int], None]:
    def upload(bucket: storage.Bucket, name: str, data: bytes, generation: int) -> None:
        path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name={name}&ifGenerationMatch={generation}"
        status, answer = cloud.call("POST", path, data.decode())
        if status != 200:
            raise exceptions.from_http_status(status, answer["error"]["message"])

    return upload


@pytest.fixture(params=["simple", "multipart", "resumable"])
def upload(request: pytest.FixtureRequest) -> Any:
    named = {"multipart": multipart, "resumable": resumable}
    return named.get(request.param) or request.getfixturevalue(request.param)


def test_an_upload_that_wants_nothing_there_is_refused_where_something_is(bucket: storage.Bucket, upload: Any):
    upload(bucket, "once", b"first", 0)

    with pytest.raises(exceptions.PreconditionFailed):
        upload(bucket, "once", b"second", 0)

    assert b"first" in bucket.blob("once").download_as_bytes()


def test_an_upload_over_a_stale_generation_changes_nothing(bucket: storage.Bucket, upload: Any):
    upload(bucket, "raced", b"first", 0)
    first = bucket.get_blob("raced").generation
    upload(bucket, "raced", b"second", first)

    with pytest.raises(exceptions.PreconditionFailed):
        upload(bucket, "raced", b"third", first)

    assert b"second" in bucket.blob("raced").download_as_bytes()


def test_an_upload_over_a_generation_is_refused_where_nothing_is(bucket: storage.Bucket, upload: Any):
    with pytest.raises(exceptions.PreconditionFailed):
        upload(bucket, "absent", b"x", 1)

    assert not bucket.blob("absent").exists()


def test_a_race_that_a_resumable_upload_loses_at_its_end_changes_nothing(bucket: storage.Bucket):
    session = bucket.blob("late").create_resumable_upload_session(if_generation_match=0)
    bucket.blob("late").upload_from_string("winner")
    answer = requests.put(session, data=b"loser", timeout=10)

    assert answer.status_code == 412
    assert bucket.blob("late").download_as_bytes() == b"winner"


def test_a_stale_metageneration_changes_nothing_of_an_object(bucket: storage.Bucket):
    blob = bucket.blob("described")
    blob.upload_from_string("x")
    blob.metadata = {"a": "1"}
    blob.patch(if_metageneration_match=1)
    blob.metadata = {"a": "2"}

    with pytest.raises(exceptions.PreconditionFailed):
        blob.patch(if_metageneration_match=1)
    found = bucket.get_blob("described")

    assert (found.metadata, found.metageneration) == ({"a": "1"}, 2)


def test_a_metadata_key_is_deleted_by_null(bucket: storage.Bucket):
    blob = bucket.blob("described")
    blob.metadata = {"a": "1", "b": "2"}
    blob.upload_from_string("x")
    blob.metadata = {"a": None}
    blob.patch()

    assert bucket.get_blob("described").metadata == {"b": "2"}


def test_a_delete_of_a_stale_generation_deletes_nothing(bucket: storage.Bucket):
    blob = bucket.blob("kept")
    blob.upload_from_string("x")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("kept").delete(if_generation_match=1)
    bucket.blob("kept").delete(if_generation_match=blob.generation)

    assert not blob.exists()


def test_a_delete_of_nothing_is_not_found(bucket: storage.Bucket):
    with pytest.raises(exceptions.NotFound):
        bucket.blob("absent").delete()


def test_a_copy_onto_something_that_should_not_be_there_is_refused(bucket: storage.Bucket):
    bucket.blob("source").upload_from_string("new")
    bucket.blob("destination").upload_from_string("old")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.copy_blob(bucket.blob("source"), bucket, "destination", if_generation_match=0)

    assert bucket.blob("destination").download_as_bytes() == b"old"


def test_a_copy_of_a_stale_source_is_refused(bucket: storage.Bucket):
    bucket.blob("source").upload_from_string("new")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.copy_blob(bucket.blob("source"), bucket, "destination", if_source_generation_match=1)

    assert not bucket.blob("destination").exists()


def test_a_rewrite_onto_something_that_should_not_be_there_is_refused(bucket: storage.Bucket):
    bucket.blob("source").upload_from_string("new")
    bucket.blob("destination").upload_from_string("old")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("destination").rewrite(bucket.blob("source"), if_generation_match=0)

    assert bucket.blob("destination").download_as_bytes() == b"old"


def test_a_compose_onto_something_that_should_not_be_there_is_refused(bucket: storage.Bucket):
    bucket.blob("part").upload_from_string("new")
    bucket.blob("whole").upload_from_string("old")

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("whole").compose([bucket.blob("part")], if_generation_match=0)

    assert bucket.blob("whole").download_as_bytes() == b"old"


def test_metadata_that_has_not_changed_is_not_sent_again(cloud: RunningCloud, bucket: storage.Bucket):
    blob = bucket.blob("same")
    blob.upload_from_string("x")
    path = f"https://storage.googleapis.com/storage/v1/b/{bucket.name}/o/same?ifGenerationNotMatch={blob.generation}"

    assert cloud.session.get(path, timeout=10).status_code == 304
