"""Quotas of Vertex AI's serving, which nothing is limited by here until somebody lowers them by an override."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from localcloud.core import paging
from localcloud.core.errors import ApiError
from localcloud.core.service import handles

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_SERVICE = "aiplatform.googleapis.com"
_METRICS = {
    f"{_SERVICE}/custom_model_serving_cpus": "Custom model serving CPUs for N1/E2 machine types per region",
    f"{_SERVICE}/custom_model_serving_nvidia_l4_gpus": "Custom model serving Nvidia L4 GPUs per region",
    f"{_SERVICE}/custom_model_serving_nvidia_t4_gpus": "Custom model serving Nvidia T4 GPUs per region",
}
_LIMIT = "%2Fproject%2Fregion"
_UNIT = "1/{project}/{region}"
_UNLIMITED = "-1"
_API = "serviceusage"


class Quotas:
    """`services.consumerQuotaMetrics` of version v1beta1."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    @handles("services.consumerQuotaMetrics.list")
    def list_metrics(self, call: Call) -> dict[str, Any]:
        """Return the metrics with their limits in each region."""
        parent = call.name.removesuffix("/consumerQuotaMetrics")
        found = [self._metric(parent, metric) for metric in _METRICS] if parent.endswith(f"/{_SERVICE}") else []
        return paging.listed("metrics", found, call.query)

    @handles("services.consumerQuotaMetrics.get")
    def get_metric(self, call: Call) -> dict[str, Any]:
        """Return one metric; raises ApiError 404 for one that is not known here."""
        parent, _, wanted = call.name.rpartition("/consumerQuotaMetrics/")
        if unquote(wanted) not in _METRICS:
            raise ApiError.not_found(f"Quota metric {unquote(wanted)} not found.")
        return self._metric(parent, unquote(wanted))

    @handles("services.consumerQuotaMetrics.limits.consumerOverrides.create")
    def lower(self, call: Call) -> dict[str, Any]:
        """Set the limit of the region that the dimensions name, or of all; repeating replaces it."""
        region = (call.body.get("dimensions") or {}).get("region", "")
        if region and region not in self._cloud.regions:
            raise ApiError.invalid(f"Invalid location {region}")
        name = f"{unquote(call.name)}/{region or 'all'}"
        override = {"name": name, "overrideValue": call.body.get("overrideValue", "0"), "region": region}
        self._cloud.store.put(_API, name, override)
        typed = {"@type": "type.googleapis.com/google.api.serviceusage.v1beta1.QuotaOverride"}
        answer = typed | {"name": name, "overrideValue": override["overrideValue"]}
        return self._cloud.operations.done(_API, "", answer)

    def _metric(self, parent: str, metric: str) -> dict[str, Any]:
        name = f"{parent}/consumerQuotaMetrics/{quote(metric, safe='')}"
        overrides = unquote(f"{name}/limits/{_LIMIT}/consumerOverrides")
        limit = {
            "name": f"{name}/limits/{_LIMIT}",
            "metric": metric,
            "unit": _UNIT,
            "quotaBuckets": [self._bucket(overrides, region) for region in ("", *self._cloud.regions)],
            "supportedLocations": list(self._cloud.regions),
        }
        return {
            "name": name,
            "metric": metric,
            "displayName": _METRICS[metric],
            "unit": "1",
            "consumerQuotaLimits": [limit],
        }

    def _bucket(self, overrides: str, region: str) -> dict[str, Any]:
        own = self._cloud.store.get(_API, f"{overrides}/{region or 'all'}")
        general = self._cloud.store.get(_API, f"{overrides}/all")
        effective = (own or general or {"overrideValue": _UNLIMITED})["overrideValue"]
        bucket: dict[str, Any] = {"effectiveLimit": effective, "defaultLimit": _UNLIMITED}
        return bucket | ({"dimensions": {"region": region}} if region else {})
