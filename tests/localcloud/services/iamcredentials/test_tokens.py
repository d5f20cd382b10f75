"""Tokens are minted, asked for and checked as at Google; witnessed by google-auth."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

import google.auth
import jwt
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import id_token, service_account

from localcloud.core.errors import ApiError
from localcloud.core.identity.keys import RsaKey, credentials_file
from localcloud.core.identity.tokens import Tokens
from localcloud.runtime.metadata import MetadataServer
from tests.localcloud.google_clients import SCOPES, operator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.running_cloud import RunningCloud

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
EMAIL = "someone@demo.iam.gserviceaccount.com"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens.open(tmp_path, project="demo", token_uri="http://127.0.0.1:9/token")  # noqa: S106 - an address


def test_default_credentials_are_the_key_file_of_the_environment(
    cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", cloud.env["GOOGLE_APPLICATION_CREDENTIALS"])
    credentials, project = google.auth.default(scopes=SCOPES)
    credentials.refresh(Request())

    assert project == "demo"
    assert credentials.service_account_email == "operator@demo.iam.gserviceaccount.com"
    assert credentials.valid


def test_key_file_gets_an_identity_token_that_google_auth_verifies(cloud: RunningCloud) -> None:
    path = cloud.env["GOOGLE_APPLICATION_CREDENTIALS"]
    credentials = service_account.IDTokenCredentials.from_service_account_file(path, target_audience="https://a")
    credentials.refresh(Request())

    claims = id_token.verify_token(
        credentials.token, Request(), audience="https://a", certs_url="https://www.googleapis.com/oauth2/v3/certs"
    )
    assert claims["iss"] == "https://accounts.google.com"
    assert (claims["email"], claims["email_verified"]) == ("operator@demo.iam.gserviceaccount.com", True)


@pytest.mark.usefixtures("cloud")
def test_key_that_was_never_handed_out_gets_no_token(tmp_path: Path) -> None:
    path = tmp_path / "forged.json"
    forged = RsaKey.generate()
    path.write_text(credentials_file(forged, project="demo", email=EMAIL, token_uri=TOKEN_URI))
    credentials = service_account.Credentials.from_service_account_file(str(path), scopes=SCOPES)

    with pytest.raises(RefreshError, match="belongs to no service account here"):
        credentials.refresh(Request())


def test_created_key_works_until_it_is_deleted(
    cloud: RunningCloud, unique: Callable[[str], str], tmp_path: Path
) -> None:
    import base64  # noqa: PLC0415 - this test alone decodes a key

    cloud.call("POST", "/iam/v1/projects/demo/serviceAccounts", {"accountId": unique("keyed")})
    email = operator(cloud).service_account_email
    _, key = cloud.call("POST", f"/iam/v1/projects/demo/serviceAccounts/{email}/keys", {})
    (tmp_path / "key.json").write_bytes(base64.b64decode(key["privateKeyData"]))
    credentials = service_account.Credentials.from_service_account_file(str(tmp_path / "key.json"), scopes=SCOPES)
    credentials.refresh(Request())
    cloud.call("DELETE", f"/iam/v1/{key['name']}")

    assert credentials.valid
    with pytest.raises(RefreshError, match="belongs to no service account here"):
        credentials.refresh(Request())


def test_access_token_names_its_account_and_outlives_a_restart(tokens: Tokens, tmp_path: Path) -> None:
    token = tokens.mint_access(EMAIL)
    again = Tokens.open(tmp_path, project="demo", token_uri=tokens.token_uri)

    assert again.principal(token) == f"serviceAccount:{EMAIL}"


def test_token_of_another_cloud_names_nobody(tokens: Tokens, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Tokens.open(tmp_path / "other", project="demo", token_uri=tokens.token_uri)

    assert tokens.principal(other.mint_access(EMAIL)) is None
    assert tokens.principal("anything") is None


def test_expired_tokens_are_refused(tokens: Tokens) -> None:
    access, identity = (
        tokens.mint_access(EMAIL, lifetime_seconds=-1),
        tokens.mint_identity(EMAIL, "https://a", lifetime_seconds=-1),
    )

    assert tokens.principal(access) is None
    with pytest.raises(ApiError, match="expired"):
        tokens.verify_identity(identity)


def test_statement_signed_by_the_key_file_names_its_account(tokens: Tokens) -> None:
    """Google's clients send such a JWT themselves instead of asking for an access token."""
    credentials = service_account.Credentials.from_service_account_file(str(tokens.key_file))
    signed = credentials.with_always_use_jwt_access(always_use_jwt_access=True)
    signed._create_self_signed_jwt("https://storage.googleapis.com")
    signed.refresh(Request())

    assert jwt.get_unverified_header(signed.token)["kid"]
    assert tokens.principal(signed.token) == f"serviceAccount:{tokens.operator}"


# google-auth reads where the metadata server is when it is imported, so a workload is a process of its own.
WORKLOAD = """
import json
from google.auth import compute_engine
from google.auth.transport.requests import Request
from google.oauth2 import id_token

credentials = compute_engine.Credentials()
credentials.refresh(Request())
identity = id_token.fetch_id_token(Request(), "https://a")
print(json.dumps([credentials.service_account_email, credentials.token, identity]))
"""


async def test_metadata_server_is_that_of_one_workload(tokens: Tokens) -> None:
    server = MetadataServer(tokens, email=EMAIL, project="demo", project_number="12", region="europe-west4")
    await server.start()
    where = dict.fromkeys(("GCE_METADATA_HOST", "GCE_METADATA_IP"), server.host)
    try:
        workload = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKLOAD, env={"PATH": os.environ["PATH"], **where}, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await workload.communicate()
    finally:
        await server.stop()
    email, access, identity = json.loads(said)

    assert email == EMAIL
    assert tokens.principal(access) == f"serviceAccount:{EMAIL}"
    assert tokens.verify_identity(identity)["aud"] == "https://a"


async def test_metadata_server_answers_only_who_says_that_it_knows_it(tokens: Tokens) -> None:
    server = MetadataServer(tokens, email=EMAIL, project="demo", project_number="12", region="europe-west4")
    await server.start()

    def ask(path: str, **headers: str) -> tuple[int, str, str | None]:
        answer = Request()(url=f"http://{server.host}/computeMetadata/v1/{path}", headers=headers)
        return answer.status, answer.data.decode(), answer.headers.get("Metadata-Flavor")

    flavor = {"Metadata-Flavor": "Google"}
    try:
        without = await asyncio.to_thread(ask, "project/project-id")
        region = await asyncio.to_thread(ask, "instance/region", **flavor)
        unknown = await asyncio.to_thread(ask, "instance/disks", **flavor)
    finally:
        await server.stop()

    assert without[0] == 403
    assert region == (200, "projects/12/regions/europe-west4", "Google")
    assert unknown[0] == 404
