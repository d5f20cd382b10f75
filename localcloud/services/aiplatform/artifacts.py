"""Artifacts that a region has ingested, in a bucket of the region that belongs to nobody's project."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from localcloud.core.errors import ApiError
from localcloud.iam.agents import server_account
from localcloud.iam.resources import bucket, stored_object

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.services.storage.service import StorageService

_TENANT_PROJECT_NUMBER = "1"
_TENANT = "caip-tenant-"
_SERVICE = "aiplatform"
_KEPT = ("size", "md5Hash", "crc32c", "componentCount", "contentType")


class Folder(NamedTuple):
    """Where the objects of an artifact are."""

    bucket: str
    prefix: str


def split_uri(uri: str) -> Folder:
    """Return bucket and prefix of a folder's `gs://` URI, the prefix with its slash; raises ApiError 400."""
    scheme, _, path = uri.partition("://")
    bucket, _, prefix = path.partition("/")
    if scheme != "gs" or not bucket:
        raise ApiError.invalid(f"{uri!r} is no Cloud Storage folder: expected gs://bucket/folder")
    return Folder(bucket, prefix.rstrip("/") + "/" if prefix.strip("/") else "")


class Artifacts:
    """Ingested artifacts by their `gs://` folder. Copies share their bytes with the original, as storage's own do."""

    def __init__(self, cloud: Cloud, storage: StorageService) -> None:
        self._cloud = cloud
        self._storage = storage

    def check_region(self, uri: str, region: str) -> None:
        """Return when the URI's bucket is in the region or unknown; raises ApiError 400 when it is anywhere else."""
        found = self._cloud.store.get("storage", f"b/{split_uri(uri)[0]}")
        if found is not None and found["location"].lower() != region:
            raise ApiError.invalid(
                f"The bucket of {uri} is located in {found['location']}, but the service is in {region}: "
                "use a bucket of the service's own region"
            )

    def ingest(self, uri: str, region: str) -> str:
        """Copy the folder into the region, and return where it is; raises ApiError when there is nothing to read."""
        tenant = f"{_TENANT}{region}"
        self._storage.ensure_bucket(tenant, location=region, project_number=_TENANT_PROJECT_NUMBER)
        reader = server_account(self._cloud.project_number)
        self._cloud.policies.grant("storage", f"b/{tenant}", "roles/storage.objectViewer", reader)
        self._require_readable(uri)
        target = f"gs://{tenant}/models/{self._cloud.store.next_id()}/"
        if self._copy(uri, target) == 0:
            raise ApiError.failed_precondition(
                f"There are no files under the artifact directory {uri}: copy the model's files there and upload again"
            )
        return target

    def export(self, ingested: str, uri: str) -> None:
        """Copy an ingested folder to the URI as Vertex AI's agent; raises ApiError 403, 404 or 503."""
        folder = split_uri(uri)
        owner = self._storage.contents.access.project_of(folder.bucket)
        target = stored_object(folder.bucket, folder.prefix, owner)
        self._cloud.access.require_agent(_SERVICE, "storage.objects.create", target)
        self._copy(ingested, uri)

    def forget(self, ingested: str) -> None:
        """Make an ingested folder go. Repeating is safe."""
        folder = split_uri(ingested)
        for found in list(self._storage.contents.catalog.live(folder.bucket, folder.prefix)):
            self._storage.contents.catalog.remove(found, for_good=True)

    def _require_readable(self, uri: str) -> None:
        """Return when Vertex AI's agent may read the folder, or it is one that a region has ingested already."""
        folder = split_uri(uri)
        if folder.bucket.startswith(_TENANT):
            return
        owner = self._storage.contents.access.project_of(folder.bucket)
        readable = stored_object(folder.bucket, folder.prefix, owner)
        self._cloud.access.require_agent(_SERVICE, "storage.objects.list", bucket(folder.bucket, owner))
        self._cloud.access.require_agent(_SERVICE, "storage.objects.get", readable)

    def _copy(self, source: str, target: str) -> int:
        """Copy every object under the source; the number of them is returned."""
        source_bucket, prefix = split_uri(source)
        target_bucket, target_prefix = split_uri(target)
        try:
            self._storage.list(target_bucket, target_prefix)
            objects = [found for found in self._storage.list(source_bucket, prefix) if not found["name"].endswith("/")]
        except ApiError as error:
            raise ApiError(error.code, error.status, f"cannot copy {source} to {target}: {error.message}") from error
        for found in objects:
            name = target_prefix + found["name"].removeprefix(prefix)
            fields = {key: found[key] for key in _KEPT if key in found}
            content = self._storage.contents.blobs.share(found["generation"])
            self._storage.contents.catalog.place(target_bucket, name, content, fields)
        return len(objects)
