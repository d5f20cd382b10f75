"""Behaviours 1, 5 (of buckets) and 13, and IAM and notifications as Terraform uses them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from google.api_core import exceptions

from tests.localcloud.callers import grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import storage

    from tests.running_cloud import RunningCloud


def test_a_bucket_keeps_what_it_was_created_with(storage_client: storage.Client, unique: Callable[[str], str]):
    made = storage_client.bucket(unique("kept"))
    made.labels = {"team": "recovery"}
    made.storage_class = "NEARLINE"
    made.versioning_enabled = True
    made.default_kms_key_name = "projects/demo/locations/europe-west4/keyRings/r/cryptoKeys/k"
    made.add_lifecycle_delete_rule(age=30, is_live=False)
    made.iam_configuration.uniform_bucket_level_access_enabled = True
    made.retention_period = 600
    made.create(location="europe-west4")

    found = storage_client.get_bucket(made.name)

    assert found.location == "EUROPE-WEST4"
    assert found.location_type == "region"
    assert found.labels == {"team": "recovery"}
    assert found.storage_class == "NEARLINE"
    assert found.versioning_enabled
    assert found.default_kms_key_name.endswith("cryptoKeys/k")
    assert [dict(rule) for rule in found.lifecycle_rules] == [
        {"action": {"type": "Delete"}, "condition": {"age": 30, "isLive": False}}
    ]
    assert found.iam_configuration.uniform_bucket_level_access_enabled
    assert found.retention_period == 600
    assert found.project_number == 123456789012


def test_a_dual_region_bucket_keeps_its_two_regions(storage_client: storage.Client, unique: Callable[[str], str]):
    made = storage_client.create_bucket(unique("dual"), location="eu", data_locations=["europe-west4", "europe-west1"])

    assert made.location == "EU"
    assert made.location_type == "dual-region"
    assert made.data_locations == ["EUROPE-WEST1", "EUROPE-WEST4"]


def test_a_second_bucket_of_the_same_name_is_a_conflict(storage_client: storage.Client, bucket: storage.Bucket):
    with pytest.raises(exceptions.Conflict):
        storage_client.create_bucket(bucket.name, location="europe-west1")


def test_a_bucket_name_in_capitals_is_refused(storage_client: storage.Client):
    with pytest.raises(exceptions.BadRequest, match="Invalid bucket name"):
        storage_client.create_bucket("Not-A-Name")


def test_a_missing_bucket_is_not_found(storage_client: storage.Client, unique: Callable[[str], str]):
    name = unique("absent")

    with pytest.raises(exceptions.NotFound, match="bucket does not exist"):
        storage_client.get_bucket(name)


def test_a_bucket_that_is_not_empty_is_not_deleted(bucket: storage.Bucket):
    bucket.blob("left").upload_from_string("over")

    with pytest.raises(exceptions.Conflict, match="not empty"):
        bucket.delete()
    bucket.blob("left").delete()
    bucket.delete()

    assert not bucket.exists()


def test_a_bucket_with_only_noncurrent_generations_is_not_empty(versioned: storage.Bucket):
    versioned.blob("old").upload_from_string("x")
    versioned.blob("old").delete()

    with pytest.raises(exceptions.Conflict):
        versioned.delete()


def test_each_metadata_change_adds_one_to_a_buckets_metageneration(bucket: storage.Bucket):
    bucket.labels = {"a": "1"}
    bucket.patch()
    first = bucket.metageneration

    bucket.patch(if_metageneration_match=first)

    assert (first, bucket.metageneration) == (2, 3)


def test_a_stale_metageneration_changes_nothing_of_a_bucket(bucket: storage.Bucket):
    bucket.labels = {"a": "1"}

    with pytest.raises(exceptions.PreconditionFailed):
        bucket.patch(if_metageneration_match=7)
    bucket.reload()

    assert bucket.labels == {}


def test_null_in_a_patch_deletes_a_label_and_a_policy(cloud: RunningCloud, bucket: storage.Bucket):
    path = f"/storage/v1/b/{bucket.name}"
    cloud.call("PATCH", path, {"labels": {"a": "1", "b": "2"}, "retentionPolicy": {"retentionPeriod": 10}})

    _, patched = cloud.call("PATCH", path, {"labels": {"a": None}, "retentionPolicy": None, "cors": None})

    assert patched["labels"] == {"b": "2"}
    assert "retentionPolicy" not in patched


def test_buckets_are_listed_by_prefix_page_by_page(storage_client: storage.Client, unique: Callable[[str], str]):
    prefix = unique("many")
    names = [f"{prefix}-{number}" for number in range(5)]
    for name in names:
        storage_client.create_bucket(name)

    pages = [[one.name for one in page] for page in storage_client.list_buckets(prefix=prefix, page_size=2).pages]

    assert pages == [names[:2], names[2:4], names[4:]]


def test_a_policy_is_set_only_with_its_present_etag(bucket: storage.Bucket):
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.version = 3
    policy.bindings = [*policy.bindings, {"role": "roles/storage.objectViewer", "members": {"allUsers"}}]
    bucket.set_iam_policy(policy)
    written, policy.bindings = policy.bindings, []

    with pytest.raises(exceptions.PreconditionFailed, match="concurrent policy changes"):
        bucket.set_iam_policy(policy)

    assert bucket.get_iam_policy().bindings == written


def test_permissions_can_be_tested(bucket: storage.Bucket):
    assert bucket.test_iam_permissions(["storage.buckets.get"]) == ["storage.buckets.get"]


def test_notification_configurations_are_kept(cloud: RunningCloud, bucket: storage.Bucket):
    body = {
        "topic": "projects/demo/topics/finalized",
        "payload_format": "JSON_API_V1",
        "event_types": ["OBJECT_FINALIZE"],
    }
    cloud.call("PUT", "/pubsub/v1/projects/demo/topics/finalized", {})
    refused, answer = cloud.call("POST", f"/storage/v1/b/{bucket.name}/notificationConfigs", body)
    agent = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    grant(cloud, "/pubsub/v1/projects/demo/topics/finalized", "roles/pubsub.publisher", agent)
    _, made = cloud.call("POST", f"/storage/v1/b/{bucket.name}/notificationConfigs", body)

    _, listed = cloud.call("GET", f"/storage/v1/b/{bucket.name}/notificationConfigs")

    assert refused == 403
    assert "does not have permission to publish messages" in answer["error"]["message"]
    assert made["topic"] == "//pubsub.googleapis.com/projects/demo/topics/finalized"
    assert listed["items"] == [made]


def test_what_terraform_asks_beside_buckets_is_answered(cloud: RunningCloud, bucket: storage.Bucket):
    _, account = cloud.call("GET", "/storage/v1/projects/demo/serviceAccount")
    status, _ = cloud.call("GET", f"/storage/v1/b/{bucket.name}/anywhereCaches/?alt=json")

    assert account["email_address"] == "service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    assert status == 200


def test_an_unknown_field_is_refused_in_googles_words(cloud: RunningCloud, bucket: storage.Bucket):
    status, answer = cloud.call("PATCH", f"/storage/v1/b/{bucket.name}", {"colour": "red"})

    assert status == 400
    assert answer["error"]["message"] == (
        "Invalid JSON payload received. Unknown name \"colour\" at 'bucket': Cannot find field."
    )


def test_times_of_a_bucket_are_times(bucket: storage.Bucket):
    assert isinstance(bucket.time_created, dt.datetime)
    assert bucket.updated >= bucket.time_created
