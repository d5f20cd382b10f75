"""A function runs the real archive, for those who may call it."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.callers import grant
from tests.localcloud.deployed import PROBE, account, allow, archive, deploy, identity_token, invoke

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud


@dataclass(frozen=True)
class Deployed:
    cloud: RunningCloud
    name: str
    uri: str
    caller: str

    def token(self, audience: str | None = None) -> str:
        return identity_token(self.cloud, self.caller, audience or self.uri)

    def ask(self, path: str = "") -> dict[str, Any]:
        found: dict[str, Any] = invoke(self.uri, self.token(), path).json()
        return found

    def patch(self, mask: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/cloudfunctions/v2/projects/demo/locations/europe-west4/functions/{self.name}"
        operation: dict[str, Any] = self.cloud.call("PATCH", f"{path}?updateMask={mask}", body)[1]
        return operation


@pytest.fixture(scope="module")
def function(cloud: RunningCloud, unique: Callable[[str], str]) -> Deployed:
    name = unique("probe")
    caller = account(cloud, unique("caller"))
    operation = deploy(cloud, name, archive({"main.py": PROBE}), environmentVariables={"GREETING": "good morning"})
    allow(cloud, name, f"serviceAccount:{caller}")
    return Deployed(cloud, name, operation["response"]["serviceConfig"]["uri"], caller)


def test_function_answers_a_caller_with_the_right_audience_and_role(function: Deployed) -> None:
    answer = invoke(function.uri, function.token(), "/some/path?a=b/c")

    assert answer.status_code == 200
    assert answer.json() == {
        "service": function.name,
        "pid": answer.json()["pid"],
        "greeting": "good morning",
        "proxy": function.cloud.proxy,
        "query": "a=b/c",
    }


def test_function_answers_at_every_address_that_google_gives_it(function: Deployed) -> None:
    service = f"/run/v2/projects/demo/locations/europe-west4/services/{function.name}"
    urls = function.cloud.call("GET", service)[1]["urls"]

    assert urls == [
        f"https://{function.name}-123456789012.europe-west4.run.app",
        f"https://europe-west4-demo.cloudfunctions.net/{function.name}",
        function.uri,
    ]
    assert re.fullmatch(rf"https://{function.name}-[a-z2-7]{{10}}-ez\.a\.run\.app", function.uri)
    for url in urls:
        assert invoke(url, function.token(url)).json()["service"] == function.name


def test_function_is_not_found_at_the_address_of_another_region(function: Deployed) -> None:
    answer = invoke(function.uri.replace("-ez.", "-ew."), function.token())

    assert answer.status_code == 404
    assert "no Run service has this address" in answer.json()["error"]["message"]


def test_second_call_finds_the_process_warm(function: Deployed) -> None:
    first, second = function.ask(), function.ask()

    assert first["pid"] == second["pid"]


def test_call_without_token_is_unauthenticated(function: Deployed) -> None:
    answer = invoke(function.uri)

    assert answer.status_code == 401
    assert "carries no identity token; send `Authorization: Bearer" in answer.json()["error"]["message"]


def test_call_with_another_audience_is_unauthenticated(function: Deployed) -> None:
    answer = invoke(function.uri, function.token("https://elsewhere.example"))

    assert answer.status_code == 401
    assert "'https://elsewhere.example'; ask for a token with audience" in answer.json()["error"]["message"]


def test_call_with_an_access_token_is_unauthenticated(function: Deployed) -> None:
    answer = invoke(function.uri, function.cloud.env["GOOGLE_OAUTH_ACCESS_TOKEN"])

    assert answer.status_code == 401


def test_call_with_a_forged_token_is_unauthenticated(function: Deployed) -> None:
    head, claims, signature = function.token().split(".")
    answer = invoke(function.uri, f"{head}.{claims}.{signature[::-1]}")

    assert answer.status_code == 401


def test_call_without_the_invoker_role_is_denied(function: Deployed, unique: Callable[[str], str]) -> None:
    stranger = account(function.cloud, unique("stranger"))
    answer = invoke(function.uri, identity_token(function.cloud, stranger, function.uri))

    assert answer.status_code == 403
    assert f"serviceAccount:{stranger} has not the permission" in answer.json()["error"]["message"]


def test_anyone_may_call_a_function_that_is_open_to_all_users(
    cloud: RunningCloud, unique: Callable[[str], str]
) -> None:
    name = unique("open")
    operation = deploy(cloud, name, archive({"main.py": PROBE}))
    allow(cloud, name, "allUsers")

    assert invoke(operation["response"]["serviceConfig"]["uri"]).status_code == 200


def test_a_call_that_waits_does_not_block_another(function: Deployed) -> None:
    """The function answers /meet only when two calls are inside it at the same time."""
    statuses: list[int] = []

    def call() -> None:
        statuses.append(invoke(function.uri, function.token(), "/meet").status_code)

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert statuses == [200, 200]


def test_refusal_of_the_function_reaches_its_caller(function: Deployed) -> None:
    answer = invoke(function.uri, function.token(), "/refuse")

    assert (answer.status_code, answer.json()) == (409, {"error": "a guard said no"})


def test_call_that_takes_longer_than_the_timeout_ends(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("slow")
    operation = deploy(cloud, name, archive({"main.py": PROBE}), timeoutSeconds=1)
    allow(cloud, name, "allUsers")

    assert invoke(operation["response"]["serviceConfig"]["uri"], path="/stay").status_code == 504


def test_process_that_dies_is_started_again_by_the_next_call(function: Deployed) -> None:
    died = invoke(function.uri, function.token(), "/end")

    assert died.status_code == 503
    assert function.ask()["greeting"] == "good morning"


def test_what_a_function_prints_is_in_its_logs(function: Deployed) -> None:
    function.ask("/to-be-logged")

    lines = function.cloud.admin("GET", f"logs?function={function.name}&region=europe-west4")["lines"]
    assert "probe was asked for /to-be-logged" in lines


def test_changed_environment_reaches_the_next_call(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("changing")
    operation = deploy(cloud, name, archive({"main.py": PROBE}), environmentVariables={"GREETING": "hello"})
    allow(cloud, name, "allUsers")
    changing = Deployed(cloud, name, operation["response"]["serviceConfig"]["uri"], "")
    before = invoke(changing.uri).json()

    changing.patch("serviceConfig", {"serviceConfig": {"environmentVariables": {"GREETING": "good night"}}})

    after = invoke(changing.uri).json()
    assert (before["greeting"], after["greeting"]) == ("hello", "good night")
    assert before["pid"] != after["pid"]


def test_failed_change_leaves_the_former_revision_serving(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("steady")
    operation = deploy(cloud, name, archive({"main.py": PROBE}), environmentVariables={"GREETING": "hello"})
    allow(cloud, name, "allUsers")
    steady = Deployed(cloud, name, operation["response"]["serviceConfig"]["uri"], "")
    config = {"environmentVariables": {"GREETING": "never said"}}
    broken = {"buildConfig": {"entryPoint": "missing"}, "serviceConfig": config}

    failed = steady.patch("buildConfig.entryPoint,serviceConfig", broken)

    assert "main.py defines no missing" in failed["error"]["message"]
    assert invoke(steady.uri).json()["greeting"] == "hello"


def test_secret_reaches_the_environment_of_the_function(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("secretive")
    secrets = "/secretmanager/v1/projects/demo/secrets"
    cloud.call("POST", f"{secrets}?secretId={name}", {"replication": {"automatic": {}}})
    cloud.call("POST", f"{secrets}/{name}:addVersion", {"payload": {"data": "aHVzaA=="}})
    variable = {"key": "GREETING", "projectId": "demo", "secret": name, "version": "latest"}
    refused = deploy(cloud, name, archive({"main.py": PROBE}), secretEnvironmentVariables=[variable])
    own = "serviceAccount:123456789012-compute@developer.gserviceaccount.com"
    grant(cloud, f"{secrets}/{name}", "roles/secretmanager.secretAccessor", own)
    cloud.call("DELETE", f"/cloudfunctions/v2/projects/demo/locations/europe-west4/functions/{name}")
    operation = deploy(cloud, name, archive({"main.py": PROBE}), secretEnvironmentVariables=[variable])
    allow(cloud, name, "allUsers")

    assert refused["error"]["code"] == 7
    assert "secretmanager.versions.access" in refused["error"]["message"]
    assert invoke(operation["response"]["serviceConfig"]["uri"]).json()["greeting"] == "hush"


def test_function_that_keeps_an_instance_runs_before_it_is_called(
    cloud: RunningCloud, unique: Callable[[str], str]
) -> None:
    """It has loaded its source, which says so, at its deployment and after each outage of its region."""
    name = unique("kept")
    source = PROBE + 'print("kept warm")\n'
    deploy(cloud, name, archive({"main.py": source}), minInstanceCount=1)
    started = until_logged(cloud, name, 1)

    cloud.admin("POST", "outage", {"region": "europe-west4"})
    cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert (started, until_logged(cloud, name, 2)) == (1, 2)


def until_logged(cloud: RunningCloud, name: str, times: int) -> int:
    """Return how often the function was loaded, once it is as often as that; after 5000 looks, whatever it is."""
    loaded = 0
    for _ in range(5000):
        lines = cloud.admin("GET", f"logs?function={name}&region=europe-west4")["lines"]
        if (loaded := lines.count("kept warm")) >= times:
            break
    return loaded


def test_deleted_function_is_gone_with_its_service(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    name = unique("leaving")
    operation = deploy(cloud, name, archive({"main.py": PROBE}))

    status, deleted = cloud.call("DELETE", f"/cloudfunctions/v2/projects/demo/locations/europe-west4/functions/{name}")

    assert (status, deleted["done"]) == (200, True)
    assert invoke(operation["response"]["serviceConfig"]["uri"]).status_code == 404
    assert cloud.call("GET", f"/run/v2/projects/demo/locations/europe-west4/services/{name}")[0] == 404


def test_function_of_a_dark_region_dies_and_comes_back_with_it(function: Deployed) -> None:
    before, token = function.ask(), function.token()
    function.cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        with pytest.raises(OSError, match="reset"):
            invoke(function.uri, token)
    finally:
        function.cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert function.ask()["pid"] != before["pid"]
