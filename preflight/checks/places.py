"""Where locations sit in geographic groups, as Google names them in buckets and in organisation policies.

Sources: https://cloud.google.com/storage/docs/locations for multi-regions of buckets,
https://cloud.google.com/resource-manager/docs/organization-policy/defining-locations for value groups.
"""

from __future__ import annotations

import re

__all__ = ["group_holds", "multi_region_of"]

_OUTSIDE_THE_UNION = ("europe-west2", "europe-west6")  # London and Zurich: in europe, not in eu
_BUCKETS = {"us": "US", "asia": "ASIA"}
_CONTINENTS = ["africa", "asia", "australia", "europe", "me", "northamerica", "southamerica", "us"]
# Multi-regions by the value groups that hold them; eur3 and nam5 are Firestore's.
_MULTI_REGIONS = {
    "eu": {"eu", "europe"},
    "eur3": {"eu", "europe"},
    "eur4": {"eu", "europe"},
    "europe": {"europe"},
    "us": {"us"},
    "nam5": {"us"},
    "nam7": {"us"},
    "asia": {"asia"},
}
_REGION = re.compile(r"[a-z]+-[a-z]+\d+")


def multi_region_of(region: str) -> str | None:
    """Return the multi-region (EU, US, ASIA) whose dual-region buckets may have the region; None outside of them."""
    continent = region.partition("-")[0]
    if continent == "europe":
        return None if region in _OUTSIDE_THE_UNION else "EU"
    return _BUCKETS.get(continent)


def group_holds(group: str, location: str) -> bool | None:
    """Whether a policy's value (`in:eu-locations`, `europe-west1`) holds the location; None for an unknown group."""
    wanted = location.lower()
    value = group.lower().removeprefix("is:")
    if not value.startswith("in:"):
        return value == wanted
    inside = value.removeprefix("in:").removesuffix("-locations")
    if inside == wanted:
        return True
    if _REGION.fullmatch(inside):
        return False
    if inside == "eu":
        return "eu" in _MULTI_REGIONS.get(wanted, ()) or multi_region_of(wanted) == "EU"
    if inside in _CONTINENTS:
        return inside in _MULTI_REGIONS.get(wanted, {wanted.partition("-")[0]})
    return None
