"""Grants are tried on the local cloud, each kind of place by its own API, as the identity that has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests
from google.oauth2.credentials import Credentials

from provisioning.grants.google import GoogleTrials
from provisioning.grants.records import Finding, Grant, Kind, Place
from tests.localcloud.callers import grant as bind
from tests.localcloud.callers import let_mint
from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud


@pytest.fixture
def trials(cloud: RunningCloud) -> GoogleTrials:
    return GoogleTrials(Credentials(cloud.env["GOOGLE_OAUTH_ACCESS_TOKEN"]))


@pytest.fixture
def identity(cloud: RunningCloud, unique: Callable[[str], str]) -> str:
    name = unique("trier")[:30]
    status, made = cloud.call("POST", "/iam/v1/projects/demo/serviceAccounts", {"accountId": name})
    assert status == 200, made
    let_mint(cloud, made["email"])
    return str(made["email"])


def grant(identity: str, kind: Kind, name: str, permission: str) -> Grant:
    return Grant(identity=identity, place=Place(kind=kind, name=name), role="roles/x", permission=permission)


def bound(role: str, identity: str) -> dict[str, Any]:
    return {"role": role, "members": [f"serviceAccount:{identity}"]}


def place_of(kind: Kind, cloud: RunningCloud, name: str, identity: str) -> tuple[str, str]:
    """Make a place, grant the identity a role on it, and return the place's name and a permission of the role."""
    policy: dict[str, Any]
    if kind is Kind.BUCKET:
        assert cloud.call("POST", "/storage/v1/b?project=demo", {"name": name, "location": "EU"})[0] == 200
        policy = {"version": 3, "bindings": [bound("roles/storage.objectViewer", identity)]}
        assert cloud.call("PUT", f"/storage/v1/b/{name}/iam", policy)[0] == 200
        return name, "storage.objects.list"
    if kind is Kind.SECRET:
        body = {"replication": {"automatic": {}}}
        assert cloud.call("POST", f"/secretmanager/v1/projects/demo/secrets?secretId={name}", body)[0] == 200
        full, role, permission = f"projects/demo/secrets/{name}", "secretmanager.secretAccessor", "versions.access"
        at, permission = f"/secretmanager/v1/{full}", f"secretmanager.{permission}"
    elif kind is Kind.SERVICE_ACCOUNT:
        full, role, permission = (
            f"projects/demo/serviceAccounts/{identity}",
            "iam.serviceAccountUser",
            "iam.serviceAccounts.actAs",
        )
        at = f"/iam/v1/projects/demo/serviceAccounts/{identity}"
    elif kind is Kind.TOPIC:
        assert cloud.call("PUT", f"/pubsub/v1/projects/demo/topics/{name}", {})[0] == 200
        full, role, permission = f"projects/demo/topics/{name}", "pubsub.publisher", "pubsub.topics.publish"
        at = f"/pubsub/v1/{full}"
    else:
        at_location = "/artifactregistry/v1/projects/demo/locations/europe-west4/repositories"
        assert cloud.call("POST", f"{at_location}?repositoryId={name}", {"format": "DOCKER"})[0] == 200
        full = f"projects/demo/locations/europe-west4/repositories/{name}"
        role, permission = "artifactregistry.reader", "artifactregistry.repositories.downloadArtifacts"
        at = f"/artifactregistry/v1/{full}"
    bind(cloud, at, f"roles/{role}", f"serviceAccount:{identity}")
    return full, permission


@pytest.mark.parametrize("kind", [Kind.BUCKET, Kind.REPOSITORY, Kind.SECRET, Kind.SERVICE_ACCOUNT, Kind.TOPIC])
def test_what_is_granted_is_found_to_hold(
    trials: GoogleTrials, cloud: RunningCloud, identity: str, unique: Callable[[str], str], kind: Kind
):
    name, permission = place_of(kind, cloud, unique("place"), identity)

    (found,) = trials.try_all([grant(identity, kind, name, permission)])

    assert found.holds is True, found


def test_a_grant_on_the_project_is_found_to_hold(trials: GoogleTrials, cloud: RunningCloud, identity: str):
    at = "/cloudresourcemanager/v1/projects/demo"
    _, policy = cloud.call("POST", f"{at}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})
    without = {"bindings": list(policy.get("bindings", []))}
    policy.setdefault("bindings", []).append(bound("roles/aiplatform.user", identity))
    assert cloud.call("POST", f"{at}:setIamPolicy", {"policy": policy})[0] == 200

    (found,) = trials.try_all([grant(identity, Kind.PROJECT, "projects/demo", "aiplatform.endpoints.predict")])

    cloud.call("POST", f"{at}:setIamPolicy", {"policy": without})  # the project is every test's
    assert found.holds is True, found


def test_a_place_that_does_not_exist_cannot_be_tried(trials: GoogleTrials, identity: str):
    missing = grant(identity, Kind.BUCKET, "gcf-v2-sources-1-europe-west1", "storage.objects.list")

    (found,) = trials.try_all([missing])

    assert found.holds is None
    assert "there is no bucket gcf-v2-sources-1-europe-west1 yet" in found.because


def test_an_identity_that_nobody_made_gives_no_token_and_that_is_no_error(trials: GoogleTrials):
    nobody = grant("nobody@demo.iam.gserviceaccount.com", Kind.PROJECT, "projects/demo", "aiplatform.endpoints.predict")

    (found,) = trials.try_all([nobody])

    assert found.holds is False
    assert "no token of it yet" in found.because


@dataclass(frozen=True)
class Session:
    """A session whose every answer is the same."""

    status: int

    def request(self, *_arguments: Any, **_named: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer._content = self.status, b"what Google says"
        return answer

    get = post = request


def answered(status: int, kind: Kind = Kind.PROJECT) -> Finding:
    trials = GoogleTrials(Credentials("t"), lambda _credentials: Session(status))  # type: ignore[no-untyped-call, arg-type, return-value] # it answers what is asked
    return trials.try_all([grant("a@demo.iam.gserviceaccount.com", kind, "projects/demo", "x.y.z")])[0]


def test_an_answer_that_trying_again_does_not_change_ends_the_wait():
    with pytest.raises(Unreachable, match="status 400: what Google says"):
        answered(400)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_an_answer_that_may_be_another_later_is_waited_for(status: int):
    assert answered(status).holds is False


@pytest.mark.parametrize(("status", "holds"), [(200, True), (404, True), (403, False)])
def test_a_database_is_tried_by_reading_a_document_that_need_not_be_there(status: int, holds: bool):  # noqa: FBT001 - a column of the table
    assert answered(status, Kind.DATABASE).holds is holds
