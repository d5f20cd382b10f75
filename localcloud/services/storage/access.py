"""Who may do what with buckets and objects, by method, bucket and object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.iam.requests import Request
from localcloud.iam.resources import Holder
from localcloud.services.storage.catalog import API
from localcloud.services.storage.preconditions import Preconditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud
    from localcloud.services.storage.catalog import Catalog

_BUCKETS = ("bucket", "sourceBucket", "destinationBucket")
_OVERWRITES = frozenset({"overwrites"})
_NOTHING: frozenset[str] = frozenset()
_OBJECTS = "roles/storage.legacyObject"
_BUCKET = "roles/storage.legacyBucket"


class StorageAccess:
    """Asks the cloud's one gate about requests of Cloud Storage."""

    def __init__(self, cloud: Cloud, catalog: Catalog) -> None:
        self._cloud = cloud
        self._catalog = catalog

    def principal(self, headers: Mapping[str, str], method: str) -> str | None:
        """Return who sent the request, None without a token; raises ApiError 401."""
        return self._cloud.access.principal(headers, API, method)

    def authorize(
        self, method: str, principal: str | None, params: Mapping[str, str], query: Mapping[str, str]
    ) -> None:
        """Return when the principal may; raises ApiError 401 or 403, and 404 for a bucket that does not exist."""
        self._cloud.access.authorize(self.request(method, params, query, {}), principal)

    def request(
        self, method: str, params: Mapping[str, str], query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Request:
        """Return what of a call decides about its permissions; raises ApiError 404 for a bucket that does not exist.

        That a bucket does not exist is no secret at Google's: its name can be taken by anybody.
        """
        names = [params[key] for key in _BUCKETS if params.get(key)]
        return Request(
            api=API,
            method=method,
            path=f"projects/{query.get('project') or params.get('projectId') or self._cloud.project}",
            params=params,
            query=query,
            body=body,
            words=_OVERWRITES if self._overwrites(method, params, query) else _NOTHING,
            bucket_projects={name: self.project_of(name) for name in names},
        )

    def grant_to_project(self, bucket: Mapping[str, Any]) -> None:
        """Give a new bucket the policy that Google gives it: the project's basic roles, as legacy roles.

        With uniform access the project's people get the objects too; without it the objects' own lists say the same,
        which is granted here as well, since localcloud keeps no lists.
        """
        project = self._cloud.project
        owners, viewers = [f"projectEditor:{project}", f"projectOwner:{project}"], [f"projectViewer:{project}"]
        bindings = [
            {"role": f"{_BUCKET}Owner", "members": owners},
            {"role": f"{_BUCKET}Reader", "members": viewers},
            {"role": f"{_OBJECTS}Owner", "members": owners},
            {"role": f"{_OBJECTS}Reader", "members": viewers},
        ]
        self._cloud.policies.begin(API, f"b/{bucket['name']}", {"bindings": bindings})

    def project_of(self, bucket: str) -> Holder:
        """Return where the policy of the bucket's project is; raises ApiError 404."""
        number = str(self._catalog.bucket(bucket).get("projectNumber"))
        project = self._cloud.project if number == self._cloud.project_number else number
        return Holder("cloudresourcemanager", f"projects/{project}")

    def _overwrites(self, method: str, params: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether the call would replace a live object; one whose precondition fails replaces none."""
        bucket = params.get("destinationBucket") or params.get("bucket") or ""
        name = params.get("object", "") if method == "objects.insert" else params.get("destinationObject", "")
        if not name or (live := self._catalog.find(bucket, name)) is None:
            return False
        try:
            Preconditions.of_query(query).check(live)
        except ApiError:
            return False
        return True
