"""Pub/Sub: topics and subscriptions are localcloud's, so that nothing of them is lost; messages are the emulator's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import aiohttp
from aiohttp import web

from localcloud.core import masks
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles
from localcloud.runtime.emulators.recipes import PUBSUB
from localcloud.runtime.emulators.service_emulator import ServiceEmulator
from localcloud.runtime.forwarding import forward

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_DELETED_TOPIC = "_deleted-topic_"
# What the emulator needs to move messages; it knows no labels, no schemas, no token for pushes.
_TOPIC_FIELDS = ("name",)
_SUBSCRIPTION_FIELDS = ("name", "topic", "ackDeadlineSeconds", "enableMessageOrdering", "deadLetterPolicy", "filter")
_MESSAGE_METHODS = (
    "projects.topics.publish",
    "projects.subscriptions.pull",
    "projects.subscriptions.acknowledge",
    "projects.subscriptions.modifyAckDeadline",
    "projects.subscriptions.seek",
)


class PubSub(Service):
    """Keeps every field that was set, and creates in the emulator what moves messages."""

    api: ClassVar[str] = "pubsub"
    rpc_services: ClassVar[tuple[str, ...]] = ("google.pubsub.v1.Publisher", "google.pubsub.v1.Subscriber")
    differences: ClassVar[tuple[str, ...]] = (
        "pushes carry no identity token",
        "topics and subscriptions made by gRPC are the emulator's alone",
        "messages do not outlive the daemon",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self._emulator = ServiceEmulator(cloud, PUBSUB, self.api)

    async def start(self) -> None:
        """Start the emulator with every topic and subscription that an earlier cloud left."""
        if await self._emulator.start():
            for collection in ("topics", "subscriptions"):
                for one in self.cloud.store.children(self.api, f"projects/{self.cloud.project}", collection):
                    await self._tell("PUT", one["name"], _told(one))

    async def stop(self) -> None:
        """End the emulator; repeating is safe."""
        await self._emulator.stop()

    def rpc_address(self) -> str:
        """Return where the emulator takes gRPC."""
        return self._emulator.address

    @handles("projects.topics.create")
    async def create_topic(self, call: Call) -> dict[str, Any]:
        """Make the topic exist; 409 when it does."""
        return await self._create(call, {**call.body, "name": call.name, "state": "ACTIVE"})

    @handles("projects.subscriptions.create")
    async def create_subscription(self, call: Call) -> dict[str, Any]:
        """Make the subscription exist; 404 without its topic, 409 when it exists."""
        subscription = {**call.body, "name": call.name, "state": "ACTIVE"}
        if self.cloud.store.get(self.api, subscription.get("topic", "")) is None:
            raise ApiError.not_found(f"Resource not found (resource={subscription.get('topic')}).")
        subscription.setdefault("ackDeadlineSeconds", 10)
        subscription.setdefault("messageRetentionDuration", "604800s")
        subscription.setdefault("expirationPolicy", {"ttl": "2678400s"})
        subscription.setdefault("pushConfig", {})
        if retry := subscription.get("retryPolicy"):
            retry.setdefault("minimumBackoff", "10s")
            retry.setdefault("maximumBackoff", "600s")
        return await self._create(call, subscription)

    @handles("projects.topics.patch", "projects.subscriptions.patch")
    def patch(self, call: Call) -> dict[str, Any]:
        """Change what the mask names, wherever the mask stands."""
        resource = self.cloud.store.require(self.api, call.name)
        changes = call.body.get("topic") or call.body.get("subscription") or {}
        known = self.document(call.version).schemas["Topic" if call.collection == "topics" else "Subscription"]
        named = [path for path in call.field_mask() or () if path.partition(".")[0] in known["properties"]]
        # Terraform's provider names bigqueryConfig whatever changes.
        masks.apply(resource, changes, named)
        self.cloud.store.put(self.api, call.name, resource)
        return resource

    @handles("projects.topics.delete", "projects.subscriptions.delete")
    async def delete(self, call: Call) -> dict[str, Any]:
        """Remove the topic or subscription; a deleted topic's subscriptions stay, without messages to come."""
        self.cloud.store.require(self.api, call.name)
        self.cloud.store.delete(self.api, call.name)
        self.cloud.policies.forget(self.api, call.name)
        if call.collection == "topics":
            for one in self.cloud.store.children(self.api, call.parent, "subscriptions"):
                if one["topic"] == call.name:
                    self.cloud.store.put(self.api, one["name"], one | {"topic": _DELETED_TOPIC})
        await self._tell("DELETE", call.name, None)
        return {}

    @handles("projects.topics.subscriptions.list")
    def list_subscriptions_of_topic(self, call: Call) -> dict[str, Any]:
        """Return the names of the topic's subscriptions."""
        topic = call.parent
        self.cloud.store.require(self.api, topic)
        known = self.cloud.store.children(self.api, f"projects/{call.project}", "subscriptions")
        return {"subscriptions": [one["name"] for one in known if one["topic"] == topic]}

    @handles(*_MESSAGE_METHODS)
    async def move_messages(self, call: Call) -> web.StreamResponse:
        """Return what the emulator answers."""
        self.cloud.store.require(self.api, call.name)
        session = self._emulator.session
        try:
            url = f"{self._emulator.url}/v1/{call.name}:{call.verb}"
            return await forward(session, call.request, url, headers={"Authorization": "Bearer owner"})
        except aiohttp.ClientError as exc:
            raise ApiError.unavailable(f"Pub/Sub's emulator does not answer: {exc}") from exc

    async def _create(self, call: Call, resource: dict[str, Any]) -> dict[str, Any]:
        if self.cloud.store.get(self.api, call.name) is not None:
            raise ApiError.already_exists(f"Resource already exists in the project (resource={call.name}).")
        await self._tell("PUT", call.name, _told(resource))
        self.cloud.store.put(self.api, call.name, resource)
        return resource

    async def _tell(self, method: str, name: str, body: dict[str, Any] | None) -> None:
        """Make the emulator create or delete; it may already have done so."""
        if not self._emulator.is_running:
            return
        async with self._emulator.session.request(method, f"{self._emulator.url}/v1/{name}", json=body) as answer:
            if answer.status not in (200, 404, 409):
                raise ApiError.invalid(f"Pub/Sub's emulator refused {method} {name}: {await answer.text()}")


def _told(resource: dict[str, Any]) -> dict[str, Any]:
    fields = _SUBSCRIPTION_FIELDS if "/subscriptions/" in resource["name"] else _TOPIC_FIELDS
    told = {key: resource[key] for key in fields if key in resource}
    endpoint = resource.get("pushConfig", {}).get("pushEndpoint")
    return told | ({"pushConfig": {"pushEndpoint": endpoint}} if endpoint else {})
