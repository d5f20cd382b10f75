"""Every request is decided: who calls, what it needs, and whether a policy gives it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.callers import PROJECT, Caller, caller, grant, revoke

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests
    from google.cloud.storage import Bucket

    from tests.running_cloud import RunningCloud

STORAGE, DOCKER = "https://storage.googleapis.com", "https://europe-west4-docker.pkg.dev"
SECRETS = "/secretmanager/v1/projects/demo/secrets"


@pytest.fixture
def someone(cloud: RunningCloud, unique: Callable[[str], str]) -> Caller:
    """A service account that holds nothing."""
    return caller(cloud, unique("someone"))


def info(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the ErrorInfo of a refusal."""
    found: dict[str, Any] = answer["error"]["details"][0]
    assert found["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
    return found


# Every way in: a method of a discovery document, and each plain route.
WAYS = [
    ("GET", "global", "/storage/v1/b?project=demo"),
    ("GET", "global", "/secretmanager/v1/projects/demo/secrets"),
    ("POST", "global", "/cloudresourcemanager/v1/projects/demo:testIamPermissions"),
    ("GET", "global", "/cloudresourcemanager/v1/projects"),
    ("POST", "global", "/iamcredentials/v1/projects/-/serviceAccounts/a@demo.iam.gserviceaccount.com:generateIdToken"),
    ("GET", "global", "/firestore/v1/projects/demo/databases/none/documents/a/b"),
    ("POST", "global", "/firestore/v1/projects/demo/databases/none/documents:commit"),
    ("POST", "global", "/firestore/v1/projects/demo/databases/none/documents:runQuery"),
    ("POST", "global", "/pubsub/v1/projects/demo/topics/none:publish"),
    ("GET", "europe-west4", "/aiplatform/v1/projects/demo/locations/europe-west4/models"),
    ("GET", "europe-west4", "/aiplatform/ui/projects/demo/locations/europe-west4/operations/1"),
    ("GET", "europe-west4", "/kfp/demo/none/package/latest"),
    ("POST", "europe-west4", "/kfp/demo/none"),
    ("GET", "europe-west4", "/v2/"),
    ("GET", "europe-west4", "/v2/demo/none/image/tags/list"),
    ("GET", "europe-west4", "/run/v2/projects/demo/locations/europe-west4/services"),
]


@pytest.mark.parametrize(("method", "listener", "path"), WAYS)
def test_nobody_gets_in_without_a_token(cloud: RunningCloud, method: str, listener: str, path: str) -> None:
    place = cloud if listener == "global" else cloud.at(listener)

    status, answer = place.call(method, path, {} if method == "POST" else None, Authorization="")

    assert status == 401, answer


@pytest.mark.parametrize(
    "path",
    ["/{bucket}/object", "/storage/v1/b/{bucket}/o/object", "/download/storage/v1/b/{bucket}/o/object?alt=media"],
)
def test_nobody_reads_an_object_without_a_token(cloud: RunningCloud, bucket: Bucket, path: str) -> None:
    bucket.blob("object").upload_from_string("content")

    answer = cloud.session.get(STORAGE + path.format(bucket=bucket.name), headers={"Authorization": None}, timeout=10)

    assert answer.status_code == 401
    assert "Anonymous caller does not have storage.objects.get access to the Google Cloud Storage object" in answer.text


def test_a_request_without_a_token_is_told_what_is_missing(cloud: RunningCloud) -> None:
    _, answer = cloud.call("GET", SECRETS, Authorization="")

    assert answer["error"]["status"] == "UNAUTHENTICATED"
    assert answer["error"]["message"].startswith("Request is missing required authentication credential.")
    assert info(answer)["reason"] == "CREDENTIALS_MISSING"


@pytest.mark.parametrize("token", ["ya29.forged", "ya29.localcloud.a.b.c", "no token at all"])
def test_a_token_that_is_worth_nothing_is_refused(cloud: RunningCloud, token: str) -> None:
    status, answer = cloud.call("GET", SECRETS, Authorization=f"Bearer {token}")

    assert status == 401
    assert answer["error"]["message"].startswith("Request had invalid authentication credentials.")


def test_the_token_of_a_disabled_account_is_worth_nothing(cloud: RunningCloud, someone: Caller) -> None:
    someone.may("roles/secretmanager.viewer")
    before = someone.call("GET", SECRETS)[0]
    cloud.call("POST", f"/iam/v1/projects/demo/serviceAccounts/{someone.email}:disable")
    disabled = someone.call("GET", SECRETS)[0]
    cloud.call("POST", f"/iam/v1/projects/demo/serviceAccounts/{someone.email}:enable")

    assert (before, disabled, someone.call("GET", SECRETS)[0]) == (200, 401, 200)


def test_a_caller_without_the_permission_is_told_which_one_and_on_what(someone: Caller) -> None:
    status, answer = someone.call("GET", f"{SECRETS}/none/versions/1:access")

    assert status == 403  # not 404: who may not read is not told whether it exists
    assert answer["error"]["message"] == (
        "Permission 'secretmanager.versions.access' denied for resource "
        "'projects/123456789012/secrets/none/versions/1' (or it may not exist)."
    )
    assert info(answer)["reason"] == "IAM_PERMISSION_DENIED"
    assert info(answer)["domain"] == "iam.googleapis.com"
    assert info(answer)["metadata"] == {
        "permission": "secretmanager.versions.access",
        "resource": "projects/123456789012/secrets/none/versions/1",
    }


def test_whoever_may_read_is_told_that_it_does_not_exist(someone: Caller) -> None:
    someone.may("roles/secretmanager.secretAccessor")

    assert someone.call("GET", f"{SECRETS}/none/versions/1:access")[0] == 404


def test_cloud_storage_refuses_in_its_own_sentence(someone: Caller, bucket: Bucket) -> None:
    status, answer = someone.call("GET", f"/storage/v1/b/{bucket.name}/o/none")

    assert status == 403
    assert answer["error"]["message"] == (
        f"{someone.email} does not have storage.objects.get access to the Google Cloud Storage object. "
        "Permission 'storage.objects.get' denied on resource (or it may not exist)."
    )


def test_that_a_bucket_does_not_exist_is_no_secret(someone: Caller) -> None:
    assert someone.call("GET", "/storage/v1/b/nobody-has-taken-this-name")[0] == 404


def test_who_may_create_only_makes_objects_and_replaces_none(someone: Caller, bucket: Bucket) -> None:
    someone.may("roles/storage.objectCreator", f"/storage/v1/b/{bucket.name}")
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=once"

    made = someone.call("POST", path, {"n": 1})[0]
    again, answer = someone.call("POST", path, {"n": 2})
    guarded = someone.call("POST", f"{path}&ifGenerationMatch=0", {"n": 3})[0]
    rewritten = someone.call("POST", f"/storage/v1/b/{bucket.name}/o/once/rewriteTo/b/{bucket.name}/o/copy")[0]

    assert (made, again, guarded, rewritten) == (200, 403, 412, 403)
    assert "storage.objects.delete access" in answer["error"]["message"]
    assert bucket.blob("once").download_as_bytes() == b'{"n": 1}'


def test_a_resumable_upload_is_refused_before_it_begins(someone: Caller, bucket: Bucket) -> None:
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=x"

    assert someone.call("POST", path, {})[0] == 403


def test_a_condition_on_a_prefix_opens_that_prefix_only(someone: Caller, unique: Callable[[str], str]) -> None:
    name = unique("uniform")
    uniform = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}
    someone.cloud.call("POST", "/storage/v1/b?project=demo", {"name": name, "location": "europe-west4"} | uniform)
    prefix = f"projects/_/buckets/{name}/objects/models/"
    listing = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("models/")'
    expression = f'resource.name.startsWith("{prefix}") || {listing}'
    someone.may("roles/storage.objectUser", f"/storage/v1/b/{name}", title="models", expression=expression)
    upload = f"/upload/storage/v1/b/{name}/o?uploadType=media&name="

    statuses = [
        someone.call(*request)[0]
        for request in [
            ("POST", f"{upload}models/a", {}),
            ("POST", f"{upload}others/a", {}),
            ("GET", f"/storage/v1/b/{name}/o/models%2Fa"),
            ("GET", f"/storage/v1/b/{name}/o?prefix=models/"),
            ("GET", f"/storage/v1/b/{name}/o?prefix=others/"),
            ("GET", f"/storage/v1/b/{name}/o"),
        ]
    ]

    assert statuses == [200, 403, 200, 200, 403, 403]


