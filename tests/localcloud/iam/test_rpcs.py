"""gRPC messages are read as the calls that they are, one permission a write."""

from __future__ import annotations

import pytest
from google.cloud.firestore_v1.types import common, document, firestore, write

from localcloud.iam.protobuf import BadMessage
from localcloud.iam.requests import checks_of
from localcloud.iam.resources import Project
from localcloud.iam.rpcs import request_of

PROJECT = Project("demo", "12")
DATABASE = "projects/demo/databases/d"
NAME = f"{DATABASE}/documents/selectors/s"
CREATE, UPDATE, DELETE = (f"datastore.entities.{verb}" for verb in ("create", "update", "delete"))


def needed(rpc: str, message: bytes, resource: str = "") -> list[tuple[str, str]]:
    request = request_of(rpc, message, resource)
    assert request
    checks = checks_of(request, PROJECT, "default@demo.test")
    assert checks is not None
    return [(check.permission, check.resource.name) for check in checks]


def writing(**precondition: object) -> write.Write:
    condition = common.Precondition(**precondition) if precondition else None
    return write.Write(update=document.Document(name=NAME), current_document=condition)


@pytest.mark.parametrize(
    ("writes", "permissions"),
    [
        ([writing(exists=False)], [CREATE]),
        ([writing(exists=True)], [UPDATE]),
        ([writing(update_time={"seconds": 1})], [UPDATE]),
        ([writing()], [CREATE, UPDATE]),
        ([write.Write(delete=NAME)], [DELETE]),
        ([writing(exists=False), writing(update_time={"seconds": 1})], [CREATE, UPDATE]),
        ([write.Write(transform=write.DocumentTransform(document=NAME))], [CREATE, UPDATE]),
        ([], ["datastore.databases.get"]),
    ],
)
@pytest.mark.parametrize("kind", [firestore.CommitRequest, firestore.BatchWriteRequest, firestore.WriteRequest])
def test_writes_need_what_their_preconditions_say(
    kind: type, writes: list[write.Write], permissions: list[str]
) -> None:
    message = kind.serialize(kind(database=DATABASE, writes=writes))  # type: ignore[attr-defined] # proto-plus

    rpc = kind.__name__.removesuffix("Request")
    assert needed(f"/google.firestore.v1.Firestore/{rpc}", message) == [(one, DATABASE) for one in permissions]


def test_reads_and_queries_need_get_and_list() -> None:
    get = firestore.GetDocumentRequest.serialize(firestore.GetDocumentRequest(name=NAME))
    query = firestore.RunQueryRequest.serialize(firestore.RunQueryRequest(parent=f"{DATABASE}/documents"))

    assert needed("/google.firestore.v1.Firestore/GetDocument", get) == [("datastore.entities.get", DATABASE)]
    assert [one for one, _ in needed("/google.firestore.v1.Firestore/RunQuery", query)] == [
        "datastore.entities.get",
        "datastore.entities.list",
    ]


def test_an_update_of_one_document_carries_its_precondition() -> None:
    kind = firestore.UpdateDocumentRequest
    exists = common.Precondition(exists=True)
    message = kind.serialize(kind(document=document.Document(name=NAME), current_document=exists))

    assert needed("/google.firestore.v1.Firestore/UpdateDocument", message) == [(UPDATE, DATABASE)]


def test_a_later_message_of_a_stream_stands_for_the_resource_of_the_first() -> None:
    kind = firestore.WriteRequest
    message = kind.serialize(kind(writes=[writing(exists=False)]))

    assert needed("/google.firestore.v1.Firestore/Write", message, DATABASE) == [(CREATE, DATABASE)]


def test_a_subscription_is_made_in_the_project_and_attached_to_its_topic() -> None:
    name, topic, account = b"projects/demo/subscriptions/s", b"projects/demo/topics/t", b"push@demo.test"
    token = b"\x1a" + bytes([len(account) + 2]) + b"\x0a" + bytes([len(account)]) + account
    message = b"\x0a" + bytes([len(name)]) + name + b"\x12" + bytes([len(topic)]) + topic
    message += b"\x22" + bytes([len(token)]) + token

    assert needed("/google.pubsub.v1.Subscriber/CreateSubscription", message) == [
        ("pubsub.subscriptions.create", "projects/demo"),
        ("pubsub.topics.attachSubscription", "projects/demo/topics/t"),
        ("iam.serviceAccounts.actAs", "projects/demo/serviceAccounts/push@demo.test"),
    ]


def test_a_call_that_nobody_knows_is_none_and_bytes_that_are_no_message_are_refused() -> None:
    assert request_of("/google.firestore.v1.Firestore/Explode", b"") is None
    assert request_of("/some.other.Service/Get", b"") is None
    for broken in (b"\x0a\xff", b"\x0b", b"\x80"):
        with pytest.raises(BadMessage):
            request_of("/google.firestore.v1.Firestore/GetDocument", broken)
