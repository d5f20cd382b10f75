"""Functions on the local cloud for the tests: bundles made here, deployed as Terraform deploys them."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.localcloud.callers import PROJECT, grant, let_mint

if TYPE_CHECKING:
    from tests.running_cloud import RunningCloud

REQUIREMENTS = Path(__file__).parents[2] / "functions" / "requirements.txt"

BUILDER = "roles/cloudbuild.builds.builder"
PROBE = """
import os
import threading

import functions_framework
import google.auth
import google.auth.transport.requests
import google.oauth2.id_token

met = threading.Barrier(2, timeout=20)


@functions_framework.http
def probe(request):
    print(f"probe was asked for {request.path}")
    if request.path == "/meet":
        met.wait()
    if request.path == "/stay":
        threading.Event().wait(60)
    if request.path == "/end":
        os._exit(1)
    if request.path == "/refuse":
        return {"error": "a guard said no"}, 409
    return {
        "service": os.environ["K_SERVICE"],
        "pid": os.getpid(),
        "greeting": os.environ.get("GREETING"),
        "proxy": os.environ["HTTPS_PROXY"],
        "query": request.query_string.decode(),
    }


@functions_framework.http
def identity(request):
    transport = google.auth.transport.requests.Request()
    credentials, project = google.auth.default()
    credentials.refresh(transport)
    token = google.oauth2.id_token.fetch_id_token(transport, request.args["audience"])
    return {
        "email": credentials.service_account_email,
        "project": project,
        "access_token": credentials.token,
        "identity_token": token,
    }
"""


def archive(files: dict[str, str]) -> bytes:
    """Return a zip of these files, with the bundle's own requirements unless they hold others."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in ({"requirements.txt": REQUIREMENTS.read_text()} | files).items():
            opened.writestr(name, content)
    return packed.getvalue()


def upload(cloud: RunningCloud, content: bytes, *, region: str | None = None) -> dict[str, str]:
    """Return the storageSource of a new object with this content, in a bucket of the region."""
    bucket = f"sources-{uuid.uuid4().hex[:12]}"
    cloud.call("POST", "/storage/v1/b?project=demo", {"name": bucket, "location": region or cloud.primary})
    answer = cloud.session.post(
        f"https://storage.googleapis.com/upload/storage/v1/b/{bucket}/o",
        params={"uploadType": "media", "name": "bundle.zip"},
        data=content,
        headers={"Content-Type": "application/zip", "Authorization": f"Bearer {cloud.token}"},
        timeout=30,
    )
    answer.raise_for_status()
    return {"bucket": bucket, "object": "bundle.zip"}


def account(cloud: RunningCloud, name: str) -> str:
    """Return the email of a service account of this name; it exists afterwards."""
    cloud.call("POST", "/iam/v1/projects/demo/serviceAccounts", {"accountId": name})
    return f"{name}@demo.iam.gserviceaccount.com"


def let_build(cloud: RunningCloud) -> None:
    """Let functions be built as Compute Engine's default account, which nobody grants anything by itself."""
    member = "serviceAccount:123456789012-compute@developer.gserviceaccount.com"
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]
    if not any(binding["role"] == BUILDER and member in binding["members"] for binding in policy["bindings"]):
        grant(cloud, PROJECT, BUILDER, member)


def deploy(  # noqa: PLR0913 - what a test may choose of a function
    cloud: RunningCloud,
    name: str,
    content: bytes,
    *,
    entry_point: str = "probe",
    region: str = "europe-west4",
    builder: str = "",
    **config: Any,
) -> dict[str, Any]:
    """Return the ended operation of creating the function; `builder` is the account that builds it."""
    let_build(cloud)
    function = {
        "buildConfig": {
            "runtime": "python311",
            "entryPoint": entry_point,
            "source": {"storageSource": upload(cloud, content, region=region)},
            **({"serviceAccount": f"projects/demo/serviceAccounts/{builder}"} if builder else {}),
        },
        "serviceConfig": config,
    }
    path = f"/cloudfunctions/v2/projects/demo/locations/{region}/functions"
    _, operation = cloud.call("POST", f"{path}?functionId={name}", function)
    while operation.get("done") is False:  # only where set-up has not built the functions' environment
        _, operation = cloud.call("GET", f"/cloudfunctions/v2/{operation['name']}")
    found: dict[str, Any] = operation
    return found


def allow(cloud: RunningCloud, name: str, member: str, *, region: str = "europe-west4") -> None:
    """Let the member invoke the function, and nobody else."""
    policy = {"policy": {"bindings": [{"role": "roles/run.invoker", "members": [member]}]}}
    cloud.call("POST", f"/run/v2/projects/demo/locations/{region}/services/{name}:setIamPolicy", policy)


def identity_token(cloud: RunningCloud, email: str, audience: str) -> str:
    """Return an identity token of the account, which the operator may make afterwards."""
    let_mint(cloud, email)
    path = f"/iamcredentials/v1/projects/-/serviceAccounts/{email}:generateIdToken"
    _, answer = cloud.call("POST", path, {"audience": audience})
    return str(answer["token"])


def invoke(uri: str, token: str | None = None, path: str = "", **options: Any) -> requests.Response:
    """Return the answer to a POST on the function."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{uri}{path}", headers=headers, timeout=90, **options)
