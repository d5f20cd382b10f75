"""Which organisation policies a first apply would break on, by the values that vertex-dr needs of each constraint.

Constraints: https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints. Not asked, since
nothing here could break on them: storage.uniformBucketLevelAccess and storage.publicAccessPrevention (every bucket has
both), iam.disableServiceAccountKeyCreation (nobody makes keys), compute.vmExternalIpAccess (no machine stands in the
project's own network).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.apis import NEEDED_APIS
from preflight.checks.finding import failed, passed, unasked, uncertain
from preflight.checks.places import group_holds
from preflight.records import Unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from preflight.records import Declaration, Observations, Policy, PreflightFinding

__all__ = ["CONSTRAINTS", "permits", "policies"]

_ENFORCED = "enforced"
# Of the APIs that vertex-dr uses, those that keep data which a key of the user's own can encrypt.
_KEEP_DATA = ("aiplatform", "artifactregistry", "firestore", "pubsub", "secretmanager", "storage")


def _locations(declaration: Declaration) -> tuple[str, ...]:
    return (*declaration.regions.values(), declaration.bucket_multi_region.lower(), declaration.database_location)


def _fixed(*values: str) -> Callable[[Declaration], tuple[str, ...]]:
    return lambda _declaration: values


# What a list constraint must let through, and what to do where it does not.
_LISTS: dict[str, tuple[Callable[[Declaration], tuple[str, ...]], str]] = {
    "cloudbuild.allowedWorkerPools": (
        lambda declaration: tuple(declaration.worker_pools.get(side, "") for side in declaration.regions),
        "set service.worker_pools to pools that it allows",
    ),
    "cloudfunctions.allowedIngressSettings": (
        _fixed("ALLOW_INTERNAL_ONLY", "ALLOW_ALL"),
        "allow both: schedules call from inside, functions call each other from outside any VPC",
    ),
    "cloudfunctions.restrictAllowedGenerations": (_fixed("2ndGen"), "allow 2ndGen"),
    "gcp.resourceLocations": (_locations, "allow these locations, or declare regions that it allows"),
    "gcp.restrictNonCmekServices": (
        _fixed(*(f"{name}.googleapis.com" for name in _KEEP_DATA)),
        "except these services: no key of your own is declared for them",
    ),
    "gcp.restrictServiceUsage": (_fixed(*NEEDED_APIS), "allow these services"),
    "run.allowedIngress": (
        _fixed("internal", "all"),
        "allow both: schedules call from inside, functions call each other from outside any VPC",
    ),
    "run.allowedVPCEgress": (_fixed("private-ranges-only"), "allow private-ranges-only: functions have no VPC"),
    "storage.retentionPolicySeconds": (_fixed("0"), "except this project: its buckets have no retention policy"),
}
_BOOLEANS = {
    "cloudfunctions.requireVPCConnector": "except this project: functions call Google's APIs without a VPC",
    "iam.disableServiceAccountCreation": "except this project until it is applied: global makes an account a function",
}
CONSTRAINTS = (*_LISTS, *_BOOLEANS)


def policies(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each constraint."""
    for constraint in CONSTRAINTS:
        answer = seen.policies[constraint]
        if isinstance(answer, Unasked):
            yield unasked("policy", constraint, expected="nothing that stands in the way", answer=answer)
        elif constraint in _BOOLEANS:
            yield _boolean(constraint, answer)
        else:
            yield _list(constraint, answer, declaration)


def _boolean(constraint: str, policy: Policy) -> PreflightFinding:
    expected = f"not {_ENFORCED}"
    if any(rule.enforce for rule in policy.rules):
        return failed("policy", constraint, expected=expected, found=_ENFORCED, remedy=_BOOLEANS[constraint])
    return passed("policy", constraint, expected=expected, found=expected)


def _list(constraint: str, policy: Policy, declaration: Declaration) -> PreflightFinding:
    values, remedy = _LISTS[constraint]
    wanted = tuple(dict.fromkeys(values(declaration)))
    expected = f"allows {', '.join(one or 'the default pool' for one in wanted)}"
    answers = {one: permits(policy, one) for one in wanted}
    refused = [one or "the default pool" for one, is_allowed in answers.items() if is_allowed is False]
    unknown = [one for one, is_allowed in answers.items() if is_allowed is None]
    if refused:
        return failed("policy", constraint, expected=expected, found=f"refuses {', '.join(refused)}", remedy=remedy)
    if unknown:
        groups = ", ".join(sorted({value for rule in policy.rules for value in (*rule.allowed, *rule.denied)}))
        found = f"whether {groups} holds {', '.join(unknown)} is not known here"
        return uncertain("policy", constraint, expected=expected, found=found, remedy=remedy)
    return passed("policy", constraint, expected=expected, found="it does" if policy.rules else "no policy")


def permits(policy: Policy, value: str) -> bool | None:
    """Whether an effective list policy lets the value through; None when a group in it is not known here.

    What is denied is denied, whatever is allowed; with an allowed list, everything else is denied.
    """
    denied = [_matches(group, value) for rule in policy.rules for group in rule.denied]
    if any(rule.deny_all for rule in policy.rules) or True in denied:
        return False
    allowed = [_matches(group, value) for rule in policy.rules for group in rule.allowed]
    is_open = any(rule.allow_all for rule in policy.rules) or not any(rule.allowed for rule in policy.rules)
    if None in denied:
        return None
    if is_open or True in allowed:
        return True
    return None if None in allowed else False


def _matches(group: str, value: str) -> bool | None:
    if group.startswith("under:"):
        return _is_below(group, value)
    return group_holds(group, value)


def _is_below(group: str, value: str) -> bool | None:
    """Whether `under:projects/…` holds a worker pool; folders and organisations are not known here."""
    parent = group.removeprefix("under:")
    if parent.startswith("projects/"):
        return value.startswith(f"{parent}/")
    return None if value else False
