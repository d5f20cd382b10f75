"""Topics and subscriptions keep what was set, messages move through the emulator."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

PROJECT = "/pubsub/v1/projects/demo"


@pytest.fixture
def topic(cloud: RunningCloud, unique: Callable[[str], str]) -> str:
    _, made = cloud.call("PUT", f"{PROJECT}/topics/{unique('topic')}", {"labels": {"a": "b"}})
    return str(made["name"])


def subscribe(cloud: RunningCloud, name: str, topic: str, **settings: Any) -> dict[str, Any]:
    found: dict[str, Any] = cloud.call("PUT", f"{PROJECT}/subscriptions/{name}", {"topic": topic, **settings})[1]
    return found


def test_message_goes_from_topic_to_subscription(cloud: RunningCloud, topic: str, unique: Callable[[str], str]) -> None:
    subscription = subscribe(cloud, unique("subscription"), topic)["name"]
    data = base64.b64encode(b"image pushed").decode()
    cloud.call("POST", f"/pubsub/v1/{topic}:publish", {"messages": [{"data": data, "attributes": {"a": "b"}}]})

    _, pulled = cloud.call("POST", f"/pubsub/v1/{subscription}:pull", {"maxMessages": 1})
    message = pulled["receivedMessages"][0]
    assert (message["message"]["data"], message["message"]["attributes"]) == (data, {"a": "b"})
    acknowledge = {"ackIds": [message["ackId"]]}
    assert cloud.call("POST", f"/pubsub/v1/{subscription}:acknowledge", acknowledge)[0] == 200


def test_second_topic_of_the_same_name_is_refused(cloud: RunningCloud, topic: str) -> None:
    assert cloud.call("PUT", f"/pubsub/v1/{topic}", {})[0] == 409


def test_mask_in_the_query_with_a_wrapped_body_changes_the_topic(cloud: RunningCloud, topic: str) -> None:
    """Terraform's provider sends it so, though discovery has the mask in the body."""
    cloud.call("PATCH", f"/pubsub/v1/{topic}?updateMask=labels", {"topic": {"name": topic, "labels": {"a": "c"}}})

    assert cloud.call("GET", f"/pubsub/v1/{topic}")[1]["labels"] == {"a": "c"}


def test_stray_field_in_the_mask_changes_nothing(cloud: RunningCloud, topic: str, unique: Callable[[str], str]) -> None:
    settings = {"ackDeadlineSeconds": 20, "expirationPolicy": {}, "labels": {"a": "b"}}
    made = subscribe(cloud, unique("subscription"), topic, **settings)
    body = {"subscription": {"name": made["name"], "labels": {"a": "c"}}}
    cloud.call("PATCH", f"/pubsub/v1/{made['name']}?updateMask=labels,bigqueryConfig", body)

    _, found = cloud.call("GET", f"/pubsub/v1/{made['name']}")
    assert found["labels"] == {"a": "c"}
    assert (found["ackDeadlineSeconds"], found["expirationPolicy"], found["topic"]) == (20, {}, topic)


def test_subscription_without_topic_is_refused(cloud: RunningCloud, unique: Callable[[str], str]) -> None:
    status, _ = cloud.call("PUT", f"{PROJECT}/subscriptions/{unique('s')}", {"topic": "projects/demo/topics/none"})

    assert status == 404


def test_policy_of_a_topic_takes_members(cloud: RunningCloud, topic: str) -> None:
    _, fresh = cloud.call("GET", f"/pubsub/v1/{topic}:getIamPolicy")
    bindings = [{"role": "roles/pubsub.publisher", "members": ["user:a@demo.test"]}]
    policy = {"etag": fresh["etag"], "version": 3, "bindings": bindings}
    cloud.call("POST", f"/pubsub/v1/{topic}:setIamPolicy", {"policy": policy})

    assert cloud.call("GET", f"/pubsub/v1/{topic}:getIamPolicy")[1]["bindings"] == bindings


def test_subscriptions_outlive_their_topic(cloud: RunningCloud, topic: str, unique: Callable[[str], str]) -> None:
    made = subscribe(cloud, unique("subscription"), topic)
    _, listed = cloud.call("GET", f"/pubsub/v1/{topic}/subscriptions")
    cloud.call("DELETE", f"/pubsub/v1/{topic}")

    assert listed["subscriptions"] == [made["name"]]
    assert cloud.call("GET", f"/pubsub/v1/{made['name']}")[1]["topic"] == "_deleted-topic_"
    assert cloud.call("GET", f"/pubsub/v1/{topic}")[0] == 404


def test_pubsub_goes_dark_alone(cloud: RunningCloud, topic: str) -> None:
    cloud.admin("POST", "outage", {"region": "global", "api": "pubsub"})
    try:
        with pytest.raises(OSError, match=r"reset|closed"):
            cloud.call("GET", f"/pubsub/v1/{topic}")
    finally:
        cloud.admin("POST", "heal", {"region": "global"})

    assert cloud.call("GET", f"/pubsub/v1/{topic}")[0] == 200
