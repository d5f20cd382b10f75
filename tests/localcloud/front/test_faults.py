"""Slow, half, wrong, out of quota, cut off from one caller: what clients of the local cloud meet."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import requests
from google.api_core import exceptions
from google.cloud import firestore
from google.oauth2.credentials import Credentials

from tests.localcloud.callers import PROJECT, grant, let_mint
from tests.running_cloud import LOCALCLOUD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_cloud import RunningCloud

PRIMARY, DR = "europe-west4", "europe-west1"
VERTEX = f"https://{PRIMARY}-aiplatform.googleapis.com/v1/projects/demo/locations/{PRIMARY}/models"
# One address of each API and data plane that stands for the region, and what `--api` calls it.
REGIONAL = [
    (VERTEX, "aiplatform"),
    (f"https://{PRIMARY}-docker.pkg.dev/v2/", "docker"),
    (f"https://{PRIMARY}-kfp.pkg.dev/demo/pipelines/train", "kfp"),
    (f"https://{PRIMARY}-demo.cloudfunctions.net/probe", "run"),
    ("https://probe-abc-ez.a.run.app/", "run"),
    (f"https://cloudfunctions.googleapis.com/v2/projects/demo/locations/{PRIMARY}/functions", "cloudfunctions"),
    (f"https://cloudscheduler.googleapis.com/v1/projects/demo/locations/{PRIMARY}/jobs", "cloudscheduler"),
    (f"https://artifactregistry.googleapis.com/v1/projects/demo/locations/{PRIMARY}/repositories", "artifactregistry"),
    ("https://storage.googleapis.com/storage/v1/b/faults-in-primary", "storage"),
    ("https://storage.googleapis.com/faults-in-primary/x", "storage"),
    ("https://storage.googleapis.com/download/storage/v1/b/faults-in-primary/o/x", "storage"),
]


@pytest.fixture
def lit(cloud: RunningCloud) -> Iterator[RunningCloud]:
    cloud.call("POST", "/storage/v1/b?project=demo", {"name": "faults-in-primary", "location": PRIMARY})
    yield cloud
    for region in (PRIMARY, DR, "global"):
        cloud.admin("POST", "heal", {"region": region})


def get(cloud: RunningCloud, url: str, token: str = "", timeout: float = 20, **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {token or cloud.env['GOOGLE_OAUTH_ACCESS_TOKEN']}"}
    return cloud.session.get(url, headers=sent | headers, timeout=timeout)


def token_of(cloud: RunningCloud, name: str) -> str:
    """Return an access token of a service account that may edit everything, and is made for it if need be."""
    operator = f"Bearer {cloud.env['GOOGLE_OAUTH_ACCESS_TOKEN']}"
    cloud.call("POST", "/iam/v1/projects/demo/serviceAccounts", {"accountId": name})
    let_mint(cloud, email(name))
    grant(cloud, PROJECT, "roles/editor", f"serviceAccount:{email(name)}")
    minting = f"/iamcredentials/v1/projects/-/serviceAccounts/{email(name)}:generateAccessToken"
    body = {"scope": ["https://www.googleapis.com/auth/cloud-platform"]}
    status, found = cloud.call("POST", minting, body, Authorization=operator)
    assert status == 200, found
    return str(found["accessToken"])


def email(name: str) -> str:
    return f"{name}@demo.iam.gserviceaccount.com"


@pytest.mark.parametrize(("url", "api"), REGIONAL)
def test_every_api_and_data_plane_of_a_region_obeys(lit: RunningCloud, url: str, api: str) -> None:
    """The fault comes before anything else, such as a 404 of what is not there."""
    lit.admin("POST", "outage", {"region": PRIMARY, "api": api, "mode": "quota", "retry_after_seconds": 9})
    lit.admin("POST", "outage", {"region": DR, "mode": "quota"})

    refused = get(lit, url)
    [first, *_] = [one for one in lit.admin("GET", "status")["outages"] if one["region"] == PRIMARY]
    lit.admin("POST", "heal", {"region": PRIMARY})
    healed = get(lit, url)

    assert (refused.status_code, refused.headers["Retry-After"], first["met"]) == (429, "9", 1)
    assert refused.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert healed.status_code != 429


def test_an_api_that_is_out_of_quota_leaves_the_others_alone(lit: RunningCloud) -> None:
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "aiplatform", "mode": "quota"})

    refused = get(lit, VERTEX)

    assert "Retry-After" not in refused.headers
    assert [one["@type"].rpartition(".")[2] for one in refused.json()["error"]["details"]] == [
        "ErrorInfo",
        "QuotaFailure",
    ]
    assert get(lit, "https://storage.googleapis.com/storage/v1/b/faults-in-primary").status_code == 200


@pytest.mark.parametrize("status", [503, 429])
def test_half_of_the_requests_are_refused_the_same_half_for_the_same_seed(lit: RunningCloud, status: int) -> None:
    def statuses() -> list[int]:
        order = {"region": PRIMARY, "mode": "half", "status": status, "seed": 3}
        lit.admin("POST", "outage", order)
        return [get(lit, VERTEX).status_code for _ in range(30)]

    first, again = statuses(), statuses()

    assert first == again
    assert set(first) == {200, status}


def test_a_slow_api_answers_nobody_in_time(lit: RunningCloud) -> None:
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "aiplatform", "mode": "slow", "latency_ms": 600_000})

    with pytest.raises(requests.ReadTimeout):
        get(lit, VERTEX, timeout=0.3)
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "aiplatform", "mode": "slow", "latency_ms": 1})

    assert get(lit, VERTEX).status_code == 200


def test_a_partition_cuts_off_one_identity_whatever_credential_it_sends(lit: RunningCloud) -> None:
    one, other = token_of(lit, "cut-off"), token_of(lit, "reached")
    basic = base64.b64encode(f"oauth2accesstoken:{one}".encode()).decode()
    lit.admin("POST", "outage", {"region": PRIMARY, "caller": email("cut-off")})

    for url, headers in (
        (VERTEX, {"Authorization": f"Bearer {one}"}),
        ("https://storage.googleapis.com/storage/v1/b/faults-in-primary", {"Authorization": f"Bearer {one}"}),
        (f"https://{PRIMARY}-docker.pkg.dev/v2/", {"Authorization": f"Basic {basic}"}),
    ):
        with pytest.raises(requests.ConnectionError):
            get(lit, url, **headers)
    assert get(lit, VERTEX, other).status_code == 200
    assert get(lit, VERTEX.replace(PRIMARY, DR), one).status_code == 200


def test_a_function_is_invoked_as_the_identity_of_its_token(lit: RunningCloud) -> None:
    operator = f"Bearer {lit.env['GOOGLE_OAUTH_ACCESS_TOKEN']}"
    token_of(lit, "cut-off")
    minting = f"/iamcredentials/v1/projects/-/serviceAccounts/{email('cut-off')}:generateIdToken"
    _, found = lit.call("POST", minting, {"audience": "https://a.example"}, Authorization=operator)
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "run", "caller": email("cut-off")})

    with pytest.raises(requests.ConnectionError):
        get(lit, f"https://{PRIMARY}-demo.cloudfunctions.net/probe", found["token"])
    assert get(lit, f"https://{PRIMARY}-demo.cloudfunctions.net/probe").status_code == 404


def test_one_caller_is_cut_off_while_an_api_is_out_of_quota_for_all(lit: RunningCloud) -> None:
    one, other = token_of(lit, "cut-off"), token_of(lit, "reached")
    lit.admin("POST", "outage", {"region": PRIMARY, "caller": email("cut-off"), "mode": "hanging"})
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "aiplatform", "mode": "quota"})

    with pytest.raises(requests.ReadTimeout):
        get(lit, VERTEX, one, timeout=0.3)
    assert get(lit, VERTEX, other).status_code == 429


@pytest.fixture(scope="module")
def documents(cloud: RunningCloud, unique: Callable[[str], str]) -> Callable[[str], firestore.DocumentReference]:
    """Google's gRPC client on a regional database, as the caller of a token."""
    name = unique("faults")
    body = {"type": "FIRESTORE_NATIVE", "locationId": PRIMARY}
    cloud.call("POST", f"/firestore/v1/projects/demo/databases?databaseId={name}", body)

    def document(token: str) -> Any:
        return firestore.Client(project="demo", database=name, credentials=Credentials(token)).document("a/b")

    return document


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ({"mode": "quota"}, exceptions.ResourceExhausted),
        ({"mode": "half", "share": 1.0}, exceptions.ServiceUnavailable),
        ({"mode": "half", "share": 1.0, "status": 429}, exceptions.ResourceExhausted),
        ({"mode": "slow", "latency_ms": 600_000}, exceptions.DeadlineExceeded),
        ({"mode": "hanging"}, exceptions.DeadlineExceeded),
        ({"mode": "refused"}, exceptions.ServiceUnavailable),
    ],
    ids=lambda value: value["mode"] if isinstance(value, dict) else value.__name__,
)
def test_grpc_obeys_too_for_one_caller(
    lit: RunningCloud, documents: Any, order: dict[str, Any], error: type[Exception]
) -> None:
    one, other = documents(token_of(lit, "cut-off")), documents(token_of(lit, "reached"))
    other.set({"x": 1})
    lit.admin("POST", "outage", {"region": PRIMARY, "api": "firestore", "caller": email("cut-off")} | order)

    with pytest.raises(error):
        one.get(retry=None, timeout=1)
    assert other.get(retry=None, timeout=10).to_dict() == {"x": 1}


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({"mode": "dim"}, "no switch can be read from the order: Invalid enum value 'dim' - at `$.mode`"),
        ({"service": "storage"}, "no switch can be read from the order: Object contains unknown field `service`"),
        ({"mode": "half", "share": 0}, "share 0 is no part of all requests: give one above 0, 1 at most"),
        ({"mode": "half", "share": 1.5}, "share 1.5 is no part of all requests: give one above 0, 1 at most"),
        ({"mode": "half", "status": 500}, "status 500 is none of 429, 503"),
        ({"mode": "slow", "status": 503}, "mode 'slow' has no status; half has it"),
        ({"mode": "slow", "latency_ms": -1}, "latency_ms -1 is below 0"),
        ({"retry_after_seconds": 1}, "mode 'refused' has no retry_after_seconds; half and quota has it"),
        (
            {"mode": "wrong", "api": "storage"},
            "mode 'wrong' alters predictions: api is aiplatform or none, not 'storage'",
        ),
        ({"caller": "prober"}, "caller 'prober' is no e-mail address"),
    ],
)
def test_an_order_that_would_do_nothing_is_refused(cloud: RunningCloud, order: dict[str, Any], sentence: str) -> None:
    answer = cloud.session.post(f"{cloud.proxy}/_localcloud/outage", json={"region": PRIMARY} | order, timeout=20)

    assert (answer.status_code, answer.json()["error"]["message"]) == (400, sentence)
    assert cloud.admin("GET", "status")["outages"] == []


def test_the_command_orders_every_option_and_status_shows_it(lit: RunningCloud) -> None:
    def run(*arguments: str) -> str:
        command = [*LOCALCLOUD, *arguments, "--state", str(lit.state_dir)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout

    said = run("outage", PRIMARY, "--api", "aiplatform", "--mode", "half", "--share", "0.2", "--caller", "a@b.example",
               "--status", "429", "--retry-after", "7", "--seed", "5")  # fmt: skip
    run("outage", PRIMARY, "--mode", "slow", "--latency-ms", "1")
    get(lit, VERTEX)
    shown = [line.strip() for line in run("status").splitlines()]

    line = "aiplatform in europe-west4 for a@b.example: half, share 0.2, status 429, retry after s 7, seed 5"
    assert said.strip() == line
    assert f"{line}; requests that met it: 0" in shown
    assert "everything in europe-west4 for everybody: slow, median ms 1.0; requests that met it: 1" in shown
    assert [one.get("retry_after_seconds") for one in json.loads(run("status", "--json"))["outages"]] == [None, 7]
    run("heal", PRIMARY)
    assert json.loads(run("status", "--json"))["outages"] == []
