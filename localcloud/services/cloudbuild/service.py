"""Cloud Build: triggers, which are kept and never fire; a build is a 501."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import paging
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call

_SUBSTITUTION = re.compile(r"_[A-Z0-9_]+")
_POOL_REGION = re.compile(r"projects/[^/]+/locations/([^/]+)/workerPools/[^/]+")
_KEPT_ELSEWHERE = ("CLOUD_LOGGING_ONLY", "NONE")


class CloudBuild(Service):
    """Triggers by the id that the server gives, or by their name; one whose builds could not start is refused."""

    api: ClassVar[str] = "cloudbuild"
    differences: ClassVar[tuple[str, ...]] = ("triggers never fire, and nothing is built but functions",)

    @handles("projects.locations.triggers.create")
    def create_trigger(self, call: Call) -> dict[str, Any]:
        """Make the trigger exist under a new id; 409 when another of the location has its name."""
        name = call.body.get("name", "")
        if name and any(one["name"] == name for one in self._triggers(call.name)):
            raise ApiError.already_exists(f"trigger with name {name} already exists in {call.name.rpartition('/')[0]}")
        identifier = str(uuid.uuid4())
        trigger = {**call.body, "id": identifier, "createTime": now(), "name": name or f"trigger-{identifier[:8]}"}
        return self._keep(f"{call.name}/{identifier}", trigger)

    @handles("projects.locations.triggers.get")
    def get_trigger(self, call: Call) -> dict[str, Any]:
        """Return the trigger."""
        return self._trigger(call.name)

    @handles("projects.locations.triggers.list")
    def list_triggers(self, call: Call) -> dict[str, Any]:
        """Return a page of the location's triggers."""
        return paging.listed("triggers", self._triggers(call.name), call.query)

    @handles("projects.locations.triggers.patch")
    def patch_trigger(self, call: Call) -> dict[str, Any]:
        """Replace the trigger by what is sent; without a mask a field that is left out goes."""
        trigger = self._trigger(call.name)
        kept = {key: trigger[key] for key in ("id", "createTime", "name")}
        parent = call.name.rpartition("/")[0]
        return self._keep(f"{parent}/{trigger['id']}", {**kept, **call.body, "id": trigger["id"]})

    @handles("projects.locations.triggers.delete")
    def delete_trigger(self, call: Call) -> dict[str, Any]:
        """Remove the trigger."""
        trigger = self._trigger(call.name)
        self.cloud.store.delete(self.api, f"{call.name.rpartition('/')[0]}/{trigger['id']}")
        return {}

    def answers(self, call: Call) -> bool:
        """Whether it is about triggers: builds, pools and connections are not pretended."""
        return call.method_id in self.handlers

    def _triggers(self, collection: str) -> list[dict[str, Any]]:
        return self.cloud.store.children(self.api, collection.rpartition("/")[0], "triggers")

    def _trigger(self, name: str) -> dict[str, Any]:
        collection, _, key = name.rpartition("/")
        for trigger in self._triggers(collection):
            if key in (trigger["id"], trigger["name"]):
                return trigger
        raise ApiError.not_found(f"trigger {name} not found")

    def _keep(self, path: str, trigger: dict[str, Any]) -> dict[str, Any]:
        _refuse_what_cannot_run(path, trigger)
        trigger["resourceName"] = path
        self.cloud.store.put(self.api, path, trigger)
        return trigger


def _refuse_what_cannot_run(path: str, trigger: dict[str, Any]) -> None:
    """Raise ApiError 400 for a trigger whose builds Cloud Build does not start."""
    for name in trigger.get("substitutions", {}):
        if not _SUBSTITUTION.fullmatch(name):
            raise ApiError.invalid(f"invalid substitution key {name}: it must match ^_[A-Z0-9_]+$")
    build = trigger.get("build", {})
    options = build.get("options", {})
    if trigger.get("serviceAccount") and build and not build.get("logsBucket"):
        is_owned = options.get("defaultLogsBucketBehavior") == "REGIONAL_USER_OWNED_BUCKET"
        if not is_owned and options.get("logging") not in _KEPT_ELSEWHERE:
            raise ApiError.invalid(
                "if 'build.service_account' is specified, the build must either (a) specify 'build.logs_bucket',"
                " (b) use the REGIONAL_USER_OWNED_BUCKET build.options.default_logs_bucket_behavior option, or"
                " (c) use either CLOUD_LOGGING_ONLY / NONE logging options"
            )
    pool = _POOL_REGION.fullmatch(options.get("workerPool") or options.get("pool", {}).get("name", ""))
    region = path.split("/")[3]
    if pool and region not in (pool[1], "global"):
        raise ApiError.invalid(f"the build's region {region} does not match that of its worker pool, {pool[1]}")
