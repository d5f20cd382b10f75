"""Buckets: create, read, change, delete, and what Cloud Storage fills into their metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.storage.catalog import API
from localcloud.services.storage.links import tag
from localcloud.services.storage.merging import merge
from localcloud.services.storage.objects.listing import page_size
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.storage.contents import Contents

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_SERVER_FIELDS = (
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


class Buckets:
    """The JSON API's bucket methods."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("buckets.insert")
    def insert_bucket(self, call: Call) -> dict[str, Any]:
        """Make the bucket exist; raises ApiError 400 for its name, 409 when it exists."""
        name = call.body.get("name", "")
        if not _NAME.fullmatch(name):
            raise ApiError.invalid(f"Invalid bucket name: '{name}'")
        if self._contents.cloud.store.get(API, f"b/{name}") is not None:
            raise ApiError.already_exists(
                "Your previous request to create the named bucket succeeded and you already own it."
            )
        return self.make(call.body, project_number=self._contents.cloud.project_number)

    def make(self, bucket: dict[str, Any], *, project_number: str) -> dict[str, Any]:
        """Make a bucket of that project exist, and return it as Google completes it; raises ApiError 400."""
        moment = now()
        server_fields = {
            "kind": "storage#bucket",
            "projectNumber": project_number,
            "metageneration": "0",
            "generation": self._contents.catalog.next_generation(),
            "timeCreated": moment,
        }
        made = self._save(_completed(bucket | server_fields, moment))
        if project_number == self._contents.cloud.project_number:
            self._contents.access.grant_to_project(made)
        return made

    @handles("buckets.get")
    def get_bucket(self, call: Call) -> dict[str, Any]:
        """Return the bucket; raises ApiError 404, 412 or 304."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])
        Preconditions.of_query(call.query).check_read(bucket)
        return bucket

    @handles("buckets.list")
    def list_buckets(self, call: Call) -> dict[str, Any]:
        """Return a page of buckets by name."""
        prefix = call.query.get("prefix", "")
        most = page_size(call.query)
        token = call.query.get("pageToken", "")
        names = self._contents.cloud.store.names(API, f"b/{prefix}", start=f"b/{token}")
        items = [self._contents.cloud.store.require(API, name) for name in names[:most]]
        page: dict[str, Any] = {"kind": "storage#buckets"} | ({"items": items} if items else {})
        return page | ({"nextPageToken": names[most].removeprefix("b/")} if len(names) > most else {})

    @handles("buckets.patch")
    def patch_bucket(self, call: Call) -> dict[str, Any]:
        """Merge the body into the bucket, null deleting; raises ApiError 404 or 412."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])
        Preconditions.of_query(call.query).check(bucket)
        merge(bucket, call.body, call.raw_body)
        return self._save(_completed(bucket, now()))

    @handles("buckets.update")
    def update_bucket(self, call: Call) -> dict[str, Any]:
        """Replace the bucket's metadata by the body; raises ApiError 404 or 412."""
        old = self._contents.catalog.bucket(call.params["bucket"])
        Preconditions.of_query(call.query).check(old)
        kept = {key: old[key] for key in _SERVER_FIELDS if key in old}
        return self._save(_completed(call.body | kept, now()))

    @handles("buckets.delete")
    def delete_bucket(self, call: Call) -> None:
        """Make the bucket not exist; raises ApiError 404, 412, or 409 while it holds any generation."""
        name = call.params["bucket"]
        Preconditions.of_query(call.query).check(self._contents.catalog.bucket(name))
        if not self._contents.catalog.is_empty(name):
            raise ApiError(
                409, "FAILED_PRECONDITION", "The bucket you tried to delete is not empty.", reason="conflict"
            )
        self._contents.cloud.store.delete(API, f"b/{name}")
        self._contents.cloud.policies.forget(API, f"b/{name}")
        for key in self._contents.cloud.store.names(API, f"notifications/{name}/"):
            self._contents.cloud.store.delete(API, key)

    @handles("buckets.getStorageLayout")
    def get_layout(self, call: Call) -> dict[str, Any]:
        """Return where the bucket lives."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])
        kept = ("location", "locationType", "customPlacementConfig", "hierarchicalNamespace")
        layout: dict[str, Any] = {"kind": "storage#storageLayout", "bucket": bucket["name"]}
        return layout | {key: bucket[key] for key in kept if key in bucket}

    def _save(self, bucket: dict[str, Any]) -> dict[str, Any]:
        bucket["metageneration"] = str(int(bucket["metageneration"]) + 1)
        bucket["etag"] = tag(bucket["metageneration"])
        bucket |= self._contents.links.of_bucket(bucket["name"])
        self._contents.cloud.store.put(API, f"b/{bucket['name']}", bucket)
        return bucket


def _completed(bucket: dict[str, Any], moment: str) -> dict[str, Any]:
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
