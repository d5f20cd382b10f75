"""Google's service agents act with what the project grants them, and fail without it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.callers import PROJECT, caller, grant, revoke
from tests.localcloud.deployed import BUILDER, PROBE, account, allow, archive, deploy, identity_token, invoke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_cloud import RunningCloud

NUMBER = "123456789012"
VERTEX = f"serviceAccount:service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com"
SCHEDULER = f"serviceAccount:service-{NUMBER}@gcp-sa-cloudscheduler.iam.gserviceaccount.com"
FUNCTIONS = f"serviceAccount:service-{NUMBER}@gcf-admin-robot.iam.gserviceaccount.com"
COMPUTE = f"serviceAccount:{NUMBER}-compute@developer.gserviceaccount.com"
JOBS = "/cloudscheduler/v1/projects/demo/locations/europe-west4/jobs"


def enable(cloud: RunningCloud, service: str) -> None:
    """Enable the API, at which its agent gets what Google grants it."""
    cloud.call("POST", f"/serviceusage/v1/projects/demo/services/{service}.googleapis.com:enable", {})


@contextmanager
def without(cloud: RunningCloud, role: str, member: str) -> Iterator[None]:
    """Take a grant on the project away, and give it back."""
    revoke(cloud, PROJECT, role, member)
    try:
        yield
    finally:
        grant(cloud, PROJECT, role, member)


def test_an_agent_is_granted_its_role_when_its_service_is_enabled(cloud: RunningCloud) -> None:
    enable(cloud, "pubsub")

    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]

    agent = f"serviceAccount:service-{NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com"
    granted = {binding["role"]: binding["members"] for binding in policy["bindings"]}
    assert agent in granted["roles/pubsub.serviceAgent"]


def test_vertex_ai_reads_image_and_artifact_as_its_agent(cloud: RunningCloud, primary: Any, server_image: str) -> None:
    model = primary.model(server_image, artifact="factor-3")
    enable(cloud, "aiplatform")
    with without(cloud, "roles/aiplatform.serviceAgent", VERTEX):
        refused = primary.upload(model)

    assert refused["error"]["code"] == 7
    assert f"service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com" in refused["error"]["message"]
    assert "artifactregistry.repositories.downloadArtifacts" in refused["error"]["message"]
    assert "response" in primary.upload(model)


def test_a_role_for_images_alone_lets_vertex_ai_read_no_artifact(
    cloud: RunningCloud, primary: Any, server_image: str
) -> None:
    model = primary.model(server_image, artifact="factor-3")
    enable(cloud, "aiplatform")
    with without(cloud, "roles/aiplatform.serviceAgent", VERTEX):
        grant(cloud, PROJECT, "roles/artifactregistry.reader", VERTEX)
        refused = primary.upload(model)
        revoke(cloud, PROJECT, "roles/artifactregistry.reader", VERTEX)

    assert "storage.objects.list" in refused["error"]["message"]


def test_a_build_needs_its_accounts_rights(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    deploy(cloud, unique("built"), archive({"main.py": PROBE}))  # the tests' grant is there afterwards
    builder = caller(cloud, unique("builder"))

    def build() -> dict[str, Any]:
        return deploy(cloud, unique("built"), archive({"main.py": PROBE}), builder=builder.email)

    nothing = build()
    builder.may("roles/logging.logWriter")
    expression = f'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-{NUMBER}-")'
    builder.may("roles/storage.objectViewer", title="sources", expression=expression)
    no_image = build()
    builder.may("roles/artifactregistry.writer")

    assert nothing["error"]["code"] == 7
    assert "missing permission on the build service account" in nothing["error"]["message"]
    assert "storage.objects.get" in nothing["error"]["message"]
    assert "artifactregistry.repositories.uploadArtifacts" in no_image["error"]["message"]
    assert build()["response"]["state"] == "ACTIVE"


def test_cloud_functions_stages_the_source_as_its_agent(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    deploy(cloud, unique("staged"), archive({"main.py": PROBE}))
    with without(cloud, "roles/cloudfunctions.serviceAgent", FUNCTIONS):
        refused = deploy(cloud, unique("staged"), archive({"main.py": PROBE}))

    assert refused["error"]["code"] == 7
    assert "gcf-admin-robot" in refused["error"]["message"]


@pytest.fixture
def scheduled(cloud: RunningCloud, unique: Callable[[str], str]) -> tuple[str, str]:
    """A function that lets in what comes from inside only, and the job that calls it; returns job and address."""
    name, email = unique("inner"), account(cloud, unique("inner"))
    made = deploy(cloud, name, archive({"main.py": PROBE}), ingressSettings="ALLOW_INTERNAL_ONLY")
    uri = made["response"]["serviceConfig"]["uri"]
    allow(cloud, name, f"serviceAccount:{email}")
    job = f"projects/demo/locations/europe-west4/jobs/{name}"
    token = {"serviceAccountEmail": email, "audience": uri}
    body = {"name": job, "schedule": "0 0 1 1 *", "httpTarget": {"uri": uri, "oidcToken": token}}
    status, answer = cloud.call("POST", JOBS, body)
    assert status == 200, answer
    return job, email


def ran(cloud: RunningCloud, job: str) -> dict[str, Any]:
    """Run the job, and return the status of its attempt once it has ended."""
    path = f"/cloudscheduler/v1/{job}"
    before = cloud.call("GET", path)[1].get("lastAttemptTime")
    cloud.call("POST", f"{path}:run", {})
    while (found := cloud.call("GET", path)[1]).get("lastAttemptTime") == before:
        pass
    status: dict[str, Any] = found["status"]
    return status


def test_an_internal_function_lets_the_scheduler_in_and_a_laptop_not(
    cloud: RunningCloud, scheduled: tuple[str, str]
) -> None:
    job, email = scheduled
    uri = cloud.call("GET", f"/cloudscheduler/v1/{job}")[1]["httpTarget"]["uri"]

    laptop = invoke(uri, identity_token(cloud, email, uri))
    nobody = invoke(uri)

    assert ran(cloud, job) == {}
    assert (laptop.status_code, nobody.status_code) == (404, 404)
    assert "ingress" in json.dumps(laptop.json())


def test_the_scheduler_makes_no_token_without_its_agents_role(cloud: RunningCloud, scheduled: tuple[str, str]) -> None:
    job, _ = scheduled
    with without(cloud, "roles/cloudscheduler.serviceAgent", SCHEDULER):
        refused = ran(cloud, job)

    assert refused["code"] == 7
    assert "gcp-sa-cloudscheduler" in refused["message"]
    assert "iam.serviceAccounts.getOpenIdToken" in refused["message"]


def test_the_default_account_holds_nothing_until_somebody_grants_it(cloud: RunningCloud) -> None:
    """As in organisations of today: https://cloud.google.com/resource-manager/docs/secure-by-default-organizations."""
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]

    held = {binding["role"] for binding in policy["bindings"] if COMPUTE in binding["members"]}
    assert held <= {BUILDER}
