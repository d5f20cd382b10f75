"""The decision by policies of a resource and of all above it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.iam.engine import Decision, Engine
from localcloud.iam.policy import Policy
from localcloud.iam.resources import Holder, Project, bucket, stored_object
from localcloud.iam.roles import Roles

if TYPE_CHECKING:
    from localcloud.iam.resources import Resource

AT = datetime(2026, 5, 1, tzinfo=UTC)
PROJECT = Project("demo", "123456789012")
ANNA = "serviceAccount:anna@demo.iam.gserviceaccount.com"
SECRET = PROJECT.named("secretmanager", "projects/demo/secrets/s/versions/1")
ACCESS = "secretmanager.versions.access"
ACCESSOR = "roles/secretmanager.secretAccessor"
CUSTOM = {"projects/demo/roles/reader": {"includedPermissions": [ACCESS]}}


def policy(role: str, member: str, **condition: str) -> dict[str, Any]:
    return {"bindings": [{"role": role, "members": [member]} | ({"condition": condition} if condition else {})]}


def decided(
    policies: dict[str, dict[str, Any]],
    permission: str = ACCESS,
    resource: Resource = SECRET,
    principal: str | None = ANNA,
    custom: dict[str, Any] | None = None,
) -> Decision:
    engine = Engine(
        lambda holder: Policy.of(policies.get(f"{holder.api}/{holder.name}", {})), Roles((custom or CUSTOM).get)
    )
    return engine.decide(principal, permission, resource, AT)


@pytest.mark.parametrize(
    "holder",
    [
        "secretmanager/projects/demo/secrets/s/versions/1",
        "secretmanager/projects/demo/secrets/s",
        "cloudresourcemanager/projects/demo",
    ],
)
def test_a_grant_on_the_resource_or_on_anything_above_it_counts(holder: str) -> None:
    decision = decided({holder: policy(ACCESSOR, ANNA)})

    assert decision.use
    assert f"{decision.use.holder.api}/{decision.use.holder.name}" == holder
    assert (decision.use.role, decision.use.member) == (ACCESSOR, ANNA)


@pytest.mark.parametrize(
    "policies",
    [
        {},
        {"secretmanager/projects/demo/secrets/other": policy(ACCESSOR, ANNA)},
        {"cloudresourcemanager/projects/other": policy(ACCESSOR, ANNA)},
        {"cloudresourcemanager/projects/demo": policy("roles/secretmanager.viewer", ANNA)},
        {"cloudresourcemanager/projects/demo": policy("roles/bigquery.admin", ANNA)},
        {"cloudresourcemanager/projects/demo": policy(ACCESSOR, f"deleted:{ANNA}?uid=1")},
        {"cloudresourcemanager/projects/demo": policy(ACCESSOR, "group:everybody@demo.test")},
    ],
    ids=["no policy", "a sibling's", "another project's", "a role without it", "a role unknown", "deleted", "a group"],
)
def test_everything_else_grants_nothing(policies: dict[str, Any]) -> None:
    assert not decided(policies).is_allowed


def test_a_custom_role_grants_what_it_holds_until_it_is_deleted() -> None:
    granted = {"cloudresourcemanager/projects/demo": policy("projects/demo/roles/reader", ANNA)}
    deleted = {"projects/demo/roles/reader": CUSTOM["projects/demo/roles/reader"] | {"deleted": True}}

    assert decided(granted).is_allowed
    assert not decided(granted, custom=deleted).is_allowed


@pytest.mark.parametrize(
    ("member", "known", "anonymous"),
    [("allUsers", True, True), ("allAuthenticatedUsers", True, False), (ANNA, True, False)],
)
def test_the_anonymous_caller_is_one_of_all_users_only(member: str, known: bool, anonymous: bool) -> None:  # noqa: FBT001 - a table's columns
    policies = {"secretmanager/projects/demo/secrets/s": policy(ACCESSOR, member)}

    assert decided(policies).is_allowed is known
    assert decided(policies, principal=None).is_allowed is anonymous


def test_a_condition_decides_and_an_unknown_one_denies_and_is_told() -> None:
    holder = "cloudresourcemanager/projects/demo"
    number = 'resource.name.startsWith("projects/123456789012/secrets/s/")'

    true = decided({holder: policy(ACCESSOR, ANNA, title="t", expression=number)})
    false = decided({holder: policy(ACCESSOR, ANNA, title="t", expression="!" + number)})
    unknown = decided({holder: policy(ACCESSOR, ANNA, title="t", expression='resource.matchTag("a/b", "c")')})

    assert true.use
    assert true.use.title == "t"
    assert (false.is_allowed, false.unknown) == (False, ())
    assert not unknown.is_allowed
    assert "matchTag" in unknown.unknown[0]


def test_a_buckets_convenience_members_are_whoever_holds_the_basic_role_on_the_project() -> None:
    owned = {
        "storage/b/vdr": policy("roles/storage.legacyBucketOwner", "projectOwner:demo"),
        "cloudresourcemanager/projects/demo": policy("roles/owner", ANNA),
    }
    place = bucket("vdr", PROJECT.holder())

    assert decided(owned, "storage.buckets.get", place).is_allowed
    assert not decided(owned, "storage.buckets.get", place, principal="user:eve@demo.test").is_allowed
    assert not decided({"storage/b/vdr": owned["storage/b/vdr"]}, "storage.buckets.get", place).is_allowed


def test_an_owner_of_the_project_alone_reads_no_object() -> None:
    """Google's owner role holds no permission on objects: buckets grant them to the project's owners by themselves."""
    owner = {"cloudresourcemanager/projects/demo": policy("roles/owner", ANNA)}

    assert not decided(owner, "storage.objects.get", stored_object("vdr", "a", PROJECT.holder())).is_allowed


def test_a_document_of_firestore_is_checked_as_its_database() -> None:
    document = PROJECT.named("firestore", "projects/demo/databases/d/documents/selectors/s")

    assert document.name == "projects/demo/databases/d"
    assert document.type == "firestore.googleapis.com/Database"
    assert document.holders[-1] == Holder("cloudresourcemanager", "projects/demo")
