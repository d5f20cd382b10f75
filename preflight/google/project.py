"""What a project may do and where, as Service Usage, Billing, Resource Manager and Organization Policy say it.

Each answer's shape is that of the API's reference, named at the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from preflight.records import Billing, Enabled, Granted, Limits, Locations, Policy, PolicyRule
from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vertex_dr.adapters.google.clients import Clients

__all__ = ["GoogleProjectFacts", "get_json"]

_AT_ONCE = 30  # names that services.batchGet takes; testIamPermissions takes 100
_PERMISSIONS_AT_ONCE = 100
# Versions of the method projects.locations.list; run has it in v1 alone.
_VERSIONS = {
    "aiplatform": "v1",
    "artifactregistry": "v1",
    "cloudfunctions": "v2",
    "cloudscheduler": "v1",
    "firestore": "v1",
    "run": "v1",
}
_PAGE = "1000"


@dataclass(frozen=True)
class GoogleProjectFacts:
    """One project, asked with the caller's credentials."""

    clients: Clients

    def services(self, hosts: Sequence[str]) -> Enabled:
        """https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchGet."""
        states: dict[str, bool] = {}
        for at in range(0, len(hosts), _AT_ONCE):
            names = [("names", f"{self._project}/services/{host}") for host in hosts[at : at + _AT_ONCE]]
            found = self._get(
                f"{self._url('serviceusage')}/v1/{self._project}/services:batchGet",
                "ask which APIs are enabled",
                needs="serviceusage.services.get",
                parameters=names,
            )
            for service in found.get("services", []):
                states[service["name"].rpartition("/")[2]] = service.get("state") == "ENABLED"
        return Enabled(services=states)

    def billing(self) -> Billing:
        """https://cloud.google.com/billing/docs/reference/rest/v1/projects/getBillingInfo."""
        found = self._get(
            f"{self._url('cloudbilling')}/v1/{self._project}/billingInfo",
            "ask whether the project is billed",
            needs="resourcemanager.projects.get",
        )
        return Billing(is_enabled=found.get("billingEnabled", False), account=found.get("billingAccountName", ""))

    def locations(self, api: str, region: str) -> Locations:
        """`projects.locations.list` of each API; a page may be followed by others."""
        url = f"{self._url(api, region)}/{_VERSIONS[api]}/{self._project}/locations"
        pages = self._pages(url, f"ask where {api} serves", needs=f"{_RESOURCE.get(api, api)}.locations.list")
        return Locations(names=tuple(one["locationId"] for page in pages for one in page.get("locations", [])))

    def limits(self, host: str) -> Limits:
        """https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services.consumerQuotaMetrics/list."""
        url = f"{self._url('serviceusage')}/v1beta1/{self._project}/services/{host}/consumerQuotaMetrics"
        pages = self._pages(url, f"ask for the quotas of {host}", needs="serviceusage.quotas.get", view="FULL")
        metrics = [metric for page in pages for metric in page.get("metrics", [])]
        return Limits(metrics={metric["metric"]: _by_region(metric) for metric in metrics})

    def policy(self, constraint: str) -> Policy:
        """https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy."""
        try:
            found = self._get(
                f"{self._url('orgpolicy')}/v2/{self._project}/policies/{constraint}:getEffectivePolicy",
                f"ask for the policy {constraint}",
                needs="orgpolicy.policy.get",
            )
        except NotFound:
            return Policy()
        return Policy(rules=tuple(_rule(rule) for rule in found.get("spec", {}).get("rules", [])))

    def permissions(self, wanted: Sequence[str]) -> Granted:
        """https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions."""
        held: list[str] = []
        tried = "ask which permissions you hold"
        for at in range(0, len(wanted), _PERMISSIONS_AT_ONCE):
            asked = {"permissions": list(wanted[at : at + _PERMISSIONS_AT_ONCE])}
            url = f"{self._url('cloudresourcemanager')}/v1/{self._project}:testIamPermissions"
            found = ask(
                tried,
                lambda asked=asked, url=url: self.clients.http.post_json(  # type: ignore[misc] # bound as defaults
                    url,
                    asked,
                    tried=tried,
                    timeout_seconds=CALL_SECONDS,
                    then=_advice(url, "resourcemanager.projects.get"),
                ),
            )
            held.extend(found.get("permissions", []))
        return Granted(permissions=tuple(held))

    @cached_property
    def number(self) -> str:
        """The project's number, which is what a bucket names as its project."""
        url = f"{self._url('cloudresourcemanager')}/v1/{self._project}"
        found = self._get(url, "ask for the project's number", needs="resourcemanager.projects.get")
        return str(found["projectNumber"])

    @property
    def _project(self) -> str:
        return f"projects/{self.clients.settings.project}"

    def _url(self, api: str, region: str = "") -> str:
        return self.clients.url(api, region)

    def _get(self, url: str, tried: str, *, needs: str, parameters: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        return get_json(self.clients, url, tried, then=_advice(url, needs), parameters=parameters)

    def _pages(self, url: str, tried: str, *, needs: str, **query: str) -> Iterator[dict[str, Any]]:
        token = ""
        while True:
            parameters = [*query.items(), ("pageSize", _PAGE), *([("pageToken", token)] if token else [])]
            page = self._get(url, tried, needs=needs, parameters=parameters)
            yield page
            token = page.get("nextPageToken", "")
            if not token:
                return


# Permissions whose service is not called as the API is.
_RESOURCE = {"firestore": "datastore"}


def get_json(
    clients: Clients, url: str, tried: str, *, then: str, parameters: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Return the JSON object at the address; raises the kernel's error with this advice. Repeating is safe."""
    found: dict[str, Any] = ask(
        tried,
        lambda: clients.http.send(
            "GET", url, tried=tried, timeout_seconds=CALL_SECONDS, then=then, params=list(parameters)
        ).json(),
    )
    return found


def _advice(url: str, permission: str) -> str:
    host = url.split("/")[2]
    api = "aiplatform.googleapis.com" if host.endswith("-aiplatform.googleapis.com") else host
    return f"gcloud services enable {api}, get {permission}, and run it again"


def _by_region(metric: dict[str, Any]) -> dict[str, int]:
    """Return the limits a region; a limit of another unit (a minute's, a user's) is no allocation and is left out."""
    limits: dict[str, int] = {}
    for limit in metric.get("consumerQuotaLimits", []):
        if limit.get("unit", "").startswith("1/{project}") and "min" not in limit["unit"]:
            for bucket in limit.get("quotaBuckets", []):
                place = bucket.get("dimensions", {})
                if set(place) <= {"region"}:  # others are of one model, one user, one zone
                    limits[place.get("region", "")] = int(bucket["effectiveLimit"])
    return limits


def _rule(rule: dict[str, Any]) -> PolicyRule:
    values = rule.get("values", {})
    return PolicyRule(
        allow_all=rule.get("allowAll", False),
        deny_all=rule.get("denyAll", False),
        enforce=rule.get("enforce", False),
        allowed=tuple(values.get("allowedValues", [])),
        denied=tuple(values.get("deniedValues", [])),
    )
