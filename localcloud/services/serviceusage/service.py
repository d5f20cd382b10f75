"""Service Usage: which APIs the project has enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import paging
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles
from localcloud.services.serviceusage.quotas import Quotas

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_PACKAGE = "type.googleapis.com/google.api.serviceusage.v1"
# Of the APIs that are served here, those that a new project starts with.
# https://cloud.google.com/service-usage/docs/enabled-service#default
_ENABLED_AT_FIRST = ("serviceusage.googleapis.com", "storage.googleapis.com")
_STATES = {"state:ENABLED": "ENABLED", "state:DISABLED": "DISABLED"}


class ServiceUsage(Service):
    """Remembers what was enabled."""

    api: ClassVar[str] = "serviceusage"
    versions: ClassVar[tuple[str, ...]] = ("v1", "v1beta1")
    differences: ClassVar[tuple[str, ...]] = (
        "an API that is not enabled answers all the same",
        "quotas are those of Vertex AI's serving; they may be lowered and are told, not enforced",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.quotas = Quotas(cloud)
        self.own(self.quotas)

    async def answer(self, call: Call) -> Any:
        """Return what version 1 answers; of v1beta1 the quotas, which version 1 has not."""
        if call.version == "v1beta1" and not call.method_id.startswith("services.consumerQuotaMetrics."):
            raise ApiError.unimplemented(f"{self.api}.{call.method_id} of v1beta1")
        return await super().answer(call)

    @handles("services.enable")
    def enable(self, call: Call) -> dict[str, Any]:
        """Make the API enabled; repeating is safe."""
        service = self._put(call.name, "ENABLED")
        return self._done("EnableServiceResponse", {"service": service})

    @handles("services.disable")
    def disable(self, call: Call) -> dict[str, Any]:
        """Make the API disabled; repeating is safe."""
        service = self._put(call.name, "DISABLED")
        return self._done("DisableServiceResponse", {"service": service})

    @handles("services.batchEnable")
    def batch_enable(self, call: Call) -> dict[str, Any]:
        """Make all the APIs enabled."""
        wanted = call.body.get("serviceIds", [])
        services = [self._put(f"projects/{call.project}/services/{one}", "ENABLED") for one in wanted]
        return self._done("BatchEnableServicesResponse", {"services": services})

    @handles("services.batchGet")
    def batch_get(self, call: Call) -> dict[str, Any]:
        """Return the APIs asked for."""
        parent = f"projects/{call.project}/services"
        names = [name.rpartition("/")[2] for name in call.query_all.get("names", ())]
        return {"services": [self._service(f"{parent}/{name}") for name in names]}

    @handles("services.get")
    def get_service(self, call: Call) -> dict[str, Any]:
        """Return one API, enabled or not."""
        return self._service(call.name)

    @handles("services.list")
    def list_services(self, call: Call) -> dict[str, Any]:
        """Return a page of the APIs that are or ever were enabled, in the state that the filter names."""
        wanted = call.query.get("filter", "")
        if wanted and wanted not in _STATES:
            raise ApiError.invalid(f"filter {wanted!r} is none of {', '.join(_STATES)}")
        parent = f"projects/{call.project}"
        known = {one["key"] for one in self.cloud.store.children(self.api, parent, "services")}
        known |= {f"{parent}/services/{host}" for host in _ENABLED_AT_FIRST}
        services = [self._service(key) for key in sorted(known)]
        services = [one for one in services if not wanted or one["state"] == _STATES[wanted]]
        return paging.listed("services", services, call.query, even_empty=True)

    def _put(self, name: str, state: str) -> dict[str, Any]:
        self.cloud.store.put(self.api, name, {"key": name, "state": state})
        if state == "ENABLED":
            self.cloud.access.use_service(name.rpartition("/")[2].removesuffix(".googleapis.com"))
        return self._service(name)

    def _service(self, name: str) -> dict[str, Any]:
        short = name.rpartition("/")[2]
        first = "ENABLED" if short in _ENABLED_AT_FIRST else "DISABLED"
        known = self.cloud.store.get(self.api, name) or {"state": first}
        parent = f"projects/{self.cloud.project_number}"
        return {
            "name": f"{parent}/services/{short}",
            "parent": parent,
            "config": {"name": short},
            "state": known["state"],
        }

    def _done(self, message: str, response: dict[str, Any]) -> dict[str, Any]:
        return self.cloud.operations.done(self.api, "", {"@type": f"{_PACKAGE}.{message}"} | response)
