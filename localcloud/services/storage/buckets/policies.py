"""IAM of buckets: here the body is the policy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.storage.catalog import API
from localcloud.services.storage.parts import Parts

if TYPE_CHECKING:
    from localcloud.core.call import Call


class BucketPolicies(Parts):
    """get, set and test."""

    @handles("buckets.getIamPolicy")
    def get_policy(self, call: Call) -> dict[str, Any]:
        """Return the bucket's policy; raises ApiError 404."""
        bucket = self.catalog.bucket(call.params["bucket"])["name"]
        return _described(bucket, self.cloud.policies.get(API, f"b/{bucket}"))

    @handles("buckets.setIamPolicy")
    def set_policy(self, call: Call) -> dict[str, Any]:
        """Replace the bucket's policy; raises ApiError 404, or 412 for an outdated etag."""
        bucket = self.catalog.bucket(call.params["bucket"])["name"]
        try:
            policy = self.cloud.policies.set(API, f"b/{bucket}", call.body)
        except ApiError as error:
            raise ApiError.precondition_failed(error.message) from None
        return _described(bucket, policy)

    @handles("buckets.testIamPermissions")
    def test_permissions(self, call: Call) -> dict[str, Any]:
        """Answer that all permissions are held; raises ApiError 404."""
        self.catalog.bucket(call.params["bucket"])
        permissions = list(call.query_all.get("permissions", ()))
        return {"kind": "storage#testIamPermissionsResponse", "permissions": permissions}


def _described(bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
    return policy | {"kind": "storage#policy", "resourceId": f"projects/_/buckets/{bucket}"}
