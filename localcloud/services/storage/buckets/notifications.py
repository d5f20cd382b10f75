"""Notification configurations (kept as data), the project's service account, and caches that are never there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.iam.agents import agent_of
from localcloud.services.storage.catalog import API
from localcloud.services.storage.links import tag

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.storage.contents import Contents

_PUBSUB = "//pubsub.googleapis.com/"


class Notifications:
    """What Terraform's bucket resources ask for beside buckets and objects."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("notifications.insert")
    def insert_notification(self, call: Call) -> dict[str, Any]:
        """Keep the configuration under a new number; raises ApiError 404."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])["name"]
        topic = call.body.get("topic", "")
        self._require_publisher(topic)
        number = self._contents.cloud.store.next_id()
        found = call.body | {
            "kind": "storage#notification",
            "id": number,
            "topic": topic if topic.startswith(_PUBSUB) else _PUBSUB + topic,
            "etag": tag(number),
            "selfLink": f"https://www.googleapis.com/storage/v1/b/{bucket}/notificationConfigs/{number}",
        }
        self._contents.cloud.store.put(API, f"notifications/{bucket}/{number}", found)
        return found

    def _require_publisher(self, topic: str) -> None:
        """https://cloud.google.com/storage/docs/reporting-changes: the project's agent must be able to publish."""
        access = self._contents.cloud.access
        resource = access.project.named("pubsub", topic.removeprefix(_PUBSUB))
        agent = agent_of(API, self._contents.cloud.project_number)
        try:
            access.require_account(agent, "pubsub.topics.publish", resource, acting_for=API)
        except ApiError as error:
            raise ApiError.denied(
                f"The service account '{agent.partition(':')[2]}' does not have permission to publish messages to the "
                f"Cloud Pub/Sub topic '{_PUBSUB}{resource.name}', or that topic does not exist.",
                details=error.details,
            ) from error

    @handles("notifications.get")
    def get_notification(self, call: Call) -> dict[str, Any]:
        """Return the configuration; raises ApiError 404."""
        return self._contents.cloud.store.require(
            API, f"notifications/{call.params['bucket']}/{call.params['notification']}"
        )

    @handles("notifications.list")
    def list_notifications(self, call: Call) -> dict[str, Any]:
        """Return all configurations of the bucket."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])["name"]
        items = self._contents.cloud.store.children(API, "notifications", bucket)
        return {"kind": "storage#notifications"} | ({"items": items} if items else {})

    @handles("notifications.delete")
    def delete_notification(self, call: Call) -> None:
        """Make the configuration not exist; raises ApiError 404."""
        found = self.get_notification(call)
        self._contents.cloud.store.delete(API, f"notifications/{call.params['bucket']}/{found['id']}")

    @handles("projects.serviceAccount.get")
    def get_service_account(self, call: Call) -> dict[str, Any]:
        """Return the account that Cloud Storage acts as; raises ApiError 404 for another project."""
        if call.params["projectId"] not in {self._contents.cloud.project, self._contents.cloud.project_number}:
            raise ApiError.not_found(f"Project {call.params['projectId']} was not found.")
        email = f"service-{self._contents.cloud.project_number}@gs-project-accounts.iam.gserviceaccount.com"
        return {"kind": "storage#serviceAccount", "email_address": email}

    @handles("anywhereCaches.list")
    def list_caches(self, call: Call) -> dict[str, Any]:
        """Return no cache; raises ApiError 404 for a missing bucket."""
        self._contents.catalog.bucket(call.params["bucket"])
        return {"kind": "storage#anywhereCaches"}
