"""IAM policies of resources, by API and resource name."""

from __future__ import annotations

import base64
import secrets
import time
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.iam.policy import Policy
from localcloud.iam.resources import Holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.core.store import Store

_API = "_policies"
_BEFORE = "_policies_before"
_EMPTY = {"version": 1, "etag": "ACAB"}
_FIELDS = ("auditConfigs", "bindings", "version")


class Policies:
    """Policies outlive nothing: a resource without one has the empty policy.

    A change takes effect after `delay_seconds` for whoever is checked, and at once for whoever reads the policy.
    """

    def __init__(self, store: Store, *, delay_seconds: float = 0.0, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._delay_seconds = delay_seconds
        self._clock = clock
        self._effective: dict[Holder, Policy] = {}

    def get(self, api: str, name: str) -> dict[str, Any]:
        """Return the resource's policy, which is empty until one is set."""
        return self._store.get(_API, f"{api}/{name}") or dict(_EMPTY)

    def set(self, api: str, name: str, policy: dict[str, Any]) -> dict[str, Any]:
        """Replace the policy and return it with its new etag; a binding without members is none.

        Raises ApiError 409 ABORTED when the policy carries an etag that is no longer the current one.
        """
        present = self.get(api, name)
        if policy.get("etag") and policy["etag"] != present["etag"]:
            raise ApiError.aborted(
                f"There were concurrent policy changes on {name}: the etag {policy['etag']} is not the current one. "
                "Please retry the whole read-modify-write with exponential backoff."
            )
        self._remember(Holder(api, name), present)
        kept = {key: policy[key] for key in _FIELDS if key in policy}
        if bindings := [binding for binding in kept.pop("bindings", ()) if binding.get("members")]:
            kept["bindings"] = bindings
        return self._put(api, name, kept)

    def begin(self, api: str, name: str, policy: dict[str, Any]) -> None:
        """Give a new resource its first policy, which holds at once."""
        self._store.delete(_BEFORE, f"{api}/{name}")
        self._put(api, name, policy)

    def grant(self, api: str, name: str, role: str, member: str) -> None:
        """Add one unconditional binding, which holds at once. Repeating is safe."""
        policy = self.get(api, name)
        bindings = policy.setdefault("bindings", [])
        for binding in bindings:
            if binding.get("role") == role and not binding.get("condition"):
                if member in binding.get("members", ()):
                    return
                binding["members"] = [*binding.get("members", ()), member]
                break
        else:
            bindings.append({"role": role, "members": [member]})
        self._put(api, name, policy)

    def rename_member(self, old: str, new: str) -> None:
        """Let every policy name the member in another way, as a deleted account's bindings do. Repeating is safe."""
        for stored in list(self._store.under(_API, "")):
            bindings = stored.resource.get("bindings", ())
            if any(old in binding.get("members", ()) for binding in bindings):
                for binding in bindings:
                    binding["members"] = [new if one == old else one for one in binding.get("members", ())]
                api, _, name = stored.name.partition("/")
                self._put(api, name, stored.resource)

    def effective(self, holder: Holder) -> Policy:
        """Return the policy that checks go by now."""
        if self._delay_seconds and (before := self._still_in_force(holder)) is not None:
            return before
        if holder not in self._effective:
            self._effective[holder] = Policy.of(self.get(holder.api, holder.name))
        return self._effective[holder]

    def forget(self, api: str, name: str) -> None:
        """Drop the policy of a deleted resource; repeating is safe."""
        self._store.delete(_API, f"{api}/{name}")
        self._store.delete(_BEFORE, f"{api}/{name}")
        self._effective.pop(Holder(api, name), None)

    def _put(self, api: str, name: str, policy: dict[str, Any]) -> dict[str, Any]:
        stored = {"version": 1} | policy | {"etag": base64.b64encode(secrets.token_bytes(6)).decode()}
        self._store.put(_API, f"{api}/{name}", stored)
        self._effective.pop(Holder(api, name), None)
        return stored

    def _remember(self, holder: Holder, policy: dict[str, Any]) -> None:
        """Keep the policy that goes on holding until the change has got everywhere."""
        if not self._delay_seconds:
            return
        now = self._clock()
        key = f"{holder.api}/{holder.name}"
        kept = [one for one in (self._store.get(_BEFORE, key) or {}).get("kept", ()) if one["until"] > now]
        self._store.put(_BEFORE, key, {"kept": [*kept, {"until": now + self._delay_seconds, "policy": policy}]})

    def _still_in_force(self, holder: Holder) -> Policy | None:
        kept = (self._store.get(_BEFORE, f"{holder.api}/{holder.name}") or {}).get("kept", ())
        now = self._clock()
        return next((Policy.of(one["policy"]) for one in kept if one["until"] > now), None)
