"""gRPC calls of Firestore and Pub/Sub: which method each is, and what it must be allowed, by its first bytes.

The field numbers are those of google/firestore/v1/*.proto and google/pubsub/v1/pubsub.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.iam import document_writes
from localcloud.iam.protobuf import fields, inner, text
from localcloud.iam.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable


class Rpc(NamedTuple):
    """A call: its method's id, where its message names the resource, and what else of it counts.

    `inside` says that the field is a message whose first field is the name.
    """

    method: str
    field: int = 1
    inside: bool = False
    words: Callable[[bytes], frozenset[str]] | None = None
    body: Callable[[bytes], dict[str, Any]] | None = None


def request_of(rpc: str, message: bytes, resource: str = "") -> Request | None:
    """Return what of a call decides about its permissions, None for a call that is not known here.

    `rpc` is the path, such as `/google.firestore.v1.Firestore/Commit`; `resource` stands in where a later message of
    a stream does not repeat the name that its first one gave. Raises BadMessage.
    """
    service, _, name = rpc.strip("/").partition("/")
    known = _RPCS.get(service, {}).get(name)
    if known is None:
        return None
    if known.inside:
        held = inner(message, known.field)
        path = text(held[-1], 1) if held else ""
    else:
        path = text(message, known.field)
    return Request(
        api=_API_OF[service],
        method=known.method,
        path=path or resource,
        words=known.words(message) if known.words else frozenset(),
        body=known.body(message) if known.body else {},
    )


def _writes(number: int) -> Callable[[bytes], frozenset[str]]:
    return lambda message: document_writes.words_of(_write(one) for one in inner(message, number))


def _write(message: bytes) -> dict[str, Any]:
    kind = "delete" if inner(message, 2) else "update"
    return {kind: {}, "currentDocument": _precondition(message, 4)}


def _precondition(message: bytes, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for condition in inner(message, number):
        for part, value in fields(condition):
            found |= {"exists": bool(value)} if part == 1 else {"updateTime": "set"}
    return found


def _patch(message: bytes) -> frozenset[str]:
    return document_writes.words_of([{"update": {}, "currentDocument": _precondition(message, 4)}])


def _subscription(message: bytes) -> dict[str, Any]:
    return {"topic": text(message, 2), "pushConfig": _push(message, 4)}


def _changed_subscription(message: bytes) -> dict[str, Any]:
    held = inner(message, 1)
    return {"subscription": {"pushConfig": _push(held[-1], 4)}} if held else {}


def _push(message: bytes, number: int) -> dict[str, Any]:
    tokens = [token for push in inner(message, number) for token in inner(push, 3)]
    return {"oidcToken": {"serviceAccountEmail": text(tokens[-1], 1)}} if tokens else {}


def _snapshot(message: bytes) -> dict[str, Any]:
    return {"subscription": text(message, 2)}


def _seek(message: bytes) -> dict[str, Any]:
    return {"snapshot": text(message, 3)}


_FIRESTORE = "google.firestore.v1.Firestore"
_PUBLISHER, _SUBSCRIBER = "google.pubsub.v1.Publisher", "google.pubsub.v1.Subscriber"
_API_OF = {_FIRESTORE: "firestore", _PUBLISHER: "pubsub", _SUBSCRIBER: "pubsub"}
_DOCUMENTS, _TOPICS, _SUBSCRIPTIONS = "projects.databases.documents", "projects.topics", "projects.subscriptions"
_SNAPSHOTS = "projects.snapshots"
_RPCS = {
    _FIRESTORE: {
        "BatchGetDocuments": Rpc(f"{_DOCUMENTS}.batchGet"),
        "BatchWrite": Rpc(f"{_DOCUMENTS}.batchWrite", words=_writes(2)),
        "BeginTransaction": Rpc(f"{_DOCUMENTS}.beginTransaction"),
        "Commit": Rpc(f"{_DOCUMENTS}.commit", words=_writes(2)),
        "CreateDocument": Rpc(f"{_DOCUMENTS}.createDocument"),
        "DeleteDocument": Rpc(f"{_DOCUMENTS}.delete"),
        "ExecutePipeline": Rpc(f"{_DOCUMENTS}.executePipeline"),
        "GetDocument": Rpc(f"{_DOCUMENTS}.get"),
        "ListCollectionIds": Rpc(f"{_DOCUMENTS}.listCollectionIds"),
        "ListDocuments": Rpc(f"{_DOCUMENTS}.list"),
        "Listen": Rpc(f"{_DOCUMENTS}.listen"),
        "PartitionQuery": Rpc(f"{_DOCUMENTS}.partitionQuery"),
        "Rollback": Rpc(f"{_DOCUMENTS}.rollback"),
        "RunAggregationQuery": Rpc(f"{_DOCUMENTS}.runAggregationQuery"),
        "RunQuery": Rpc(f"{_DOCUMENTS}.runQuery"),
        "UpdateDocument": Rpc(f"{_DOCUMENTS}.patch", inside=True, words=_patch),
        "Write": Rpc(f"{_DOCUMENTS}.write", words=_writes(3)),
    },
    _PUBLISHER: {
        "CreateTopic": Rpc(f"{_TOPICS}.create"),
        "DeleteTopic": Rpc(f"{_TOPICS}.delete"),
        "GetTopic": Rpc(f"{_TOPICS}.get"),
        "ListTopicSnapshots": Rpc(f"{_TOPICS}.snapshots.list"),
        "ListTopicSubscriptions": Rpc(f"{_TOPICS}.subscriptions.list"),
        "ListTopics": Rpc(f"{_TOPICS}.list"),
        "Publish": Rpc(f"{_TOPICS}.publish"),
        "UpdateTopic": Rpc(f"{_TOPICS}.patch", inside=True),
    },
    _SUBSCRIBER: {
        "Acknowledge": Rpc(f"{_SUBSCRIPTIONS}.acknowledge"),
        "CreateSnapshot": Rpc(f"{_SNAPSHOTS}.create", body=_snapshot),
        "CreateSubscription": Rpc(f"{_SUBSCRIPTIONS}.create", body=_subscription),
        "DeleteSnapshot": Rpc(f"{_SNAPSHOTS}.delete"),
        "DeleteSubscription": Rpc(f"{_SUBSCRIPTIONS}.delete"),
        "GetSnapshot": Rpc(f"{_SNAPSHOTS}.get"),
        "GetSubscription": Rpc(f"{_SUBSCRIPTIONS}.get"),
        "ListSnapshots": Rpc(f"{_SNAPSHOTS}.list"),
        "ListSubscriptions": Rpc(f"{_SUBSCRIPTIONS}.list"),
        "ModifyAckDeadline": Rpc(f"{_SUBSCRIPTIONS}.modifyAckDeadline"),
        "ModifyPushConfig": Rpc(f"{_SUBSCRIPTIONS}.modifyPushConfig"),
        "Pull": Rpc(f"{_SUBSCRIPTIONS}.pull"),
        "Seek": Rpc(f"{_SUBSCRIPTIONS}.seek", body=_seek),
        "StreamingPull": Rpc(f"{_SUBSCRIPTIONS}.pull"),
        "UpdateSnapshot": Rpc(f"{_SNAPSHOTS}.patch", inside=True),
        "UpdateSubscription": Rpc(f"{_SUBSCRIPTIONS}.patch", inside=True, body=_changed_subscription),
    },
}
