"""What Cloud Storage fills into a bucket's metadata."""

from __future__ import annotations

from typing import Any

from localcloud.core.errors import ApiError

SERVER_FIELDS = (
    "kind",
    "name",
    "projectNumber",
    "generation",
    "metageneration",
    "timeCreated",
    "location",
    "locationType",
    "customPlacementConfig",
)
_MULTI_REGIONS = {"US", "EU", "ASIA"}
_DUAL_REGIONS = {"NAM4", "EUR4", "EUR5", "EUR7", "EUR8", "ASIA1"}
_WEEK = "604800"


def completed(bucket: dict[str, Any], moment: str) -> dict[str, Any]:
    """Return the bucket with the fields that Google fills; raises ApiError 400 for a placement that cannot be."""
    bucket["updated"] = moment
    bucket["location"] = (bucket.get("location") or "US").upper()
    bucket.setdefault("storageClass", "STANDARD")
    _complete_placement(bucket)
    _complete_access(bucket, moment)
    soft_delete = bucket.setdefault("softDeletePolicy", {})
    soft_delete.setdefault("retentionDurationSeconds", _WEEK)
    soft_delete.setdefault("effectiveTime", moment)
    if "retentionPolicy" in bucket:
        bucket["retentionPolicy"].setdefault("effectiveTime", moment)
    return bucket


def _complete_placement(bucket: dict[str, Any]) -> None:
    placement = bucket.get("customPlacementConfig")
    if placement:
        regions = sorted(region.upper() for region in placement.get("dataLocations", []))
        if len(set(regions)) != 2:  # noqa: PLR2004 - a dual-region has two
            raise ApiError.invalid(f"customPlacementConfig.dataLocations must name two regions, got {regions}")
        placement["dataLocations"] = regions
    is_dual = bool(placement) or bucket["location"] in _DUAL_REGIONS
    is_multi = bucket["location"] in _MULTI_REGIONS
    bucket["locationType"] = "dual-region" if is_dual else "multi-region" if is_multi else "region"
    if is_dual or is_multi:
        bucket.setdefault("rpo", "DEFAULT")


def _complete_access(bucket: dict[str, Any], moment: str) -> None:
    access = bucket.setdefault("iamConfiguration", {})
    access.setdefault("publicAccessPrevention", "inherited")
    uniform = access.setdefault("uniformBucketLevelAccess", {})
    uniform.setdefault("enabled", False)
    if uniform["enabled"]:
        uniform.setdefault("lockedTime", moment)
    else:
        uniform.pop("lockedTime", None)
    access["bucketPolicyOnly"] = dict(uniform)