def test_each_part_of_a_batch_is_decided_by_itself(someone: Caller, bucket: Bucket) -> None:
    someone.may("roles/storage.objectViewer", f"/storage/v1/b/{bucket.name}")
    bucket.blob("a").upload_from_string("a")
    parts = [f"GET /storage/v1/b/{bucket.name}/o/a", f"DELETE /storage/v1/b/{bucket.name}/o/a"]
    body = "".join(f"--x\r\nContent-Type: application/http\r\n\r\n{part} HTTP/1.1\r\n\r\n\r\n" for part in parts)
    headers = {"Content-Type": "multipart/mixed; boundary=x", "Authorization": f"Bearer {someone.token}"}

    answer = someone.cloud.session.post(f"{STORAGE}/batch/storage/v1", data=f"{body}--x--", headers=headers, timeout=10)

    assert [line.split()[1] for line in answer.text.splitlines() if line.startswith("HTTP/1.1")] == ["200", "403"]


def test_test_iam_permissions_tells_the_truth(someone: Caller, bucket: Bucket) -> None:
    someone.may("roles/storage.objectViewer", f"/storage/v1/b/{bucket.name}").may("roles/datastore.viewer")
    asked = ["datastore.entities.get", "datastore.entities.create", "storage.objects.get"]
    query = "&".join(f"permissions=storage.{one}" for one in ("objects.get", "objects.delete", "buckets.get"))

    project = someone.call("POST", f"{PROJECT}:testIamPermissions", {"permissions": asked})[1]
    stored = someone.call("GET", f"/storage/v1/b/{bucket.name}/iam/testPermissions?{query}")[1]
    owner = someone.cloud.call("GET", f"/storage/v1/b/{bucket.name}/iam/testPermissions?{query}")[1]

    assert project == {"permissions": ["datastore.entities.get"]}
    assert stored["permissions"] == ["storage.objects.get"]
    assert owner["permissions"] == ["storage.objects.get", "storage.objects.delete", "storage.buckets.get"]


