"""What Google refuses of a policy before it keeps it: members and roles that do not exist, conditions that are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.iam import conditions
from localcloud.iam.policy import CONVENIENCE, EVERYONE, EVERYONE_KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud

_PROJECTS = "cloudresourcemanager"
_BASIC = ("roles/owner", "roles/editor", "roles/viewer")
_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[a-z]+")
_DOMAIN = re.compile(r"[a-z0-9.-]+\.[a-z]+")
_VERSION_WITH_CONDITIONS = 3
_FOREIGN = ("principal", "principalSet")


def check(cloud: Cloud, api: str, name: str, policy: Mapping[str, Any]) -> None:
    """Return for a policy that can be kept. Raises ApiError 400 with Google's words.

    What the present policy names already is not looked up again: an account may have been deleted since.
    """
    present = {
        member for binding in cloud.policies.get(api, name).get("bindings", ()) for member in binding.get("members", ())
    }
    for binding in policy.get("bindings", ()):
        _check_role(cloud, str(binding.get("role", "")))
        _check_condition(binding, policy)
        for member in binding.get("members", ()):
            if member not in present:
                _check_member(cloud, api, member)


def _check_role(cloud: Cloud, role: str) -> None:
    if not cloud.access.roles.exists(role):
        raise ApiError.invalid(f"Role {role} does not exist in the resource's hierarchy.")


def _check_condition(binding: Mapping[str, Any], policy: Mapping[str, Any]) -> None:
    condition = binding.get("condition")
    if not condition:
        return
    if binding.get("role") in _BASIC:
        raise ApiError.invalid(f"Conditions can't be set on primitive roles, such as {binding['role']}.")
    if policy.get("version") != _VERSION_WITH_CONDITIONS:
        raise ApiError.invalid("The policy has conditional role bindings: set the policy's version to 3.")
    if not condition.get("title"):
        raise ApiError.invalid(f"The condition of the binding of {binding.get('role')} has no title.")
    try:
        conditions.check(condition.get("expression", ""))
    except conditions.ConditionInvalid as error:
        raise ApiError.invalid(f"Condition expression compilation failed: {error}") from error


def _check_member(cloud: Cloud, api: str, member: str) -> None:
    kind, _, rest = member.partition(":")
    if member in {EVERYONE, EVERYONE_KNOWN}:
        if api == _PROJECTS:
            raise ApiError.invalid(f"Policy members must not be {member} on a project.")
    elif kind == "serviceAccount":
        if not cloud.access.accounts.exists(rest):
            raise ApiError.invalid(f"Service account {rest} does not exist.")
    elif kind in {"user", "group"}:
        if not _EMAIL.fullmatch(rest):
            raise ApiError.invalid(f"Invalid argument: {kind} {rest!r} is no email address.")
    elif kind == "domain":
        if not _DOMAIN.fullmatch(rest):
            raise ApiError.invalid(f"Invalid argument: domain {rest!r} is no domain.")
    elif not (kind == "deleted" or kind in _FOREIGN or (kind in CONVENIENCE and api == "storage")):
        raise ApiError.invalid(
            f"The member {member} is of an unknown type. Please set a valid type prefix for the member."
        )
