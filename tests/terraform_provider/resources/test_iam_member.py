from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.errors import NotFound, ProviderError
from tests.terraform_provider.scripted import scripted

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue

MEMBER = {"role": "roles/storage.objectViewer", "member": "user:new@example.com", "bucket": "x", "condition": []}
OTHERS = {"role": "roles/storage.objectViewer", "members": ["user:old@example.com"]}


def test_member_joins_those_who_hold_the_role(catalogue: Catalogue):
    both = {"role": OTHERS["role"], "members": ["user:new@example.com", "user:old@example.com"]}
    with scripted((200, {"etag": "a", "bindings": [OTHERS]}), (200, {}), (200, {"bindings": [both]})) as (
        session,
        script,
    ):
        catalogue.resource("google_storage_bucket_iam_member").create(session, MEMBER)

    method, path, policy = script.asked[1]
    assert (method, path.partition("?")[0]) == ("PUT", "/storage/v1/b/x/iam")
    assert policy == {"etag": "a", "version": 3, "bindings": [both]}


def test_change_by_another_in_between_is_read_again_and_kept(catalogue: Catalogue):
    answers = [
        (200, {"etag": "a"}),
        (409, {"error": {"message": "conflict"}}),
        (200, {"etag": "b", "bindings": [OTHERS]}),
        (200, {}),
        (200, {"bindings": [{"role": MEMBER["role"], "members": [MEMBER["member"]]}]}),
    ]
    with scripted(*answers) as (session, script):
        catalogue.resource("google_storage_bucket_iam_member").create(session, MEMBER)

    written = script.asked[3][2]
    assert written["etag"] == "b"
    assert written["bindings"][0]["members"] == ["user:new@example.com", "user:old@example.com"]


def test_membership_with_a_condition_is_a_binding_of_its_own(catalogue: Catalogue):
    condition = {"title": "models", "expression": "true"}
    conditional = {**MEMBER, "condition": [{**condition, "description": ""}]}
    made = {"role": MEMBER["role"], "members": [MEMBER["member"]], "condition": condition}
    with scripted((200, {"bindings": [OTHERS]}), (200, {}), (200, {"bindings": [OTHERS, made]})) as (session, script):
        state = catalogue.resource("google_storage_bucket_iam_member").create(session, conditional)

    assert script.asked[1][2]["bindings"] == [made, OTHERS]
    assert state["id"] == "b/x/roles/storage.objectViewer/user:new@example.com/models//true"


def test_last_member_takes_the_bindings_along(catalogue: Catalogue):
    policy = {"etag": "a", "bindings": [{"role": MEMBER["role"], "members": [MEMBER["member"]]}]}
    with scripted((200, policy), (200, {})) as (session, script):
        catalogue.resource("google_storage_bucket_iam_member").delete(session, MEMBER)

    assert script.asked[1][2] == {"etag": "a", "version": 3}


def test_membership_that_was_taken_away_is_gone_from_the_state(catalogue: Catalogue):
    with scripted((200, {"bindings": [OTHERS]})) as (session, _), pytest.raises(NotFound):
        catalogue.resource("google_storage_bucket_iam_member").read(session, MEMBER)


def test_import_id_has_three_parts(catalogue: Catalogue):
    kind = catalogue.resource("google_storage_bucket_iam_member")
    with scripted() as (session, _):
        values = kind.imported("b/x roles/storage.admin user:a@example.com", session.configuration)

        with pytest.raises(ProviderError, match="the resource, the role and the member"):
            kind.imported("b/x", session.configuration)

    assert (values["bucket"], values["role"], values["member"]) == ("b/x", "roles/storage.admin", "user:a@example.com")
