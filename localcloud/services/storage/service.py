"""The service: its collections, their plain routes, and reads and writes for the other services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core.errors import ApiError
from localcloud.core.service import Route, Service
from localcloud.services.storage.batch import Batch
from localcloud.services.storage.buckets.methods import Buckets
from localcloud.services.storage.buckets.notifications import Notifications
from localcloud.services.storage.buckets.policies import BucketPolicies
from localcloud.services.storage.catalog import API
from localcloud.services.storage.contents import Contents
from localcloud.services.storage.objects.composing import Composing
from localcloud.services.storage.objects.copies import Copies
from localcloud.services.storage.objects.downloads import Downloads
from localcloud.services.storage.objects.fields import measured
from localcloud.services.storage.objects.listing import Listing
from localcloud.services.storage.objects.methods import Objects
from localcloud.services.storage.preconditions import Preconditions
from localcloud.services.storage.uploads.upload import Uploads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.iam.requests import Request


class StorageService(Service):
    """Cloud Storage."""

    api: ClassVar[str] = API
    service_path: ClassVar[str] = "/storage/"
    differences: ClassVar[tuple[str, ...]] = (
        "soft delete is kept as data: what is deleted without versioning cannot be restored",
        "lifecycle rules, retention policies, holds and notification configurations are kept as data and not acted on",
        "a dual-region or multi-region bucket is readable and writable while one of its regions is dark, without lag",
        "access control lists and XML multipart uploads are not implemented",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.contents = Contents(cloud)
        self.buckets = Buckets(self.contents)
        self.policies = BucketPolicies(self.contents)
        self.notifications = Notifications(self.contents)
        self.downloads = Downloads(self.contents)
        self.objects = Objects(self.contents, self.downloads)
        self.listing = Listing(self.contents)
        self.copies = Copies(self.contents)
        self.composing = Composing(self.contents)
        self.uploads = Uploads(self.contents)
        self.batches = Batch(self.contents)
        self.own(
            self.buckets, self.policies, self.notifications, self.objects, self.listing, self.copies, self.composing
        )

    async def start(self) -> None:
        """Make the blobs' directories exist."""
        self.contents.blobs.open()

    def region_of(self, call: Call) -> str | None:
        """Return the region of the bucket that the call is about."""
        bucket = call.params.get("bucket") or call.params.get("sourceBucket") or call.params.get("destinationBucket")
        return self.contents.bucket_region(bucket) if bucket else None

    def access_request(self, call: Call) -> Request:
        """Return what of a call decides about its permissions; raises ApiError 404 for a missing bucket."""
        return self.contents.access.request(call.method_id, call.params, call.query, call.body)

    def routes(self) -> Iterable[Route]:
        """Return the paths outside the discovery document."""
        uploads = ("/upload/storage/v1/b", "/resumable/upload/storage/v1/b", "/storage/upload/storage/v1/b")
        return (
            *(Route(API, "*", prefix, self.uploads.upload) for prefix in uploads),
            Route(API, "GET", "/download/storage/v1/b", self.downloads.download),
            Route(API, "POST", "/batch/storage/v1", self.batches.batch),
            Route(API, "GET", "/", self.downloads.xml),
            Route(API, "HEAD", "/", self.downloads.xml),
        )

    def ensure_bucket(self, name: str, *, location: str, project_number: str) -> None:
        """Make a bucket of that project exist at the location; one that exists stays as it is."""
        if self.cloud.store.get(API, f"b/{name}") is None:
            self.buckets.make({"name": name, "location": location}, project_number=project_number)

    def read(self, bucket: str, name: str) -> bytes:
        """Return the object's bytes; raises ApiError 404, or 503 while the bucket's region is dark."""
        found = self._reachable(bucket, name)
        return b"".join(self.contents.blobs.read(found["generation"]))

    def path(self, bucket: str, name: str) -> Path:
        """Return a file with the object's bytes, not to be changed; raises ApiError 404 or 503."""
        return self.contents.blobs.path(self._reachable(bucket, name)["generation"])

    def write(
        self,
        bucket: str,
        name: str,
        data: bytes | Iterable[bytes],
        *,
        content_type: str = "application/octet-stream",
        if_generation_match: int | None = None,
    ) -> dict[str, Any]:
        """Make the data the object's new generation; raises ApiError 404, 412, or 503 while the region is dark."""
        self._check_reachable(bucket)
        content = self.contents.blobs.keep([data] if isinstance(data, bytes) else data)
        fields = {"contentType": content_type} | measured(content.checksums)
        return self.contents.catalog.place(
            bucket, name, content.path, fields, Preconditions(generation=if_generation_match)
        )

    def list(self, bucket: str, prefix: str = "") -> list[dict[str, Any]]:
        """Return the live objects' metadata in the order of names; raises ApiError 404 or 503."""
        self._check_reachable(bucket)
        return list(self.contents.catalog.live(bucket, prefix))

    def _reachable(self, bucket: str, name: str) -> dict[str, Any]:
        self._check_reachable(bucket)
        return self.contents.catalog.require(bucket, name)

    def _check_reachable(self, bucket: str) -> None:
        self.contents.catalog.bucket(bucket)
        region = self.contents.bucket_region(bucket)
        if self.cloud.switches.is_dark(region, self.api):
            raise ApiError.unavailable(f"the bucket {bucket} cannot be reached: {region or 'global'} is dark")
