"""Who builds a function: agents and the build's own account, each with the rights that it needs at Google's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.iam.resources import stored_object

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud
    from localcloud.services.storage.service import StorageService

_ARCHIVE = "function-source.zip"
_IMAGES = "gcf-artifacts"


class Builds:
    """A build reads the archive that Cloud Functions has staged, and writes logs and an image."""

    def __init__(self, cloud: Cloud, storage: StorageService) -> None:
        self._cloud = cloud
        self._storage = storage

    def staged(self, function: dict[str, Any], bucket: str, name: str) -> bytes:
        """Return the source archive, as the build's account reads it from the bucket that Google keeps for sources.

        Raises ApiError 403 when Cloud Functions' agent may not read the given one, or the build's account lacks a
        right, 404 without an archive, 503 while a bucket's region is dark.
        """
        access = self._cloud.access
        access.require_agent("cloudfunctions", "storage.objects.get", self._object(bucket, name))
        archive = self._storage.read(bucket, name)
        _, _, _, region, _, short = function["name"].split("/")
        sources = f"gcf-v2-sources-{self._cloud.project_number}-{region}"
        self._storage.ensure_bucket(sources, location=region, project_number=self._cloud.project_number)
        staged = f"{short}/{_ARCHIVE}"
        self._storage.write(sources, staged, archive, content_type="application/zip")
        self._require_builder(function, sources, staged, region)
        return self._storage.read(sources, staged)

    def _require_builder(self, function: dict[str, Any], bucket: str, staged: str, region: str) -> None:
        """https://cloud.google.com/functions/docs/securing/build-custom-sa names the three rights."""
        access = self._cloud.access
        given = function.get("buildConfig", {}).get("serviceAccount") or access.default_account
        email = given.rpartition("/")[2]
        if not access.accounts.is_usable(email):
            raise ApiError.not_found(f"Build service account {email} does not exist, or is disabled")
        own = f"projects/{self._cloud.project}/locations/{region}/repositories/{_IMAGES}"
        repository = function.get("buildConfig", {}).get("dockerRepository") or own
        images = access.project.named("artifactregistry", repository)
        builder = f"serviceAccount:{email}"
        for permission, resource in (
            ("storage.objects.get", self._object(bucket, staged)),
            ("logging.logEntries.create", access.project.resource()),
            ("artifactregistry.repositories.uploadArtifacts", images),
        ):
            try:
                access.require_account(builder, permission, resource, acting_for="cloudbuild")
            except ApiError as error:
                raise ApiError.denied(
                    "Could not build the function due to a missing permission on the build service account: "
                    f"{error.message}",
                    details=error.details,
                ) from error
        access.require_agent("run", "artifactregistry.repositories.downloadArtifacts", images)

    def _object(self, bucket: str, name: str) -> Any:
        return stored_object(bucket, name, self._storage.contents.access.project_of(bucket))
