"""Databases, indexes and fields, as Terraform's provider asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

DATABASES = "/firestore/v1/projects/demo/databases"
NATIVE = {"type": "FIRESTORE_NATIVE", "locationId": "eur3"}


def create(cloud: RunningCloud, name: str, **settings: str) -> str:
    cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE | settings)
    return f"{DATABASES}/{name}"


def test_operation_of_a_database_is_found_under_the_database(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("db")
    _, operation = cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE)
    _, polled = cloud.call("GET", f"/firestore/v1/{operation['name']}")

    assert operation["name"].startswith(f"projects/demo/databases/{name}/operations/")
    assert polled["response"]["name"] == f"projects/demo/databases/{name}"


def test_database_without_location_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    status, _ = cloud.call("POST", f"{DATABASES}?databaseId={unique('db')}", {"type": "FIRESTORE_NATIVE"})

    assert status == 400


def test_second_database_of_the_same_name_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("db")
    create(cloud, name)

    assert cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE)[0] == 409


def test_recovery_is_switched_on_by_a_patch(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    path = create(cloud, unique("db"))
    enabled = {"pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED"}
    cloud.call("PATCH", f"{path}?updateMask=pointInTimeRecoveryEnablement", enabled)

    _, found = cloud.call("GET", path)
    assert found["versionRetentionPeriod"] == "604800s"
    assert found["locationId"] == "eur3"


def test_protected_database_is_not_deleted(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    path = create(cloud, unique("db"), deleteProtectionState="DELETE_PROTECTION_ENABLED")
    refused, answer = cloud.call("DELETE", path)
    cloud.call(
        "PATCH", f"{path}?updateMask=deleteProtectionState", {"deleteProtectionState": "DELETE_PROTECTION_DISABLED"}
    )

    assert refused == 400
    assert "delete protection is enabled" in answer["error"]["message"]
    assert cloud.call("DELETE", path)[0] == 200


def test_field_settings_are_set_and_cleared_by_patches(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    path = f"{create(cloud, unique('db'))}/collectionGroups/changes/fields/at"
    _, untouched = cloud.call("GET", path)
    cloud.call("PATCH", f"{path}?updateMask=ttlConfig", {"ttlConfig": {}})
    _, with_ttl = cloud.call("GET", path)
    cloud.call("PATCH", f"{path}?updateMask=indexConfig,ttlConfig", {})
    _, cleared = cloud.call("GET", path)

    assert with_ttl["ttlConfig"] == {"state": "ACTIVE"}
    assert cleared == untouched


def test_index_is_ready_at_once(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    path = f"{create(cloud, unique('db'))}/collectionGroups/changes/indexes"
    fields = [{"fieldPath": "a", "order": "ASCENDING"}, {"fieldPath": "b", "order": "DESCENDING"}]
    _, operation = cloud.call("POST", path, {"queryScope": "COLLECTION", "fields": fields})

    _, index = cloud.call("GET", f"/firestore/v1/{operation['response']['name']}")
    assert index["state"] == "READY"
    assert index["fields"] == [*fields, {"fieldPath": "__name__", "order": "DESCENDING"}]


def test_backup_schedule_keeps_its_empty_recurrence(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    path = f"{create(cloud, unique('db'))}/backupSchedules"
    _, schedule = cloud.call("POST", path, {"retention": "604800s", "dailyRecurrence": {}})

    assert cloud.call("GET", f"/firestore/v1/{schedule['name']}")[1]["dailyRecurrence"] == {}
