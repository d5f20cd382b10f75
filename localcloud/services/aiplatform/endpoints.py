"""Endpoints of Vertex AI: what is special to their standard methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core import paging, standard_methods
from localcloud.core.errors import ApiError
from localcloud.core.service import fills, handles
from localcloud.services.aiplatform import traffic
from localcloud.services.aiplatform.filters import matching
from localcloud.services.aiplatform.names import API

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.standard_methods import ServesResources
    from localcloud.services.aiplatform.contents import Contents


class Endpoints:
    """`projects.locations.endpoints`, its standard methods."""

    def __init__(self, contents: Contents, service: ServesResources) -> None:
        self._contents = contents
        self._service = service

    @fills("projects.locations.endpoints")
    def fill_endpoint(self, _call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Check name and traffic split; deployed models come and go by deployModel and undeployModel only."""
        if old is None and not resource.get("displayName"):
            raise ApiError.invalid("endpoint.display_name is required")
        deployed = (old or {}).get("deployedModels", [])
        if deployed:
            resource["deployedModels"] = deployed
        if "trafficSplit" in resource and (old is None or resource["trafficSplit"] != old.get("trafficSplit")):
            resource["trafficSplit"] = traffic.checked(resource["trafficSplit"], [one["id"] for one in deployed])
        if not resource.get("trafficSplit"):
            resource.pop("trafficSplit", None)

    @handles("projects.locations.endpoints.list")
    def list_endpoints(self, call: Call) -> dict[str, Any]:
        """Return the endpoints of the location that the filter lets through."""
        found = matching(self._contents.cloud.store.children(API, call.parent, "endpoints"), call.query.get("filter"))
        return paging.listed("endpoints", found, call.query)

    @handles("projects.locations.endpoints.delete")
    def delete_endpoint(self, call: Call) -> dict[str, Any]:
        """Make the endpoint go; raises ApiError 400 while a model is deployed to it."""
        deployed = self._contents.cloud.store.require(API, call.name).get("deployedModels", [])
        if deployed:
            raise ApiError.failed_precondition(
                f"The Endpoint {call.name} has deployed or being-deployed DeployedModel(s) with ids "
                f"{', '.join(one['id'] for one in deployed)}; undeploy them first"
            )
        return standard_methods.delete(self._service, call)
