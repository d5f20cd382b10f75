"""Whether each name is free or this project's own, and whether what stands there already stands in the right place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.apis import may
from preflight.checks.finding import failed, passed, unasked, uncertain
from preflight.records import NameKind, Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Bucket, Declaration, Held, Observations, PreflightFinding, Resource

__all__ = ["names"]

_APPLICATION = "vertex-dr"
_FREE = "free, or made by vertex-dr"


def names(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each bucket, and for each other name that is not free; one row says how many are."""
    for bucket in declaration.buckets:
        is_for_state = "-tfstate-" in bucket.name
        is_elsewhere = is_for_state and declaration.state_project is not None
        yield _bucket(bucket, seen, is_for_state=is_for_state, is_elsewhere=is_elsewhere)
    free = 0
    for resource in declaration.resources:
        answer = seen.names[resource.name]
        if not isinstance(answer, Unasked) and answer.by == "nobody":
            free += 1
        else:
            yield _resource(resource, answer)
    if free:
        yield passed("name", f"{free} other names", expected=_FREE, found="free")


def _bucket(bucket: Bucket, seen: Observations, *, is_for_state: bool, is_elsewhere: bool) -> PreflightFinding:
    place = "+".join(bucket.data_locations) or bucket.location
    expected = f"free, or this project's in {place}"
    answer = seen.names[bucket.name]
    if isinstance(answer, Unasked):
        return unasked("bucket-name", bucket.name, expected=expected, answer=answer)
    if answer.by == "nobody":
        found = "free" + ("; make bootstrap makes it" if is_for_state else "")
        return passed("bucket-name", bucket.name, expected=expected, found=found)
    if answer.by == "another" and not (is_elsewhere and answer.location):
        return _others_bucket(bucket, seen, expected)
    if not _is_placed(bucket, answer):
        found = f"this project's, in {'+'.join(answer.data_locations) or answer.location}"
        return failed(
            "bucket-name",
            bucket.name,
            expected=expected,
            found=found,
            remedy="empty and delete it, or declare these regions: a bucket does not move",
        )
    if is_for_state or _is_ours(answer):
        return passed("bucket-name", bucket.name, expected=expected, found=f"there, in {place}")
    return failed(
        "bucket-name",
        bucket.name,
        expected=expected,
        found="this project's, without the label application=vertex-dr: Terraform does not know it",
        remedy="delete it, choose another service.prefix, or terraform import it",
    )


def _others_bucket(bucket: Bucket, seen: Observations, expected: str) -> PreflightFinding:
    remedy = "choose another service.prefix: bucket names are one name space for the whole world"
    if may(seen, "storage.buckets.get"):
        return failed("bucket-name", bucket.name, expected=expected, found="somebody else's", remedy=remedy)
    found = "taken; whether by this project you may not read without storage.buckets.get"
    return uncertain("bucket-name", bucket.name, expected=expected, found=found, remedy=remedy)


def _resource(resource: Resource, answer: Held | Unasked) -> PreflightFinding:
    if isinstance(answer, Unasked):
        return unasked("name", resource.name, expected=_FREE, answer=answer)
    if _is_ours(answer):
        return passed("name", resource.name, expected=_FREE, found="made by vertex-dr")
    remedy = "delete it, choose another service.prefix, or terraform import it"
    if resource.kind is NameKind.DATABASE:  # databases carry no labels; locations says whether it lies right
        found = "exists; a database does not say who made it"
        return uncertain("name", resource.name, expected=_FREE, found=found, remedy=f"if Terraform did not: {remedy}")
    return failed(
        "name", resource.name, expected=_FREE, found="exists, and vertex-dr's mark is not on it", remedy=remedy
    )


def _is_ours(answer: Held) -> bool:
    return answer.labels.get("application") == _APPLICATION


def _is_placed(bucket: Bucket, answer: Held) -> bool:
    is_there = answer.location.lower() == bucket.location.lower()
    return is_there and {one.lower() for one in answer.data_locations} == set(bucket.data_locations)
