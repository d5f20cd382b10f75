"""Jobs call their targets with a token, and say how it went; witnessed by Google's client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.api_core import exceptions
from google.cloud import scheduler_v1

from tests.localcloud.deployed import PROBE, account, allow, archive, deploy
from tests.localcloud.google_clients import rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

PARENT = "projects/demo/locations/europe-west4"
API = f"/cloudscheduler/v1/{PARENT}/jobs"
SECONDS = 30


@pytest.fixture(scope="module")
def scheduler(cloud: RunningCloud) -> Any:
    return rest(scheduler_v1.CloudSchedulerClient, cloud)


@pytest.fixture(scope="module")
def target(cloud: RunningCloud, unique: Callable[[str], str]) -> dict[str, str]:
    name = unique("target")
    caller = account(cloud, unique("clock"))
    uri = deploy(cloud, name, archive({"main.py": PROBE}))["response"]["url"]
    allow(cloud, name, f"serviceAccount:{caller}")
    return {"name": name, "uri": uri, "caller": caller}


def job(name: str, uri: str, **target: Any) -> dict[str, Any]:
    return {
        "name": f"{PARENT}/jobs/{name}",
        "schedule": "*/5 * * * *",
        "time_zone": "Etc/UTC",
        "http_target": {"uri": uri, **target},
    }


def after_run(scheduler: Any, name: str) -> Any:
    """Return the job when the attempt that is started here has ended."""
    before = scheduler.get_job(name=name).last_attempt_time
    scheduler.run_job(name=name)
    while (found := scheduler.get_job(name=name)).last_attempt_time == before:
        pass
    return found


def test_run_calls_the_function_with_an_identity_token(
    scheduler: Any, target: dict[str, str], unique: Callable[[str], str]
) -> None:
    """The audience is the target's uri unless the job names another."""
    oidc = {"service_account_email": target["caller"]}
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), target["uri"], oidc_token=oidc))

    ran = after_run(scheduler, made.name)
    assert (ran.status.code, ran.status.message) == (0, "")
    assert ran.last_attempt_time


@pytest.mark.parametrize(
    ("path", "token", "code"),
    [
        ("", None, 16),
        ("", {"audience": "https://elsewhere.example"}, 16),
        ("/refuse", {}, 10),
    ],
    ids=["without token", "wrong audience", "refused by the function"],
)
def test_status_tells_how_the_attempt_failed(  # noqa: PLR0913, PLR0917 - fixtures and a case
    scheduler: Any,
    target: dict[str, str],
    unique: Callable[[str], str],
    path: str,
    token: dict[str, str] | None,
    code: int,
) -> None:
    oidc = (
        {}
        if token is None
        else {"oidc_token": {"service_account_email": target["caller"], "audience": target["uri"], **token}}
    )
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), target["uri"] + path, **oidc))

    assert after_run(scheduler, made.name).status.code == code


def test_identity_without_the_role_is_denied(
    cloud: RunningCloud, scheduler: Any, target: dict[str, str], unique: Callable[[str], str]
) -> None:
    oidc = {"service_account_email": account(cloud, unique("stranger"))}
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), target["uri"], oidc_token=oidc))

    assert after_run(scheduler, made.name).status.code == 7


def test_target_that_is_not_there_is_unavailable(scheduler: Any, unique: Callable[[str], str]) -> None:
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), "http://127.0.0.1:9/"))

    assert after_run(scheduler, made.name).status.code == 14


def test_attempt_ends_at_its_deadline(
    cloud: RunningCloud, target: dict[str, str], unique: Callable[[str], str]
) -> None:
    scheduler = rest(scheduler_v1.CloudSchedulerClient, cloud)
    oidc = {"service_account_email": target["caller"], "audience": target["uri"]}
    slow = job(unique("job"), target["uri"] + "/stay", oidc_token=oidc) | {"attempt_deadline": {"seconds": 1}}
    made = scheduler.create_job(parent=PARENT, job=slow)

    assert after_run(scheduler, made.name).status.code == 4


def test_paused_job_runs_when_it_is_told_to(
    scheduler: Any, target: dict[str, str], unique: Callable[[str], str]
) -> None:
    oidc = {"service_account_email": target["caller"]}
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), target["uri"], oidc_token=oidc))
    paused = scheduler.pause_job(name=made.name)

    ran = after_run(scheduler, made.name)
    assert (paused.state.name, ran.state.name, ran.status.code) == ("PAUSED", "PAUSED", 0)
    assert scheduler.resume_job(name=made.name).state.name == "ENABLED"


def test_update_keeps_the_job_paused(scheduler: Any, unique: Callable[[str], str]) -> None:
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), "http://127.0.0.1:9/"))
    scheduler.pause_job(name=made.name)

    changed = scheduler.update_job(job=job(made.name.rpartition("/")[2], "http://127.0.0.1:9/changed"))
    assert (changed.state.name, changed.http_target.uri) == ("PAUSED", "http://127.0.0.1:9/changed")


def test_what_terraform_left_out_stays_out(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    """A filled retryConfig or httpMethod would show as a change in every terraform plan."""
    name = f"{PARENT}/jobs/{unique('job')}"
    body = {"name": name, "schedule": "0 6 * * 1", "httpTarget": {"uri": "http://127.0.0.1:9/"}}
    cloud.call("POST", API, body)

    _, found = cloud.call("GET", f"/cloudscheduler/v1/{name}")
    assert "retryConfig" not in found
    assert "httpMethod" not in found["httpTarget"]


@pytest.mark.parametrize(
    ("change", "says"),
    [({"schedule": "every monday"}, "unix-cron"), ({"timeZone": "Europe/Atlantis"}, "time zone 'Europe/Atlantis'")],
    ids=["schedule", "time zone"],
)
def test_bad_schedule_is_refused(
    cloud: RunningCloud, unique: Callable[[str], str], change: dict[str, str], says: str
) -> None:
    body = {"name": f"{PARENT}/jobs/{unique('job')}", "schedule": "* * * * *"} | change
    status, answer = cloud.call("POST", API, body | {"httpTarget": {"uri": "http://127.0.0.1:9/"}})

    assert status == 400
    assert says in answer["error"]["message"]


def test_job_of_a_dark_region_is_out_of_reach(
    cloud: RunningCloud, scheduler: Any, unique: Callable[[str], str]
) -> None:
    made = scheduler.create_job(parent=PARENT, job=job(unique("job"), "http://127.0.0.1:9/"))
    cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        with pytest.raises((exceptions.GoogleAPIError, OSError)):
            scheduler.run_job(name=made.name, retry=None, timeout=SECONDS)
    finally:
        cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert not scheduler.get_job(name=made.name).last_attempt_time
