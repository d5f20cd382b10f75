"""What single kinds of resources do beside what every kind does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.errors import ProviderError, Unread
from localcloud.terraform_provider.values import UNKNOWN
from tests.terraform_provider.scripted import scripted

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue
    from localcloud.terraform_provider.values import Values

REFUSED = (403, {"error": {"message": "not yours"}})


def topic(catalogue: Catalogue, **given: object) -> Values:
    return {**catalogue.resource("google_pubsub_topic").empty(), "name": "t", "project": "demo", **given}


def test_what_was_created_but_cannot_be_read_is_kept_in_the_state(catalogue: Catalogue):
    kind = catalogue.resource("google_pubsub_topic")
    with scripted((200, {}), REFUSED) as (session, _), pytest.raises(Unread, match="it was created, but") as caught:
        kind.create(session, topic(catalogue, id=UNKNOWN))

    assert caught.value.state["id"] == "projects/demo/topics/t"


def test_what_was_never_created_leaves_no_state(catalogue: Catalogue):
    with scripted(REFUSED) as (session, _), pytest.raises(ProviderError) as caught:
        catalogue.resource("google_pubsub_topic").create(session, topic(catalogue))

    assert not isinstance(caught.value, Unread)


def test_setting_that_only_terraform_knows_makes_no_request_of_change(catalogue: Catalogue):
    before = topic(catalogue, deletion_policy="DELETE")
    with scripted((200, {"name": "projects/demo/topics/t"})) as (session, script):
        state = catalogue.resource("google_pubsub_topic").update(
            session, before, {**before, "deletion_policy": "ABANDON"}
        )

    assert [method for method, _, _ in script.asked] == ["GET"]
    assert state["deletion_policy"] == "ABANDON"


def test_deleting_what_is_gone_is_no_error(catalogue: Catalogue):
    with scripted((404, {"error": {"message": "gone"}})) as (session, script):
        catalogue.resource("google_pubsub_topic").delete(session, topic(catalogue))

    assert [method for method, _, _ in script.asked] == ["DELETE"]


def test_label_that_is_gone_is_sent_as_null_to_storage(catalogue: Catalogue):
    kind = catalogue.resource("google_storage_bucket")
    before = {**kind.empty(), "name": "b", "effective_labels": {"a": "1", "b": "2"}}
    after = {**before, "effective_labels": {"b": "2"}}
    with scripted((200, {}), (200, {"name": "b", "location": "EU"})) as (session, script):
        kind.update(session, before, after)

    assert script.asked[0][2] == {"labels": {"a": None, "b": "2"}}


def test_name_of_an_object_is_one_segment_of_its_path(catalogue: Catalogue):
    kind = catalogue.resource("google_storage_bucket_object")
    with scripted() as (session, _):
        assert kind.path({"bucket": "b", "name": "models/a b/1.json"}, session.configuration) == (
            "b/b/o/models%2Fa%20b%2F1.json"
        )


def test_every_version_of_every_object_goes_before_a_bucket_is_forced_away(catalogue: Catalogue):
    kind = catalogue.resource("google_storage_bucket")
    state = {**kind.empty(), "name": "b", "force_destroy": True}
    listed = {"items": [{"name": "a/b", "generation": "1"}, {"name": "a/b", "generation": "2"}]}
    with scripted((200, listed), (200, {}), (200, {}), (200, {}), (200, {})) as (session, script):
        kind.delete(session, state)

    deleted = [path.replace("alt=json&", "") for method, path, _ in script.asked if method == "DELETE"]
    assert deleted == [
        "/storage/v1/b/b/o/a%2Fb?generation=1",
        "/storage/v1/b/b/o/a%2Fb?generation=2",
        "/storage/v1/b/b?alt=json",
    ]


def test_service_account_that_exists_is_taken_over_only_when_told(catalogue: Catalogue):
    kind = catalogue.resource("google_service_account")
    email = "a@demo.iam.gserviceaccount.com"
    planned = {**kind.empty(), "account_id": "a", "project": "demo", "email": email}
    exists = (409, {"error": {"message": "exists"}})
    found = (
        200,
        {"email": email, "projectId": "demo", "uniqueId": "1", "name": f"projects/demo/serviceAccounts/{email}"},
    )
    with scripted(exists, exists, found) as (session, _):
        with pytest.raises(ProviderError, match="exists"):
            kind.create(session, planned)

        state = kind.create(session, {**planned, "create_ignore_already_exists": True})

    assert state["member"] == f"serviceAccount:{email}"


@pytest.mark.parametrize(
    ("identifier", "values"),
    [
        ("projects/p/locations/l/repositories/r", {"project": "p", "location": "l", "repository_id": "r"}),
        ("p/l/r", {"project": "p", "location": "l", "repository_id": "r"}),
        ("l/r", {"project": "demo", "location": "l", "repository_id": "r"}),
    ],
)
def test_import_ids_may_be_short(catalogue: Catalogue, identifier: str, values: Values):
    with scripted() as (session, _):
        found = catalogue.resource("google_artifact_registry_repository").imported(identifier, session.configuration)

    assert values.items() <= found.items()


def test_malformed_import_id_is_told_the_form(catalogue: Catalogue):
    kind = catalogue.resource("google_artifact_registry_repository")
    with scripted() as (session, _), pytest.raises(ProviderError, match="its id has the form projects/"):
        kind.imported("a/b/c/d/e", session.configuration)
