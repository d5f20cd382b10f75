"""Which grants are waited for is read from the state that the apply left, in both forms that providers write."""

from __future__ import annotations

from typing import Any

from provisioning.grants.records import Grant, Kind, Place
from provisioning.grants.state import grants_in

EXPORT = "vdr-primary-export-models@demo.iam.gserviceaccount.com"
BUILDS = "vdr-primary-builds@demo.iam.gserviceaccount.com"


def resource(kind: str, **values: Any) -> dict[str, Any]:
    return {"type": kind, "values": values}


def state(*resources: dict[str, Any], tokens_of: tuple[str, ...] = (EXPORT, BUILDS)) -> dict[str, Any]:
    """Return a state as `terraform show -json` prints it, with what lets deployers make tokens of these accounts."""
    actable = [
        resource(
            "google_service_account_iam_member",
            member="user:me@example.com",
            role="roles/iam.serviceAccountTokenCreator",
            service_account_id=f"projects/demo/serviceAccounts/{email}",
        )
        for email in tokens_of
    ]
    return {"values": {"root_module": {"resources": actable, "child_modules": [{"resources": list(resources)}]}}}


def granted(kind: str, role: str, *, email: str = EXPORT, **values: Any) -> dict[str, Any]:
    return resource(kind, member=f"serviceAccount:{email}", role=role, **values)


def places(*resources: dict[str, Any]) -> list[Place]:
    grants, untried = grants_in(state(*resources))
    assert untried == ()
    return [grant.place for grant in grants]


def test_a_grant_is_told_by_one_permission_of_its_role():
    grants, _ = grants_in(state(granted("google_project_iam_member", "roles/aiplatform.user", project="demo")))

    assert grants == (
        Grant(
            identity=EXPORT,
            place=Place(kind=Kind.PROJECT, name="projects/demo"),
            role="roles/aiplatform.user",
            permission="aiplatform.endpoints.predict",
        ),
    )


def test_places_have_one_name_however_the_provider_wrote_them():
    short, full = {"secret_id": "s"}, {"secret_id": "projects/demo/secrets/s"}
    reads, accesses = "roles/storage.objectViewer", "roles/secretmanager.secretAccessor"

    assert places(
        granted("google_storage_bucket_iam_member", reads, bucket="b/demo-vdr-artifacts"),
        granted("google_storage_bucket_iam_member", reads, bucket="demo-vdr-artifacts"),
    ) == [Place(kind=Kind.BUCKET, name="demo-vdr-artifacts")]
    assert places(
        granted("google_secret_manager_secret_iam_member", accesses, project="demo", **short),
        granted("google_secret_manager_secret_iam_member", accesses, project="demo", **full),
    ) == [Place(kind=Kind.SECRET, name="projects/demo/secrets/s")]


def test_a_binding_of_the_project_with_a_condition_is_on_the_one_thing_that_it_names():
    database = {"expression": 'resource.name == "projects/demo/databases/vdr-selector"'}
    name = "projects/_/buckets/gcf-v2-sources-1-europe-west1"
    bucket = {"expression": f'resource.name == "{name}" || resource.name.startsWith("{name}/objects/")'}

    assert places(
        granted("google_project_iam_member", "roles/datastore.user", project="demo", condition=[database]),
        granted("google_project_iam_member", "roles/storage.objectViewer", project="demo", condition=[bucket]),
    ) == [
        Place(kind=Kind.BUCKET, name="gcf-v2-sources-1-europe-west1"),
        Place(kind=Kind.DATABASE, name="projects/demo/databases/vdr-selector"),
    ]


def test_a_custom_role_is_told_by_a_permission_that_the_state_says_it_has():
    role = "projects/demo/roles/vdrExports"
    grants, untried = grants_in(
        state(
            resource("google_project_iam_custom_role", name=role, permissions=["aiplatform.models.list"]),
            granted("google_project_iam_member", role, project="demo"),
        )
    )

    assert [grant.permission for grant in grants] == ["aiplatform.models.list"]
    assert untried == ()


def test_who_cannot_be_acted_as_is_told_and_not_waited_for():
    grants, untried = grants_in(
        state(granted("google_project_iam_member", "roles/aiplatform.user", project="demo"), tokens_of=())
    )

    assert grants == ()
    assert untried == (
        f"serviceAccount:{EXPORT}: roles/aiplatform.user on project projects/demo: deployers get no tokens of it",
    )


def test_a_role_that_no_permission_tells_is_told():
    _, untried = grants_in(state(granted("google_project_iam_member", "roles/run.admin", project="demo")))

    assert "name one in provisioning/grants/telling.py" in untried[0]


def test_a_state_that_holds_nothing_has_no_grants():
    assert grants_in({"format_version": "1.0"}) == ((), ())