def test_the_operator_owns_the_project_by_a_binding_and_by_nothing_else(cloud: RunningCloud) -> None:
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]

    owners = [binding["members"] for binding in policy["bindings"] if binding["role"] == "roles/owner"]
    assert owners == [["serviceAccount:operator@demo.iam.gserviceaccount.com"]]
    path = "/iamcredentials/v1/projects/-/serviceAccounts/operator@demo.iam.gserviceaccount.com:generateAccessToken"
    assert cloud.call("POST", path, {})[0] == 403  # an owner mints no tokens at Google either


@pytest.mark.parametrize(
    ("binding", "said"),
    [
        (
            {"role": "roles/viewer", "members": ["serviceAccount:nobody@demo.iam.gserviceaccount.com"]},
            "Service account nobody@demo.iam.gserviceaccount.com does not exist.",
        ),
        ({"role": "roles/viewer", "members": ["robot:x@y.z"]}, "unknown type"),
        ({"role": "roles/viewer", "members": ["allUsers"]}, "allUsers"),
        ({"role": "roles/secretmanager.misspelt", "members": ["user:a@demo.test"]}, "roles/secretmanager.misspelt"),
        ({"role": "projects/demo/roles/none", "members": ["user:a@demo.test"]}, "projects/demo/roles/none"),
        (
            {
                "role": "roles/datastore.user",
                "members": ["user:a@demo.test"],
                "condition": {"title": "t", "expression": "resource.name.startsWith("},
            },
            "Condition expression compilation failed",
        ),
        (
            {
                "role": "roles/owner",
                "members": ["user:a@demo.test"],
                "condition": {"title": "t", "expression": "true"},
            },
            "primitive roles",
        ),
    ],
)
def test_a_policy_that_google_refuses_is_refused(cloud: RunningCloud, binding: dict[str, Any], said: str) -> None:
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]
    policy |= {"version": 3, "bindings": [*policy["bindings"], binding]}

    status, answer = cloud.call("POST", f"{PROJECT}:setIamPolicy", {"policy": policy})

    assert status == 400
    assert said in answer["error"]["message"]


