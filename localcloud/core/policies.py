"""IAM policies of resources, by API and resource name."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from localcloud.core.store import Store

_API = "_policies"
_EMPTY = {"version": 1, "etag": "ACAB"}


class Policies:
    """Policies outlive nothing: a resource without one has the empty policy."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, api: str, name: str) -> dict[str, Any]:
        """Return the resource's policy, which is empty until one is set."""
        return self._store.get(_API, f"{api}/{name}") or dict(_EMPTY)

    def set(self, api: str, name: str, policy: dict[str, Any]) -> dict[str, Any]:
        """Replace the policy and return it with its new etag.

        Raises ApiError 409 ABORTED when the policy carries an etag that is no longer the current one.
        """
        present = self.get(api, name)
        if policy.get("etag") and policy["etag"] != present["etag"]:
            raise ApiError.aborted(
                f"There were concurrent policy changes on {name}: the etag {policy['etag']} is not the current one. "
                "Read the policy again, then repeat the change."
            )
        kept = {key: value for key, value in policy.items() if key not in {"kind", "resourceId"}}
        stored = {"version": 1} | kept | {"etag": base64.b64encode(secrets.token_bytes(6)).decode()}
        self._store.put(_API, f"{api}/{name}", stored)
        return stored

    def forget(self, api: str, name: str) -> None:
        """Drop the policy of a deleted resource; repeating is safe."""
        self._store.delete(_API, f"{api}/{name}")
