"""IAM of buckets: here the body is the policy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.authorization import policy_checks
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.iam import resources
from localcloud.services.storage.catalog import API

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.storage.contents import Contents


class BucketPolicies:
    """get, set and test."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("buckets.getIamPolicy")
    def get_policy(self, call: Call) -> dict[str, Any]:
        """Return the bucket's policy; raises ApiError 404."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])["name"]
        return _described(bucket, self._contents.cloud.policies.get(API, f"b/{bucket}"))

    @handles("buckets.setIamPolicy")
    def set_policy(self, call: Call) -> dict[str, Any]:
        """Replace the bucket's policy; raises ApiError 404, or 412 for an outdated etag."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])["name"]
        policy_checks.check(self._contents.cloud, API, f"b/{bucket}", call.body)
        try:
            policy = self._contents.cloud.policies.set(API, f"b/{bucket}", call.body)
        except ApiError as error:
            raise ApiError.precondition_failed(error.message) from None
        return _described(bucket, policy)

    @handles("buckets.testIamPermissions")
    def test_permissions(self, call: Call) -> dict[str, Any]:
        """Answer those of the permissions that the caller has; raises ApiError 404."""
        bucket = self._contents.catalog.bucket(call.params["bucket"])["name"]
        resource = resources.bucket(bucket, self._contents.access.project_of(bucket))
        held = self._contents.cloud.access.held(call.principal, call.query_all.get("permissions", ()), resource)
        return {"kind": "storage#testIamPermissionsResponse"} | ({"permissions": held} if held else {})


def _described(bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
    return policy | {"kind": "storage#policy", "resourceId": f"projects/_/buckets/{bucket}"}