def test_a_stale_etag_loses_the_race(cloud: RunningCloud, someone: Caller) -> None:
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]
    someone.may("roles/browser")

    status, answer = cloud.call("POST", f"{PROJECT}:setIamPolicy", {"policy": policy})

    assert status == 409
    assert "concurrent policy changes" in answer["error"]["message"]


def test_a_deleted_accounts_grants_are_not_those_of_a_new_one_of_its_name(
    cloud: RunningCloud, unique: Callable[[str], str]
) -> None:
    name = unique("reborn")
    first = caller(cloud, name).may("roles/secretmanager.viewer")
    cloud.call("DELETE", f"/iam/v1/projects/demo/serviceAccounts/{first.email}")
    policy = cloud.call("POST", f"{PROJECT}:getIamPolicy", {})[1]
    second = caller(cloud, name)

    assert any(
        member.startswith(f"deleted:serviceAccount:{first.email}?uid=")
        for binding in policy["bindings"]
        for member in binding["members"]
    )
    assert second.call("GET", SECRETS)[0] == 403


def test_acting_as_an_account_needs_a_grant_on_it(someone: Caller, cloud: RunningCloud) -> None:
    someone.may("roles/cloudscheduler.admin")
    job = {
        "schedule": "* * * * *",
        "httpTarget": {
            "uri": "http://127.0.0.1:9/",
            "oidcToken": {"serviceAccountEmail": "operator@demo.iam.gserviceaccount.com"},
        },
    }
    path = "/cloudscheduler/v1/projects/demo/locations/europe-west4/jobs"

    status, answer = someone.call("POST", path, {**job, "name": f"{path[19:]}/acts"})
    grant(
        cloud,
        "/iam/v1/projects/demo/serviceAccounts/operator@demo.iam.gserviceaccount.com",
        "roles/iam.serviceAccountUser",
        someone.member,
    )
    allowed = someone.call("POST", path, {**job, "name": f"{path[19:]}/acts"})[0]

    assert status == 403
    assert "iam.serviceAccounts.actAs" in answer["error"]["message"]
    assert allowed == 200


def test_firestores_commits_need_a_permission_a_write(someone: Caller, unique: Callable[[str], str]) -> None:
    name = unique("permits")
    someone.cloud.call(
        "POST",
        f"/firestore/v1/projects/demo/databases?databaseId={name}",
        {"locationId": "eur3", "type": "FIRESTORE_NATIVE"},
    )
    role = "/iam/v1/projects/demo/roles"
    held = {"includedPermissions": ["datastore.entities.create"], "title": "creates"}
    someone.cloud.call("POST", role, {"roleId": name.replace("-", "_"), "role": held})
    someone.may(f"projects/demo/roles/{name.replace('-', '_')}")
    document = f"projects/demo/databases/{name}/documents/a/b"

    def commit(**write: Any) -> int:
        path = f"/firestore/v1/projects/demo/databases/{name}/documents:commit"
        return someone.call("POST", path, {"writes": [write]})[0]

    update = {"name": document, "fields": {}}
    assert commit(update=update, currentDocument={"exists": False}) == 200
    assert commit(update=update, currentDocument={"exists": True}) == 403
    assert commit(update=update) == 403
    assert commit(delete=document) == 403
    assert someone.call("GET", f"/firestore/v1/{document}") == (
        403,
        {
            "error": {
                "code": 403,
                "message": "Missing or insufficient permissions.",
                "errors": [
                    {"message": "Missing or insufficient permissions.", "domain": "global", "reason": "forbidden"}
                ],
                "status": "PERMISSION_DENIED",
                "details": [
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        "reason": "IAM_PERMISSION_DENIED",
                        "domain": "iam.googleapis.com",
                        "metadata": {
                            "permission": "datastore.entities.get",
                            "resource": f"projects/demo/databases/{name}",
                        },
                    }
                ],
            }
        },
    )


