"""Secrets and their versions, witnessed by Google's client over REST."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import google_crc32c
import pytest
from google.api_core import exceptions
from google.cloud import secretmanager_v1

from tests.localcloud.google_clients import rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

AUTOMATIC = {"replication": {"automatic": {}}}
BOTH = {"replication": {"user_managed": {"replicas": [{"location": "europe-west4"}, {"location": "europe-west1"}]}}}


@pytest.fixture(scope="module")
def secrets(cloud: RunningCloud) -> Any:
    return rest(secretmanager_v1.SecretManagerServiceClient, cloud)


def make(secrets: Any, name: str, secret: dict[str, Any] | None = None) -> str:
    made = secrets.create_secret(parent="projects/demo", secret_id=name, secret=secret or AUTOMATIC)
    return str(made.name)


def add(secrets: Any, secret: str, data: bytes) -> Any:
    return secrets.add_secret_version(parent=secret, payload={"data": data}, retry=None)


def test_latest_version_is_the_newest(secrets: Any, unique: Callable[[str], str]) -> None:
    secret = make(secrets, unique("secret"))
    names = [add(secrets, secret, f"payload {number}".encode()).name for number in range(1, 12)]

    found = secrets.access_secret_version(name=f"{secret}/versions/latest")
    assert names[-1].endswith("/versions/11")
    assert (found.name, found.payload.data) == (names[-1], b"payload 11")
    assert found.payload.data_crc32c == google_crc32c.value(b"payload 11")


def test_versions_are_listed_newest_first(secrets: Any, unique: Callable[[str], str]) -> None:
    secret = make(secrets, unique("secret"))
    names = [add(secrets, secret, b"x").name for _ in range(11)]

    assert [version.name for version in secrets.list_secret_versions(parent=secret)] == names[::-1]


def test_disabled_version_cannot_be_read_until_it_is_enabled(secrets: Any, unique: Callable[[str], str]) -> None:
    version = add(secrets, make(secrets, unique("secret")), b"x").name
    secrets.disable_secret_version(name=version)

    with pytest.raises(exceptions.BadRequest, match="DISABLED"):
        secrets.access_secret_version(name=version)
    secrets.enable_secret_version(name=version)
    assert secrets.access_secret_version(name=version).payload.data == b"x"


def test_destroyed_version_stays_as_a_number_without_payload(secrets: Any, unique: Callable[[str], str]) -> None:
    secret = make(secrets, unique("secret"))
    version = add(secrets, secret, b"x").name
    destroyed = secrets.destroy_secret_version(name=version)

    assert destroyed.state.name == "DESTROYED"
    with pytest.raises(exceptions.BadRequest, match="DESTROYED"):
        secrets.enable_secret_version(name=version)
    assert add(secrets, secret, b"y").name.endswith("/versions/2")


def test_alias_stands_for_its_version(secrets: Any, unique: Callable[[str], str]) -> None:
    secret = make(secrets, unique("secret"))
    first = add(secrets, secret, b"first").name
    add(secrets, secret, b"second")
    secrets.update_secret(
        secret={"name": secret, "version_aliases": {"stable": 1}}, update_mask={"paths": ["version_aliases"]}
    )

    assert secrets.get_secret_version(name=f"{secret}/versions/stable").name == first


def test_payload_that_was_damaged_on_the_way_is_refused(secrets: Any, unique: Callable[[str], str]) -> None:
    with pytest.raises(exceptions.BadRequest, match="damaged on the way"):
        secrets.add_secret_version(
            parent=make(secrets, unique("secret")), payload={"data": b"x", "data_crc32c": 1}, retry=None
        )


def test_user_managed_secret_cannot_be_written_while_a_location_is_dark(
    cloud: RunningCloud, secrets: Any, unique: Callable[[str], str]
) -> None:
    user_managed, automatic = make(secrets, unique("both"), BOTH), make(secrets, unique("automatic"))
    add(secrets, user_managed, b"before")
    cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        with pytest.raises(exceptions.ServiceUnavailable, match="europe-west4 does not answer"):
            add(secrets, user_managed, b"in the dark")
        written = add(secrets, automatic, b"in the dark")
        read = secrets.access_secret_version(name=f"{user_managed}/versions/latest")
    finally:
        cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert written.name.endswith("/versions/1")
    assert read.payload.data == b"before"


def test_regional_secret_lives_in_its_location(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    parent = "/secretmanager/v1/projects/demo/locations/europe-west4/secrets"
    name = unique("regional")
    cloud.call("POST", f"{parent}?secretId={name}", {"labels": {"a": "b"}})
    data = base64.b64encode(b"x").decode()
    _, version = cloud.call("POST", f"{parent}/{name}:addVersion", {"payload": {"data": data}})
    _, read = cloud.call("GET", f"/secretmanager/v1/{version['name']}:access")

    assert read["payload"]["data"] == data
    cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        with pytest.raises(OSError, match=r"reset|closed"):
            cloud.call("GET", f"/secretmanager/v1/{version['name']}:access")
    finally:
        cloud.admin("POST", "heal", {"region": "europe-west4"})


def test_secret_without_replication_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    status, answer = cloud.call("POST", f"/secretmanager/v1/projects/demo/secrets?secretId={unique('s')}", {})

    assert status == 400
    assert "replication is missing" in answer["error"]["message"]


def test_deleted_secret_takes_its_versions_along(secrets: Any, unique: Callable[[str], str]) -> None:
    name = unique("secret")
    version = add(secrets, make(secrets, name), b"x").name
    secrets.delete_secret(name=f"projects/demo/secrets/{name}")

    with pytest.raises(exceptions.NotFound):
        secrets.access_secret_version(name=version)
    assert add(secrets, make(secrets, name), b"y").name == version
