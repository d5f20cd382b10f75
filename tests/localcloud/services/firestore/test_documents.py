"""Databases are data, documents are the emulator's; witnessed by Google's clients over REST and gRPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore, firestore_v1
from google.cloud.firestore_v1.services.firestore import FirestoreClient

from tests.localcloud.google_clients import rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

DATABASES = "/firestore/v1/projects/demo/databases"
NATIVE = {"type": "FIRESTORE_NATIVE", "locationId": "eur3"}


@pytest.fixture(scope="module")
def client(cloud: RunningCloud) -> Any:
    return rest(FirestoreClient, cloud)


@pytest.fixture(scope="module")
def database(cloud: RunningCloud, unique: Callable[[str], str]) -> str:
    name = unique("db")
    _, operation = cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE)
    return str(operation["response"]["name"])


def commit(client: Any, database: str, writes: list[dict[str, Any]]) -> Any:
    return client.commit(request={"database": database, "writes": writes})


def epoch(number: int) -> dict[str, Any]:
    return {"fields": {"epoch": {"integer_value": number}}}


def write(name: str, number: int, **precondition: Any) -> dict[str, Any]:
    return {"update": {"name": name, **epoch(number)}} | ({"current_document": precondition} if precondition else {})


def test_committed_document_is_read_back(client: Any, database: str) -> None:
    name = f"{database}/documents/selectors/diagnosis"
    commit(client, database, [write(name, 1)])

    assert client.get_document(request={"name": name}).fields["epoch"].integer_value == 1


def test_stale_precondition_loses(client: Any, database: str) -> None:
    name = f"{database}/documents/selectors/raced"
    first = commit(client, database, [write(name, 1)])
    stale = first.write_results[0].update_time
    commit(client, database, [write(name, 2, update_time=stale)])

    with pytest.raises(exceptions.BadRequest, match="required base version"):
        commit(client, database, [write(name, 3, update_time=stale)])
    assert client.get_document(request={"name": name}).fields["epoch"].integer_value == 2


def test_deep_paths_and_queries_pass_through(client: Any, database: str) -> None:
    parent = f"{database}/documents/selectors/deep"
    names = [f"{parent}/changes/{number}" for number in (1, 2)]
    commit(client, database, [write(name, number) for number, name in enumerate(names)])
    query = firestore_v1.types.StructuredQuery(from_=[{"collection_id": "changes"}])
    found = client.run_query(request={"parent": parent, "structured_query": query})

    assert [answer.document.name for answer in found] == names
    assert list(client.list_collection_ids(request={"parent": parent})) == ["changes"]


def test_documents_of_a_missing_database_are_a_404(client: Any, unique: Callable[[str], str]) -> None:
    database = f"projects/demo/databases/{unique('missing')}"

    with pytest.raises(exceptions.NotFound, match="does not exist for project demo"):
        client.get_document(request={"name": f"{database}/documents/a/b"})
    with pytest.raises(exceptions.NotFound, match="does not exist for project demo"):
        commit(client, database, [write(f"{database}/documents/a/b", 1)])


def test_grpc_client_reaches_the_same_documents(client: Any, database: str) -> None:
    commit(client, database, [write(f"{database}/documents/selectors/both", 7)])

    documents = firestore.Client(project="demo", database=database.rpartition("/")[2])
    assert documents.document("selectors/both").get().to_dict() == {"epoch": 7}


def test_firestore_goes_dark_alone_and_keeps_its_documents(cloud: RunningCloud, client: Any, database: str) -> None:
    name = f"{database}/documents/selectors/dark"
    commit(client, database, [write(name, 1)])
    cloud.admin("POST", "outage", {"region": "global", "api": "firestore"})
    try:
        with pytest.raises(OSError, match=r"reset|closed"):
            client.get_document(request={"name": name}, retry=None)
        secret_manager, _ = cloud.call("GET", "/secretmanager/v1/projects/demo/secrets")
    finally:
        cloud.admin("POST", "heal", {"region": "global"})

    assert secret_manager == 200
    assert client.get_document(request={"name": name}).fields["epoch"].integer_value == 1


def test_regional_database_is_dark_with_its_region(
    cloud: RunningCloud, client: Any, unique: Callable[[str], str]
) -> None:
    name = unique("regional")
    cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE | {"locationId": "europe-west4"})
    document = f"projects/demo/databases/{name}/documents/a/b"
    commit(client, f"projects/demo/databases/{name}", [write(document, 1)])
    cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        with pytest.raises(OSError, match=r"reset|closed"):
            client.get_document(request={"name": document}, retry=None)
    finally:
        cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert client.get_document(request={"name": document}).fields["epoch"].integer_value == 1


def test_deleted_database_loses_its_documents(cloud: RunningCloud, client: Any, unique: Callable[[str], str]) -> None:
    name = unique("short-lived")
    database = f"projects/demo/databases/{name}"
    cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE)
    commit(client, database, [write(f"{database}/documents/a/b", 1)])
    _, deleted = cloud.call("DELETE", f"{DATABASES}/{name}")
    cloud.call("POST", f"{DATABASES}?databaseId={name}", NATIVE)

    assert deleted["done"] is True
    with pytest.raises(exceptions.NotFound):
        client.get_document(request={"name": f"{database}/documents/a/b"})
