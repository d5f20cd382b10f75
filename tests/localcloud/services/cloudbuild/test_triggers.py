"""Triggers are kept by an id of the server's, and one whose builds could not start is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

PARENT = "/cloudbuild/v1/projects/demo/locations/europe-west1/triggers"
IDENTITY = "projects/demo/serviceAccounts/vdr-planner@demo.iam.gserviceaccount.com"
POOL = "projects/demo/locations/{}/workerPools/inside"


def trigger(name: str, **options: Any) -> dict[str, Any]:
    step = {"id": "plan", "name": "$_TOOLS", "script": "make plan-dr"}
    return {
        "name": name,
        "serviceAccount": IDENTITY,
        "build": {"steps": [step], "options": {"logging": "CLOUD_LOGGING_ONLY", **options}},
    }


def test_a_trigger_is_found_by_its_id_and_by_its_name(cloud: RunningCloud, unique: Callable[[str], str]):
    name = unique("plan")
    status, made = cloud.call("POST", PARENT, trigger(name))

    assert status == 200, made
    assert cloud.call("GET", f"{PARENT}/{made['id']}")[1] == cloud.call("GET", f"{PARENT}/{name}")[1] == made
    assert made["resourceName"] == f"{PARENT.removeprefix('/cloudbuild/v1/')}/{made['id']}"


def test_two_triggers_of_a_location_have_two_names(cloud: RunningCloud, unique: Callable[[str], str]):
    name = unique("plan")
    cloud.call("POST", PARENT, trigger(name))

    assert cloud.call("POST", PARENT, trigger(name))[0] == 409


def test_a_change_replaces_everything_but_what_the_server_gave(cloud: RunningCloud, unique: Callable[[str], str]):
    _, made = cloud.call("POST", PARENT, {**trigger(unique("plan")), "description": "first"})

    _, changed = cloud.call("PATCH", f"{PARENT}/{made['id']}", {"filename": "cloudbuild.yaml"})

    assert (changed["id"], changed["name"]) == (made["id"], made["name"])
    assert "build" not in changed
    assert "description" not in changed


def test_a_trigger_that_was_deleted_is_gone(cloud: RunningCloud, unique: Callable[[str], str]):
    _, made = cloud.call("POST", PARENT, trigger(unique("plan")))

    assert cloud.call("DELETE", f"{PARENT}/{made['id']}")[0] == 200
    assert cloud.call("GET", f"{PARENT}/{made['id']}")[0] == 404


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"substitutions": {"TOOLS": "x"}}, "invalid substitution key TOOLS"),
        ({"build": {"steps": [], "options": {}}}, "use either CLOUD_LOGGING_ONLY / NONE logging options"),
        (
            {"build": {"options": {"logging": "NONE", "pool": {"name": POOL.format("europe-west4")}}}},
            "does not match that of its worker pool, europe-west4",
        ),
        ({"bild": {}}, "bild"),
    ],
)
def test_a_trigger_whose_builds_could_not_start_is_refused(
    cloud: RunningCloud, unique: Callable[[str], str], change: dict[str, Any], reason: str
):
    status, answer = cloud.call("POST", PARENT, {**trigger(unique("plan")), **change})

    assert status == 400
    assert reason in answer["error"]["message"]


def test_a_build_is_not_pretended(cloud: RunningCloud):
    status, _ = cloud.call("POST", "/cloudbuild/v1/projects/demo/locations/europe-west1/builds", {"steps": []})

    assert status == 501