def test_docker_is_led_to_its_token_and_refused_in_its_own_words(someone: Caller, unique: Callable[[str], str]) -> None:
    cloud, name = someone.cloud, unique("images")
    path = "/artifactregistry/v1/projects/demo/locations/europe-west4/repositories"
    cloud.call("POST", f"{path}?repositoryId={name}", {"format": "DOCKER"})
    image = f"{DOCKER}/v2/demo/{name}/image"
    nobodys: dict[str, Any] = {"Authorization": None}
    nobody = cloud.session.get(f"{image}/tags/list", headers=nobodys, timeout=10)
    realm = nobody.headers["WWW-Authenticate"].partition('realm="')[2].partition('"')[0]
    basic = base64.b64encode(f"oauth2accesstoken:{someone.token}".encode()).decode()
    token = cloud.session.get(realm, headers={"Authorization": f"Basic {basic}"}, timeout=10).json()["token"]
    anonymous = {"Authorization": f"Bearer {cloud.session.get(realm, headers=nobodys, timeout=10).json()['token']}"}
    own = {"Authorization": f"Bearer {token}"}

    def upload(headers: dict[str, str]) -> requests.Response:
        return cloud.session.post(f"{image}/blobs/uploads/", headers=headers, timeout=10)

    denied = upload(own).json()["errors"][0]
    stranger = upload(anonymous).json()["errors"][0]
    someone.may("roles/artifactregistry.reader", f"{path}/{name}")
    reads, writes = cloud.session.get(f"{image}/tags/list", headers=own, timeout=10), upload(own)
    someone.may("roles/artifactregistry.writer", f"{path}/{name}")

    assert nobody.status_code == 401
    assert f'scope="repository:demo/{name}/image:pull"' in nobody.headers["WWW-Authenticate"]
    assert denied["code"] == stranger["code"] == "DENIED"
    assert denied["message"] == (
        'Permission "artifactregistry.repositories.uploadArtifacts" denied on resource '
        f'"projects/demo/locations/europe-west4/repositories/{name}" (or it may not exist)'
    )
    assert stranger["message"].startswith("Unauthenticated request.")
    assert (reads.status_code, writes.status_code, upload(own).status_code) == (404, 403, 202)


def test_a_wrong_password_gets_no_docker_token(cloud: RunningCloud) -> None:
    basic = base64.b64encode(b"oauth2accesstoken:made-up").decode()

    answer = cloud.session.get(f"{DOCKER}/v2/token", headers={"Authorization": f"Basic {basic}"}, timeout=10)

    assert answer.status_code == 401


def test_a_method_whose_permissions_nobody_knows_is_denied_to_the_owner_and_told(cloud: RunningCloud) -> None:
    path = "/aiplatform/v1/projects/demo/locations/europe-west4/servingProfiles"

    status, _ = cloud.call("GET", path)

    assert status == 403
    assert any("servingProfiles.list" in one for one in cloud.admin("GET", "status")["unknown_permissions"])


def test_an_allowed_call_tells_which_binding_allowed_it(someone: Caller) -> None:
    someone.may("roles/secretmanager.viewer")
    someone.call("GET", SECRETS)

    uses = [use for use in someone.cloud.admin("GET", "permission-uses")["uses"] if use["member"] == someone.member]

    assert uses == [
        {
            "resource": "cloudresourcemanager/projects/demo",
            "role": "roles/secretmanager.viewer",
            "member": someone.member,
            "condition": None,
            "permissions": [
                {"principal": someone.member, "permission": "secretmanager.secrets.list", "times": 1},
            ],
        }
    ]


def test_a_grant_that_is_taken_away_grants_nothing_more(someone: Caller) -> None:
    someone.may("roles/secretmanager.viewer")
    before = someone.call("GET", SECRETS)[0]
    revoke(someone.cloud, PROJECT, "roles/secretmanager.viewer", someone.member)

    assert (before, someone.call("GET", SECRETS)[0]) == (200, 403)
