"""What Terraform sends comes back as it was, and a bad source archive fails the deployment in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.deployed import PROBE, archive, deploy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

PATH = "/cloudfunctions/v2/projects/demo/locations/europe-west4/functions"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"other.py": ""}, "the archive has no main.py at its top level (it holds other.py, requirements.txt)"),
        ({"main.py": "def other(request): ..."}, "main.py defines no probe (it defines other)"),
        ({"main.py": "def probe(request:"}, "main.py does not parse"),
        ({"main.py": PROBE, "house/x.py": "def (:"}, "house/x.py"),
    ],
    ids=["no main.py", "no entry point", "no Python", "no Python in another file"],
)
def test_archive_that_cannot_run_fails_the_deployment_in_one_line(
    cloud: RunningCloud, unique: Callable[[str], str], files: dict[str, str], says: str
) -> None:
    name = unique("bad")
    operation = deploy(cloud, name, archive(files))

    assert operation["done"] is True
    assert operation["error"]["code"] == 3
    assert says in operation["error"]["message"]
    assert "\n" not in operation["error"]["message"]
    assert cloud.call("GET", f"{PATH}/{name}")[1]["state"] == "FAILED"


def test_archive_that_is_no_zip_fails_the_deployment(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    operation = deploy(cloud, unique("bad"), b"not a zip")

    assert "upload a zip archive of the source folder" in operation["error"]["message"]


def test_archive_that_is_missing_fails_the_deployment(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    source = {"storageSource": {"bucket": "nowhere", "object": "bundle.zip"}}
    body = {"buildConfig": {"entryPoint": "probe", "runtime": "python311", "source": source}}
    _, operation = cloud.call("POST", f"{PATH}?functionId={unique('bad')}", body)

    assert "from gs://nowhere/bundle.zip" in operation["error"]["message"]


def test_failed_function_is_repaired_by_a_second_deployment(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("repaired")
    deploy(cloud, name, archive({"main.py": ""}))
    repaired = {"buildConfig": {"entryPoint": "probe", "runtime": "python311"}}
    other = deploy(cloud, unique("other"), archive({"main.py": PROBE}))
    repaired["buildConfig"]["source"] = other["response"]["buildConfig"]["source"]  # type: ignore[assignment]  # JSON

    _, operation = cloud.call("PATCH", f"{PATH}/{name}?updateMask=buildConfig", repaired)

    assert operation["response"]["state"] == "ACTIVE"


def test_second_function_of_the_same_name_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("twice")
    deploy(cloud, name, archive({"main.py": PROBE}))

    assert deploy(cloud, name, archive({"main.py": PROBE}))["error"]["status"] == "ALREADY_EXISTS"


def test_what_terraform_left_out_stays_out(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    """A filled retryPolicy or serviceConfig would show as a change in every terraform plan."""
    name = unique("sparse")
    source = deploy(cloud, unique("source"), archive({"main.py": PROBE}))["response"]["buildConfig"]["source"]
    trigger = {"eventType": "google.cloud.pubsub.topic.v1.messagePublished", "pubsubTopic": "projects/demo/topics/t"}
    body: dict[str, Any] = {
        "buildConfig": {"entryPoint": "probe", "runtime": "python311", "source": source},
        "eventTrigger": trigger,
        "labels": {"a": "b"},
    }
    cloud.call("POST", f"{PATH}?functionId={name}", body)

    _, found = cloud.call("GET", f"{PATH}/{name}")
    assert "serviceConfig" not in found
    assert "retryPolicy" not in found["eventTrigger"]
    assert found["labels"] == {"a": "b"}


def test_unknown_field_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    status, answer = cloud.call("POST", f"{PATH}?functionId={unique('x')}", {"buildConfig": {"entrypoint": "x"}})

    assert status == 400
    assert 'Unknown name "entrypoint"' in answer["error"]["message"]


def test_functions_of_all_locations_are_listed_under_a_dash(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    names = [unique("everywhere"), unique("everywhere")]
    deploy(cloud, names[0], archive({"main.py": PROBE}), region="europe-west4")
    deploy(cloud, names[1], archive({"main.py": PROBE}), region="europe-west1")

    _, found = cloud.call("GET", "/cloudfunctions/v2/projects/demo/locations/-/functions?pageSize=1000")

    assert {name.rpartition("/")[2] for name in (one["name"] for one in found["functions"])} >= set(names)
